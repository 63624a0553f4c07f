"""Judges a rest of a trial by the laws that every summary obeys, and by the invariants of generated scenarios."""

from __future__ import annotations

from harness.generate.ledger import Ledger
from harness.model import Finding
from harness.oracle import by_observation, conduct_laws, summary_laws, target_laws
from harness.oracle.course import Evidence
from harness.oracle.invariants import every
from harness.oracle.journal import Journal
from harness.oracle.law import Case, Law

ALWAYS: tuple[Law, ...] = (*summary_laws.LAWS, *conduct_laws.LAWS)
CLEAN: tuple[Law, ...] = target_laws.LAWS
ELSEWHERE = frozenset({"no_account_is_doubled"})
"""Laws that an invariant says better, where somebody else's hand is in play."""


def judged(evidence: Evidence, recent: Journal, ledger: Ledger, *, clean: bool) -> list[Finding]:
    """Every finding about a rest. `recent` is the journal since connection or rule changed."""
    case = Case(evidence.summary, evidence.sight, recent, evidence.lately)
    found: list[Finding] = []
    for law in (*ALWAYS, *(CLEAN if clean else ())):
        if law.name not in ELSEWHERE:
            found += [each for each in law.check(case) if not _across_a_cut(each, evidence)]
            ledger.checks[law.name] += 1
    if clean:
        found += by_observation(evidence.summary, evidence.sight)
    for invariant in every():
        broken, looked = invariant.check(evidence)
        found += broken
        ledger.checks[invariant.name] += looked
    return list(dict.fromkeys(found))


def _across_a_cut(finding: Finding, evidence: Evidence) -> bool:
    """Whether what is found spans the moment at which the client was killed: it could not know of it any more."""
    if len(finding.exchanges) < 2:
        return False
    first, last = min(finding.exchanges), max(finding.exchanges)
    return any(first <= cut < last for cut in evidence.course.cuts)
