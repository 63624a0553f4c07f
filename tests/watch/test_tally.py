"""What can be counted from the wire alone, and what cannot."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from urllib.parse import urlencode

import pytest

from provcheck.harness.model import Apply, BadRule, ChangeRule
from provcheck.harness.watch import tally
from tests.reference_runs import on_every_scim_configuration, reference_runs

NOBODY = {"users": [], "groups": []}


def at_target(*names, **groups):
    users = [{"id": f"id-{name}", "userName": name} for name in names]
    return {"users": users, "groups": [{"id": f"id-{name}", "displayName": name, "members": []} for name in groups]}


class Wire:
    """A journal that is written by hand."""

    def __init__(self):
        self.entries = []

    def __call__(self, operation, *names, status=200, id=None, hits=None, applied=True, body=None, **more):
        intent = {"operation": operation, "names": list(names), "id": id, "applied": applied}
        answer = None if hits is None else json.dumps({"Resources": [{}] * hits})
        entry = {"seq": len(self.entries) + 1, "operation": operation, "status": status, "intents": [intent]}
        self.entries.append({**entry, "response": {"body": answer}, "request": {"body": body}, **more})
        return self

    def count(self, snapshot, **more):
        return tally(self.entries, snapshot, **more)


@pytest.fixture
def wire():
    return Wire()


def users(found):
    counters = found.summary.users
    return counters.impacted, counters.success, counters.failed


def test_who_was_written_and_is_there_is_a_success(wire):
    wire("user.list", "ada")("user.create", "ada", "u-ada", id="id-ada")
    assert users(wire.count(at_target("ada"))) == (1, 1, 0)


def test_somebody_under_several_names_is_one(wire):
    wire("user.list", "ada@example.com")("user.list", "u-1")(
        "user.create", "ada", "u-1", "ada@example.com", id="id-ada"
    )
    assert users(wire.count(at_target("ada"))) == (1, 1, 0)


def test_who_was_refused_is_a_failure(wire):
    found = wire("user.create", "ada", status=503).count(NOBODY)
    assert users(found) == (1, 0, 1)
    assert found.told == ("failed: ada: 503 on user.create",)


def test_a_failure_that_was_made_good_leaves_no_trace(wire):
    wire("user.create", "ada", status=503)("user.create", "ada", id="id-ada")
    assert users(wire.count(at_target("ada"))) == (1, 1, 0)


def test_a_lost_answer_is_settled_by_a_look_up_that_finds_one(wire):
    wire("user.create", "ada", status=None, answer="lost")("user.list", "ada", hits=1)
    assert users(wire.count(at_target("ada"))) == (1, 1, 0)


def test_a_conflict_is_settled_by_a_look_up_that_finds_one(wire):
    wire("user.create", "ada", status=409)("user.list", "ada", hits=1)
    assert users(wire.count(at_target("ada"))) == (1, 1, 0)


def test_two_hits_of_a_look_up_are_a_failure(wire):
    assert users(wire("user.list", "ada", hits=2).count(at_target("ada"))) == (1, 0, 1)


def test_who_was_only_looked_for_and_is_not_there_stays_open(wire):
    found = wire("user.list", "ada", hits=0).count(NOBODY)
    assert users(found) == (1, 0, 0)
    assert found.unknown_users == 1
    assert "1 users" in found.note


def test_a_listing_of_everybody_names_nobody(wire):
    assert users(wire("user.list").count(at_target("ada"))) == (0, 0, 0)


def test_a_probe_for_what_is_not_there_names_nobody(wire):
    assert users(wire("user.get", status=404, id="0").count(NOBODY)) == (0, 0, 0)


def test_who_was_removed_for_good_is_in_no_counter(wire):
    wire("user.create", "ada", id="id-ada")("user.delete", "ada", id="id-ada")
    assert users(wire.count(NOBODY)) == (0, 0, 0)


def test_a_leaver_who_could_not_be_deleted_is_told_beside_the_counters(wire):
    found = wire("user.create", "ada", id="id-ada")("user.delete", "ada", status=403).count(at_target("ada"))
    assert users(found) == (0, 0, 0)
    assert found.told == ("left behind: ada: 403 on user.delete",)


def test_a_request_that_was_turned_away_unread_is_known_by_its_body(wire):
    wire.entries.append(
        {
            "seq": 1,
            "operation": "user.create",
            "status": 400,
            "path": "/Users",
            "intents": [],
            "request": {"body": json.dumps({"userName": "ada"})},
        }
    )
    assert users(wire.count(NOBODY)) == (1, 0, 1)


def test_a_refused_membership_is_the_groups_failure_and_no_users(wire):
    wire("user.create", "ada", id="id-ada")("group.create", "Red", id="id-Red")
    wire("member.add", "Red/ada", id="id-Red/id-ada", status=400)
    found = wire.count(at_target("ada", Red=()))
    assert users(found) == (1, 1, 0)
    assert (found.summary.groups.impacted, found.summary.groups.failed) == (1, 1)


def test_a_membership_that_was_answered_and_not_applied_is_a_failure(wire):
    wire("group.create", "Red", id="id-Red")("member.add", "Red/ada", id="id-Red/id-ada", applied=False)
    assert wire.count(at_target("ada", Red=())).summary.groups.failed == 1


def test_a_target_without_groups_has_no_group_section(wire):
    assert wire("user.create", "ada").count(at_target("ada"), has_groups=False).summary.groups is None


UNSEEN = {
    "e-mail-address-cleared": "GitHub refuses to clear it, and then the source has again what the account kept",
    "account-is-linked-to-another-user": "a newcomer is asked for by the address of another, and by nothing else",
    **dict.fromkeys(
        (
            "e-mail-address-cleared on github_emu",
            "e-mail-address-cleared on slack+1.1",
            "names-cleared-at-once on slack+1.1",
        ),
        "what could not be cleared is back at the source; nothing is written",
    ),
}
"""Scenarios that the wire cannot tell (on any or on one configuration), with the reason."""


def left(case):
    """How many users, and how many groups, the rule selected at some time, and at some later time no more.

    They are in no counter, and on the wire they look like users who are disabled at the source, and like groups that
    do not change. Whoever comes back looks as whoever stayed away.
    """
    given, scopes = case.scenario.given, []
    population, rule = given.population, given.rule
    for step in (None, *case.scenario.when):
        for edit in step.edits if isinstance(step, Apply) else ():
            population = edit.on(population)
        rule = replace(rule, **step.changes) if isinstance(step, ChangeRule) else rule
        with suppress(BadRule):  # one that must be refused selects nobody
            scopes.append([{x.id for x in of(population)} for of in (rule.impacted_users, rule.impacted_groups)])
    return {
        section: len({id for one, two in pairwise(scopes) for id in one[n] - two[n]})
        for n, section in enumerate(("users", "groups"))
    }


def agrees(told, found, leavers):
    """Whether a client's counters and those of the wire are the same, but for what the wire cannot show.

    That is: leavers, and that an account was not updated because a switch withheld it, which is a Success on the wire.
    """
    more = {name: getattr(found, name) - getattr(told, name) for name in ("impacted", "success", "unsynced", "failed")}
    withheld = told.partially_synced
    return (
        0 <= more["impacted"] <= leavers
        and all(abs(more[name]) <= leavers for name in ("unsynced", "failed"))
        and -leavers <= more["success"] <= leavers + withheld
    )


@on_every_scim_configuration
def test_the_tally_agrees_with_the_reference_client_in_all_that_the_wire_can_tell(configuration):
    wrong = []
    for each in reference_runs(configuration):
        case, told = each.case, each.summary
        name = case.scenario.name
        if told is None or UNSEEN.keys() & {name, f"{name} on {configuration}"}:
            continue
        found, leavers = tally(each.journal, each.snapshot, has_groups=told.groups is not None).summary, left(case)
        for (section, one), (_, other) in zip(told.sections(), found.sections(), strict=True):
            if not agrees(one, other, leavers[section]):
                wrong.append((name, section, one, other))
    assert wrong == []


@pytest.mark.parametrize(
    "filter",
    [
        'userType eq "temp"',
        'members.value eq "temp"',
        'members[type eq "User" and value eq "temp"]',
        'groups.value eq "temp"',
        'meta.lastModified gt "temp"',
        'userName sw "temp"',
        'displayName eq "temp"',
        'emails.type eq "temp"',
        'not a "filter',
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_a_filter_that_names_nobody_is_no_look_up(wire, filter, status):
    wire("user.create", "ada")("user.list", "temp", status=status, hits=0, query=urlencode({"filter": filter}))
    found = wire.count(at_target("ada"))
    assert (users(found), found.unknown_users) == ((1, 1, 0), 0)


@pytest.mark.parametrize(
    "filter",
    [
        'userName Eq "bob"',
        'emails[type eq "work" and value eq "bob"]',
        'emails.value eq "bob"',
        '(userType eq "temp") and urn:ietf:params:scim:schemas:core:2.0:User:userName eq "bob"',
        "externalId eq bob",
    ],
)
def test_a_filter_by_a_name_is_a_look_up(wire, filter):
    assert wire("user.list", "bob", hits=0, query=urlencode({"filter": filter})).count(NOBODY).unknown_users == 1


def test_a_value_beside_the_name_makes_no_two_users_one(wire):
    for name in ("ada", "bob"):
        wire("user.create", name, f"{name}@x", id=f"id-{name}")
        asked = urlencode({"filter": f'emails[type eq "work" and value eq "{name}@x"]'})
        wire("user.list", "work", f"{name}@x", query=asked)
    assert users(wire.count(at_target("ada", "bob"))) == (2, 2, 0)


def test_a_search_by_post_is_a_look_up(wire):
    asked = json.dumps({"filter": 'displayName eq "Red"'})
    assert wire("group.list", "Red", hits=0, body=asked).count(NOBODY).unknown_groups == 1


def test_success_failed_and_unsynced_add_up_to_impacted(wire):
    wire("user.create", "ada", id="id-ada")("user.create", "bob", status=400)("user.list", "cem", hits=0)
    wire("group.create", "Red", id="id-Red")("group.create", "Blue", status=403)("group.list", "Green", hits=0)
    found = wire.count(at_target("ada", Red=()))
    for counters in (found.summary.users, found.summary.groups):
        assert (counters.impacted, counters.success, counters.unsynced, counters.failed) == (3, 1, 1, 1)
    assert found.note.endswith("counted as Unsynced, only looked for and not there: 1 users, 1 groups")


def test_a_list_of_everybody_settles_a_conflict(wire):
    rows = json.dumps({"Resources": [{"id": "id-ada", "userName": "ada"}, {"id": "id-bob", "userName": "bob"}]})
    wire("user.create", "ada", status=409)("user.list", response={"body": rows})
    assert users(wire.count(at_target("ada", "bob"))) == (1, 1, 0)


def test_a_list_in_which_a_name_stands_twice_settles_nothing(wire):
    rows = json.dumps({"Resources": [{"id": "1", "userName": "ada"}, {"id": "2", "userName": "ada"}]})
    wire("user.create", "ada", status=409)("user.list", response={"body": rows})
    assert users(wire.count(at_target("ada"))) == (1, 0, 1)


@pytest.mark.parametrize(
    "body, why",
    [
        ({"scimType": "invalidValue", "detail": "name is complex"}, "name is complex"),
        ({"Errors": {"description": "invalid_email", "code": 400}}, "invalid_email"),
        ({"message": "Bad credentials", "status": "401"}, "Bad credentials"),
        ({"ok": False, "error": "no_such_user"}, "no_such_user"),
        ([{"detail": "first"}], "first"),
    ],
)
def test_a_failure_says_who_what_and_why(wire, body, why):
    found = wire("user.create", "ada", "u-ada", status=400, response={"body": json.dumps(body)}).count(NOBODY)
    assert found.told == (f"failed: ada: 400 on user.create ({why})",)
    assert found.troubles[0].seq == 1


def test_a_failure_names_the_flag_that_caused_it(wire):
    found = wire("user.create", "ada", status=403, refused_by="allows_create_users").count(NOBODY)
    assert found.told == ("failed: ada: 403 on user.create (allows_create_users)",)


def test_a_refused_membership_says_whose_it_is(wire):
    wire("group.create", "Red", id="id-Red")("member.add", "Red/ada", id="id-Red/id-ada", status=400)
    assert wire.count(at_target("ada", Red=())).told == ("failed: Red: 400 on member.add of ada",)


def test_the_same_row_twice_is_one_hit(wire):
    rows = json.dumps({"Resources": [{"id": "id-ada", "userName": "ada"}] * 2})
    wire("user.create", "ada")("user.list", "ada", response={"body": rows})
    assert users(wire.count(at_target("ada"))) == (1, 1, 0)
