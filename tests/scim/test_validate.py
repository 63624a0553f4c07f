"""Reading a resource for create and replace: canonical names, types, and the characteristics of an attribute."""

import pytest

from provcheck.mock_targets.operations.membership_changes import Member
from provcheck.mock_targets.scim.catalog import (
    ENTERPRISE_URN,
    GROUP_URN,
    USER_URN,
    CustomExtension,
    make_catalog,
    standard_catalog,
)
from provcheck.mock_targets.scim.errors import InvalidSyntax, InvalidValue, Mutability
from provcheck.mock_targets.scim.leniency import Leniency
from provcheck.mock_targets.scim.validate import read_resource

USERS, GROUPS = standard_catalog().user, standard_catalog().group
BADGE_URN = "urn:example:params:scim:schemas:extension:badge:1.0:User"
BADGE = {
    "id": BADGE_URN,
    "name": "Badge",
    "attributes": [
        {"name": "number", "type": "integer", "required": True},
        {"name": "weight", "type": "decimal"},
        {"name": "issued", "type": "dateTime", "mutability": "immutable"},
        {"name": "printed", "type": "boolean", "mutability": "readOnly"},
        {"name": "doors", "type": "string", "multiValued": True},
        {"name": "pin", "type": "string", "mutability": "writeOnly", "returned": "never"},
    ],
}
BADGED = make_catalog(extensions=[CustomExtension("User", BADGE)]).user


def user(**more):
    return {"schemas": [USER_URN], "userName": "bjensen", **more}


def read(body, **options):
    return read_resource(body, USERS, **options).document


def badge(**values):
    return user(**{BADGE_URN: {"number": 7, **values}})


def test_names_and_urns_become_canonical():
    document = read(
        {
            "SCHEMAS": [USER_URN.upper(), ENTERPRISE_URN.lower()],
            "USERNAME": "bjensen",
            "Name": {"GIVENNAME": "Barbara"},
            "EMAILS": [{"Value": "b@example.com"}],
            ENTERPRISE_URN.upper(): {"Department": "Tours"},
        }
    )
    assert document == {
        "schemas": [USER_URN, ENTERPRISE_URN],
        "userName": "bjensen",
        "name": {"givenName": "Barbara"},
        "emails": [{"value": "b@example.com"}],
        ENTERPRISE_URN: {"department": "Tours"},
    }


def test_schemas_names_what_is_there():
    assert read({**user(), "schemas": [USER_URN, ENTERPRISE_URN]})["schemas"] == [USER_URN]
    assert read(user(**{ENTERPRISE_URN: {"department": "x"}}))["schemas"] == [USER_URN, ENTERPRISE_URN]


@pytest.mark.parametrize("nothing", [None, []])
def test_null_and_an_empty_list_mean_unassigned(nothing):
    body = user(emails=nothing, addresses=[None, {}], name={"givenName": None}, **{ENTERPRISE_URN: None})
    assert read(body) == user()


def test_read_only_attributes_are_passed_over():
    manager = {"value": "26", "displayName": "Boss"}
    body = user(id="1", meta={"version": 5}, groups=[{"value": "g"}], **{ENTERPRISE_URN: {"manager": manager}})
    assert read(body) == {
        **user(**{ENTERPRISE_URN: {"manager": {"value": "26"}}}),
        "schemas": [USER_URN, ENTERPRISE_URN],
    }


def test_a_password_leaves_only_a_mark():
    assert read(user(password="t1meMa$heen"))["password"] == "(set)"


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "x",
        {"userName": "x"},
        {"schemas": [], "userName": "x"},
        {"schemas": USER_URN, "userName": "x"},
        {"schemas": [1], "userName": "x"},
        {"schemas": [ENTERPRISE_URN], "userName": "x"},
        {"schemas": [USER_URN, "urn:unknown"], "userName": "x"},
        {"schemas": [USER_URN], "userName": "x", "USERNAME": "y"},
        {"schemas": [USER_URN], "userName": "x", "nobody": 1},
        {"schemas": [USER_URN], "userName": "x", "urn:unknown": {}},
        {"schemas": [USER_URN], "userName": "x", "name": {"nobody": 1}},
        {"schemas": [USER_URN], "userName": "x", "name": {"givenName": "a", "givenname": "b"}},
        {"schemas": [USER_URN], "userName": "x", ENTERPRISE_URN: {"nobody": 1}},
    ],
)
def test_a_body_of_the_wrong_structure_is_refused(body):
    with pytest.raises(InvalidSyntax):
        read(body)


@pytest.mark.parametrize(
    "wrong",
    [
        {"userName": None},
        {"userName": ""},
        {"userName": 5},
        {"userName": ["x"]},
        {"active": "true"},
        {"active": 1},
        {"name": "Barbara"},
        {"name": []},
        {"emails": {"value": "a@b"}},
        {"emails": ["a@b"]},
        {"emails": "a@b"},
        {"emails": [{"value": 1}]},
        {"emails": [{"value": "a", "primary": True}, {"value": "b", "primary": True}]},
        {"x509Certificates": [{"value": "not base64!"}]},
        {ENTERPRISE_URN: "x"},
        {"profileUrl": 5},
    ],
)
def test_a_value_of_the_wrong_type_is_refused(wrong):
    with pytest.raises(InvalidValue):
        read(user(**wrong) if "userName" not in wrong else {**user(), **wrong})


