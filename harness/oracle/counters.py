"""The three judges of a checkpoint: the scenario's expectation, what target and journal show, and the laws.

Each gives findings; a summary that all three let pass is as documented.
"""

from __future__ import annotations

from collections.abc import Mapping

from provcheck.harness.model import After, Finding, SyncSummary
from provcheck.harness.model.expectation import Acceptable
from provcheck.harness.oracle.expected import Expected
from provcheck.harness.oracle.observed import Observation, Range, observe

OBSERVED = "our reading of the counters; pingone, Viewing sync status"


def by_expectation(seen: SyncSummary | None, wanted: After, source: str) -> list[Finding]:
    """What the scenario prints, counter by counter, and nothing it leaves out."""
    found: list[Finding] = []
    if wanted.hidden and seen is not None:
        found.append(_finding("summary_is_hidden", "no summary is to be seen", "rule", "no summary", "one", source))
    if seen is None:
        if wanted.users or wanted.groups or wanted.sections:
            found.append(_finding("summary_is_seen", "a summary is to be seen", "rule", "a summary", "none", source))
        return found
    if wanted.sections and (wanted.sections == "both") != (seen.groups is not None):
        has = "users" if seen.groups is None else "both"
        found.append(_finding("sections", "the sections of the summary", "summary", wanted.sections, has, source))
    for section, values in (("users", wanted.users), ("groups", wanted.groups)):
        found += _counters("counter_as_expected", section, values, seen, source)
    return found


def by_simulation(seen: SyncSummary | None, wanted: Expected, source: str) -> list[Finding]:
    """All counters, also those the scenario leaves out, as the simulation of the formal reading gives them."""
    if wanted.refused or wanted.hidden or wanted.halted or seen is None:
        return []
    found = _counters("counter_as_derived", "users", wanted.users, seen, source)
    return found + _counters("counter_as_derived", "groups", wanted.groups or {}, seen, source)


def by_observation(seen: SyncSummary | None, observation: Observation) -> list[Finding]:
    """Every counter lies in the range that target and journal leave open. Raises BadRule for a rule that is refused."""
    if seen is None or not observation.rule.enabled:
        return []
    flat, values = _ranges(observation), seen.flat()
    rule = "the counter agrees with what the target holds and its journal shows"
    return [
        _finding("counter_as_observed", rule, name, str(allowed), str(values[name]), OBSERVED)
        for name, allowed in flat.items()
        if name in values and values[name] not in allowed
    ]


def by_implication(
    observation: Observation, wanted: Mapping[str, Mapping[str, Acceptable]], source: str
) -> list[Finding]:
    """The counters of a client that shows none: those that target and journal imply, against those wanted by section.

    A counter that they leave open is wrong only if no value is left that is wanted. Raises BadRule.
    """
    flat = _ranges(observation) if observation.rule.enabled else {}
    rule = "target and journal show what the sync summary would have to say"
    found = []
    for section, values in wanted.items():
        for name, acceptable in values.items():
            implied, allowed = flat.get(f"{section}.{name}"), _allowed(acceptable)
            if implied is not None and not any(value in implied for value in allowed):
                text = " or ".join(str(each) for each in sorted(allowed))
                found.append(_finding("counter_as_implied", rule, f"{section}.{name}", text, str(implied), source))
    return found


def _ranges(observation: Observation) -> dict[str, Range]:
    """What target and journal leave open for each counter, by its full name."""
    ranges = observe(observation)
    flat = {f"users.{name}": value for name, value in ranges.users.items()}
    return flat | {f"groups.{name}": value for name, value in (ranges.groups or {}).items()}


def _allowed(acceptable: Acceptable) -> frozenset[int]:
    return frozenset({acceptable}) if isinstance(acceptable, int) else acceptable


def _counters(
    check: str, section: str, wanted: Mapping[str, Acceptable], seen: SyncSummary, source: str
) -> list[Finding]:
    values, found = seen.flat(), []
    for name, acceptable in wanted.items():
        allowed = _allowed(acceptable)
        value = values.get(f"{section}.{name}")
        if value not in allowed:
            text = " or ".join(str(each) for each in sorted(allowed))
            have = "no such section" if value is None else str(value)
            rule = "the sync summary shows what the scenario says"
            found.append(_finding(check, rule, f"{section}.{name}", text, have, source))
    return found


def _finding(check: str, rule: str, entity: str, expected: str, seen: str, source: str) -> Finding:
    return Finding(check, rule, entity, expected, seen, source)
