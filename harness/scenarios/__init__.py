"""The scenarios, as data: the documented examples first, then what follows from them.

A new scenario is an entry of `SCENARIOS` in the module of its subject. `phrases.py` has the forms that scenarios are
written with: `documented`, `derived` (with `ruling` as its source where the vendor is silent) and `of_fault` make a
scenario; `sync`, `change` and `out_of_band` its steps; `counters` and `never` what is expected; `strikes` a fault.
`people.py` has the users and groups. `explanation.py` renders a scenario for `provcheck explain`.
"""

from __future__ import annotations

from difflib import get_close_matches
from fnmatch import fnmatchcase
from importlib import import_module

from provcheck.harness.model import Scenario
from provcheck.harness.scenarios.explanation import describe

__all__ = ["MODULES", "UnknownScenario", "all", "explain", "get", "named"]

MODULES = (
    "documented",
    "switches",
    "switches_in_combination",
    "matching",
    "identities",
    "who_is_who",
    "groups",
    "changes_of_groups",
    "groups_out_of_the_rule",
    "leavers",
    "orphans",
    "permissions",
    "recovery",
    "errors_that_pass",
    "errors_told_otherwise",
    "restarts",
    "restarts_with_groups",
    "restarts_at_a_changed_target",
    "scope",
    "said_beside",
    "attributes",
    "values",
    "cleared_values",
    "drift",
    "drift_of_groups",
    "faults_of_users",
    "faults_of_groups",
    "faults_of_answers",
    "faults_of_connections",
    "access_tokens",
)
"""The modules of scenarios, in the order in which they are listed and played."""

_SCENARIOS: tuple[Scenario, ...] = tuple(
    scenario for module in MODULES for scenario in import_module(f"{__name__}.{module}").SCENARIOS
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
