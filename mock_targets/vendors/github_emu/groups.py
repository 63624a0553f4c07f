"""What makes a group of an enterprise: its members are users who exist, and a PUT without members empties it.

These functions decide; nothing here changes anything. Source: docs.github.com, rest/enterprise-admin/scim.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from provcheck.mock_targets.directory import Conflict, Document, NotFound, Record
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.operations.context import Operations
from provcheck.mock_targets.operations.membership_changes import MembershipEdit
from provcheck.mock_targets.operations.write_service import Change
from provcheck.mock_targets.scim.errors import InvalidValue, Mutability
from provcheck.mock_targets.scim.patch import patch
from provcheck.mock_targets.scim.schema import ResourceSchema
from provcheck.mock_targets.scim.validate import read_resource
from provcheck.mock_targets.vendors.github_emu.limits import admit
from provcheck.mock_targets.vendors.github_emu.paths import readable, touches
from provcheck.mock_targets.vendors.github_emu.schemas import group_schema, leniency_of
from provcheck.mock_targets.vendors.github_emu.users import is_complete


def whole(request: Request, record: Record | None = None) -> Change:
    """What a POST asks for, or a PUT makes of a group. Raises InvalidSyntax, InvalidValue and NotFound."""
    body, schema = request.json(), _schema(request)
    current = record.document if record else None
    incoming = read_resource(body, schema, current=current, leniency=leniency_of(request.behaviour))
    if schema.relation is None:
        return Change(incoming.document)
    if request.behaviour.required_attributes == "documented":
        _check_display_names(body)
    if record is None and not incoming.members:
        return Change(incoming.document)
    edits = (MembershipEdit("replace", incoming.members or ()),)
    return Change(incoming.document, _settled(request, edits, record.id if record else None))


def modified(request: Request, record: Record) -> Change:
    """What a PATCH makes of a group. Raises what the family's PATCH raises."""
    body = readable(request.json())
    if request.behaviour.membership_style != "group" and touches(body, "members"):
        raise Mutability("members of a group are read-only here")
    result = patch(body, record.document, _schema(request, record), leniency=leniency_of(request.behaviour))
    return Change(result.document, _settled(request, result.edits, record.id))


def known_ends(request: Request, kind: str, edits: Iterable[MembershipEdit]) -> tuple[MembershipEdit, ...]:
    """The edits with only such members (of a group: users; of a user: groups) as exist.

    Raises InvalidValue or NotFound when the flag has it so.
    """
    settled = []
    for edit in edits:
        if edit.action in ("add", "replace"):
            edit = replace(edit, members=tuple(end for end in edit.members if _exists(request, kind, end.id)))
        settled.append(edit)
    return tuple(settled)


def joining(request: Request, edits: Iterable[MembershipEdit], id: str | None) -> int:
    """How many users the edits name who are not yet in the group."""
    there = request.target.directory.members(id) if id else {}
    named = {member.id for edit in edits if edit.action in ("add", "replace") for member in edit.members}
    return sum(1 for member_id in named if member_id not in there)


def check_unique_name(operations: Operations, id: str | None, document: Document) -> None:
    """Raise Conflict when another group has the displayName."""
    name = document.get("displayName", "")
    for other in operations.target.directory.find("Group", "displayName", name):
        if other.id != id:
            raise Conflict("Group", "displayName", name, other.id)


def _check_display_names(body: dict[str, Any]) -> None:
    members = next((value for key, value in body.items() if key.lower() == "members"), None)
    for member in members or ():
        if not isinstance(member.get("displayName"), str):
            raise InvalidValue("members.displayName is required")


def _settled(request: Request, edits: Iterable[MembershipEdit], id: str | None) -> tuple[MembershipEdit, ...]:
    most = request.behaviour.max_members_per_request
    for edit in edits:
        if most is not None and len(edit.members) > most:
            raise InvalidValue(f"one operation names at most {most} members")
    known = known_ends(request, "User", edits)
    if request.behaviour.enforces_rate_limits:
        admit(request, ("group", id), request.behaviour.group_additions_per_hour, amount=joining(request, known, id))
    return known


def _exists(request: Request, kind: str, id: str) -> bool:
    found = request.target.directory.locate(id)
    if found is not None and found.kind == kind:
        return True
    rule = request.behaviour.unknown_members
    if rule == "rejected":
        raise InvalidValue(f"there is no {kind.lower()} with the id {id!r:.100}")
    if rule == "not_found":
        raise NotFound(kind, id)
    return False


def _schema(request: Request, record: Record | None = None) -> ResourceSchema:
    rule, writes = request.behaviour.required_attributes, request.behaviour.membership_style == "group"
    schema = group_schema(rule, writes_members=writes)
    if record is None or is_complete(record.document, schema):
        return schema
    return group_schema("relaxed", writes_members=writes)
