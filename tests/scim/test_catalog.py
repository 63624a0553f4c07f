"""The schemas: what is compiled, where a path leads, and which files can be loaded."""

import json

import pytest
from scim2_models import ResourceType, Schema

from provcheck.mock_targets.scim.catalog import (
    ENTERPRISE_URN,
    GROUP_URN,
    USER_URN,
    BadSchema,
    CustomExtension,
    load_extension,
    make_catalog,
    standard_catalog,
)

USERS, GROUPS = standard_catalog().user, standard_catalog().group
BADGE = {"id": "urn:example:badge:1.0:User", "name": "Badge", "attributes": [{"name": "number", "required": True}]}


@pytest.mark.parametrize(
    "path,container,name",
    [
        ("userName", None, "userName"),
        ("USERNAME", None, "userName"),
        (f"{USER_URN}:userName", None, "userName"),
        (f"{USER_URN.upper()}:name.familyname", None, "name.familyName"),
        ("name.givenName", None, "name.givenName"),
        ("meta.lastModified", None, "meta.lastModified"),
        ("groups.$ref", None, "groups.$ref"),
        (f"{ENTERPRISE_URN}:manager.value", ENTERPRISE_URN, f"{ENTERPRISE_URN}:manager.value"),
        (f"{ENTERPRISE_URN.lower()}:DEPARTMENT", ENTERPRISE_URN, f"{ENTERPRISE_URN}:department"),
    ],
)
def test_a_path_leads_to_an_attribute_in_any_case(path, container, name):
    place = USERS.locate(path)
    assert (place.container, place.leaf.path) == (container, name)


@pytest.mark.parametrize("path", [USER_URN, ENTERPRISE_URN, ENTERPRISE_URN.lower()])
def test_a_bare_urn_leads_to_the_whole_schema(path):
    assert USERS.locate(path).leaf is None


@pytest.mark.parametrize(
    "path", ["", "x", "name.x", "userName.x", "name.", ".name", "urn:x:y", f"{USER_URN}:", f"{USER_URN}x", "members"]
)
def test_a_path_to_nowhere_is_none(path):
    assert USERS.locate(path) is None


def test_characteristics_are_taken_from_the_schema():
    user_name, password = USERS.attribute("username"), USERS.attribute("password")
    assert (user_name.required, user_name.case_exact, user_name.uniqueness) == (True, False, "server")
    assert (password.mutability, password.returned) == ("writeOnly", "never")
    assert USERS.attribute("externalId").case_exact
    assert USERS.attribute("id").returned == "always"
    assert GROUPS.attribute("displayName").required


@pytest.mark.parametrize(
    "style,user,group", [("group", None, "members"), ("user", "groups", None), ("none", None, None)]
)
def test_the_membership_style_says_which_side_is_written(style, user, group):
    catalog = standard_catalog(style)
    assert (catalog.user.relation, catalog.group.relation) == (user, group)
    shown = {urn: {row["name"]: row for row in doc["attributes"]} for urn, doc in catalog.schema_documents.items()}
    assert shown[USER_URN]["groups"]["mutability"] == ("readWrite" if user else "readOnly")
    assert shown[GROUP_URN]["members"]["mutability"] == ("readWrite" if group else "readOnly")


def test_the_documents_are_valid_schemas_and_resource_types():
    catalog = make_catalog(extensions=[CustomExtension("User", BADGE, required=True)])
    for document in catalog.schema_documents.values():
        Schema.model_validate(document)
    for document in catalog.resource_type_documents.values():
        ResourceType.model_validate(document)
    assert catalog.resource_type_documents["User"]["schemaExtensions"] == [
        {"schema": ENTERPRISE_URN, "required": False},
        {"schema": BADGE["id"], "required": True},
    ]


def test_an_extension_is_loaded_from_a_file(tmp_path):
    file = tmp_path / "badge.json"
    file.write_text(json.dumps(BADGE))
    catalog = make_catalog(extensions=[load_extension(file, required=True)])
    assert catalog.user.locate(f"{BADGE['id']}:number").attribute.required


def test_an_extension_must_be_new_and_extend_a_known_kind():
    with pytest.raises(BadSchema, match="there already"):
        make_catalog(extensions=[CustomExtension("User", BADGE), CustomExtension("User", BADGE)])
    with pytest.raises(BadSchema, match="Robot"):
        make_catalog(extensions=[CustomExtension("Robot", BADGE)])


@pytest.mark.parametrize(
    "change,message",
    [
        ({"id": None}, "'id' must be the URN"),
        ({"id": "badge"}, "'id' must be the URN"),
        ({"name": 5}, "'name' must be a string"),
        ({"attributes": None}, "must be a list"),
        ({"attributes": []}, "must be a list"),
        ({"attributes": ["x"]}, "every attribute is an object"),
        ({"attributes": [{"name": "a b"}]}, "every attribute is an object"),
        ({"attributes": [{"name": "a"}, {"name": "A"}]}, "there twice"),
        ({"attributes": [{"name": "a", "type": "text"}]}, "'type' must be one of"),
        ({"attributes": [{"name": "a", "type": []}]}, "'type' must be one of"),
        ({"attributes": [{"name": "a", "required": "yes"}]}, "'required' must be true or false"),
        ({"attributes": [{"name": "a", "canonicalValues": "x"}]}, "list of strings"),
        ({"attributes": [{"name": "a", "type": "complex"}]}, "must be a list"),
        (
            {"attributes": [{"name": "a", "type": "complex", "subAttributes": [{"name": "b", "type": "complex"}]}]},
            "cannot be complex",
        ),
    ],
)
def test_a_bad_file_is_refused_in_one_line_that_names_it(tmp_path, change, message):
    file = tmp_path / "bad.json"
    file.write_text(json.dumps(BADGE | change))
    with pytest.raises(BadSchema, match=message) as refused:
        load_extension(file)
    assert str(file) in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("content", ["{", "[1]", "[" * 100_000, "\x00"])
def test_a_file_without_a_schema_in_it_is_refused(tmp_path, content):
    file = tmp_path / "bad.json"
    file.write_text(content)
    with pytest.raises(BadSchema):
        load_extension(file)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(BadSchema, match="No such file"):
        load_extension(tmp_path / "missing.json")
