"""Rows 68 and 69 of the conformance table, and the rest of organization SCIM."""

from __future__ import annotations

import pytest

from tests.vendors.github_rig import ORGANIZATION, Rig, is_scim_error, operations, replacing, user


@pytest.fixture
def github() -> Rig:
    rig = Rig()
    rig.base = ORGANIZATION
    return rig


def member(name: str = "mona", /, **changes):
    return user(name, **{"roles": None, "schemas": None, "externalId": None, "active": None, **changes})


def add(github: Rig, name: str = "mona") -> str:
    answer = github.post("/Users", member(name))
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


@pytest.mark.parametrize(
    "body", [operations({"op": "replace", "value": {"active": False}}), replacing("active", False)]
)
@pytest.mark.parametrize("with_body", [True, False])
def test_row_68_patch_active_false_removes_the_member(github, body, with_body):
    github.set(answers_removal_with_body=with_body)
    id = add(github)
    answer = github.patch(f"/Users/{id}", body)
    assert answer.status_code == (200 if with_body else 204)
    assert not with_body or answer.json["active"] is False
    assert is_scim_error(github.get(f"/Users/{id}"), 404)
    assert github.state() == []
    assert add(github) != id


def test_row_68_put_active_false_removes_the_member(github):
    id = add(github)
    assert github.put(f"/Users/{id}", member(active=False)).status_code == 200
    assert is_scim_error(github.get(f"/Users/{id}"), 404)


def test_row_69_filter_by_emails(github):
    id = add(github)
    add(github, "hubot")
    assert [found["id"] for found in github.find("Users", 'emails eq "MONA@example.com"').json["Resources"]] == [id]


@pytest.mark.parametrize("attribute", ["id", "userName", "externalId"])
def test_row_69_the_other_filters(github, attribute):
    answer = github.post("/Users", member(externalId="e1"))
    add(github, "hubot")
    assert github.find("Users", f'{attribute} eq "{answer.json[attribute]}"').json["totalResults"] == 1


def test_row_69_other_filters_are_refused(github):
    assert is_scim_error(github.find("Users", 'displayName eq "x"'), 400, "invalidFilter")


def test_a_member_is_created_read_changed_and_deleted(github):
    created = github.post("/Users", member())
    id = created.json["id"]
    assert (created.status_code, created.json["active"]) == (201, True)
    assert created.headers["Location"] == f"http://localhost{ORGANIZATION}/Users/{id}"
    assert github.get(f"/Users/{id}").json == created.json
    assert github.put(f"/Users/{id}", member(displayName="Lisa")).json["displayName"] == "Lisa"
    patched = github.patch(f"/Users/{id}", operations({"op": "replace", "value": {"name": {"givenName": "Lisa"}}}))
    assert patched.json["name"]["givenName"] == "Lisa"
    assert github.delete(f"/Users/{id}").status_code == 204
    assert is_scim_error(github.delete(f"/Users/{id}"), 404)


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "displayName", "value": "Lisa"},
        {"op": "replace", "value": {"name": {"givenName": "Lisa"}}},
        {"op": "add", "value": {"externalId": "e1"}},
        {"op": "replace", "path": "active", "value": True},
        {"op": "replace", "path": "active", "value": None},
        {"op": "remove", "path": "active"},
    ],
)
def test_a_patch_keeps_active(github, operation):
    id = add(github)
    assert github.patch(f"/Users/{id}", operations(operation)).json["active"] is True
    assert github.get(f"/Users/{id}").json["active"] is True


def test_a_client_that_has_the_version_gets_304(github):
    id = add(github)
    tag = github.get(f"/Users/{id}").headers["ETag"]
    assert github.get(f"/Users/{id}", headers={"If-None-Match": tag}).status_code == 304
    github.patch(f"/Users/{id}", replacing("displayName", "Lisa"))
    assert github.get(f"/Users/{id}", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("missing", ["userName", "name", "emails"])
def test_what_a_member_must_have(github, missing):
    assert is_scim_error(github.post("/Users", member(**{missing: None})), 400, "invalidValue")


@pytest.mark.parametrize("twin", [{"userName": "mona@example.com"}, {"emails": [{"value": "mona@example.com"}]}])
def test_a_member_who_is_there_already(github, twin):
    add(github)
    assert is_scim_error(github.post("/Users", member("hubot", **twin)), 409, "uniqueness")


def test_paths_with_a_filter_are_not_supported(github):
    id = add(github)
    before = github.state()
    assert is_scim_error(github.patch(f"/Users/{id}", replacing('emails[type eq "work"].value', "x@y.z")), 400)
    assert github.state() == before


def test_there_are_no_groups(github):
    assert github.get("/Groups").status_code == 404


def test_members_of_an_organization_are_not_users_of_the_enterprise(github):
    id = add(github)
    github.base = "/scim/v2/enterprises/acme"
    assert github.get("/Users").json["totalResults"] == 0
    assert github.get(f"/Users/{id}").status_code == 404
    assert github.post("/Users", user("mona")).status_code == 201
    body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "externalId": "g", "displayName": "G"}
    assert github.post("/Groups", {**body, "members": [{"value": id}]}).status_code == 400


def test_an_organization_that_does_not_exist(github):
    github.base = "/scim/v2/organizations/other"
    assert is_scim_error(github.get("/Users"), 404)
    github.set(organization="")
    assert github.get("/Users").status_code == 200


@pytest.mark.parametrize("flag", ["allows_disable_users", "allows_delete_users"])
def test_removing_a_member_needs_both_permissions(github, flag):
    id = add(github)
    github.set(**{flag: False})
    before = github.state()
    assert is_scim_error(github.patch(f"/Users/{id}", replacing("active", False)), 403)
    assert github.state() == before
    assert (github.last.refused_by, github.last.applied) == (flag, "no")


def test_permissions_count_for_organizations_too(github):
    id = add(github)
    github.set(allows_create_users=False, allows_update_users=False)
    assert is_scim_error(github.post("/Users", member("hubot")), 403)
    assert is_scim_error(github.patch(f"/Users/{id}", replacing("displayName", "x")), 403)
