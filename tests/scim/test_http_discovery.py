"""Discovery says what the target can do, and nothing else."""

from __future__ import annotations

import pytest

from tests.scim.scim_rig import ENTERPRISE, GROUP, USER, Scim, refusal


def test_the_configuration_names_every_capability():
    config = Scim().get("/ServiceProviderConfig").json()
    for capability in ("patch", "bulk", "filter", "sort", "etag"):
        assert config[capability]["supported"] is True
    assert config["changePassword"]["supported"] is False
    assert config["filter"]["maxResults"] == 1000
    assert config["meta"]["location"].endswith("/scim/v2/ServiceProviderConfig")


def test_the_configuration_tells_how_pages_are_made():
    assert Scim().get("/ServiceProviderConfig").json()["pagination"] == {
        "cursor": True,
        "index": True,
        "defaultPaginationMethod": "index",
        "defaultPageSize": 100,
        "maxPageSize": 1000,
        "cursorTimeout": 3600,
    }


def test_without_cursors_the_configuration_says_nothing_of_pages():
    assert "pagination" not in Scim(supports_cursor=False).get("/ServiceProviderConfig").json()


def test_schemas_and_attributes_are_described_as_the_rfc_does():
    schemas = {each["id"]: each for each in Scim().get("/Schemas").json()["Resources"]}
    assert [(each["name"], each["description"]) for each in schemas.values()] == [
        ("User", "User Account"),
        ("Group", "Group"),
        ("EnterpriseUser", "Enterprise User"),
    ]
    title = next(row for row in schemas[USER]["attributes"] if row["name"] == "title")
    assert title["description"] == 'The user\'s title, such as "Vice President".'
    rows = [row for each in schemas.values() for row in each["attributes"]]
    rows += [sub for row in rows for sub in row.get("subAttributes") or ()]
    assert [row["name"] for row in rows if "\n" in row["description"]] == []


def test_resource_types_are_listed_with_their_extensions():
    body = Scim().get("/ResourceTypes").json()
    assert [(kind["name"], kind["schema"]) for kind in body["Resources"]] == [("User", USER), ("Group", GROUP)]
    assert body["Resources"][0]["schemaExtensions"] == [{"schema": ENTERPRISE, "required": False}]


@pytest.mark.parametrize("urn", [USER, GROUP, ENTERPRISE, USER.upper()])
def test_a_schema_is_found_by_its_urn(urn):
    schema = Scim().get(f"/Schemas/{urn}").json()
    assert schema["id"].lower() == urn.lower()
    assert schema["meta"] == {
        "resourceType": "Schema",
        "location": f"http://localhost/scim/v2/Schemas/{schema['id']}",
    }


def test_all_schemas_are_listed():
    body = Scim().get("/Schemas").json()
    assert [schema["id"] for schema in body["Resources"]] == [USER, GROUP, ENTERPRISE]
    assert body["totalResults"] == 3


def test_a_resource_type_is_found_by_its_name():
    assert Scim().get("/ResourceTypes/Group").json()["endpoint"] == "/Groups"


@pytest.mark.parametrize("path", ["/ResourceTypes/Device", "/Schemas/urn:x:y"])
def test_an_unknown_document_is_not_found(path):
    assert refusal(Scim().get(path)) == (404, None)


@pytest.mark.parametrize("path", ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas", f"/Schemas/{USER}"])
def test_discovery_takes_no_filter(path):
    assert refusal(Scim().get(path, filter='name eq "User"')) == (403, None)


@pytest.mark.parametrize("path", ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas", f"/Schemas/{USER}"])
def test_discovery_is_for_reading(path):
    answer = Scim().send("POST", path, {})
    assert refusal(answer) == (405, None)
    assert "GET" in answer.headers["Allow"]


def test_the_served_schema_says_where_memberships_are_written():
    scim = Scim(membership_style="user")

    def mutability(urn, name):
        rows = scim.get(f"/Schemas/{urn}").json()["attributes"]
        return next(row["mutability"] for row in rows if row["name"] == name)

    assert (mutability(USER, "groups"), mutability(GROUP, "members")) == ("readWrite", "readOnly")
    scim.flags.membership_style = "group"
    assert (mutability(USER, "groups"), mutability(GROUP, "members")) == ("readOnly", "readWrite")


def test_locations_follow_a_target_that_has_moved():
    scim = Scim()
    before = scim.get("/ServiceProviderConfig").json()["meta"]["location"]
    scim.target.base_url = "https://people.example/idp"
    after = scim.session.get(before, headers=scim.headers).json()["meta"]["location"]
    assert after == "https://people.example/idp/v2/ServiceProviderConfig"
