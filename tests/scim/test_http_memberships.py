"""Memberships in each style: written on the group, on the user, or nowhere."""

from __future__ import annotations

import pytest

from tests.scim.scim_rig import Scim, new_group, new_user, op, refusal


def population(style: str) -> tuple[Scim, str, str, list[str]]:
    """A target, the id of ada, and of two groups; ada is in the first, whatever the style."""
    scim = Scim()
    ada, bob = scim.create("ada")["id"], scim.create("bob")["id"]
    groups = [scim.create_group("Sales", ada)["id"], scim.create_group("Ops")["id"]]
    scim.flags.membership_style = style
    return scim, ada, bob, groups


def groups_of(scim: Scim, id: str) -> list[str]:
    return [each["value"] for each in scim.user(id).get("groups", ())]


def test_memberships_on_the_user_are_made_by_a_create():
    scim, _, _, (sales, ops) = population("user")
    eve = scim.create("eve", groups=[{"value": ops}, {"value": sales}])
    assert [each["value"] for each in eve["groups"]] == [ops, sales]
    assert eve["id"] in scim.members(sales)
    assert [each.operation for each in scim.journal[-1].intents] == ["user.create", "member.add", "member.add"]


@pytest.mark.parametrize(
    "operation,expected",
    [
        (lambda sales, ops: op("add", "groups", [{"value": ops}]), [0, 1]),
        (lambda sales, ops: op("replace", "groups", [{"value": ops}]), [1]),
        (lambda sales, ops: op("remove", f'groups[value eq "{sales}"]'), []),
        (lambda sales, ops: op("remove", "groups"), []),
        (lambda sales, ops: op("add", None, {"groups": [{"value": ops}]}), [0, 1]),
    ],
)
def test_memberships_on_the_user_are_changed_by_a_patch(operation, expected):
    scim, ada, _, groups = population("user")
    answer = scim.patch(f"/Users/{ada}", operation(*groups))
    assert [each["value"] for each in answer.json().get("groups", ())] == [groups[place] for place in expected]
    assert [ada in scim.members(group) for group in groups] == [0 in expected, 1 in expected]


def test_memberships_on_the_user_are_replaced_by_a_put_that_names_them():
    scim, ada, _, (_, ops) = population("user")
    scim.send("PUT", f"/Users/{ada}", new_user("ada", groups=[{"value": ops}]))
    assert groups_of(scim, ada) == [ops]
    scim.send("PUT", f"/Users/{ada}", new_user("ada", title="x"))
    assert groups_of(scim, ada) == [ops]
    scim.send("PUT", f"/Users/{ada}", new_user("ada", groups=[]))
    assert groups_of(scim, ada) == []


@pytest.mark.parametrize("style", ["user", "none"])
@pytest.mark.parametrize(
    "operation", [op("remove", "members"), op("replace", "members", []), op("add", "members", [{"value": "{bob}"}])]
)
def test_members_cannot_be_patched_where_they_are_only_shown(style, operation):
    scim, _, bob, (sales, _) = population(style)
    operation = {**operation, **({"value": [{"value": bob}]} if operation.get("value") else {})}
    before = scim.state()
    assert refusal(scim.patch(f"/Groups/{sales}", operation)) == (400, "mutability")
    assert scim.state() == before


@pytest.mark.parametrize("style", ["user", "none"])
def test_members_are_passed_over_in_a_whole_group_where_they_are_only_shown(style):
    scim, ada, bob, (sales, _) = population(style)
    made = scim.made("/Groups", new_group("New", bob))
    assert "members" not in made
    scim.send("PUT", f"/Groups/{sales}", new_group("Sales", bob))
    assert scim.members(sales) == [ada]


@pytest.mark.parametrize("style", ["group", "none"])
def test_groups_are_passed_over_in_a_whole_user_where_they_are_only_shown(style):
    scim, ada, _, (sales, ops) = population(style)
    eve = scim.create("eve", groups=[{"value": ops}])
    assert "groups" not in eve
    scim.send("PUT", f"/Users/{ada}", new_user("ada", groups=[{"value": ops}]))
    assert groups_of(scim, ada) == [sales]
    assert refusal(scim.patch(f"/Users/{ada}", op("remove", "groups"))) == (400, "mutability")


def test_a_put_of_a_group_without_members_empties_it():
    scim, _, _, (sales, _) = population("group")
    scim.send("PUT", f"/Groups/{sales}", new_group("Sales"))
    assert scim.members(sales) == []


def test_adding_a_member_again_changes_nothing():
    scim, ada, _, (sales, _) = population("group")
    before = scim.state()
    assert scim.patch(f"/Groups/{sales}", op("add", "members", [{"value": ada}])).status_code == 200
    assert scim.state() == before


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize("rule,status", [("rejected", 400), ("skipped", 200)])
def test_a_member_that_nobody_is(method, rule, status):
    scim, _, bob, (sales, _) = population("group")
    scim.flags.unknown_members = rule
    before = scim.state()
    path = "/Groups" if method == "POST" else f"/Groups/{sales}"
    if method == "PATCH":
        answer = scim.patch(path, op("add", "members", [{"value": "nobody"}, {"value": bob}]))
    else:
        answer = scim.send(method, path, new_group("Sales", bob, "nobody"))
    if status == 400:
        assert refusal(answer) == (400, "invalidValue")
        assert scim.state() == before
    else:
        assert bob in scim.members(answer.json()["id"])
        assert "nobody" not in answer.text


def test_a_member_keeps_the_display_it_came_with_and_others_show_their_name():
    scim, ada, bob, _ = population("group")
    body = new_group("New", members=[{"value": ada, "display": "Countess"}, {"value": bob}])
    assert [each["display"] for each in scim.made("/Groups", body)["members"]] == ["Countess", "bob"]


def test_a_large_group_can_be_read_without_its_members():
    scim, _, _, (sales, _) = population("group")
    assert "members" not in scim.get(f"/Groups/{sales}", excludedAttributes="members").json()


def test_groups_are_found_by_their_members():
    scim, ada, bob, (sales, _) = population("group")
    found = scim.get("/Groups", filter=f'members.value eq "{ada}"').json()["Resources"]
    assert [each["id"] for each in found] == [sales]
    assert scim.get("/Groups", filter=f'members[value eq "{bob}"]').json()["totalResults"] == 0


def test_a_target_that_loses_its_groups_shows_none_on_its_users():
    scim, ada, _, _ = population("group")
    scim.flags.supports_groups = False
    assert groups_of(scim, ada) == []
    assert scim.names(filter="groups pr") == []
    scim.flags.supports_groups = True
    assert len(groups_of(scim, ada)) == 1
