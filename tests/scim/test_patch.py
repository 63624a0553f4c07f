"""PATCH by the letter of RFC 7644 section 3.5.2; what senders do beyond it is in test_idp_shapes."""

import copy

import pytest

from provcheck.mock_targets.operations.membership_changes import Member, MembershipEdit
from provcheck.mock_targets.scim.catalog import (
    ENTERPRISE_URN,
    GROUP_URN,
    USER_URN,
    CustomExtension,
    make_catalog,
    standard_catalog,
)
from provcheck.mock_targets.scim.errors import (
    InvalidFilter,
    InvalidPath,
    InvalidSyntax,
    InvalidValue,
    Mutability,
    NoTarget,
)
from provcheck.mock_targets.scim.leniency import Leniency
from provcheck.mock_targets.scim.patch import PATCH_URN, patch

USERS, GROUPS = standard_catalog().user, standard_catalog().group
HOME = {"value": "h@example.com", "type": "home"}
WORK = {"value": "w@example.com", "type": "work", "primary": True}
USER = {
    "schemas": [USER_URN, ENTERPRISE_URN],
    "userName": "bjensen",
    "title": "Guide",
    "name": {"givenName": "Barbara", "familyName": "Jensen"},
    "emails": [WORK, HOME],
    ENTERPRISE_URN: {"department": "Tours", "manager": {"value": "26", "$ref": "../Users/26"}},
}
GROUP = {"schemas": [GROUP_URN], "displayName": "Guides"}
EXTENSION = "urn:example:params:scim:schemas:extension:badge:1.0:User"
BADGED = make_catalog(
    extensions=[
        CustomExtension(
            "User",
            {
                "id": EXTENSION,
                "name": "Badge",
                "attributes": [
                    {"name": "number", "mutability": "immutable"},
                    {"name": "printed", "type": "boolean", "mutability": "readOnly"},
                    {"name": "doors", "multiValued": True},
                    {
                        "name": "keys",
                        "type": "complex",
                        "multiValued": True,
                        "subAttributes": [{"name": "value", "required": True}, {"name": "note"}],
                    },
                ],
            },
        )
    ]
).user


def apply(*operations, document=USER, schema=USERS, **options):
    before = copy.deepcopy(document)
    try:
        return patch({"schemas": [PATCH_URN], "Operations": list(operations)}, document, schema, **options)
    finally:
        assert document == before


def after(op, path=None, value=..., **options):
    operation = {"op": op} | ({"path": path} if path else {}) | ({"value": value} if value is not ... else {})
    return apply(operation, **options).document


def edits(op, path=None, value=..., **options):
    operation = {"op": op} | ({"path": path} if path else {}) | ({"value": value} if value is not ... else {})
    return list(apply(operation, document=GROUP, schema=GROUPS, **options).edits)


@pytest.mark.parametrize("op", ["add", "replace"])
@pytest.mark.parametrize(
    "path,value,name,expected",
    [
        ("title", "Boss", "title", "Boss"),
        ("TITLE", "Boss", "title", "Boss"),
        (f"{USER_URN}:title", "Boss", "title", "Boss"),
        ("nickName", "Babs", "nickName", "Babs"),
        ("active", False, "active", False),
        ("name.givenName", "Babs", "name", {"givenName": "Babs", "familyName": "Jensen"}),
        ("name", {"givenName": "Babs"}, "name", {"givenName": "Babs", "familyName": "Jensen"}),
        ("name", {"givenName": None}, "name", {"familyName": "Jensen"}),
        (f"{ENTERPRISE_URN}:department", "Ops", ENTERPRISE_URN, {**USER[ENTERPRISE_URN], "department": "Ops"}),
        (ENTERPRISE_URN, {"department": "Ops"}, ENTERPRISE_URN, {**USER[ENTERPRISE_URN], "department": "Ops"}),
        (
            f"{ENTERPRISE_URN}:manager.value",
            "27",
            ENTERPRISE_URN,
            {"department": "Tours", "manager": {"value": "27"}},
        ),
        ('emails[type eq "home"].value', "n@example.com", "emails", [WORK, {**HOME, "value": "n@example.com"}]),
        ("emails.display", "x", "emails", [{**WORK, "display": "x"}, {**HOME, "display": "x"}]),
        (
            'emails[type eq "home"].primary',
            True,
            "emails",
            [{**WORK, "primary": False}, {**HOME, "primary": True}],
        ),
    ],
)
def test_add_and_replace_agree_on_single_values(op, path, value, name, expected):
    assert after(op, path, value) == {**USER, name: expected}


