"""Judges a checkpoint of a trial, and drops findings that target and journal cannot decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provcheck.harness import checks
from provcheck.harness.checks import Checkpoint
from provcheck.harness.checks.conduct import MOST_TRIES
from provcheck.harness.generate.coverage import Coverage
from provcheck.harness.model import Finding
from provcheck.harness.oracle.run_history import Evidence

ON_THE_USER = frozenset(
    {"a_user_error_fails_no_group", "no_update_while_not_allowed", "what_is_refused_is_not_repeated"}
)
"""Checks that tell a membership from a change; where both are written on the user, the journal cannot always."""

REPEATED = "what_is_refused_is_not_repeated"
"""The check that compares requests by their operation; without PATCH, different bodies can have the same operation."""

CAPPED = "no_more_members_than_a_request_may_hold"
"""The check that counts the members that a request adds to a group."""
WITHHELD = frozenset({"no_update_while_not_allowed", "no_disable_while_not_allowed"})
"""Checks that need to know which change a request asks for."""


def judged(checkpoint: Checkpoint, evidence: Evidence, coverage: Coverage) -> list[Finding]:
    """Return every finding about a checkpoint, and count the examined subjects in `coverage`."""
    left_open = ON_THE_USER if evidence.observation.connection.membership_style == "user" else frozenset()
    found: list[Finding] = []
    for check in checks.of(checks.GENERATED):
        if check.name not in left_open:
            broken, looked = check.judge(checkpoint)
            found += broken if check.counts_subjects else [each for each in broken if not _unknowable(each, evidence)]
            coverage.checks[check.name] += looked
    return list(dict.fromkeys(found))


def _unknowable(finding: Finding, evidence: Evidence) -> bool:
    """Return True if target and journal cannot decide a finding.

    That is the case for a request that was refused before the target saw which change it is, and for a sequence of
    requests during which the client was killed or restarted: it may have forgotten the earlier ones.
    """
    if finding.check in WITHHELD and evidence.history.crashed:
        return True  # an account that the killed client had disabled already: the next request reads as an update
    if finding.check in WITHHELD:
        good = (each for each in evidence.exchanges if each["status"] is not None and each["status"] < 400)
        # Disabling is no change after an external change, or a lost request, that has disabled the account already.
        meant = (each for each in good if not evidence.touched(set(each["names"])) and not _again(each, evidence))
        seen = {each["seq"] for each in meant if each["intents"]}
        return not seen & set(finding.exchanges)
    if finding.check == CAPPED:
        # A PUT also names present members; of a refused one the journal cannot tell which members are new.
        told = {each["seq"] for each in evidence.exchanges if each["method"] != "PUT" or each["intents"]}
        return not told & set(finding.exchanges)
    if finding.check == REPEATED:
        sent = [each for each in evidence.exchanges if each["seq"] in finding.exchanges]
        bodies = [each["request"]["body"] for each in sent]
        return all(bodies.count(body) <= MOST_TRIES for body in bodies)
    if len(finding.exchanges) < 2:
        return False
    first, last = min(finding.exchanges), max(finding.exchanges)
    return any(first <= cut < last for cut in evidence.history.cuts)


def _again(exchange: Mapping[str, Any], evidence: Evidence) -> bool:
    """Return True if the same request was sent before in this run, and applied."""
    earlier = (each for each in evidence.exchanges if each["seq"] < exchange["seq"] and each["applied"] == "yes")
    return any(
        each["path"] == exchange["path"] and each["request"]["body"] == exchange["request"]["body"] for each in earlier
    )
