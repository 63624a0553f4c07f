"""Expectations about requests, accounts and groups: held, and broken."""

from __future__ import annotations

import pytest

from provcheck.harness import checks
from provcheck.harness.checks import Checkpoint
from provcheck.harness.model import (
    Account,
    After,
    Connection,
    Counters,
    GroupAtTarget,
    HoldsBack,
    Population,
    RefusedBy,
    Requests,
    Rule,
    SyncSummary,
)
from provcheck.harness.oracle import Journal, Observation

SNAPSHOT = {
    "users": [{"id": "1", "userName": "ada", "familyName": "Byron", "active": True, "externalId": "rewritten"}],
    "groups": [{"id": "2", "displayName": "Red", "members": ["ada", "ben"]}],
}
JOURNAL = Journal(
    [
        {"seq": 1, "operation": "user.list", "names": ["ada"], "status": 200, "applied": "none"},
        {
            "seq": 2,
            "operation": "user.create",
            "names": ["ada"],
            "status": 429,
            "applied": "no",
            "at": "2025-06-04T09:00:00+00:00",
        },
        {
            "seq": 3,
            "operation": "user.create",
            "names": ["ada"],
            "status": 201,
            "applied": "yes",
            "at": "2025-06-04T09:00:02+00:00",
        },
        {
            "seq": 4,
            "operation": "group.create",
            "names": ["Blue"],
            "status": 403,
            "applied": "no",
            "refused_by": "allows_create_groups",
        },
    ]
)


def findings(wanted):
    connection, normalises = Connection("scim", "Target", "http://x"), frozenset({"externalId"})
    seen = Observation(Population(), Rule(), connection, SNAPSHOT, JOURNAL, normalises=normalises)
    told = {"source": "page, row", "expectation": After(wire=(wanted,))}
    return checks.judge(Checkpoint(phase="refusal", observation=seen, here=JOURNAL, **told))


@pytest.mark.parametrize(
    "wanted",
    [
        Requests("user.create", "ADA", at_least=2, at_most=2),
        Requests("user.delete", at_most=0),
        Requests("*", at_most=3, writes=True),
        RefusedBy(("allows_create_users", "allows_create_groups")),
        Account("Ada", active=True, holds={"familyName": "Byron", "externalId": "u-ada"}),
        Account("eve", count=0),
        GroupAtTarget("Red", includes=("ada",), excludes=("eve",)),
        GroupAtTarget("Red", exactly=("ben", "Ada")),
        GroupAtTarget("Green", count=0),
        HoldsBack(2),
    ],
)
def test_what_holds_gives_no_finding(wanted):
    assert findings(wanted) == []


@pytest.mark.parametrize(
    ("wanted", "entity", "seen", "exchanges"),
    [
        (Requests("user.create", at_most=1), "user.create", "2 such requests", (2, 3)),
        (Requests("user.update", "ada", at_least=1), "ada", "0 such requests", ()),
        (Requests("*", at_most=0, writes=True), "*", "3 such requests", (2, 3, 4)),
        (RefusedBy(("allows_update_users",)), "allows_update_users", "refusals by allows_create_groups", ()),
        (Account("ada", active=False), "ada", "active is True", ()),
        (Account("ada", count=0), "ada", "1 accounts ada", ()),
        (Account("ada", holds={"familyName": "Lovelace"}), "ada", "familyName is 'Byron'", ()),
        (GroupAtTarget("Red", includes=("eve",)), "Red", "members are ada, ben", ()),
        (GroupAtTarget("Red", excludes=("ben",)), "Red", "members are ada, ben", ()),
        (GroupAtTarget("Red", exactly=()), "Red", "members are ada, ben", ()),
        (GroupAtTarget("Green"), "Green", "0 groups Green", ()),
        (HoldsBack(3), "connection", "a request came too early", (3,)),
    ],
)
def test_what_does_not_hold_is_a_finding_that_says_what_was_seen(wanted, entity, seen, exchanges):
    (finding,) = findings(wanted)
    assert (finding.entity, finding.seen, finding.exchanges) == (entity, seen, exchanges)
    assert finding.source == "page, row"
    assert finding.rule == wanted.describe()


@pytest.mark.parametrize(
    ("seen", "wanted", "named"),
    [
        (SyncSummary(Counters(5, 5, 0, 1, 0)), After(users={"success": 5, "partially_synced": 1}), []),
        (SyncSummary(Counters(5, 4)), After(users={"success": frozenset({4, 5})}), []),
        (SyncSummary(Counters(5, 4)), After(users={"success": 5}), ["counter_as_expected"]),
        (SyncSummary(Counters(5, 5)), After(groups={"failed": 0}), ["counter_as_expected"]),
        (SyncSummary(Counters(5, 5)), After(sections="both"), ["sections"]),
        (SyncSummary(Counters(5, 5), Counters()), After(sections="users"), ["sections"]),
        (SyncSummary(Counters(5, 5)), After(hidden=True), ["summary_is_hidden"]),
        (None, After(hidden=True), []),
        (None, After(users={"success": 5}), ["summary_is_seen"]),
    ],
)
def test_a_summary_is_judged_by_what_the_checkpoint_names_and_nothing_else(seen, wanted, named):
    checkpoint = Checkpoint(phase="refusal", summary=seen, expectation=wanted)
    assert [finding.check for finding in checks.judge(checkpoint)] == named
