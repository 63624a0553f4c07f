"""What service providers demand of resources beyond the RFC, one flag for each demand: all off by default.

A demand is checked after a body was read and before anything is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from provcheck.mock_targets.directory import Document, Record
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.operations.context import Operations
from provcheck.mock_targets.operations.membership_changes import MembershipChanges, MembershipEdit
from provcheck.mock_targets.scim.errors import GroupFull, InvalidSyntax, InvalidValue, Uniqueness
from provcheck.mock_targets.target.flags import Behaviour, Flag

_AWS = "AWS IAM Identity Center developer guide"


@cache
def user_attributes() -> tuple[str, ...]:
    """The attributes of a user, and their parts, as paths (RFC 7643 sections 3.1 and 4.1)."""
    from provcheck.mock_targets.scim.catalog import standard_catalog  # late: only a flag that names some needs it

    attributes = {each.name: each for each in standard_catalog().user.table.values()}
    parts = (f"{name}.{part.name}" for name, each in attributes.items() for part in each.sub_attributes)
    return (*attributes, *parts)


DEMANDS = (
    Flag(
        "required_user_attributes",
        default=None,
        type="string",
        known=user_attributes,
        doc="Attributes that a user needs beside userName: paths with commas between (`name.givenName,displayName`).",
        source=f"{_AWS}, CreateUser: givenName, familyName and displayName are required",
    ),
    Flag(
        "unsupported_user_attributes",
        default=None,
        type="string",
        known=user_attributes,
        doc="Attributes of the schema that a user must not be given, as names with commas between.",
        source=f"{_AWS}, CreateUser: ims, photos, x509Certificates, entitlements, password and groups",
    ),
    Flag(
        "max_values_of_an_attribute",
        default=None,
        type="integer",
        doc="Most values of a multi-valued attribute of a user; null: any number.",
        source=f"{_AWS}, CreateUser: only single values are permitted",
    ),
    Flag(
        "requires_primary_email",
        default=False,
        doc="Whether one of the e-mail addresses of a user that has any must be the primary one.",
        source=f"{_AWS}, CreateUser: the emails value must be marked as primary",
    ),
    Flag(
        "requires_unique_group_names",
        default=False,
        doc="Whether a second group of the same displayName, whatever its case, is refused (409).",
        source=f"{_AWS}, CreateGroup: ConflictException; RFC 7643 section 8.7.1 has uniqueness none",
    ),
    Flag(
        "user_name_is_immutable",
        default=False,
        doc="Whether the userName of a user cannot change (400, mutability); all other changes pass.",
        source="within RFC 7643 section 7, mutability; seen at directories that derive a mailbox or home from the name",
    ),
    Flag(
        "revives_inactive_users",
        default=False,
        doc="Whether POST with the userName of a user that is turned off turns that user on and overwrites it (201).",
        source="Quickbase, restrictions using the SCIM API: a deleted user is deactivated, and a create brings it back",
    ),
    Flag(
        "max_members_of_a_group",
        default=None,
        type="integer",
        doc="Most members that a group may have; null: any number. A group that is larger already may shrink.",
        source="not in the RFCs; documented by vendors, such as 5,000 people in a user group of a workspace",
    ),
    Flag(
        "supports_member_replacement",
        default=True,
        doc="Whether PATCH may replace or remove all members of a group at once. Off: 400.",
        source=f"{_AWS}, PatchGroup: replacing or removing all members is not supported",
    ),
)


def check_body(request: Request, kind: str, body: object) -> None:
    """Raises InvalidSyntax for a whole user that names what must not be given."""
    unwanted = _names(request.behaviour.unsupported_user_attributes)
    if kind != "User" or not unwanted or not isinstance(body, dict):
        return
    low = {name.lower() for name in unwanted}
    for key in body:
        if key.lower() in low:
            raise InvalidSyntax(f"{key} is not supported", flag="unsupported_user_attributes")


def check_change(
    request: Request, kind: str, document: Document, edits: Sequence[MembershipEdit], before: Record | None
) -> None:
    """Raises InvalidSyntax and InvalidValue for what the target does not take."""
    can = request.behaviour
    if kind == "Group":
        if request.method == "PATCH" and not can.supports_member_replacement:
            _check_edits(edits)
        return
    old: Mapping[str, Any] = before.document if before else {}
    for name in _names(can.unsupported_user_attributes):
        if name in document and document[name] != old.get(name):
            raise InvalidSyntax(f"{name} is not supported", flag="unsupported_user_attributes")
    for path in _names(can.required_user_attributes):
        if not any(_values(document, path)):
            raise InvalidValue(f"{path} is required", flag="required_user_attributes")
    _check_values(can, document)


def _check_values(can: Behaviour, document: Document) -> None:
    if can.max_values_of_an_attribute is not None:
        for name, value in document.items():
            if name != "schemas" and isinstance(value, list) and len(value) > can.max_values_of_an_attribute:
                told = f"{name} takes {can.max_values_of_an_attribute} value at most"
                raise InvalidValue(told, flag="max_values_of_an_attribute")
    emails = document.get("emails")
    if can.requires_primary_email and emails and not any(each.get("primary") is True for each in emails):
        raise InvalidValue("one of emails must be the primary one", flag="requires_primary_email")


def _check_edits(edits: Sequence[MembershipEdit]) -> None:
    if any(edit.action == "replace" for edit in edits):
        told = "members are added and removed one by one; all of them at once is not supported"
        raise InvalidValue(told, flag="supports_member_replacement")


def check_group_name(operations: Operations, kind: str, id: str | None, document: Document) -> None:
    """Raises Uniqueness, under the directory's lock, for a group whose name another one has."""
    name = document.get("displayName")
    if kind != "Group" or not operations.behaviour.requires_unique_group_names or not isinstance(name, str):
        return
    if any(record.id != id for record in operations.directory.find("Group", "displayName", name)):
        raise Uniqueness(f"Group with displayName {name!r} already exists", flag="requires_unique_group_names")


def check_group_size(operations: Operations, memberships: MembershipChanges) -> None:
    """Raises GroupFull, under the directory's lock, for a group that would get more members than it may have."""
    most = operations.behaviour.max_members_of_a_group
    if most is None or not memberships.made:
        return
    leaving = Counter(group for group, _ in memberships.ended)
    for group, joining in Counter(group for group, _ in memberships.made).items():
        held = len(operations.directory.members(group)) if group else 0
        if held + joining - leaving[group] > max(most, held):
            raise GroupFull(f"a group has {most} members at most", flag="max_members_of_a_group")


def inactive_namesake(request: Request, kind: str, document: Document) -> Record | None:
    """The user that is turned off and that a POST turns on again, where the target does that."""
    if kind != "User" or not request.behaviour.revives_inactive_users:
        return None
    found = request.target.directory.find("User", "userName", str(document.get("userName")))
    return next((record for record in found if record.document.get("active") is False), None)


def _values(document: Document, path: str) -> Iterator[Any]:
    """What a document holds under a name, or under a name and the name of a part."""
    name, _, part = path.partition(".")
    found = document.get(name)
    for each in found if isinstance(found, list) else [found]:
        yield each.get(part) if part and isinstance(each, dict) else each


@lru_cache(maxsize=64)
def _names(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())
