"""Who may be put into a group. Source: https://docs.slack.dev/reference/scim-api#patch-groups-id-2 and #errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.operations.membership_changes import MembershipEdit
from provcheck.mock_targets.vendors.slack.errors import SlackError
from provcheck.mock_targets.vendors.slack.schemas import GUEST

MAX_MEMBERS_IN_A_CALL = 15_000
MAX_MEMBERS_OF_A_USER_GROUP = 5_000
"""Of a workspace's user group; for the groups of an organisation no more than a recommendation is documented."""


def check_members(request: Request, kind: str, id: str | None, edits: Sequence[MembershipEdit]) -> None:
    """Raise SlackError when a group may not get these members, or a user not get into these groups."""
    directory, named = request.target.directory, {m.id for e in edits if e.action != "remove" for m in e.members}
    if kind == "User":
        if any((found := directory.locate(each)) is None or found.kind != "Group" for each in named):
            raise SlackError("groups_invalid")
        return
    held = directory.members(id) if id else {}
    if edits and request.behaviour.membership_style != "group" and not _changes_nothing(held, edits):
        raise SlackError("permission_denied", flag="membership_style")
    if sum(len(edit.members) for edit in edits) > MAX_MEMBERS_IN_A_CALL:
        raise SlackError("too_many_users")
    for each in named - held.keys():
        _check_member(request, each)
    size = len(held)
    for edit in edits:
        joining = sum(member.id not in held for member in edit.members)
        leaving = len(edit.members) - joining if edit.action == "remove" else 0
        size = len(edit.members) if edit.action == "replace" else size - leaving + (joining if not leaving else 0)
    if request.behaviour.plan == "business_plus" and size > max(MAX_MEMBERS_OF_A_USER_GROUP, len(held)):
        raise SlackError("group_member_max_exceeded", flag="plan")


def _changes_nothing(held: Mapping[str, Any], edits: Sequence[MembershipEdit]) -> bool:
    """A client may send back the members that it read, or an empty list where there is nobody."""
    return all(edit.action == "replace" and {member.id for member in edit.members} == held.keys() for edit in edits)


def _check_member(request: Request, id: str) -> None:
    record, behaviour = request.target.directory.locate(id), request.behaviour
    if record is None or record.kind != "User":
        raise SlackError("no_such_group_members")
    if behaviour.refuses_deactivated_members and not record.document["active"]:
        raise SlackError("unable_to_add_deleted_or_guest_to_group", flag="refuses_deactivated_members")
    if behaviour.refuses_guest_members and GUEST in record.document:
        raise SlackError("unable_to_add_deleted_or_guest_to_group", flag="refuses_guest_members")
