"""The scenarios, as data: the documented examples first, then what follows from them.

A scenario is found by its name; a new one is added to the module it belongs to and appears here by itself.
"""

from __future__ import annotations

from difflib import get_close_matches
from fnmatch import fnmatchcase

from provcheck.harness.model import Scenario
from provcheck.harness.scenarios import (
    attributes,
    changes_of_groups,
    documented,
    drift,
    drift_of_groups,
    errors_that_pass,
    errors_told_otherwise,
    faults_of_answers,
    faults_of_connections,
    faults_of_groups,
    faults_of_users,
    groups,
    groups_out_of_the_rule,
    identities,
    leavers,
    matching,
    orphans,
    permissions,
    recovery,
    restarts,
    restarts_with_groups,
    said_beside,
    scope,
    switches,
    switches_in_combination,
    values,
    who_is_who,
)
from provcheck.harness.scenarios.explanation import describe

__all__ = ["UnknownScenario", "all", "explain", "get", "named"]

_SCENARIOS: tuple[Scenario, ...] = tuple(
    scenario
    for module in (
        documented,
        switches,
        switches_in_combination,
        matching,
        identities,
        who_is_who,
        groups,
        changes_of_groups,
        groups_out_of_the_rule,
        leavers,
        orphans,
        permissions,
        recovery,
        errors_that_pass,
        errors_told_otherwise,
        restarts,
        restarts_with_groups,
        scope,
        said_beside,
        attributes,
        values,
        drift,
        drift_of_groups,
        faults_of_users,
        faults_of_groups,
        faults_of_answers,
        faults_of_connections,
    )
    for scenario in module.SCENARIOS
)


MANY = 5
"""So many names are shown to somebody who gave a wrong one."""


class UnknownScenario(LookupError):
    """No scenario has this name."""


def all() -> tuple[Scenario, ...]:
    """Every scenario, the documented examples first."""
    return _SCENARIOS


def named(pattern: str) -> tuple[Scenario, ...]:
    """The scenarios whose name matches a shell pattern, without regard to case; `e6` also finds `e6-...`."""
    wanted = pattern.casefold()
    return tuple(s for s in _SCENARIOS if fnmatchcase(s.name, wanted) or s.name.split("-")[0] == wanted)


def get(name: str) -> Scenario:
    """The scenario of this name. Raises UnknownScenario."""
    for scenario in _SCENARIOS:
        if scenario.name == name:
            return scenario
    raise UnknownScenario(f"no scenario is called {name!r}; {_nearest(name)}")


def _nearest(name: str) -> str:
    """What was probably meant, as the end of a sentence."""
    names = [s.name for s in _SCENARIOS]
    near = [each for each in names if name.casefold() in each] or get_close_matches(name.casefold(), names)
    if not near:
        return "provcheck list scenarios prints them all"
    return f"is it {', '.join(near)}?" if len(near) <= MANY else f"{len(near)} have it in their name: '*{name}*' is all"


def explain(name: str) -> str:
    """The scenario in words: claim, source, what is given, the steps, and what is expected. Raises UnknownScenario."""
    return describe(get(name))
