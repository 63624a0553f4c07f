"""What target and journal imply about each counter, and how the journal is read."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from provcheck.harness.checks import Checkpoint
from provcheck.harness.checks.formal_reading import counter_as_observed
from provcheck.harness.model import Connection, Counters, Population, Rule, SourceGroup, SourceUser, SyncSummary
from provcheck.harness.oracle import Journal, Observation, Range, observe

BEN = SourceUser("u-ben", "ben", email="ben@x", family_name="Okri")
RED = SourceGroup("g-red", "Red", ("u-ben",))
EQUAL = {"id": "A1", "userName": "Ben", "externalId": "u-ben", "email": "BEN@x", "familyName": "Okri", "active": True}
OTHER = {**EQUAL, "familyName": "Else"}
IN_RED = {"id": "R1", "displayName": "Red", "members": ["ben"]}
OUT_OF_RED = {**IN_RED, "members": []}


def entry(operation, *names, status=200, applied="yes", seq=1, **more):
    return {"seq": seq, "operation": operation, "names": list(names), "status": status, "applied": applied, **more}


CREATED = entry("user.create", "ben")


def observation(
    accounts=(EQUAL,), groups=(IN_RED,), journal=(), population=None, earlier=(), resynced=False, **switches
):
    return Observation(
        population or Population((BEN,), (RED,)),
        Rule(),
        Connection("scim", "T", "http://x", **switches),
        {"users": list(accounts), "groups": list(groups)},
        Journal(journal),
        earlier,
        resynced=resynced,
    )


def judged(summary):
    return counter_as_observed.judge(Checkpoint(summary=summary, observation=observation()))[0]


def shown(ranges):
    return {name: str(value) for name, value in ranges.items() if value != Range(0, 0) and name != "impacted"}


@pytest.mark.parametrize(
    ("seen", "counters"),
    [
        (observation(), {"success": "1"}),
        (observation(accounts=()), {"unsynced": "1"}),
        (observation(accounts=[OTHER]), {"success": "0 to 1", "partially_synced": "1"}),
        (observation(accounts=[OTHER], journal=[CREATED]), {"success": "1", "partially_synced": "1"}),
        (
            observation(accounts=[OTHER], journal=[CREATED], resynced=True),
            {"success": "0 to 1", "partially_synced": "1"},
        ),
        (observation(accounts=[{**EQUAL, "active": False}]), {"success": "0 to 1", "partially_synced": "1"}),
        (observation(accounts=(), journal=[entry("user.create", "ben", status=400, applied="no")]), {"failed": "1"}),
        (observation(accounts=(), journal=[entry("user.list", "ben", status=500, applied="none")]), {"failed": "1"}),
        (
            observation(accounts=[OTHER], journal=[entry("user.update", "ben", status=403, applied="no")]),
            {"failed": "1"},
        ),
        (
            observation(accounts=(), journal=[entry("user.create", "ben", status=400)], create_users=False),
            {"failed": "0 to 1", "unsynced": "0 to 1"},
        ),
        (observation(journal=[entry("user.create", "ben", status=None)]), {"failed": "0 to 1", "success": "0 to 1"}),
        (
            observation(journal=[entry("user.create", "ben", status=503), entry("user.create", "ben", seq=2)]),
            {"success": "1"},
        ),
    ],
)
def test_a_user_is_classified_by_error_account_and_equality(seen, counters):
    assert shown(observe(seen).users) == counters


@pytest.mark.parametrize(
    ("seen", "counters"),
    [
        (observation(), {"success": "1"}),
        (observation(groups=()), {"unsynced": "1"}),
        (observation(groups=(), journal=[entry("group.create", "Red", status=403)]), {"failed": "1"}),
        (observation(groups=[OUT_OF_RED]), {"success": "0 to 1", "failed": "0 to 1"}),
        (observation(groups=[OUT_OF_RED], journal=[entry("member.add", "Red/ben", status=400)]), {"failed": "1"}),
        (observation(groups=[OUT_OF_RED], accounts=()), {"success": "1"}),
        (observation(groups=[OUT_OF_RED], membership_style="none"), {"success": "1"}),
    ],
)
def test_a_group_is_classified_by_its_own_write_and_its_memberships(seen, counters):
    assert shown(observe(seen).groups) == counters


def test_a_target_without_groups_has_no_group_ranges():
    assert observe(observation(supports_groups=False)).groups is None


def test_a_failed_membership_on_the_user_is_no_error_of_the_user():
    both = [{"operation": "user.update", "names": ["ben"]}, {"operation": "member.add", "names": ["Red/ben"]}]
    seen = observation(
        groups=[OUT_OF_RED], journal=[entry("user.update", status=400, intents=both)], membership_style="user"
    )
    assert shown(observe(seen).users) == {"success": "1"}
    assert shown(observe(seen).groups) == {"failed": "1"}


def test_a_renamed_user_is_known_by_the_name_given_up():
    renamed = replace(BEN, user_name="benedict")
    seen = observation(
        accounts=[{**EQUAL, "externalId": None, "email": None}],
        population=Population((renamed,), (RED,)),
        earlier=(Population((BEN,), (RED,)),),
        journal=[CREATED],
    )
    assert shown(observe(seen).users) == {"success": "1", "partially_synced": "1"}


def test_words_that_a_target_rewrites_are_not_compared():
    seen = observation(accounts=[{**EQUAL, "externalId": ""}])
    assert shown(observe(replace(seen, normalises=frozenset({"externalId"}))).users) == {"success": "1"}
    assert "partially_synced" in shown(observe(seen).users)


def test_a_counter_out_of_its_range_is_a_finding():
    good = SyncSummary(Counters(1, 1), Counters(1, 1))
    assert judged(good) == []
    (finding,) = judged(replace(good, groups=Counters(1, 1, failed=1)))
    assert (finding.entity, finding.expected, finding.seen) == ("groups.failed", "0", "1")


def test_an_entry_that_was_turned_away_early_is_known_by_its_request():
    body = json.dumps({"userName": "Ben", "emails": [{"value": "ben@x"}]})
    journal = Journal(
        [
            {"seq": 1, "operation": "user.create", "status": 503, "path": "/Users", "request": {"body": body}},
            {"seq": 2, "operation": "user.list", "status": 503, "query": "filter=userName+eq+%22ben%22"},
            {"seq": 3, "operation": "user.update", "status": 503, "path": "/scim/v2/Users/A1"},
            {"seq": 4, "operation": "user.create", "status": 503, "path": "/Users", "request": {"body": "[" * 99_999}},
        ]
    )
    assert [each.seq for each in journal.doing("user.*", ["ben"])] == [1, 2]
    assert [each.seq for each in journal.doing("user.*", ["a1"])] == [3]


def test_what_a_request_meant_is_in_its_intents():
    intents = [{"operation": "user.disable", "id": "A1", "names": ["ben"]}]
    journal = Journal([entry("user.update", intents=intents)])
    assert journal.doing("user.disable", ["BEN"])
    assert not journal.doing("user.update")


def test_a_request_about_groups_is_known_where_there_are_none():
    journal = Journal([entry("unknown", status=404, applied="none", path="/scim/v2/Groups/7")])
    assert journal.doing("group.*")
    assert not journal.writes()


def test_what_came_before_a_checkpoint_is_left_out():
    journal = Journal([entry("user.create", "ben"), entry("user.update", "ben", seq=2)])
    assert [each.seq for each in journal.since(1).entries] == [2]


def test_a_name_that_was_given_up_is_still_there_where_the_target_rewrites_names():
    was = Population((replace(BEN, user_name="ben.okri"),), (RED,))
    seen = observation([{**EQUAL, "userName": "ben.okri"}], groups=(), earlier=(was,), population=Population((BEN,)))
    rewritten = replace(seen, normalises=frozenset({"userName"}))
    assert shown(observe(rewritten).users) == {"success": "1", "partially_synced": "0 to 1"}
