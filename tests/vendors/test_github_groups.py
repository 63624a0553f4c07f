"""Rows 44 to 63 of the conformance table: groups and who is in them."""

from __future__ import annotations

import pytest

from tests.vendors.github_rig import Rig, group, is_basic_error, is_scim_error, operations, replacing


@pytest.fixture
def github() -> Rig:
    return Rig()


def adding(*ids: str, op: str = "add"):
    return operations({"op": op, "path": "members", "value": [{"value": id} for id in ids]})


def test_row_44_get_groups(github):
    id = github.add_user()
    group_id = github.add_group("Engineering", id)
    body = github.get("/Groups").json
    assert body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]
    assert [found["id"] for found in body["Resources"]] == [group_id]
    assert [member["value"] for member in body["Resources"][0]["members"]] == [id]


@pytest.mark.parametrize("excluded", ["members", "Members", "displayName, members"])
def test_row_45_get_groups_without_members(github, excluded):
    github.add_group("Engineering", github.add_user())
    found = github.get("/Groups", query_string={"excludedAttributes": excluded}).json["Resources"][0]
    assert "members" not in found
    assert found["displayName"] == "Engineering"


@pytest.mark.parametrize("attribute", ["displayName", "externalId", "id"])
def test_row_46_get_groups_with_a_filter(github, attribute):
    github.add_group("Marketing")
    wanted = github.get(f"/Groups/{github.add_group('Engineering')}").json
    body = github.find("Groups", f'{attribute} eq "{wanted[attribute]}"').json
    assert (body["totalResults"], body["Resources"]) == (1, [wanted])
    assert github.find("Groups", f'{attribute} eq "nothing"').json["totalResults"] == 0


def test_row_47_post_groups_with_members(github):
    id = github.add_user()
    answer = github.post("/Groups", group("Engineering", [{"value": id}]))
    ref = f"http://localhost/scim/v2/enterprises/acme/Users/{id}"
    assert answer.status_code == 201
    assert answer.json["members"] == [{"value": id, "$ref": ref, "display": "Mona Octocat"}]
    assert answer.headers["Location"] == answer.json["meta"]["location"]
    assert answer.json["meta"]["resourceType"] == "Group"


def test_row_47_a_member_named_twice_is_one_member(github):
    id = github.add_user()
    assert len(github.post("/Groups", group("Engineering", [{"value": id}] * 2)).json["members"]) == 1


def test_row_48_post_groups_with_ref_and_display_name_in_members(github):
    id = github.add_user()
    member = {"value": id, "$ref": f"https://elsewhere.example/Users/{id}", "displayName": "Someone"}
    answer = github.post("/Groups", group("Engineering", [member]))
    assert answer.status_code == 201
    assert answer.json["members"][0]["display"] == "Mona Octocat"


@pytest.mark.parametrize("rule, status", [("observed", 201), ("documented", 400)])
def test_row_48_only_the_api_description_requires_the_display_name_of_a_member(rule, status):
    github = Rig(required_attributes=rule)
    id = github.add_user()
    assert github.post("/Groups", group("A", [{"value": id}])).status_code == status
    assert github.post("/Groups", group("B", [{"value": id, "displayName": "Mona"}])).status_code == 201


@pytest.mark.parametrize("missing", ["externalId", "displayName", "schemas"])
def test_row_49_post_groups_without_a_required_attribute(github, missing):
    assert is_scim_error(github.post("/Groups", group(**{missing: None})), 400)
    assert github.state() == []


def test_row_50_post_groups_duplicate_external_id(github):
    github.add_group("Engineering")
    assert is_scim_error(github.post("/Groups", group("Other", externalId="ext-Engineering")), 409, "uniqueness")


@pytest.mark.parametrize("unique, status", [(False, 201), (True, 409)])
def test_two_groups_of_one_name(unique, status):
    github = Rig(unique_group_names=unique)
    github.add_group("Engineering")
    other = github.add_group("Other")
    assert github.post("/Groups", group("Engineering", externalId="e2")).status_code == status
    answer = github.patch(f"/Groups/{other}", replacing("displayName", "Engineering"))
    assert answer.status_code == (409 if unique else 200)
    assert github.patch(f"/Groups/{other}", replacing("displayName", "Other")).status_code == 200


