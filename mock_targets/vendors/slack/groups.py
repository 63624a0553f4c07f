"""Who may be put into a group. Source: https://docs.slack.dev/reference/scim-api#patch-groups-id-2 and #errors."""

from __future__ import annotations

from collections.abc import Sequence

from provcheck.mock_targets.directory import Record
from provcheck.mock_targets.http.codes import Refused
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.operations.membership_changes import MembershipEdit
from provcheck.mock_targets.vendors.slack.schemas import GUEST


def check_members(request: Request, kind: str, id: str | None, edits: Sequence[MembershipEdit]) -> None:
    """Raise Refused when a group may not get these members, or a user not get into these groups."""
    directory = request.target.directory
    named = {member.id for edit in edits if edit.action != "remove" for member in edit.members}
    if kind == "User":
        if any((found := directory.locate(each)) is None or found.kind != "Group" for each in named):
            raise Refused("groups_invalid")
        return
    held = directory.members(id).keys() if id else set()
    # A client may send back the members that it read, or an empty list where there is nobody.
    changes = [edit for edit in edits if edit.action != "replace" or {member.id for member in edit.members} != held]
    if changes and request.behaviour.membership_style != "group":
        raise Refused("permission_denied", flag="membership_style")
    for each in named - held:
        _check_member(request, directory.locate(each))


def _check_member(request: Request, record: Record | None) -> None:
    can = request.behaviour
    if record is None or record.kind != "User":
        raise Refused("no_such_group_members")
    if can.refuses_deactivated_members and not record.document["active"]:
        raise Refused("unable_to_add_deleted_or_guest_to_group", flag="refuses_deactivated_members")
    if can.refuses_guest_members and GUEST in record.document:
        raise Refused("unable_to_add_deleted_or_guest_to_group", flag="refuses_guest_members")
