"""Groups from their creation to their end, and memberships as both sides show them.

`rig.refused` fails if the status is another, the error has not the target's shape, or anything changed; `rig.done` if
the request does not succeed.
"""

from __future__ import annotations

import pytest


def test_a_created_group_is_read_back_as_it_was_sent(rig):
    created = rig.done(rig.driver.create_group("Board", [rig.ids["ada"], rig.ids["bob"]]))
    read = rig.group(created["id"])
    assert read == created
    assert (read["displayName"], read["members"]) == ("Board", [rig.ids["ada"], rig.ids["bob"]])


def test_a_group_can_be_empty(rig):
    assert rig.group(rig.add_group("Board"))["members"] == []


def test_a_created_group_is_in_the_snapshot(rig):
    rig.add_group("Board", rig.ids["bob"])
    shown = rig.shown_group("Board")
    assert (shown["members"], shown["memberIds"]) == (["bob"], [rig.ids["bob"]])


def test_a_group_is_found_by_name(rig):
    rig.add_group("Board")
    (found,) = rig.found(rig.driver.find_group("Staff"))
    assert (found["id"], found["members"]) == (rig.ids["Staff"], [rig.ids["ada"]])


def test_a_group_is_found_by_name_in_another_case_where_case_does_not_count(rig):
    found = rig.found(rig.driver.find_group("STAFF"))
    assert len(found) == int(rig.driver.folds_group_names)


@pytest.mark.parametrize("name", ["Nothing", "Staf", "Staff ", "*"])
def test_a_name_that_no_group_has_finds_none(rig, name):
    assert rig.found(rig.driver.find_group(name)) == []


@pytest.mark.parametrize("name", ["R&D", "Größe", "一二", "a/b", "O'Hara", "tab\tbed", "semi;colon", 'say \\"hi\\"'])
def test_a_group_of_any_name_is_found(rig, name):
    id = rig.add_group(name.replace('\\"', '"'))
    assert [group["id"] for group in rig.found(rig.driver.find_group(name.replace("\t", "\\t")))] == [id]


def test_a_renamed_group_keeps_its_members(rig):
    rig.done(rig.driver.rename_group(rig.ids["Staff"], "Crew"))
    read = rig.group(rig.ids["Staff"])
    assert (read["displayName"], read["members"]) == ("Crew", [rig.ids["ada"]])
    assert rig.found(rig.driver.find_group("Staff")) == []


def test_a_group_may_keep_its_own_name(rig):
    before = rig.snapshot()
    rig.done(rig.driver.rename_group(rig.ids["Staff"], "Staff"))
    assert rig.snapshot() == before


def test_an_overwritten_group_is_what_was_sent(rig):
    rig.done(rig.driver.overwrite_group(rig.ids["Staff"], "Crew", [rig.ids["bob"]]))
    read = rig.group(rig.ids["Staff"])
    assert (read["displayName"], read["members"]) == ("Crew", [rig.ids["bob"]])


def test_a_group_that_is_overwritten_without_members_has_none(rig):
    rig.done(rig.driver.overwrite_group(rig.ids["Staff"], "Staff"))
    assert rig.group(rig.ids["Staff"])["members"] == []


def test_a_membership_is_seen_from_both_sides(rig):
    rig.done(rig.driver.add_members(rig.ids["Staff"], [rig.ids["bob"]]))
    assert rig.group(rig.ids["Staff"])["members"] == [rig.ids["ada"], rig.ids["bob"]]
    assert rig.user(rig.ids["bob"])["groups"] == [rig.ids["Staff"]]
    assert rig.shown_user("bob")["groups"] == ["Staff"]


def test_a_membership_that_ends_is_gone_from_both_sides(rig):
    rig.done(rig.driver.remove_member(rig.ids["Staff"], rig.ids["ada"]))
    assert rig.group(rig.ids["Staff"])["members"] == []
    assert rig.user(rig.ids["ada"])["groups"] == []
    assert rig.shown_user("ada")["groups"] == []


def test_a_member_who_is_added_twice_is_there_once(rig):
    for _ in range(2):
        rig.done(rig.driver.add_members(rig.ids["Staff"], [rig.ids["bob"], rig.ids["bob"]]))
    assert rig.group(rig.ids["Staff"])["members"] == [rig.ids["ada"], rig.ids["bob"]]


def test_an_unknown_member_is_refused_and_nobody_joins(rig):
    before = rig.state()
    answer = rig.send(rig.driver.add_members(rig.ids["Staff"], [rig.ids["bob"], "nobody"]))
    assert answer.status_code in (400, 404)
    rig.driver.check_error(answer)
    assert (rig.state(), rig.last.applied) == (before, "no")


def test_a_group_with_an_unknown_member_is_not_created(rig):
    before = rig.state()
    answer = rig.send(rig.driver.create_group("Board", [rig.ids["bob"], "nobody"]))
    assert answer.status_code in (400, 404)
    rig.driver.check_error(answer)
    assert (rig.state(), rig.last.applied) == (before, "no")


def test_removing_someone_who_is_no_member_changes_nothing(rig):
    before = rig.state()
    answer = rig.send(rig.driver.remove_member(rig.ids["Staff"], rig.ids["bob"]))
    assert answer.status_code in (200, 204, 400), answer.text
    assert rig.state() == before


def test_a_deleted_group_is_gone_and_its_members_stay(rig):
    rig.done(rig.driver.delete_group(rig.ids["Staff"]))
    rig.refused(rig.driver.read_group(rig.ids["Staff"]), 404)
    assert rig.found(rig.driver.find_group("Staff")) == []
    assert rig.user(rig.ids["ada"])["groups"] == []


def test_a_group_cannot_be_deleted_twice(rig):
    rig.done(rig.driver.delete_group(rig.ids["Staff"]))
    rig.refused(rig.driver.delete_group(rig.ids["Staff"]), 404)


def test_a_group_may_share_its_name_unless_a_unique_word_forbids_it(rig):
    ask = rig.driver.create_group("Staff")
    if rig.driver.unique_group_words:
        rig.refused(ask, 409)
    else:
        rig.done(ask)
        assert len(rig.found(rig.driver.find_group("Staff"))) == 2


def test_an_unknown_id_is_refused(rig):
    driver = rig.driver
    for ask in (
        driver.read_group("nothing"),
        driver.rename_group("nothing", "Crew"),
        driver.overwrite_group("nothing", "Crew"),
        driver.add_members("nothing", [rig.ids["bob"]]),
        driver.delete_group("nothing"),
    ):
        rig.refused(ask, 404)


def test_the_id_of_a_user_is_not_that_of_a_group(rig):
    driver, id = rig.driver, rig.ids["ada"]
    for ask in (driver.read_group(id), driver.rename_group(id, "Crew"), driver.delete_group(id)):
        rig.refused(ask, 404)
