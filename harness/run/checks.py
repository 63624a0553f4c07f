"""The checks of a rest: three judges on the summary, what target and journal must show, and what the client says.

A check is its documentation: its name, its claim, and where the claim comes from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from provcheck.harness.model import After, Finding
from provcheck.harness.oracle import Case as LawCase
from provcheck.harness.oracle import (
    Expected,
    by_expectation,
    by_implication,
    by_observation,
    by_simulation,
    judge,
    laws,
)
from provcheck.harness.run import budget
from provcheck.harness.run.cases import Case
from provcheck.harness.run.scenario_run import Rest

SCENARIO = "the scenario's own source"
AUDITED = "our ruling: a counter says how many, the audit log says who and why"


@dataclass(frozen=True, slots=True)
class Check:
    """A check by name: what it claims, and the page or section it comes from."""

    name: str
    claim: str
    source: str


_OWN = (
    Check("summary_is_seen", "a sync summary is to be seen while the rule is enabled", SCENARIO),
    Check("summary_is_hidden", "no sync summary is to be seen while the rule is disabled", SCENARIO),
    Check("sections", "the sync summary has a group section exactly where the target takes groups", SCENARIO),
    Check("counter_as_expected", "every counter that the scenario prints has the value printed", SCENARIO),
    Check(
        "counter_as_derived", "every other counter has the value of the formal reading", "our reading of the counters"
    ),
    Check(
        "counter_as_observed", "every counter agrees with what target and journal show", "our reading of the counters"
    ),
    Check(
        "counter_as_implied",
        "of a client that shows no summary: target and journal show what the summary would have to say",
        SCENARIO,
    ),
    Check("requests_as_expected", "the requests at the target are those that the scenario allows", SCENARIO),
    Check("refusal_as_expected", "the target refused what it was told to refuse", SCENARIO),
    Check("account_as_expected", "the accounts at the target are as the scenario says", SCENARIO),
    Check("group_as_expected", "the groups at the target are as the scenario says", SCENARIO),
    Check("holds_back_when_limited", "no request comes before a pause that was asked for is over", SCENARIO),
    Check("orphans_are_told", "leavers that could not be deprovisioned are reported, and nobody else", SCENARIO),
    Check(
        "audit_tells_of_failures",
        "the audit log names every user who is counted as Failed, with what failed",
        AUDITED,
    ),
    Check("warns", "the client warns of what the scenario names", SCENARIO),
    Check("refuses", "the client refuses what cannot be synced, with an error that says why", SCENARIO),
    Check("does_not_refuse", "the client refuses nothing that can be synced", SCENARIO),
    Check("client_does_not_fail", "a step ends well or with a refusal of the rule, never with another error", SCENARIO),
    Check(
        "client_keeps_the_contract",
        "the client answers every call in time, and as the client contract says",
        "provcheck, the client contract",
    ),
    Check(budget.CHECK, budget.CLAIM, budget.SOURCE),
)


def checks() -> list[Check]:
    """Every check, the laws among them."""
    return [*_OWN, *(Check(law.name, law.claim, law.source) for law in laws.all())]


def judged(case: Case, rest: Rest, derived: Expected) -> list[Finding]:
    """Every finding about a rest; none when the client did all right."""
    source = str(case.scenario.source)
    wanted = case.scenario.after(rest.number)
    found = list(_at_checkpoint(rest, wanted, source)) if wanted else []
    found += _said(rest, wanted, derived, source)
    silent = not rest.offers("summary")
    if case.derives and not silent:
        printed = _printed(wanted)
        found += [each for each in by_simulation(rest.summary, derived, source) if each.entity not in printed]
    if not derived.refused and not derived.halted:
        found += _implied(case, rest, wanted, derived) if silent else by_observation(rest.summary, rest.observation)
        found += laws.check(LawCase(rest.summary, rest.observation, rest.recent, rest.lately, silent=silent))
    found += _audited(rest)
    found += budget.overspent(case.scenario, rest.observation, rest.lately)
    return list(dict.fromkeys(found))


def _printed(wanted: After | None) -> set[str]:
    """The counters that the scenario itself asserts here, by their full names: they are judged already."""
    if wanted is None:
        return set()
    return {f"users.{name}" for name in wanted.users} | {f"groups.{name}" for name in wanted.groups}


def _implied(case: Case, rest: Rest, wanted: After | None, derived: Expected) -> list[Finding]:
    """What is judged of a client that shows no summary: what the summary would have to say."""
    if derived.hidden:
        return []
    users = {**(derived.users if case.derives else {}), **(wanted.users if wanted else {})}
    groups = {**((derived.groups or {}) if case.derives else {}), **(wanted.groups if wanted else {})}
    return by_implication(rest.observation, {"users": users, "groups": groups}, str(case.scenario.source))


def _at_checkpoint(rest: Rest, wanted: After, source: str) -> Iterator[Finding]:
    if rest.offers("summary"):
        yield from by_expectation(rest.summary, wanted, source)
    normalises = rest.observation.normalises
    for each in wanted.wire:
        yield from judge(
            each, snapshot=rest.observation.snapshot, journal=rest.here, source=source, normalises=normalises
        )
    if rest.offers("orphans") and wanted.orphans is not None and tuple(sorted(wanted.orphans)) != rest.orphans:
        yield _finding("orphans_are_told", "orphans", ", ".join(wanted.orphans), ", ".join(rest.orphans), source)
    if rest.offers("warnings") and wanted.warnings and not any(wanted.warnings in warning for warning in rest.warnings):
        yield _finding("warns", "warnings", wanted.warnings, "; ".join(rest.warnings), source)


def _audited(rest: Rest) -> Iterator[Finding]:
    if rest.summary is None or not rest.offers("audit"):
        return
    named = {record.entity for record in rest.audit if record.entity_kind == "user" and record.outcome == "failed"}
    count = rest.summary.users.failed
    if count > len(named & rest.observation.scope.keys()):
        names = ", ".join(sorted(named)) or "nobody"
        yield _finding("audit_tells_of_failures", "users.failed", f"{count} users with a failure", names, AUDITED)


def _said(rest: Rest, wanted: After | None, derived: Expected, source: str) -> Iterator[Finding]:
    word = wanted.refused if wanted else None
    if word and word not in (rest.refused or ""):
        yield _finding("refuses", "rule", f"an error that speaks of {word}", rest.refused or "", source)
    if rest.refused and not word and not derived.refused:
        yield _finding("does_not_refuse", "rule", "the step is taken", rest.refused, source)


def failed(check: str, message: str, source: str) -> Finding:
    """The finding about a client that ended a step with an error, or broke the contract, which has its own source."""
    own = next(each.source for each in _OWN if each.name == check)
    return _finding(check, "client", "no error", message, source if own == SCENARIO else own)


def _finding(check: str, entity: str, expected: str, seen: str, source: str) -> Finding:
    claim = next(each.claim for each in _OWN if each.name == check)
    return Finding(check, claim, entity, expected or "none", seen or "none", source)
