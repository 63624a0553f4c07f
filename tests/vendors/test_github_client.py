"""githubkit against the served target: every SCIM call it has, with its models as the judge of every answer.

`parsed_data` is strict: it refuses members without `$ref`, unknown roles and a wrong `resourceType`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from githubkit import GitHub
from githubkit.exception import RequestFailed

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.testing import Handle, serving
from tests.vendors.github_rig import USER_URN, group, operations, replacing, user


@pytest.fixture(scope="module")
def environment() -> Iterator[Environment]:
    environment = Environment(["github_emu"], clock=VirtualClock(), seed=1)
    with serving(environment):
        yield environment


@pytest.fixture
def target(environment) -> Handle:
    environment.reset()
    return Handle(environment.target("github_emu"))


@pytest.fixture
def client(target) -> Iterator[GitHub]:
    with GitHub(
        target.token,
        base_url=target.target.base_url,
        http_cache=False,
        auto_retry=False,
        rest_api_validate_body=False,
        trust_env=False,
    ) as client:
        yield client


@pytest.fixture
def emu(client):
    return client.rest("ghec-2022-11-28").enterprise_admin


@pytest.fixture
def org(client):
    return client.rest("ghec-2022-11-28").scim


def add(emu, name: str = "mona") -> str:
    return emu.provision_enterprise_user("acme", data=user(name)).parsed_data.id


def add_group(emu, name: str, *ids: str) -> str:
    data = group(name, [{"value": id, "displayName": "someone"} for id in ids])
    return emu.provision_enterprise_group("acme", data=data).parsed_data.id


def refused(call, *arguments, **rest):
    with pytest.raises(RequestFailed) as caught:
        call(*arguments, **rest)
    return caught.value.response


def test_provision_enterprise_user(emu, target):
    answer = emu.provision_enterprise_user("acme", data=user(roles=[{"value": "enterprise_owner", "primary": True}]))
    made = answer.parsed_data
    assert answer.status_code == 201
    assert (made.user_name, made.external_id, made.active) == ("mona@example.com", "ext-mona", True)
    assert (made.schemas, made.meta.resource_type, made.roles[0].value) == ([USER_URN], "User", "enterprise_owner")
    assert made.meta.location == f"{target.base_url}/Users/{made.id}"
    assert target.snapshot()["users"][0]["id"] == made.id


def test_list_provisioned_identities_enterprise(emu):
    ids = [add(emu, name) for name in ("ada", "bob", "cleo")]
    page = emu.list_provisioned_identities_enterprise("acme", start_index=2, count=2).parsed_data
    assert (page.total_results, page.start_index, page.items_per_page) == (3, 2, 2)
    assert [found.id for found in page.resources] == ids[1:]
    found = emu.list_provisioned_identities_enterprise("acme", filter_='userName eq "bob@example.com"').parsed_data
    assert [one.id for one in found.resources] == [ids[1]]


def test_get_provisioning_information_for_enterprise_user(emu):
    id = add(emu)
    group_id = add_group(emu, "Engineering", id)
    shown = emu.get_provisioning_information_for_enterprise_user(id, "acme").parsed_data
    assert (shown.id, shown.groups[0].value, shown.groups[0].display) == (id, group_id, "Engineering")


def test_set_information_for_provisioned_enterprise_user(emu):
    id = add(emu)
    shown = emu.set_information_for_provisioned_enterprise_user(id, "acme", data=user("lisa", name=None)).parsed_data
    assert (shown.id, shown.user_name) == (id, "lisa@example.com")


@pytest.mark.parametrize(
    "body", [replacing("active", False), operations({"op": "replace", "value": {"active": False}})]
)
def test_update_attribute_for_enterprise_user(emu, body):
    shown = emu.update_attribute_for_enterprise_user(add(emu), "acme", data=body)
    assert (shown.status_code, shown.parsed_data.active) == (200, False)


def test_delete_user_from_enterprise(emu, target):
    answer = emu.delete_user_from_enterprise(add(emu), "acme")
    assert (answer.status_code, answer.content, target.snapshot()["users"]) == (204, b"", [])


def test_provision_enterprise_group(emu, target):
    id = add(emu)
    made = emu.provision_enterprise_group("acme", data=group("Engineering", [{"value": id}])).parsed_data
    assert (made.display_name, made.external_id, made.meta.resource_type) == ("Engineering", "ext-Engineering", "Group")
    assert [(one.value, one.ref, one.display) for one in made.members] == [
        (id, f"{target.base_url}/Users/{id}", "Mona Octocat")
    ]


def test_list_provisioned_groups_enterprise(emu):
    group_id = add_group(emu, "Engineering", add(emu))
    add_group(emu, "Marketing")
    page = emu.list_provisioned_groups_enterprise("acme").parsed_data
    assert (page.total_results, len(page.resources[0].members), page.resources[1].members) == (2, 1, [])
    bare = emu.list_provisioned_groups_enterprise("acme", excluded_attributes="members", start_index=1, count=1)
    assert "members" not in bare.parsed_data.resources[0].model_fields_set
    found = emu.list_provisioned_groups_enterprise("acme", filter_='displayName eq "Engineering"').parsed_data
    assert [one.id for one in found.resources] == [group_id]


def test_get_provisioning_information_for_enterprise_group(emu):
    id = add(emu)
    group_id = add_group(emu, "Engineering", id)
    shown = emu.get_provisioning_information_for_enterprise_group(group_id, "acme").parsed_data
    assert [one.value for one in shown.members] == [id]
    bare = emu.get_provisioning_information_for_enterprise_group(group_id, "acme", excluded_attributes="members")
    assert "members" not in bare.parsed_data.model_fields_set


def test_set_information_for_provisioned_enterprise_group(emu):
    group_id = add_group(emu, "Engineering", add(emu))
    shown = emu.set_information_for_provisioned_enterprise_group(group_id, "acme", data=group("Renamed")).parsed_data
    assert (shown.display_name, shown.members) == ("Renamed", [])


@pytest.mark.parametrize("with_body", [True, False])
def test_update_attribute_for_enterprise_group(emu, target, with_body):
    target.flags.answers_group_patch_with_body = with_body
    id, group_id = add(emu), add_group(emu, "Engineering")
    message = operations({"op": "add", "path": "members", "value": [{"value": id}]})
    answer = emu.update_attribute_for_enterprise_group(group_id, "acme", data=message)
    assert answer.status_code == (200 if with_body else 204)
    assert target.snapshot()["groups"][0]["memberIds"] == [id]
    assert not with_body or answer.json()["members"][0]["value"] == id


def test_delete_scim_group_from_enterprise(emu, target):
    answer = emu.delete_scim_group_from_enterprise(add_group(emu, "Engineering"), "acme")
    assert (answer.status_code, target.snapshot()["groups"]) == (204, [])


def test_bodies_that_the_client_itself_has_checked(target):
    with GitHub(target.token, base_url=target.target.base_url, http_cache=False, trust_env=False) as strict:
        emu = strict.rest("ghec-2022-11-28").enterprise_admin
        target.flags.profile("api_description")
        id = emu.provision_enterprise_user("acme", data=user()).parsed_data.id
        data = group("Engineering", [{"value": id, "displayName": "Mona"}])
        group_id = emu.provision_enterprise_group("acme", data=data).parsed_data.id
        emu.update_attribute_for_enterprise_user(id, "acme", data=replacing("displayName", "Lisa"))
        emu.update_attribute_for_enterprise_group(group_id, "acme", data=replacing("displayName", "Platform"))
    assert target.snapshot()["groups"][0]["displayName"] == "Platform"


def test_errors_parse_as_the_api_description_says(emu, target):
    add(emu)
    missing = refused(emu.get_provisioning_information_for_enterprise_user, "0", "acme")
    assert (missing.status_code, missing.parsed_data.message, missing.parsed_data.status) == (404, "Not Found", "404")
    bad = refused(emu.provision_enterprise_user, "acme", data=user("x", userName=None))
    assert (bad.status_code, bad.parsed_data.status, bad.parsed_data.scim_type) == (400, 400, "invalidValue")
    twice = refused(emu.provision_enterprise_user, "acme", data=user())
    assert (twice.status_code, twice.json()["scimType"]) == (409, "uniqueness")
    target.flags.enforces_rate_limits, target.flags.requests_per_hour = True, 0
    limited = refused(emu.list_provisioned_identities_enterprise, "acme")
    assert (limited.status_code, limited.parsed_data.status) == (429, 429)


def test_organization_scim(org, target):
    data = user(roles=None, groups=["x"])
    made = org.provision_and_invite_user("acme", data=data).parsed_data
    assert (made.user_name, made.active, made.emails[0].value) == ("mona@example.com", True, "mona@example.com")
    assert made.meta.location == f"{target.urls['organization']}/Users/{made.id}"
    page = org.list_provisioned_identities("acme", filter_='emails eq "mona@example.com"', start_index=1, count=5)
    assert [found.id for found in page.parsed_data.resources] == [made.id]
    assert org.get_provisioning_information_for_user("acme", made.id).parsed_data.id == made.id
    changed = org.set_information_for_provisioned_user("acme", made.id, data=user(displayName="Lisa")).parsed_data
    assert changed.display_name == "Lisa"
    patched = org.update_attribute_for_user("acme", made.id, data=replacing("userName", "lisa")).parsed_data
    assert patched.user_name == "lisa"
    assert org.delete_user_from_org("acme", made.id).status_code == 204
    missing = refused(org.get_provisioning_information_for_user, "acme", made.id)
    assert (missing.status_code, missing.parsed_data.status) == (404, 404)


def test_organization_scim_removes_who_is_turned_off(org):
    id = org.provision_and_invite_user("acme", data=user()).parsed_data.id
    off = org.update_attribute_for_user("acme", id, data=operations({"op": "replace", "value": {"active": False}}))
    assert off.parsed_data.active is False
    assert refused(org.get_provisioning_information_for_user, "acme", id).status_code == 404


def test_the_server_path_over_the_same_socket(client, target):
    answer = client.request("POST", "/api/v3/scim/v2/Users", json=user())
    assert answer.status_code == 201
    assert answer.json()["meta"]["location"].startswith(target.urls["ghes"])
