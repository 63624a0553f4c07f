"""Counting exchanges, and naming the one that came nearest when there is none."""

from __future__ import annotations

from typing import Any

import pytest

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.journal.journal import Journal
from provcheck.mock_targets.journal.operation_names import operation_names, unknown_operation
from provcheck.mock_targets.journal.query import BadCriteria, Criteria, count


def read_criteria(words: dict[str, Any]) -> Criteria:
    return Criteria.read(words, operations=operation_names(["User", "Group"]), flags=["allows_create_users"])


@pytest.fixture
def journal() -> Journal:
    journal = Journal(clock=VirtualClock())
    created = journal.open("POST", "/Users", operation="user.create", writes=True, body=b'{"title": "Countess"}')
    created.intend("user.create", kind="User", id="u1", names=["ada", "ada@example.com"]).applied = True
    journal.close(created, 201, {}, b"")
    refused = journal.open("POST", "/Users", operation="user.create", writes=True)
    refused.intend("user.create", kind="User", id=None, names=["bob"])
    refused.refused_by = "allows_create_users"
    journal.close(refused, 403, {}, b"")
    edited = journal.open("PATCH", "/Groups/g1", operation="group.update", writes=True)
    edited.intend("member.add", kind="Group", id="g1", names=["staff"]).applied = True
    edited.intend("member.remove", kind="Group", id="g2", names=["guests"]).applied = False
    edited.faults.append("fault-1")
    journal.close(edited, 200, {}, b"")
    return journal


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({}, 3),
        ({"operation": "user.create"}, 2),
        ({"operation": "user.*", "status": 201}, 1),
        ({"operation": "member.add"}, 1),
        ({"entity": "ADA@example.com"}, 1),
        ({"entity": "g1"}, 1),
        ({"method": "POST", "path": "/Users*"}, 2),
        ({"refused_by": "allows_create_users"}, 1),
        ({"fault": "fault-1"}, 1),
        ({"applied": "partly"}, 1),
        ({"body_contains": "Countess"}, 1),
        ({"since": 2}, 1),
        ({"operation": "member.add", "entity": "staff"}, 1),
        ({"operation": "member.add", "entity": "guests"}, 0),
        ({"status": None, "operation": "user.create"}, 2),
    ],
)
def test_all_criteria_must_hold(journal, criteria, expected):
    assert count(journal.since(), read_criteria(criteria)).count == expected


def test_nothing_found_names_what_came_nearest_and_what_it_missed(journal):
    found = count(journal.since(), read_criteria({"operation": "user.create", "entity": "bob", "status": 201}))
    assert found.as_dict()["nearest"] == {
        "seq": 2,
        "method": "POST",
        "path": "/Users",
        "operation": "user.create",
        "status": 403,
        "missed": [{"criterion": "status", "wanted": 201, "seen": 403}],
    }


def test_operation_and_entity_must_be_of_the_same_part(journal):
    found = count(journal.since(), read_criteria({"operation": "member.add", "entity": "guests"}))
    assert [miss.criterion for miss in found.missed] == ["entity"]


def test_an_empty_journal_has_nothing_near():
    assert count([], read_criteria({"status": 1})).as_dict() == {"count": 0, "nearest": None}


def test_something_found_names_nothing_near(journal):
    assert count(journal.since(), read_criteria({"status": 201})).nearest is None


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ({"speed": 1}, "criteria has no 'speed'; it has operation, entity, "),
        ({"oparation": "user.create"}, "criteria has no 'oparation'; did you mean operation?"),
        ({"status": "201"}, "criteria: status is a whole number, not '201'"),
        ({"status": True}, "criteria: status is a whole number, not true"),
        ({"entity": 3}, "criteria: entity is a text, not 3"),
        ({"since": None}, "criteria: since is a whole number, not null"),
        ({"applied": "ye"}, "criteria: applied is one of yes, no, partly, later, none, not 'ye'; did you mean yes?"),
        ({"answer": "cut"}, "criteria: answer is one of complete, lost, truncated, reset, dribbled, not 'cut'"),
        ({"operation": "user.crate"}, "there is no operation 'user.crate'; did you mean user.create"),
        ({"operation": "member.ad"}, "there is no operation 'member.ad'; did you mean member.add"),
        ({"operation": "usr.*"}, "there is no operation 'usr.*'; did you mean user.*"),
        ({"operation": "zzz"}, "there is no operation 'zzz'; there are user.list, user.get, "),
        (
            {"refused_by": "allow_create_users"},
            "no flag 'allow_create_users'; did you mean allows_create_users",
        ),
    ],
)
def test_criteria_that_no_exchange_can_meet_are_refused_in_one_line(words, line):
    with pytest.raises(BadCriteria) as refusal:
        read_criteria(words)
    assert line in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("pattern", ["*", "user.*", "*.delete", "member.[ar]*", "group.unknown", "role.create"])
def test_a_pattern_means_an_operation_if_it_fits_one(pattern):
    assert unknown_operation(pattern, operation_names(["User", "Group"], ["role.create"])) is None


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({}, 1),
        ({"operation": "bulk"}, 1),
        ({"operation": "user.create"}, 2),
        ({"operation": "user.create", "status": 409}, 1),
        ({"entity": "ada"}, 1),
        ({"path": "/Users"}, 2),
        ({"path": "/Bulk"}, 1),
    ],
)
def test_each_operation_of_a_batch_request_counts_as_an_exchange_of_its_own(criteria, expected):
    journal = Journal(clock=VirtualClock())
    whole = journal.open("POST", "/Bulk", operation="bulk", writes=True)
    for name, status in (("ada", 201), ("bob", 409)):
        with journal.part(whole, "POST", "/Users", "user.create", b"{}") as part:
            part.intend("user.create", kind="User", id=None, names=[name]).applied = status == 201
            part.status = status
    journal.close(whole, 200, {}, b"")
    criteria = Criteria.read(criteria, operations=operation_names(["User"]), flags=[])
    assert count(journal.since(), criteria).count == expected
