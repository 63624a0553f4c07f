"""Which scenario is played on which target profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from provcheck.harness import scenarios, vendors
from provcheck.harness.model import Scenario, TargetConfiguration


class UnknownTarget(LookupError):
    """No target profile matches."""


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario on a target profile. `derives` also asserts the counters that the scenario itself leaves out."""

    scenario: Scenario
    profile: TargetConfiguration
    derives: bool = True


def cases(targets: Sequence[str] = (), patterns: Sequence[str] = (), level: str = "all") -> list[Case]:
    """Every case of these target profiles, scenario names (shell patterns) and level; nothing given means everything.

    A profile that lacks what a scenario needs is left out; a large scenario is played on the first profile that has it
    all, for what it costs is the client's and the same everywhere. Raises UnknownTarget and UnknownScenario.
    """
    chosen = {profile.id: profile for target in targets or ("*",) for profile in _profiles(target)}
    wanted = {scenario.name: scenario for pattern in patterns or ("*",) for scenario in _scenarios(pattern)}
    return [
        Case(scenario, profile, level != "documented")
        for scenario in wanted.values()
        if level in ("all", scenario.level)
        for profile in _fitting(scenario, chosen.values())
    ]


def _fitting(scenario: Scenario, chosen: Iterable[TargetConfiguration]) -> list[TargetConfiguration]:
    fitting = [profile for profile in chosen if not profile.lacks(scenario.needs)]
    return fitting[:1] if "large" in scenario.tags else fitting


def _profiles(target: str) -> Iterator[TargetConfiguration]:
    found = vendors.configurations(target)
    if not found:
        known = ", ".join(profile.id for profile in vendors.configurations())
        raise UnknownTarget(f"there is no target {target!r}; there are {known}")
    yield from found


def _scenarios(pattern: str) -> Iterator[Scenario]:
    found = scenarios.named(pattern)
    if not found:
        scenarios.get(pattern)  # says what comes near
    yield from found