@pytest.mark.parametrize("rule, status", [("rejected", 400), ("not_found", 404), ("skipped", 201)])
def test_row_51_post_groups_with_an_unknown_member(rule, status):
    github = Rig(unknown_members=rule)
    id = github.add_user()
    before = github.state()
    answer = github.post("/Groups", group("Engineering", [{"value": id}, {"value": "nobody"}]))
    assert answer.status_code == status
    if rule == "skipped":
        assert [member["value"] for member in answer.json["members"]] == [id]
    else:
        assert github.state() == before


@pytest.mark.parametrize("rule, status", [("rejected", 400), ("not_found", 404), ("skipped", 200)])
def test_row_51_patch_and_put_groups_with_an_unknown_member(rule, status):
    github = Rig(unknown_members=rule)
    id = github.add_user()
    group_id = github.add_group()
    patched = github.patch(f"/Groups/{group_id}", adding("nobody", id))
    assert patched.status_code == status
    assert github.members(group_id) == ([id] if rule == "skipped" else [])
    put = github.put(f"/Groups/{group_id}", group("Engineering", [{"value": "nobody"}]))
    assert put.status_code == status


def test_row_51_a_group_cannot_be_a_member(github):
    inner = github.add_group("Inner")
    assert is_scim_error(github.post("/Groups", group("Outer", [{"value": inner}])), 400, "invalidValue")


def test_row_52_get_a_group_without_members(github):
    group_id = github.add_group("Engineering", github.add_user())
    assert "members" not in github.get(f"/Groups/{group_id}", query_string={"excludedAttributes": "members"}).json


def test_row_53_put_groups_without_members_empties_the_group(github):
    group_id = github.add_group("Engineering", github.add_user())
    answer = github.put(f"/Groups/{group_id}", group("Engineering"))
    assert (answer.status_code, answer.json["members"]) == (200, [])
    assert github.members(group_id) == []


def test_row_54_put_groups_with_members(github):
    stays, leaves, joins = (github.add_user(name) for name in ("ada", "bob", "cleo"))
    group_id = github.add_group("Engineering", stays, leaves)
    answer = github.put(f"/Groups/{group_id}", group("Renamed", [{"value": joins}, {"value": stays}]))
    assert (answer.status_code, answer.json["displayName"]) == (200, "Renamed")
    assert sorted(github.members(group_id)) == sorted([stays, joins])


def test_row_54_the_journal_names_every_membership_that_changes(github):
    leaves, joins = github.add_user("ada"), github.add_user("bob")
    group_id = github.add_group("Engineering", leaves)
    github.put(f"/Groups/{group_id}", group("Engineering", [{"value": joins}]))
    assert [intent.operation for intent in github.last.intents] == ["group.update", "member.add", "member.remove"]
    assert github.last.applied == "yes"


def test_row_55_patch_groups_replace_display_name(github):
    group_id = github.add_group()
    answer = github.patch(f"/Groups/{group_id}", replacing("displayName", "Platform"))
    assert (answer.status_code, answer.json["displayName"]) == (200, "Platform")


@pytest.mark.parametrize("with_body", [True, False])
def test_row_56_patch_groups_add_members(with_body):
    github = Rig(answers_group_patch_with_body=with_body)
    group_id, ids = github.add_group(), [github.add_user(name) for name in ("ada", "bob")]
    answer = github.patch(f"/Groups/{group_id}", adding(*ids))
    assert answer.status_code == (200 if with_body else 204)
    assert [member["value"] for member in answer.json["members"]] == ids if with_body else answer.data == b""
    assert github.members(group_id) == ids


def test_row_57_patch_add_a_member_who_is_there(github):
    id = github.add_user()
    group_id = github.add_group("Engineering", id)
    assert github.patch(f"/Groups/{group_id}", adding(id)).status_code == 200
    assert github.members(group_id) == [id]


def test_row_58_patch_remove_members_with_values(github):
    stays, leaves = github.add_user("ada"), github.add_user("bob")
    group_id = github.add_group("Engineering", stays, leaves)
    assert github.patch(f"/Groups/{group_id}", adding(leaves, op="remove")).status_code == 200
    assert github.members(group_id) == [stays]


