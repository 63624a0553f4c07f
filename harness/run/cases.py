"""Which scenario is played on which target configuration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from provcheck.harness import scenarios, vendors
from provcheck.harness.model import Scenario, TargetConfiguration
from provcheck.harness.model.reading import nearest


class UnknownTarget(LookupError):
    """No target configuration matches."""


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario on a target configuration. `derives` also asserts the counters that the scenario itself leaves out."""

    scenario: Scenario
    configuration: TargetConfiguration
    derives: bool = True


def cases(targets: Sequence[str] = (), patterns: Sequence[str] = (), level: str = "all") -> list[Case]:
    """Return the cases of these target configurations, scenario names (shell patterns) and level; all if none is given.

    A scenario is skipped on a configuration that lacks a capability it needs. A large scenario is run on one
    configuration only, because its cost is the client's and the same on each. Raises UnknownTarget, UnknownScenario.
    """
    chosen = {each.id: each for target in targets or ("*",) for each in _configurations(target)}
    wanted = {scenario.name: scenario for pattern in patterns or ("*",) for scenario in _scenarios(pattern)}
    return [
        Case(scenario, configuration, level != "documented")
        for scenario in wanted.values()
        if level in ("all", scenario.level)
        for configuration in _capable(scenario, chosen.values())
    ]


def _capable(scenario: Scenario, chosen: Iterable[TargetConfiguration]) -> list[TargetConfiguration]:
    capable = [each for each in chosen if not each.lacks(scenario.needs)]
    return capable[:1] if "large" in scenario.tags else capable


def _configurations(target: str) -> Iterator[TargetConfiguration]:
    found = vendors.configurations(target)
    if not found:
        plain = [each.id for each in vendors.configurations()]
        presets = [each.id for each in vendors.configurations("*+*") if each.id not in plain]
        near = nearest(target, [*plain, *presets])
        known = f"there are {', '.join(plain)}, and like products {', '.join(presets)}"
        raise UnknownTarget(f"there is no target {target!r}; {known}{near}")
    yield from found


def _scenarios(pattern: str) -> Iterator[Scenario]:
    found = scenarios.named(pattern)
    if not found:
        scenarios.get(pattern)  # says what comes near
    yield from found