def test_a_value_object_without_path_is_taken_apart():
    value = {"title": "Boss", "NAME": {"givenName": "Babs"}, ENTERPRISE_URN: {"department": "Ops"}}
    assert after("replace", None, value) == {
        **USER,
        "title": "Boss",
        "name": {"givenName": "Babs", "familyName": "Jensen"},
        ENTERPRISE_URN: {**USER[ENTERPRISE_URN], "department": "Ops"},
    }


def test_add_joins_a_list_and_replace_exchanges_it():
    new = {"value": "n@example.com"}
    assert after("add", "emails", [new])["emails"] == [WORK, HOME, new]
    assert after("replace", "emails", [new])["emails"] == [new]
    assert after("add", "emails", [HOME]) is USER


@pytest.mark.parametrize("path", ["emails", None])
def test_add_joins_one_value_that_is_given_without_a_list(path):
    new = {"value": "n@example.com"}
    assert after("add", path, new if path else {"emails": new})["emails"] == [WORK, HOME, new]


def test_replace_exchanges_a_selected_value_and_add_completes_it():
    new = {"value": "n@example.com"}
    assert after("replace", 'emails[type eq "home"]', new)["emails"] == [WORK, new]
    assert after("add", 'emails[type eq "home"]', {"display": "x"})["emails"] == [WORK, {**HOME, "display": "x"}]


def test_a_new_primary_value_takes_the_place_of_the_old():
    new = {"value": "n@example.com", "primary": True}
    assert after("add", "emails", [new])["emails"] == [{**WORK, "primary": False}, HOME, new]


@pytest.mark.parametrize(
    "path,name,expected",
    [
        ("title", "title", None),
        ("nickName", "nickName", None),
        ("name.givenName", "name", {"familyName": "Jensen"}),
        ("emails", "emails", None),
        ('emails[type eq "home"]', "emails", [WORK]),
        ("emails[value pr]", "emails", None),
        ('emails[type eq "work"].primary', "emails", [{"value": "w@example.com", "type": "work"}, HOME]),
        (f"{ENTERPRISE_URN}:manager", ENTERPRISE_URN, {"department": "Tours"}),
        (
            f"{ENTERPRISE_URN}:department",
            ENTERPRISE_URN,
            {"manager": {"value": "26", "$ref": "../Users/26"}},
        ),
    ],
)
def test_remove_takes_away(path, name, expected):
    wanted = {key: value for key, value in USER.items() if key != name}
    assert after("remove", path) == (wanted if expected is None else {**wanted, name: expected})


@pytest.mark.parametrize("change", [("remove", ENTERPRISE_URN), ("replace", ENTERPRISE_URN, None)])
def test_a_whole_extension_is_removed_and_its_urn_with_it(change):
    document = after(*change)
    assert ENTERPRISE_URN not in document
    assert document["schemas"] == [USER_URN]


def test_the_first_attribute_of_an_extension_brings_its_urn():
    document = after("add", f"{ENTERPRISE_URN}:division", "x", document={"schemas": [USER_URN], "userName": "x"})
    assert document["schemas"] == [USER_URN, ENTERPRISE_URN]


def test_nothing_cannot_be_added():
    with pytest.raises(InvalidValue):
        after("add", "title", None)


@pytest.mark.parametrize("change", [("replace", "title", None), ("replace", None, {"title": None})])
def test_null_unassigns(change):
    assert "title" not in after(*change)


def test_a_reference_goes_with_its_value():
    assert after("replace", f"{ENTERPRISE_URN}:manager", {"value": "27"})[ENTERPRISE_URN]["manager"] == {"value": "27"}
    assert "manager" not in after("replace", f"{ENTERPRISE_URN}:manager", {"value": None})[ENTERPRISE_URN]
    assert "manager" not in after("remove", f"{ENTERPRISE_URN}:manager.value")[ENTERPRISE_URN]


def test_nothing_changed_gives_back_the_same_document():
    result = apply({"op": "replace", "path": "title", "value": "Guide"}, {"op": "remove", "path": "nickName"})
    assert result.document is USER
    assert not result.changed


def test_later_operations_see_what_earlier_ones_did():
    result = apply(
        {"op": "replace", "path": "emails", "value": [HOME]},
        {"op": "replace", "path": 'emails[type eq "home"].value', "value": "n@example.com"},
        {"op": "remove", "path": "title"},
    )
    assert result.document["emails"] == [{**HOME, "value": "n@example.com"}]
    assert result.changed


def test_an_error_at_the_end_leaves_everything_as_it_was():
    with pytest.raises(InvalidPath):
        apply({"op": "remove", "path": "title"}, {"op": "add", "path": "unknown", "value": 1})


