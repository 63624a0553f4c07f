"""Members of a group as a collection of its own: `/groups/<group>/members/<id>`, as many vendors have it.

A dialect calls these from views of its own, which read and show a member in the vendor's words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provcheck.mock_targets.directory import Conflict, NotFound, Record
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.operations.membership_changes import Member, MembershipEdit
from provcheck.mock_targets.operations.write_service import Change, Service


def add_member(
    request: Request, service: Service, group: Record, member: str, extras: Mapping[str, Any] | None = None
) -> Record:
    """Put a resource into a group; the group afterwards. Raises Conflict for one who is in it, and Forbidden."""
    if member in request.target.directory.members(group.id):
        raise Conflict("Membership", "member", member, group.id)
    return change_members(request, service, group, MembershipEdit("add", (Member(member, extras or {}),)))


def remove_member(request: Request, service: Service, group: Record, member: str) -> Record:
    """Take a resource out of a group; the group afterwards. Raises NotFound for one who is not in it, and Forbidden."""
    if member not in request.target.directory.members(group.id):
        raise NotFound("Membership", member)
    return change_members(request, service, group, MembershipEdit("remove", (Member(member),)))


def change_members(request: Request, service: Service, group: Record, *edits: MembershipEdit) -> Record:
    """Edit the members of a group; the group afterwards."""
    return service.change(request.operations, "Group", group.id, lambda before: Change(before.document, edits))


def restate_member(request: Request, group: Record, member: str, extras: Mapping[str, Any]) -> None:
    """Change what is kept of a membership, such as a role. Raises NotFound and Forbidden."""
    operations, directory = request.operations, request.target.directory
    if member not in directory.members(group.id):
        raise NotFound("Membership", member)
    names = request.target.spec.core_mapping.names_of(group)
    operations.announce("group.update", kind="Group", id=group.id, names=names)
    with directory.lock:
        if not directory.unrelate(group.id, member):
            raise NotFound("Membership", member)
        directory.relate(group.id, member, extras)
        directory.touch("Group", group.id)
    operations.applied()


def derived_members(request: Request, group: Record) -> dict[str, Mapping[str, Any]]:
    """Return the members of a group and of the groups in it, each once, by id."""
    directory, found, waiting = request.target.directory, dict[str, Mapping[str, Any]](), [group.id]
    seen = {group.id}
    while waiting:
        for id, extras in directory.members(waiting.pop()).items():
            found.setdefault(id, extras)
            record = directory.locate(id)
            if record is not None and record.kind == "Group" and id not in seen:
                seen.add(id)
                waiting.append(id)
    return found
