"""Where memberships are written: on the group, on the user, or nowhere; and targets that have no groups at all.

`rig.refused` fails if the status is another, the error has not the target's shape, or anything changed; `rig.done` if
the request does not succeed.
"""

from __future__ import annotations

import pytest

from tests.compliance.compliance_actions import BY_NAME
from tests.compliance.compliance_rig import person

on_group = pytest.mark.parametrize("action", ["add_member", "remove_member", "overwrite_group", "create_group"])
refusals = (400, 403)


def refuse(rig, ask):
    """Ask for what must be refused as read-only; nothing may change."""
    before = rig.state()
    answer = rig.send(ask)
    assert answer.status_code in refusals, answer.text
    rig.driver.check_error(answer)
    assert (rig.state(), rig.last.applied) == (before, "no")


def leave_alone(rig, ask):
    """Ask for what may be refused or passed over; nothing about memberships may change."""
    before = rig.snapshot()
    answer = rig.send(ask)
    if answer.status_code >= 300:
        assert answer.status_code in refusals, answer.text
        rig.driver.check_error(answer)
    assert rig.snapshot() == before


@pytest.mark.parametrize("style", ["user", "none"])
@on_group
def test_members_are_read_only_on_the_group_when_they_are_written_elsewhere(rig, style, action):
    rig.flags.membership_style = style
    before = rig.snapshot()
    rig.send(BY_NAME[action].ask(rig))
    assert [user["groups"] for user in rig.snapshot()["users"]] == [user["groups"] for user in before["users"]]


@pytest.mark.parametrize("style", ["user", "none"])
@pytest.mark.parametrize("action", ["add_member", "remove_member"])
def test_a_change_of_members_is_refused_when_they_are_written_elsewhere(rig, style, action):
    rig.flags.membership_style = style
    ask = BY_NAME[action].ask(rig)
    if rig.driver.refuses_read_only_members:
        refuse(rig, ask)
    else:
        leave_alone(rig, ask)


@pytest.mark.parametrize("style", ["user", "none"])
def test_groups_can_be_made_and_renamed_in_every_style(rig, style):
    rig.flags.membership_style = style
    id = rig.add_group("Board")
    rig.done(rig.driver.rename_group(id, "Directors"))
    assert rig.group(id)["displayName"] == "Directors"


@pytest.mark.parametrize("style", ["group", "none"])
def test_groups_are_read_only_on_the_user_when_they_are_written_elsewhere(rig, style):
    rig.flags.membership_style = style
    leave_alone(rig, rig.driver.join_from_user(rig.ids["bob"], rig.ids["Staff"]))
    leave_alone(rig, rig.driver.leave_from_user(rig.ids["ada"], rig.ids["Staff"]))


def test_memberships_written_on_the_user_are_seen_from_both_sides(rig):
    rig.flags.membership_style = "user"
    rig.done(rig.driver.join_from_user(rig.ids["bob"], rig.ids["Staff"]))
    assert rig.user(rig.ids["bob"])["groups"] == [rig.ids["Staff"]]
    assert rig.group(rig.ids["Staff"])["members"] == [rig.ids["ada"], rig.ids["bob"]]
    assert "member.add" in [intent.operation for intent in rig.journal.since(0)[0].intents]


def test_a_membership_written_on_the_user_ends_on_both_sides(rig):
    rig.flags.membership_style = "user"
    rig.done(rig.driver.leave_from_user(rig.ids["ada"], rig.ids["Staff"]))
    assert rig.group(rig.ids["Staff"])["members"] == []
    assert rig.user(rig.ids["ada"])["groups"] == []


def test_a_membership_written_on_the_user_needs_the_permission_to_update_users(rig):
    rig.flags.membership_style = "user"
    rig.flags.allows_update_users = False
    rig.refused(rig.driver.join_from_user(rig.ids["bob"], rig.ids["Staff"]), 403)
    assert rig.last.refused_by == "allows_update_users"


def test_a_membership_written_on_the_user_needs_no_permission_on_groups(rig):
    rig.flags.membership_style = "user"
    rig.flags.allows_update_groups = False
    rig.done(rig.driver.join_from_user(rig.ids["bob"], rig.ids["Staff"]))
    assert rig.shown_user("bob")["groups"] == ["Staff"]


def test_memberships_stay_when_the_style_changes(rig):
    before = rig.snapshot()
    for style in ("user", "none", "group"):
        rig.flags.membership_style = style
        assert rig.snapshot() == before
        assert rig.group(rig.ids["Staff"])["members"] == [rig.ids["ada"]]


def test_an_unknown_group_on_a_user_is_refused(rig):
    rig.flags.membership_style = "user"
    before = rig.state()
    answer = rig.send(rig.driver.join_from_user(rig.ids["bob"], "nothing"))
    assert answer.status_code in (400, 404), answer.text
    rig.driver.check_error(answer)
    assert rig.state() == before


def asks_about_groups(rig):
    driver, id = rig.driver, rig.ids["Staff"]
    return [
        driver.read_group(id),
        driver.list_groups(1, 5),
        driver.find_group("Staff"),
        driver.create_group("Board"),
        driver.rename_group(id, "Crew"),
        driver.overwrite_group(id, "Crew"),
        driver.add_members(id, [rig.ids["bob"]]),
        driver.remove_member(id, rig.ids["ada"]),
        driver.delete_group(id),
    ]


def test_without_groups_everything_about_them_is_unknown(rig):
    rig.flags.supports_groups = False
    for ask in asks_about_groups(rig):
        rig.refused(ask, 404)


def test_a_refusal_for_want_of_groups_names_its_flag(rig):
    rig.flags.supports_groups = False
    named = []
    for ask in asks_about_groups(rig):
        rig.send(ask)
        named.append(rig.last.refused_by)
    assert named == ["supports_groups"] * len(named)


@pytest.mark.parametrize("style", ["user", "none"])
def test_a_refusal_of_read_only_memberships_names_its_flag(rig, style):
    rig.flags.membership_style = style
    driver, ids = rig.driver, rig.ids
    asks = [driver.add_members(ids["Staff"], [ids["bob"]]), driver.remove_member(ids["Staff"], ids["ada"])]
    if style == "none":
        asks += [driver.join_from_user(ids["bob"], ids["Staff"]), driver.leave_from_user(ids["ada"], ids["Staff"])]
    for ask in asks:
        if rig.send(ask).status_code >= 300:
            assert rig.last.refused_by == "membership_style"


def test_without_groups_users_are_as_ever(rig):
    rig.flags.supports_groups = False
    assert rig.user(rig.add_user("dot")).items() >= {"userName": "dot"}.items()
    rig.done(rig.driver.overwrite_user(rig.ids["bob"], person("bob", familyName="Byron")))
    rig.done(rig.driver.delete_user(rig.ids["ada"]))


def test_groups_are_back_when_they_are_supported_again(rig):
    rig.flags.supports_groups = False
    rig.refused(rig.driver.read_group(rig.ids["Staff"]), 404)
    rig.flags.supports_groups = True
    assert rig.group(rig.ids["Staff"])["members"] == [rig.ids["ada"]]