@pytest.mark.parametrize(
    "error,op,path,value",
    [
        (InvalidPath, "add", "unknown", 1),
        (InvalidPath, "add", "name.unknown", 1),
        (InvalidPath, "add", "urn:unknown:title", "x"),
        (InvalidPath, "add", "title[", "x"),
        (InvalidPath, "add", 'title eq "x"', "x"),
        (InvalidPath, "add", 'name[givenName eq "x"]', "x"),
        (InvalidPath, "add", 'emails[type eq "work"].unknown', "x"),
        (InvalidPath, "add", None, {"unknown": 1}),
        (InvalidPath, "add", None, {"name.givenName": "x"}),
        (InvalidFilter, "add", "emails[unknown pr]", "x"),
        (InvalidFilter, "add", "emails[primary gt true]", "x"),
        (NoTarget, "replace", 'emails[type eq "other"]', {"value": "x"}),
        (NoTarget, "add", 'emails[type eq "other"].value', "x"),
        (NoTarget, "remove", 'emails[type eq "other"]', ...),
        (NoTarget, "replace", "phoneNumbers.value", "x"),
        (NoTarget, "remove", None, ...),
        (NoTarget, "remove", USER_URN, ...),
        (InvalidValue, "add", "title", ...),
        (InvalidValue, "add", None, ...),
        (InvalidValue, "add", None, "x"),
        (InvalidValue, "replace", "title", 5),
        (InvalidValue, "replace", "active", "False"),
        (InvalidValue, "replace", "name", "x"),
        (InvalidValue, "replace", "emails", HOME),
        (Mutability, "replace", "userName", None),
        (InvalidValue, "replace", "userName", ""),
        (InvalidValue, "replace", f"{ENTERPRISE_URN}:manager", "27"),
        (InvalidValue, "replace", ENTERPRISE_URN, "x"),
        (InvalidValue, "add", "emails", [{"value": "1", "primary": True}, {"value": "2", "primary": True}]),
        (InvalidValue, "add", "emails.primary", True),
        (InvalidValue, "remove", "emails", [HOME]),
        (InvalidSyntax, "add", "name", {"unknown": 1}),
        (InvalidSyntax, "Add", "title", "x"),
        (InvalidSyntax, "move", "title", "x"),
        (InvalidSyntax, None, "title", "x"),
        (InvalidSyntax, "add", "schemas", ["urn:unknown"]),
        (Mutability, "replace", "id", "x"),
        (Mutability, "replace", None, {"id": "x"}),
        (Mutability, "replace", "meta.created", "2011-05-13T04:42:34Z"),
        (Mutability, "add", "groups", [{"value": "g"}]),
        (Mutability, "remove", "userName", ...),
        (Mutability, "remove", "schemas", ...),
        (Mutability, "replace", f"{ENTERPRISE_URN}:manager.displayName", "x"),
    ],
)
def test_what_cannot_be_is_refused(error, op, path, value):
    with pytest.raises(error):
        after(op, path, value)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"schemas": [PATCH_URN]},
        {"schemas": [PATCH_URN], "Operations": []},
        {"schemas": [PATCH_URN], "Operations": {}},
        {"schemas": [PATCH_URN], "Operations": ["x"]},
        {"schemas": [PATCH_URN], "operations": [{"op": "remove", "path": "title"}]},
        {"schemas": [USER_URN], "Operations": [{"op": "remove", "path": "title"}]},
        {"Operations": [{"op": "remove", "path": "title"}]},
    ],
)
def test_a_message_of_the_wrong_structure_is_refused(body):
    with pytest.raises(InvalidSyntax):
        patch(body, USER, USERS)


@pytest.mark.parametrize("path", [5, "", ["title"]])
def test_a_path_is_a_string_that_is_not_empty(path):
    with pytest.raises(InvalidPath):
        apply({"op": "add", "path": path, "value": "x"})


BADGE = {"schemas": [USER_URN, EXTENSION], "userName": "x", EXTENSION: {"number": "7", "doors": ["n", "s"]}}


@pytest.mark.parametrize("op,value", [("replace", "8"), ("replace", None), ("remove", ...)])
def test_an_immutable_value_stays_once_set(op, value):
    with pytest.raises((Mutability, InvalidValue)):
        after(op, f"{EXTENSION}:number", value, document=BADGE, schema=BADGED)


def test_an_immutable_value_can_be_set_once_and_said_again():
    bare = {"schemas": [USER_URN], "userName": "x"}
    assert after("add", f"{EXTENSION}:number", "7", document=bare, schema=BADGED)[EXTENSION] == {"number": "7"}
    assert after("replace", f"{EXTENSION}:number", "7", document=BADGE, schema=BADGED) is BADGE


def test_plain_values_in_a_list_are_added_selected_and_removed():
    path = f"{EXTENSION}:doors"
    assert after("add", path, ["s", "w"], document=BADGE, schema=BADGED)[EXTENSION]["doors"] == ["n", "s", "w"]
    selected = f'{path}[value eq "n"]'
    assert after("remove", selected, document=BADGE, schema=BADGED)[EXTENSION]["doors"] == ["s"]
    assert after("replace", selected, "e", document=BADGE, schema=BADGED)[EXTENSION]["doors"] == ["e", "s"]
    lenient = Leniency(remove_with_value=True)
    assert after("remove", path, ["n"], document=BADGE, schema=BADGED, leniency=lenient)[EXTENSION]["doors"] == ["s"]


