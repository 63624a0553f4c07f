"""A run as listeners hear it: one case that holds, one with findings, one that was skipped, one that we got wrong."""

from __future__ import annotations

from datetime import UTC, datetime

from provcheck.harness.model import (
    After,
    Apply,
    CaseFinished,
    CaseStarted,
    CheckpointReached,
    Counters,
    Event,
    Finding,
    Requests,
    RunFinished,
    RunStarted,
    StepTaken,
    SyncSummary,
)

NOON = datetime(2025, 6, 4, 12, 0, tzinfo=UTC)
E5 = "e5-create-not-allowed"
E6 = "e6-update-not-allowed"
WANTED = After(
    users={"impacted": 5, "success": 0, "partially_synced": 0, "unsynced": 5, "failed": 0},
    wire=(Requests("user.create", at_most=0),),
)
GOOD = SyncSummary(Counters(5, 0, 5, 0, 0), Counters(2, 2))
BAD = SyncSummary(Counters(5, 0, 0, 0, 5), Counters(2, 2))
FINDING = Finding(
    "counter_as_expected",
    "the sync summary shows what the scenario says",
    "users.failed",
    "0",
    "5",
    "pingone, sync summary examples, row 5",
    (3, 7),
    fix="Follow one user through the steps: each has one base state.",
    rank=1,
    section="users",
)
WARNING = Finding("waits", "no request comes early", "ada", "a pause", "none", "RFC 9110", severity="warning")


def case(scenario: str, profile: str, seen: SyncSummary | None, *findings: Finding, reason: str = "") -> list[Event]:
    """The events of one case."""
    verdict = "findings" if findings else "error" if reason else "holds"
    return [
        CaseStarted(scenario, profile, "Five users, creating not allowed", "documented", "pingone, row 5"),
        StepTaken(scenario, profile, 1, Apply()),
        CheckpointReached(scenario, profile, 1, seen, WANTED, warnings=("many groups",)),
        CaseFinished(scenario, profile, verdict, findings, reason, 0.25),
    ]


def whole() -> list[Event]:
    """The events of a run with every verdict."""
    return [
        RunStarted(NOON, "a client", 4, ("provcheck", "check", "--client", "node my client.mjs")),
        *case(E5, "scim", GOOD),
        *case(E5, "slack", BAD, FINDING, WARNING),
        CaseStarted(E6, "scim", "Updating not allowed", "derived", "pingone, row 6"),
        CaseFinished(E6, "scim", "skipped", reason="the client cannot update"),
        *case(E6, "slack", None, reason="KeyError: 'id'"),
        RunFinished(NOON, 1, 1, 1, 1, 75.4),
    ]


def lacking() -> list[Event]:
    """A run with two cases that were skipped because the client lacks capabilities."""
    skipped = [
        event
        for scenario, words in ((E5, ("update",)), (E6, ("update", "rename_user")))
        for event in (
            CaseStarted(scenario, "scim", "Updating", "derived", "pingone, row 6"),
            CaseFinished(scenario, "scim", "skipped", reason="not offered", lacking=words),
        )
    ]
    return [RunStarted(NOON, "a client", 2), *skipped, RunFinished(NOON, 0, 0, 2, 0, 1.0)]
