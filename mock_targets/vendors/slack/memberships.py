"""What a request makes of memberships: read from a group (or, where the style says so, from a user), and checked.

Source: https://docs.slack.dev/reference/scim-api#patch-groups-id, #patch-groups-id-2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from provcheck.mock_targets.directory import Directory
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.operations.membership_changes import Member, MembershipEdit
from provcheck.mock_targets.vendors.slack import urns
from provcheck.mock_targets.vendors.slack.bodies import Operation
from provcheck.mock_targets.vendors.slack.errors import SlackError
from provcheck.mock_targets.vendors.slack.filters import Filter, Term, Terms

MAX_MEMBERS_IN_A_CALL = 15_000
MAX_MEMBERS_OF_A_USER_GROUP = 5_000
"""Of a workspace's user group; for the groups of an organisation no more than a recommendation is documented."""


def merged(value: Any, code: str) -> list[MembershipEdit]:
    """A list of version 1's PATCH: each is added unless its `operation` is `delete`. Raises SlackError (`code`)."""
    edits: list[MembershipEdit] = []
    for item in _listed(value, code):
        operation = item.get("operation") if isinstance(item, dict) else None
        deleted = isinstance(operation, str) and operation.lower() == "delete"
        edits.append(MembershipEdit("remove" if deleted else "add", (_member(item, code),)))
    return edits


def whole(value: Any, code: str) -> MembershipEdit:
    """A list that stands for all memberships. Raises SlackError (`code`)."""
    return MembershipEdit("replace", _members(value, code))


def operated(operation: Operation, code: str) -> MembershipEdit:
    """An operation of version 2 on the whole list or on `members[value eq U123]`. Raises SlackError (`code`)."""
    path, value = operation.path, operation.value
    assert path is not None
    if path.where is not None:
        if operation.op != "remove":
            raise SlackError(code)
        return MembershipEdit("remove", tuple(Member(id) for id in _selected(path.where, code)))
    if operation.op == "remove":
        return MembershipEdit("replace") if value is None else MembershipEdit("remove", _members(value, code))
    return MembershipEdit(operation.op, _members(value, code))  # type: ignore[arg-type]  # add or replace


def check_group(request: Request, group_id: str | None, edits: Iterable[MembershipEdit]) -> None:
    """Whether a group may get these members.

    Raises SlackError: permission_denied (memberships are written elsewhere), too_many_users, no_such_group_members,
    unable_to_add_deleted_or_guest_to_group, group_member_max_exceeded.
    """
    edits = list(edits)
    directory = request.target.directory
    if edits and request.behaviour.membership_style != "group" and not _changes_nothing(directory, group_id, edits):
        raise SlackError("permission_denied", flag="membership_style")
    if sum(len(edit.members) for edit in edits) > MAX_MEMBERS_IN_A_CALL:
        raise SlackError("too_many_users")
    held = directory.members(group_id) if group_id else {}
    size = len(held)
    for edit in edits:
        named = [member.id for member in edit.members]
        if edit.action != "remove":
            for id in named:
                if id not in held:
                    _check_member(request, id)
        size = _size(held, edit, named, size)
    if request.behaviour.plan == "business_plus" and size > max(MAX_MEMBERS_OF_A_USER_GROUP, len(held)):
        raise SlackError("group_member_max_exceeded", flag="plan")


def check_user(request: Request, edits: Iterable[MembershipEdit]) -> None:
    """Whether a user may be put into these groups. Raises SlackError: groups_invalid."""
    for edit in edits:
        for member in edit.members:
            record = request.target.directory.locate(member.id)
            if edit.action != "remove" and (record is None or record.kind != "Group"):
                raise SlackError("groups_invalid")


def _size(held: Mapping[str, Any], edit: MembershipEdit, named: list[str], size: int) -> int:
    if edit.action == "replace":
        return len(named)
    if edit.action == "remove":
        return size - sum(id in held for id in named)
    return size + sum(id not in held for id in named)


def _changes_nothing(directory: Directory, group_id: str | None, edits: list[MembershipEdit]) -> bool:
    """A client may send back the members that it read, or an empty list where there is nobody."""
    held = set(directory.members(group_id)) if group_id else set()
    return all(edit.action == "replace" and {member.id for member in edit.members} == held for edit in edits)


def _check_member(request: Request, id: str) -> None:
    record = request.target.directory.locate(id)
    if record is None or record.kind != "User":
        raise SlackError("no_such_group_members")
    if request.behaviour.refuses_deactivated_members and not record.document["active"]:
        raise SlackError("unable_to_add_deleted_or_guest_to_group", flag="refuses_deactivated_members")
    if request.behaviour.refuses_guest_members and urns.GUEST in record.document:
        raise SlackError("unable_to_add_deleted_or_guest_to_group", flag="refuses_guest_members")


def _members(value: Any, code: str) -> tuple[Member, ...]:
    found = {member.id: member for member in (_member(item, code) for item in _listed(value, code))}
    return tuple(found.values())


def _listed(value: Any, code: str) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _member(item: Any, code: str) -> Member:
    id = item.get("value") if isinstance(item, dict) else item
    if not isinstance(id, str) or not id.strip():
        raise SlackError(code)
    return Member(id.strip())


def _selected(where: Filter, code: str) -> Iterator[str]:
    terms = where.terms if isinstance(where, Terms) and where.word == "or" else (where,)
    for term in terms:
        if not isinstance(term, Term) or term.operator != "eq" or term.name != "value" or term.value is None:
            raise SlackError(code)
        yield term.value
