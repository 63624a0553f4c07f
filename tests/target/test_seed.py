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
        "document": {"login": "ada", "email": "ada@example.com", "externalId": "e1"},
    }
    assert bob["active"] is False
    assert shot["groups"][0]["members"] == ["ada", "bob"]
    assert shot["groups"][0]["memberIds"] == [ada["id"], bob["id"]]


def test_a_user_joins_the_groups_that_it_names():
    target = make_target()
    seed(target, PEOPLE)
    seed(target, {"users": [{"userName": "eve", "groups": ["staff", "late"]}], "groups": [{"displayName": "late"}]})
    assert [group["members"] for group in snapshot(target)["groups"]] == [["ada", "bob", "eve"], [], ["eve"]]


def test_a_document_is_stored_with_the_core_words_beside_it_laid_over():
    target = make_target()
    seed(target, {"users": [{"userName": "ada", "email": "new@x.com", "document": {"login": "ada", "shoe": 38}}]})
    assert snapshot(target)["users"][0]["document"] == {"login": "ada", "shoe": 38, "email": "new@x.com"}


def test_ids_of_a_seed_are_kept_and_not_made_again():
    first, target = make_target(), make_target()
    seed(first, PEOPLE)
    seed(target, {"users": [{"userName": "old", "id": snapshot(first)["users"][0]["id"]}]})
    seed(target, PEOPLE)  # the ids that this target would make first are those of the other one
    ids = [user["id"] for user in snapshot(target)["users"]]
    assert (ids[0], len(set(ids))) == (snapshot(first)["users"][0]["id"], 3)


def test_nobody_can_change_the_target_through_a_snapshot():
    target = make_target()
    seed(target, PEOPLE)
    snapshot(target)["users"][0]["document"]["login"] = "mallory"
    assert snapshot(target)["users"][0]["userName"] == "ada"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ({"users": [{"userName": "ada", "titel": "Countess"}]}, "a seed: users[0] has no 'titel'; did you mean title?"),
        ({"user": []}, "a seed has no 'user'; did you mean users?"),
        (
            {"users": [{"userName": "ada", "title": "Countess"}]},
            "user 'ada': fake keeps no title; it keeps userName, displayName, externalId, email, active",
        ),
        ({"users": [{"userName": "ada", "groups": ["late"]}]}, "user 'ada': no group is called 'late'"),
        ({"groups": [{"displayName": "g", "memberIds": ["U1"]}]}, "group 'g': nobody has the id 'U1'"),
        ({"groups": [{"displayName": "g", "members": [None]}]}, "group 'g': no user is called None"),
    ],
    ids=lambda value: "" if isinstance(value, str) else str(value),
)
def test_what_a_seed_cannot_say_is_refused_by_name(data, line):
    with pytest.raises(BadSeed) as refusal:
        seed(make_target(), data)
    assert str(refusal.value) == line


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


def test_an_id_that_no_url_can_address_is_refused():
    target = make_target()
    for id in ("a/b", "/", "\x00", "a\n", "\x85", ".", "..", "\ud800"):
        with pytest.raises(BadSeed, match=r"^a seed: users\[0\]\.id[^\n]+$"):
            seed(target, {"users": [{"userName": "ada", "id": id}]})
    assert seed(target, {"users": [{"userName": "ada", "id": "é ?b.%2F#"}]})["users"] == 1
