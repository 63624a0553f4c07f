"""Judges a rest of a trial by the laws that every summary obeys, and by the invariants of generated scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provcheck.harness.generate.coverage import USED, Ledger
from provcheck.harness.model import Finding
from provcheck.harness.oracle import by_observation, conduct_laws, rest_invariants, summary_laws, target_laws
from provcheck.harness.oracle.conduct_laws import PATIENCE
from provcheck.harness.oracle.invariants import INVARIANTS
from provcheck.harness.oracle.journal import Journal
from provcheck.harness.oracle.law import Case, Law
from provcheck.harness.oracle.run_history import Evidence

ALWAYS: tuple[Law, ...] = (*summary_laws.LAWS, *conduct_laws.LAWS)
CLEAN: tuple[Law, ...] = target_laws.LAWS
ON_THE_USER = frozenset(
    {"a_user_error_fails_no_group", "no_update_while_not_allowed", "what_is_refused_is_not_repeated"}
)
"""Laws that need to tell a membership from a change, which the journal cannot always where both are on the user."""

REPEATED = "what_is_refused_is_not_repeated"
"""The law that knows requests by what they mean; without PATCH several may mean the same and say different things."""

CAPPED = "no_more_members_than_a_request_may_hold"
"""The law that counts whom a request adds to a group."""
WITHHELD = frozenset({"no_update_while_not_allowed", "no_disable_while_not_allowed"})
"""Laws that need to know which change a request asks for."""


def judged(evidence: Evidence, recent: Journal, ledger: Ledger, *, clean: bool) -> list[Finding]:
    """Every finding about a rest. `recent` is the journal since connection or rule changed.

    With somebody adrift nothing is asked of recovery and convergence: a client that matches by name may make a
    second account for whom it made one right before it was killed; where addresses are unique it cannot even do that.
    """
    case = Case(evidence.summary, evidence.observation, recent, evidence.lately)
    found: list[Finding] = []
    for law in (*ALWAYS, *(CLEAN if clean else ())):
        if law in USED and law.name not in _open(evidence):
            found += [each for each in law.check(case) if not _unknowable(each, evidence)]
            ledger.checks[law.name] += 1
    if clean:
        found += by_observation(evidence.summary, evidence.observation)
    for invariant in rest_invariants.INVARIANTS if evidence.course.adrift else INVARIANTS:
        broken, looked = invariant.check(evidence)
        found += broken
        ledger.checks[invariant.name] += looked
    return list(dict.fromkeys(found))


def _open(evidence: Evidence) -> frozenset[str]:
    """Laws of which it is open whether they hold here."""
    on_the_user = evidence.observation.connection.membership_style == "user"
    return ON_THE_USER if on_the_user else frozenset()


def _unknowable(finding: Finding, evidence: Evidence) -> bool:
    """Whether it rests on what nobody can know.

    That is a request that was turned away before the target saw which change it is, or a sequence of requests in which
    the client was killed or restarted: it need not know any more what came before.
    """
    if finding.check in WITHHELD and evidence.course.crashed:
        return True  # what the killed client had turned off already is no change any more, and reads as an update
    if finding.check in WITHHELD:
        good = (each for each in evidence.exchanges if each["status"] is not None and each["status"] < 400)
        # Somebody else's hand, too: what is off already is no change any more; nor what a lost request had done.
        meant = (each for each in good if not evidence.touched(set(each["names"])) and not _again(each, evidence))
        seen = {each["seq"] for each in meant if each["intents"]}
        return not seen & set(finding.exchanges)
    if finding.check == CAPPED:
        # A PUT names those who are there already, too; of one that was turned away nobody can tell who is new.
        told = {each["seq"] for each in evidence.exchanges if each["method"] != "PUT" or each["intents"]}
        return not told & set(finding.exchanges)
    if finding.check == REPEATED:
        sent = [each for each in evidence.exchanges if each["seq"] in finding.exchanges]
        bodies = [each["request"]["body"] for each in sent]
        return all(bodies.count(body) <= PATIENCE for body in bodies)
    if len(finding.exchanges) < 2:
        return False
    first, last = min(finding.exchanges), max(finding.exchanges)
    return any(first <= cut < last for cut in evidence.course.cuts)


def _again(exchange: Mapping[str, Any], evidence: Evidence) -> bool:
    """Whether the very same was sent before in this run, and may have been done."""
    earlier = (each for each in evidence.exchanges if each["seq"] < exchange["seq"] and each["applied"] == "yes")
    return any(
        each["path"] == exchange["path"] and each["request"]["body"] == exchange["request"]["body"] for each in earlier
    )