def test_a_required_attribute_must_be_there():
    with pytest.raises(InvalidValue, match="userName is required"):
        read({"schemas": [USER_URN]})
    with pytest.raises(InvalidValue, match="displayName is required"):
        read_resource({"schemas": [GROUP_URN]}, GROUPS)


@pytest.mark.parametrize(
    "values",
    [
        {"number": "7"},
        {"number": 7.5},
        {"number": True},
        {"number": 2**63},
        {"weight": "1.5"},
        {"weight": float("nan")},
        {"weight": float("inf")},
        {"weight": 10**400},
        {"issued": "yesterday"},
        {"issued": "2011-05-13"},
        {"issued": "2011-13-45T04:42:34Z"},
        {"issued": 20110513},
        {"doors": "north"},
        {"doors": [1]},
    ],
)
def test_a_custom_attribute_is_held_to_its_type(values):
    with pytest.raises(InvalidValue):
        read_resource(badge(**values), BADGED)


def test_a_custom_extension_is_read():
    body = badge(weight=1.5, issued="2011-05-13T04:42:34+02:00", printed=True, doors=["n", "s"], pin="1234")
    document = read_resource(body, BADGED).document
    expected = {"number": 7, "weight": 1.5, "issued": "2011-05-13T04:42:34+02:00", "doors": ["n", "s"], "pin": "(set)"}
    assert document[BADGE_URN] == expected
    assert document["schemas"] == [USER_URN, BADGE_URN]


def test_a_required_extension_must_be_there():
    schema = make_catalog(extensions=[CustomExtension("User", BADGE, required=True)]).user
    with pytest.raises(InvalidValue, match="is required"):
        read_resource(user(), schema)


def test_a_replace_leaves_immutable_and_hidden_values_in_place():
    current = {**badge(issued="2011-05-13T04:42:34Z", pin="(set)"), "password": "(set)"}
    document = read_resource(badge(number=8), BADGED, current=current).document
    assert document[BADGE_URN] == {"number": 8, "issued": "2011-05-13T04:42:34Z", "pin": "(set)"}
    assert document["password"] == "(set)"


def test_a_replace_cannot_change_an_immutable_value():
    current = badge(issued="2011-05-13T04:42:34Z")
    with pytest.raises(Mutability):
        read_resource(badge(issued="2012-05-13T04:42:34Z"), BADGED, current=current)


def test_a_replace_takes_away_what_is_left_out():
    assert read(user(), current=user(title="Guide", name={"givenName": "B"})) == user()


def group(**more):
    return {"schemas": [GROUP_URN], "displayName": "Guides", **more}


def test_members_come_beside_the_document_each_once():
    members = [{"value": "a"}, {"VALUE": "b", "display": "B", "type": "User", "$ref": "../Users/b"}, {"value": "a"}]
    document, found = read_resource(group(members=members), GROUPS)
    assert document == group()
    assert found == (Member("a"), Member("b", {"type": "User", "display": "B"}))


@pytest.mark.parametrize("members,expected", [([], ()), (None, ())])
def test_no_members_is_not_the_same_as_nothing_said(members, expected):
    assert read_resource(group(members=members), GROUPS).members == expected
    assert read_resource(group(), GROUPS).members is None


@pytest.mark.parametrize(
    "members", ["a", {"value": "a"}, ["a"], [{}], [{"value": None}], [{"value": 1}], [{"value": ""}]]
)
def test_a_member_without_an_id_is_refused(members):
    with pytest.raises(InvalidValue):
        read_resource(group(members=members), GROUPS)


def test_memberships_are_read_on_the_side_where_they_are_written():
    by_user = standard_catalog("user")
    assert read_resource(user(groups=[{"value": "g"}]), by_user.user).members == (Member("g"),)
    assert read_resource(group(members=[{"value": "a"}]), by_user.group).members is None
    assert read_resource(group(members=[{"value": "a"}]), standard_catalog("none").group).members is None


def test_tolerance_reads_loose_types():
    loose = Leniency(loose_types=True)
    body = user(title=5, nickName=True, **{BADGE_URN: {"number": "7", "weight": "1.5"}})
    document = read_resource(body, BADGED, leniency=loose).document
    assert (document["title"], document["nickName"], document[BADGE_URN]) == ("5", "true", {"number": 7, "weight": 1.5})


def test_the_body_shares_nothing_with_the_document():
    body = user(name={"givenName": "Barbara"}, emails=[{"value": "a@b"}])
    document = read(body)
    assert document["name"] is not body["name"]
    assert document["emails"] is not body["emails"]
    assert document["emails"][0] is not body["emails"][0]
