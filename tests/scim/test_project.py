"""Projection: what is shown by default, when asked for, and when left out."""

import pytest

from provcheck.mock_targets.scim.catalog import (
    ENTERPRISE_URN,
    USER_URN,
    CustomExtension,
    make_catalog,
    standard_catalog,
)
from provcheck.mock_targets.scim.errors import InvalidValue
from provcheck.mock_targets.scim.project import compile_projection, split_names

USERS, GROUPS = standard_catalog().user, standard_catalog().group
RESOURCE = {
    "schemas": [USER_URN, ENTERPRISE_URN],
    "id": "1",
    "userName": "bjensen",
    "password": "(set)",
    "name": {"givenName": "Barbara", "familyName": "Jensen"},
    "emails": [{"value": "b@example.com", "type": "work"}, {"type": "home"}],
    ENTERPRISE_URN: {"department": "Tours", "manager": {"value": "26", "displayName": "Boss"}},
    "meta": {"resourceType": "User", "version": 'W/"1"'},
}
ALWAYS = {"schemas": RESOURCE["schemas"], "id": "1"}


def shown(**choice):
    return compile_projection(USERS, **choice).apply(RESOURCE)


def test_a_password_is_never_shown():
    assert shown() == {name: value for name, value in RESOURCE.items() if name != "password"}
    assert shown(attributes=["password"]) == ALWAYS
    assert "password" not in shown(excluded=["title"])


@pytest.mark.parametrize(
    "names,expected",
    [
        (["userName"], {"userName": "bjensen"}),
        (["USERNAME", "unknown"], {"userName": "bjensen"}),
        ([f"{USER_URN}:userName"], {"userName": "bjensen"}),
        (["name"], {"name": RESOURCE["name"]}),
        (["name.givenName"], {"name": {"givenName": "Barbara"}}),
        (["emails.value"], {"emails": [{"value": "b@example.com"}]}),
        (["emails.display"], {}),
        ([ENTERPRISE_URN], {ENTERPRISE_URN: RESOURCE[ENTERPRISE_URN]}),
        ([f"{ENTERPRISE_URN}:department"], {ENTERPRISE_URN: {"department": "Tours"}}),
        ([f"{ENTERPRISE_URN}:manager.value"], {ENTERPRISE_URN: {"manager": {"value": "26"}}}),
        (["meta.version"], {"meta": {"version": 'W/"1"'}}),
        (["unknown"], {}),
    ],
)
def test_just_what_is_named_is_shown_besides_what_always_is(names, expected):
    assert shown(attributes=names) == {**ALWAYS, **expected}


def without(*names):
    return {name: value for name, value in RESOURCE.items() if name not in ("password", *names)}


@pytest.mark.parametrize(
    "names,expected",
    [
        (["userName"], without("userName")),
        (["id", "schemas"], without()),
        (["name.givenName"], {**without(), "name": {"familyName": "Jensen"}}),
        (["emails.type"], {**without(), "emails": [{"value": "b@example.com"}]}),
        ([ENTERPRISE_URN], without(ENTERPRISE_URN)),
        ([f"{ENTERPRISE_URN}:manager"], {**without(), ENTERPRISE_URN: {"department": "Tours"}}),
        (["unknown"], without()),
    ],
)
def test_what_is_left_out_is_not_shown(names, expected):
    assert shown(excluded=names) == expected


def test_both_at_once_and_too_many_names_are_refused():
    with pytest.raises(InvalidValue):
        shown(attributes=["userName"], excluded=["title"])
    with pytest.raises(InvalidValue):
        shown(attributes=[f"a{number}" for number in range(1000)])


def test_members_are_wanted_unless_left_out():
    assert compile_projection(GROUPS).wants("members")
    assert compile_projection(GROUPS, attributes=["members.value"]).wants("members")
    assert not compile_projection(GROUPS, excluded=["members"]).wants("members")
    assert not compile_projection(GROUPS, attributes=["displayName"]).wants("members")


def test_an_attribute_returned_on_request_is_shown_when_named():
    rows = [{"name": "pin", "returned": "request"}, {"name": "number", "returned": "always"}]
    urn = "urn:example:badge:1.0:User"
    schema = make_catalog(extensions=[CustomExtension("User", {"id": urn, "attributes": rows})]).user
    resource = {"userName": "x", urn: {"pin": "1", "number": "7"}}
    assert compile_projection(schema).apply(resource) == {"userName": "x", urn: {"number": "7"}}
    assert compile_projection(schema, attributes=[f"{urn}:pin"]).apply(resource) == {urn: {"pin": "1", "number": "7"}}
    assert compile_projection(schema, excluded=[urn]).apply(resource) == {"userName": "x", urn: {"number": "7"}}


@pytest.mark.parametrize("text,names", [(None, ()), ("", ()), ("a", ("a",)), (" a, b.c ,,", ("a", "b.c"))])
def test_names_are_separated_by_commas(text, names):
    assert split_names(text) == names
