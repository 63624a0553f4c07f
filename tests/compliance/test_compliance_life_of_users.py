"""Users from their creation to their end, the same for every target.

`rig.refused` fails if the status is another, the error has not the target's shape, or anything changed; `rig.done` if
the request does not succeed.
"""

from __future__ import annotations

import pytest

from tests.compliance.compliance_rig import person


def known(rig, words):
    """The core words that the target keeps."""
    return {word: value for word, value in words.items() if word != "externalId" or rig.driver.keeps_external_id}


def test_a_created_user_is_read_back_as_it_was_sent(empty):
    created = empty.done(empty.driver.create_user(person("ada")))
    read = empty.user(created["id"])
    assert read == created
    assert known(empty, person("ada")).items() <= read.items()


def test_a_created_user_is_in_the_snapshot(empty):
    id = empty.add_user("ada")
    (shown,) = empty.snapshot()["users"]
    assert shown.items() >= (known(empty, person("ada")) | {"id": id, "groups": []}).items()


def test_a_create_is_answered_with_201(empty):
    assert empty.send(empty.driver.create_user(person("ada"))).status_code == 201


def test_a_user_can_be_created_turned_off(empty):
    id = empty.add_user("ada", active=False)
    assert empty.user(id)["active"] is False


def test_a_user_is_found_by_name(rig):
    (found,) = rig.found(rig.driver.find_user("bob"))
    assert found == rig.user(rig.ids["bob"])


def test_a_user_is_found_by_name_in_another_case(rig):
    assert [user["id"] for user in rig.found(rig.driver.find_user("BOB"))] == [rig.ids["bob"]]


def test_a_user_who_is_turned_off_is_found_by_name(rig):
    assert [user["active"] for user in rig.found(rig.driver.find_user("eve"))] == [False]


@pytest.mark.parametrize("name", ["nobody", "ad", "adaa", "a%", "*", "b'b", ""])
def test_a_name_that_nobody_has_finds_nobody(rig, name):
    assert rig.found(rig.driver.find_user(name)) == []


def test_a_change_of_one_attribute_leaves_the_others(rig):
    rig.done(rig.driver.rename_user(rig.ids["ada"], "Byron"))
    assert rig.shown_user("ada").items() >= known(rig, person("ada", familyName="Byron")).items()


def test_a_change_of_one_user_leaves_the_others(rig):
    before = [rig.user(rig.ids[name]) for name in ("bob", "eve")]
    rig.done(rig.driver.rename_user(rig.ids["ada"], "Byron"))
    assert [rig.user(rig.ids[name]) for name in ("bob", "eve")] == before


def test_an_overwritten_user_is_what_was_sent(rig):
    wanted = person("ada", givenName="Augusta", familyName="Byron", email="augusta@example.com")
    rig.done(rig.driver.overwrite_user(rig.ids["ada"], wanted))
    assert rig.user(rig.ids["ada"]).items() >= known(rig, wanted).items()


def test_an_overwritten_user_stays_in_its_groups(rig):
    rig.done(rig.driver.overwrite_user(rig.ids["ada"], person("ada", familyName="Byron")))
    assert rig.group(rig.ids["Staff"])["members"] == [rig.ids["ada"]]


def test_a_user_is_turned_off_and_on_again(rig):
    for active in (False, True):
        rig.done(rig.driver.turn_user(rig.ids["ada"], active))
        assert rig.user(rig.ids["ada"])["active"] is active
        assert rig.shown_user("ada").items() >= known(rig, person("ada", active=active)).items()


def test_the_same_change_twice_is_one_change(rig):
    rig.done(rig.driver.rename_user(rig.ids["ada"], "Byron"))
    before = rig.state()
    rig.done(rig.driver.rename_user(rig.ids["ada"], "Byron"))
    assert rig.state() == before


def test_a_deleted_user_is_gone(rig):
    rig.done(rig.driver.delete_user(rig.ids["ada"]))
    if rig.driver.keeps_deleted_users:
        assert rig.user(rig.ids["ada"])["active"] is False
    else:
        rig.refused(rig.driver.read_user(rig.ids["ada"]), 404)
        assert rig.found(rig.driver.find_user("ada")) == []


def test_a_deleted_user_is_in_no_group(rig):
    rig.done(rig.driver.delete_user(rig.ids["ada"]))
    if rig.driver.keeps_deleted_users:
        return  # the user stays, and with it what it belongs to
    assert rig.group(rig.ids["Staff"])["members"] == []


def test_the_name_of_a_deleted_user_is_free_again(rig):
    rig.done(rig.driver.delete_user(rig.ids["bob"]))
    if rig.driver.keeps_deleted_users:
        rig.refused(rig.driver.create_user(person("bob")), 409)
        return
    assert rig.add_user("bob") != rig.ids["bob"]


@pytest.mark.parametrize("other_case", [False, True], ids=["same_case", "other_case"])
def test_a_unique_word_is_refused_a_second_time(rig, other_case):
    for word in rig.driver.unique_user_words:
        if word == "externalId" and other_case:
            continue  # compared as written, RFC 7643 section 3.1
        taken = person("bob")[word]
        wanted = person("dot", **{word: taken.upper() if other_case else taken})
        rig.refused(rig.driver.create_user(wanted), 409)


def test_an_overwrite_cannot_take_what_another_user_has(rig):
    for word in rig.driver.unique_user_words:
        wanted = person("ada", **{word: person("bob")[word]})
        rig.refused(rig.driver.overwrite_user(rig.ids["ada"], wanted), 409)


def test_a_user_may_keep_its_own_unique_words(rig):
    rig.done(rig.driver.overwrite_user(rig.ids["ada"], person("ada", familyName="Byron")))
    assert rig.user(rig.ids["ada"])["familyName"] == "Byron"


@pytest.mark.parametrize("id", ["nobody", "0", "%00", "a%20b", "ä", "x" * 5000, "..%2f..", "'; drop table users"])
def test_an_unknown_id_is_refused(rig, id):
    driver = rig.driver
    for ask in (
        driver.read_user(id),
        driver.rename_user(id, "Byron"),
        driver.overwrite_user(id, person("dot")),
        driver.turn_user(id, False),
        driver.delete_user(id),
    ):
        rig.refused(ask, 404)


def test_the_id_of_a_group_is_not_that_of_a_user(rig):
    driver, id = rig.driver, rig.ids["Staff"]
    for ask in (driver.read_user(id), driver.rename_user(id, "Byron"), driver.delete_user(id)):
        rig.refused(ask, 404)
