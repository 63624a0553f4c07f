"""SCIM 1.1 over the same documents."""

import pytest

from provcheck.mock_targets.operations.membership_changes import Member, MembershipEdit
from provcheck.mock_targets.scim.catalog import ENTERPRISE_URN, GROUP_URN, USER_URN, standard_catalog
from provcheck.mock_targets.scim.errors import InvalidFilter, InvalidSyntax, InvalidValue, Mutability, ScimError
from provcheck.mock_targets.scim.filter import compile_filter
from provcheck.mock_targets.scim.version1 import (
    CORE_URN,
    ENTERPRISE_1_URN,
    attribute_from_1,
    error_body,
    patch_from_1,
    resource_from_1,
    resource_to_1,
)

USERS, GROUPS = standard_catalog().user, standard_catalog().group
OLD = {
    "schemas": [CORE_URN, ENTERPRISE_1_URN],
    "userName": "bjensen",
    "name": {"givenName": "Barbara", "familyName": "Jensen"},
    "emails": [{"value": "w@example.com", "type": "work"}, {"value": "h@example.com", "type": "home"}],
    ENTERPRISE_1_URN: {"department": "Tours", "manager": {"managerId": "26"}},
}
NEW = {
    "schemas": [USER_URN, ENTERPRISE_URN],
    "userName": "bjensen",
    "name": {"givenName": "Barbara", "familyName": "Jensen"},
    "emails": [{"value": "w@example.com", "type": "work"}, {"value": "h@example.com", "type": "home"}],
    ENTERPRISE_URN: {"department": "Tours", "manager": {"value": "26"}},
}
GROUP = {"schemas": [GROUP_URN], "displayName": "Guides"}


def changed(body):
    return patch_from_1({"schemas": [CORE_URN], **body}, NEW, USERS).document


def test_a_resource_is_read():
    assert resource_from_1(OLD, USERS).document == NEW


def test_a_group_is_read_with_its_members():
    body = {"schemas": [CORE_URN], "displayName": "Guides", "members": [{"value": "a", "display": "A"}]}
    document, members = resource_from_1(body, GROUPS)
    assert (document, members) == (GROUP, (Member("a", {"display": "A"}),))


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"userName": "x"},
        {**OLD, "schemas": [USER_URN]},
        {**OLD, "schemas": ["urn:x"]},
        {**OLD, ENTERPRISE_URN: {"department": "x"}},
    ],
)
def test_a_resource_that_is_not_of_version_1_is_refused(body):
    with pytest.raises(InvalidSyntax):
        resource_from_1(body, USERS)


def test_a_resource_is_shown():
    shown = {
        **NEW,
        "id": "1",
        "groups": [{"value": "g", "$ref": "../Groups/g", "display": "G"}],
        "meta": {"resourceType": "User", "created": "2011-08-01T18:29:49Z"},
    }
    assert resource_to_1(shown) == {
        **OLD,
        "id": "1",
        "groups": [{"value": "g", "display": "G"}],
        "meta": {"created": "2011-08-01T18:29:49Z"},
    }


def test_patch_merges_single_and_complex_values():
    document = changed(
        {"title": "Guide", "name": {"givenName": "Babs"}, ENTERPRISE_1_URN: {"manager": {"managerId": "27"}}}
    )
    assert document == {
        **NEW,
        "title": "Guide",
        "name": {"givenName": "Babs", "familyName": "Jensen"},
        ENTERPRISE_URN: {"department": "Tours", "manager": {"value": "27"}},
    }


def test_patch_adds_to_lists_and_deletes_from_them():
    gone = {"value": "h@example.com", "type": "home", "operation": "delete"}
    document = changed({"emails": [gone, {"value": "n@example.com", "type": "other"}]})
    assert document["emails"] == [NEW["emails"][0], {"value": "n@example.com", "type": "other"}]


def test_patch_takes_away_what_meta_lists_first():
    document = changed({"meta": {"attributes": ["name.givenName", "emails", f"{ENTERPRISE_1_URN}.department"]}})
    assert document == {
        "schemas": NEW["schemas"],
        "userName": "bjensen",
        "name": {"familyName": "Jensen"},
        ENTERPRISE_URN: {"manager": {"value": "26"}},
    }
    assert changed({"meta": {"attributes": ["emails"]}, "emails": [{"value": "n"}]})["emails"] == [{"value": "n"}]


def test_patch_of_members_becomes_edits():
    members = [{"value": "a"}, {"value": "b", "operation": "delete"}, {"value": "c", "display": "C"}]
    result = patch_from_1({"schemas": [CORE_URN], "members": members}, GROUP, GROUPS)
    assert result.document is GROUP
    assert result.edits == (
        MembershipEdit("remove", (Member("b"),)),
        MembershipEdit("add", (Member("a"), Member("c", {"display": "C"}))),
    )
    emptied = patch_from_1({"schemas": [CORE_URN], "meta": {"attributes": ["members"]}}, GROUP, GROUPS)
    assert emptied.edits == (MembershipEdit("replace"),)


@pytest.mark.parametrize(
    "error,body",
    [
        (InvalidValue, {"meta": {"attributes": "emails"}}),
        (Mutability, {"meta": {"attributes": ["userName"]}}),
        (InvalidValue, {"emails": "x"}),
        (InvalidValue, {"active": "yes"}),
        (ScimError, {"unknown": 1}),
    ],
)
def test_a_bad_patch_is_refused(error, body):
    with pytest.raises(error):
        changed(body)


@pytest.mark.parametrize(
    "text",
    [
        'userName Eq "bjensen"',
        f'{CORE_URN}:userName eq "bjensen"',
        f'{ENTERPRISE_1_URN}:manager.managerId eq "26"',
        f'{ENTERPRISE_1_URN}:department sw "t" and not (title pr)',
        'emails[type eq "work"]',
    ],
)
def test_a_filter_is_read(text):
    assert compile_filter(text, USERS, rename=attribute_from_1).matches(NEW)


def test_a_filter_on_nothing_known_is_refused():
    with pytest.raises(InvalidFilter):
        compile_filter("urn:x:y eq 5", USERS, rename=attribute_from_1)


@pytest.mark.parametrize(
    "old,new",
    [
        ("userName", "userName"),
        (CORE_URN, USER_URN),
        (f"{CORE_URN}:name.familyName", f"{USER_URN}:name.familyName"),
        (ENTERPRISE_1_URN, ENTERPRISE_URN),
        (f"{ENTERPRISE_1_URN}:manager.managerId", f"{ENTERPRISE_URN}:manager.value"),
    ],
)
def test_attribute_paths_are_translated(old, new):
    assert attribute_from_1(old, USERS) == new


def test_an_error_is_shown():
    assert error_body(404, "no such user") == {"Errors": [{"description": "no such user", "code": "404"}]}


def test_a_whole_extension_is_removed_by_its_name():
    document = {**NEW, ENTERPRISE_URN: {"department": "Engines", "employeeNumber": "1"}}
    body = {"schemas": [CORE_URN], "meta": {"attributes": [ENTERPRISE_1_URN]}}
    assert ENTERPRISE_URN not in patch_from_1(body, document, USERS).document