def test_a_required_sub_attribute_cannot_be_removed_or_left_out():
    document = {**BADGE, EXTENSION: {"keys": [{"value": "1", "note": "x"}]}}
    with pytest.raises(Mutability):
        after("remove", f'{EXTENSION}:keys[value eq "1"].value', document=document, schema=BADGED)
    with pytest.raises(InvalidValue):
        after("add", f"{EXTENSION}:keys", [{"note": "y"}], document=document, schema=BADGED)


def test_a_password_is_never_kept():
    assert after("replace", "password", "t1meMa$heen")["password"] == "(set)"


def test_adding_members_is_an_edit_and_leaves_the_document_alone():
    result = apply(
        {"op": "add", "path": "members", "value": [{"value": "a", "display": "A"}]},
        {"op": "add", "value": {"members": [{"value": "b"}]}},
        document=GROUP,
        schema=GROUPS,
    )
    assert result.document is GROUP
    assert not result.changed
    assert result.edits == (
        MembershipEdit("add", (Member("a", {"display": "A"}),)),
        MembershipEdit("add", (Member("b"),)),
    )


def test_members_are_replaced_and_emptied():
    assert edits("replace", "members", [{"value": "a"}]) == [MembershipEdit("replace", (Member("a"),))]
    empty = [MembershipEdit("replace")]
    assert edits("replace", "members", []) == edits("remove", "members") == edits("replace", "members", None) == empty
    assert edits("add", "members", []) == []


@pytest.mark.parametrize(
    "path,ids",
    [
        ('members[value eq "a"]', ("a",)),
        (f'{GROUP_URN}:members[value eq "a"]', ("a",)),
        ('MEMBERS[VALUE EQ "a" or value eq "b"]', ("a", "b")),
    ],
)
def test_members_named_one_by_one_are_removed_by_id(path, ids):
    expected = MembershipEdit("remove", tuple(Member(id) for id in ids), must_exist=True)
    assert edits("remove", path) == [expected]
    assert not edits("remove", path, leniency=Leniency(remove_absent=True))[0].must_exist


def test_members_described_otherwise_are_removed_by_a_test():
    (edit,) = edits("remove", 'members[type eq "Group" and display sw "x"]')
    assert edit.action == "remove_where"
    assert edit.where({"value": "1", "type": "Group", "display": "X1"})
    assert not edit.where({"value": "1", "type": "User"})


@pytest.mark.parametrize("member", ["members", 'members[value eq "a"]', 'members[type eq "User"]'])
@pytest.mark.parametrize("op,sub", [("replace", "value"), ("add", "type"), ("remove", "$ref"), ("replace", "display")])
def test_what_is_said_about_a_member_cannot_change(member, op, sub):
    with pytest.raises(Mutability):
        edits(op, f"{member}.{sub}", "b")


def test_a_member_may_be_replaced_by_itself_alone():
    path = 'members[value eq "a"]'
    assert edits("replace", path, {"value": "a"}) == [MembershipEdit("add", (Member("a"),), must_exist=True)]
    for other in ({"value": "b"}, {"value": "a", "display": "A"}):
        with pytest.raises(Mutability):
            edits("replace", path, other)
    with pytest.raises(InvalidValue):
        edits("replace", path, "a")


def test_the_schemas_inside_an_extension_are_passed_over():
    value = {"schemas": [ENTERPRISE_URN], "department": "Ops"}
    assert after("add", ENTERPRISE_URN, value)[ENTERPRISE_URN]["department"] == "Ops"


def test_a_value_beside_remove_is_refused_rather_than_emptying_the_group():
    for value in ([{"value": "a"}], []):
        with pytest.raises(InvalidValue):
            edits("remove", "members", value)


def test_memberships_are_edited_only_on_the_side_where_they_are_written():
    by_user = standard_catalog("user")
    operation = {"op": "add", "path": "groups", "value": [{"value": "g"}]}
    assert apply(operation, schema=by_user.user).edits == (MembershipEdit("add", (Member("g"),)),)
    for schema in (by_user.group, standard_catalog("none").group):
        with pytest.raises(Mutability):
            apply({"op": "remove", "path": "members"}, document=GROUP, schema=schema)


def test_read_only_attributes_are_passed_over_when_tolerated():
    lenient = Leniency(ignores_read_only=True)
    assert after("replace", None, {"id": "x", "title": "Boss"}, leniency=lenient) == {**USER, "title": "Boss"}
