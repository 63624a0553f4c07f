"""Seeds and snapshots: the same words for every target."""

from __future__ import annotations

import pytest

from provcheck.mock_targets.target.seeding import BadSeed, seed, snapshot
from tests.fake_target import make_target

PEOPLE = {
    "users": [
        {"userName": "ada", "email": "ada@example.com", "externalId": "e1"},
        {"userName": "bob", "active": False},
    ],
    "groups": [{"displayName": "staff", "members": ["ada", "BOB"]}, {"displayName": "empty"}],
}


def test_what_was_seeded_is_in_the_snapshot():
    target = make_target()
    assert seed(target, PEOPLE) == {"users": 2, "groups": 2}
    shot = snapshot(target)
    ada, bob = shot["users"]
    assert ada == {
        "id": ada["id"],
        "userName": "ada",
        "email": "ada@example.com",
        "externalId": "e1",
        "active": True,
        "groups": ["staff"],
    }
    assert bob["active"] is False
    assert shot["groups"][0]["members"] == ["ada", "bob"]
    assert shot["groups"][0]["memberIds"] == [ada["id"], bob["id"]]


def test_seeding_leaves_no_trace_in_the_journal():
    target = make_target()
    seed(target, PEOPLE)
    assert target.journal.since() == []


def test_a_second_seed_can_name_members_of_the_first():
    target = make_target()
    seed(target, PEOPLE)
    seed(target, {"groups": [{"displayName": "late", "members": ["ada"]}]})
    assert snapshot(target)["users"][0]["groups"] == ["staff", "late"]


@pytest.mark.parametrize(
    "data",
    [
        [],
        {"people": []},
        {"users": {}},
        {"users": ["ada"]},
        {"users": [{}]},
        {"users": [{"userName": ""}]},
        {"users": [{"userName": 3}]},
        {"users": [{"userName": "ada", "active": "yes"}]},
        {"users": [{"userName": "ada", "colour": "red"}]},
        {"users": [{"userName": "ada"}, {"userName": "ADA"}]},
        {"groups": [{"members": []}]},
        {"groups": [{"displayName": "g", "members": ["nobody"]}]},
        {"groups": [{"displayName": "g", "members": [3]}]},
        {"users": [{"userName": "ada"}], "groups": [{"displayName": "g", "members": ["ada", "nobody"]}]},
    ],
)
def test_a_bad_seed_changes_nothing(data):
    target = make_target()
    seed(target, {"users": [{"userName": "old"}]})
    with pytest.raises(BadSeed):
        seed(target, data)
    assert [user["userName"] for user in snapshot(target)["users"]] == ["old"]
    assert snapshot(target)["groups"] == []
