"""Counting exchanges, and naming the one that came nearest when there is none."""

from __future__ import annotations

import pytest

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.journal.journal import Journal
from provcheck.mock_targets.journal.query import BadCriteria, Criteria, count


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
    assert count(journal.since(), Criteria.read(criteria)).count == expected


def test_nothing_found_names_what_came_nearest_and_what_it_missed(journal):
    found = count(journal.since(), Criteria.read({"operation": "user.create", "entity": "bob", "status": 201}))
    assert found.as_dict()["nearest"] == {
        "seq": 2,
        "method": "POST",
        "path": "/Users",
        "operation": "user.create",
        "status": 403,
        "missed": [{"criterion": "status", "wanted": 201, "seen": 403}],
    }


def test_operation_and_entity_must_be_of_the_same_part(journal):
    found = count(journal.since(), Criteria.read({"operation": "member.add", "entity": "guests"}))
    assert [miss.criterion for miss in found.missed] == ["entity"]


def test_an_empty_journal_has_nothing_near():
    assert count([], Criteria.read({"status": 1})).as_dict() == {"count": 0, "nearest": None}


def test_something_found_names_nothing_near(journal):
    assert count(journal.since(), Criteria.read({"status": 201})).nearest is None


@pytest.mark.parametrize("words", [{"speed": 1}, {"status": "201"}, {"status": True}, {"entity": 3}, {"since": None}])
def test_a_question_that_cannot_be_asked_is_refused(words):
    with pytest.raises(BadCriteria):
        Criteria.read(words)