@pytest.mark.parametrize("quote", ['"', "'"])
def test_row_59_patch_remove_members_by_filter(github, quote):
    stays, leaves = github.add_user("ada"), github.add_user("bob")
    group_id = github.add_group("Engineering", stays, leaves)
    removal = operations({"op": "remove", "path": f"members[value eq {quote}{leaves}{quote}]"})
    assert github.patch(f"/Groups/{group_id}", removal).status_code == 200
    assert github.members(group_id) == [stays]


def test_row_59_removing_who_is_not_there_changes_nothing(github):
    group_id = github.add_group("Engineering", github.add_user())
    before = github.state()
    removal = operations({"op": "remove", "path": 'members[value eq "nobody"]'})
    assert github.patch(f"/Groups/{group_id}", removal).status_code == 200
    assert github.state() == before


def test_row_60_patch_remove_members_empties_the_group(github):
    group_id = github.add_group("Engineering", github.add_user("ada"), github.add_user("bob"))
    assert github.patch(f"/Groups/{group_id}", operations({"op": "remove", "path": "members"})).status_code == 200
    assert github.members(group_id) == []


@pytest.mark.parametrize("accepts", [True, False])
def test_row_61_operation_names_in_capitals(accepts):
    github = Rig(accepts_capital_operations=accepts)
    group_id, id = github.add_group(), github.add_user()
    message = operations(
        {"op": "Add", "path": "members", "value": [{"value": id}]},
        {"op": "Replace", "path": "displayName", "value": "Platform"},
    )
    assert github.patch(f"/Groups/{group_id}", message).status_code == (200 if accepts else 400)
    assert github.members(group_id) == ([id] if accepts else [])


def test_patch_without_path_sets_name_and_members(github):
    old, new = github.add_user("ada"), github.add_user("bob")
    group_id = github.add_group("Engineering", old)
    value = {"id": group_id, "displayName": "Platform", "members": [{"value": new}]}
    answer = github.patch(f"/Groups/{group_id}", operations({"op": "replace", "value": value}))
    assert (answer.status_code, answer.json["displayName"]) == (200, "Platform")
    assert github.members(group_id) == [new]


def test_row_62_delete_groups(github):
    id = github.add_user()
    group_id = github.add_group("Engineering", id)
    answer = github.delete(f"/Groups/{group_id}")
    assert (answer.status_code, answer.data) == (204, b"")
    assert is_basic_error(github.get(f"/Groups/{group_id}"), 404)
    assert is_basic_error(github.delete(f"/Groups/{group_id}"), 404)
    assert github.get(f"/Users/{id}").json["groups"] == []


def test_row_63_get_an_unknown_group(github):
    for answer in (
        github.get("/Groups/0"),
        github.put("/Groups/0", group()),
        github.patch("/Groups/0", replacing("displayName", "x")),
        github.get(f"/Groups/{github.add_user()}"),
    ):
        assert is_basic_error(answer, 404)


@pytest.mark.parametrize("most, status", [(2, 400), (3, 200), (None, 200)])
def test_one_operation_may_name_so_many_members(most, status):
    github = Rig(max_members_per_request=most)
    group_id, ids = github.add_group(), [github.add_user(name) for name in ("ada", "bob", "cleo")]
    assert github.patch(f"/Groups/{group_id}", adding(*ids)).status_code == status
    assert len(github.members(group_id)) == (0 if status == 400 else 3)


@pytest.mark.parametrize("style", ["user", "none"])
def test_the_group_side_is_read_only_where_memberships_are_not_written_on_groups(style):
    github = Rig(membership_style=style)
    id = github.add_user()
    group_id = github.post("/Groups", group("Engineering", [{"value": id}])).json["id"]
    assert github.members(group_id) == []
    assert github.put(f"/Groups/{group_id}", group("Renamed", [{"value": id}])).json["displayName"] == "Renamed"
    before = github.state()
    for message in (
        adding(id),
        operations({"op": "replace", "value": {"displayName": "x", "members": [{"value": id}]}}),
        operations({"op": "remove", "path": f'members[value eq "{id}"]'}),
    ):
        assert is_scim_error(github.patch(f"/Groups/{group_id}", message), 400, "mutability")
    assert github.members(group_id) == []
    assert github.state() == before


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_groups_everything_about_them_is_an_unknown_path(method):
    github = Rig(supports_groups=False)
    assert is_basic_error(github.call(method, "/Groups", json=group()), 404)
    assert "groups" not in github.get(f"/Users/{github.add_user()}").json
