"""What makes a group of an enterprise: its members are users who exist, and a PUT without members empties it.

These functions decide; nothing here changes anything. Source: docs.github.com, rest/enterprise-admin/scim.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from provcheck.mock_targets.directory import Conflict, Document, NotFound, Record
from provcheck.mock_targets.http.call import Call
from provcheck.mock_targets.operations.write_service import Change
from provcheck.mock_targets.scim.errors import InvalidValue, Mutability
from provcheck.mock_targets.scim.membership import MembershipEdit
from provcheck.mock_targets.scim.patch import patch
from provcheck.mock_targets.scim.schema import ResourceSchema
from provcheck.mock_targets.scim.validate import read_resource
from provcheck.mock_targets.vendors.github_emu.limits import admit
from provcheck.mock_targets.vendors.github_emu.paths import readable, touches
from provcheck.mock_targets.vendors.github_emu.schemas import group_schema, leniency_of
from provcheck.mock_targets.vendors.github_emu.users import is_complete


def whole(call: Call, record: Record | None = None) -> Change:
    """What a POST asks for, or a PUT makes of a group. Raises InvalidSyntax, InvalidValue and NotFound."""
    body, schema = call.json(), _schema(call)
    current = record.document if record else None
    incoming = read_resource(body, schema, current=current, leniency=leniency_of(call.behaviour))
    if schema.relation is None:
        return Change(incoming.document)
    if call.behaviour.required_attributes == "documented":
        _check_display_names(body)
    if record is None and not incoming.members:
        return Change(incoming.document)
    edits = (MembershipEdit("replace", incoming.members or ()),)
    return Change(incoming.document, _settled(call, edits, record.id if record else None))


def modified(call: Call, record: Record) -> Change:
    """What a PATCH makes of a group. Raises what the family's PATCH raises."""
    body = readable(call.json())
    if call.behaviour.membership_style != "group" and touches(body, "members"):
        raise Mutability("members of a group are read-only here")
    result = patch(body, record.document, _schema(call, record), leniency=leniency_of(call.behaviour))
    return Change(result.document, _settled(call, result.edits, record.id))


def known_ends(call: Call, kind: str, edits: Iterable[MembershipEdit]) -> tuple[MembershipEdit, ...]:
    """The edits with only such members (of a group: users; of a user: groups) as exist.

    Raises InvalidValue or NotFound when the flag has it so.
    """
    settled = []
    for edit in edits:
        if edit.action in ("add", "replace"):
            edit = replace(edit, members=tuple(end for end in edit.members if _exists(call, kind, end.id)))
        settled.append(edit)
    return tuple(settled)


def joining(call: Call, edits: Iterable[MembershipEdit], id: str | None) -> int:
    """How many users the edits name who are not yet in the group."""
    there = call.target.directory.members(id) if id else {}
    named = {member.id for edit in edits if edit.action in ("add", "replace") for member in edit.members}
    return sum(1 for member_id in named if member_id not in there)


def check_unique_name(call: Call, id: str | None, document: Document) -> None:
    """Raise Conflict when another group has the displayName."""
    name = document.get("displayName", "")
    for other in call.target.directory.find("Group", "displayName", name):
        if other.id != id:
            raise Conflict("Group", "displayName", name, other.id)


def _check_display_names(body: dict[str, Any]) -> None:
    members = next((value for key, value in body.items() if key.lower() == "members"), None)
    for member in members or ():
        if not isinstance(member.get("displayName"), str):
            raise InvalidValue("members.displayName is required")


def _settled(call: Call, edits: Iterable[MembershipEdit], id: str | None) -> tuple[MembershipEdit, ...]:
    most = call.behaviour.max_members_per_request
    for edit in edits:
        if most is not None and len(edit.members) > most:
            raise InvalidValue(f"one operation names at most {most} members")
    known = known_ends(call, "User", edits)
    if call.behaviour.enforces_rate_limits:
        admit(call, ("group", id), call.behaviour.group_additions_per_hour, amount=joining(call, known, id))
    return known


def _exists(call: Call, kind: str, id: str) -> bool:
    found = call.target.directory.locate(id)
    if found is not None and found.kind == kind:
        return True
    rule = call.behaviour.unknown_members
    if rule == "rejected":
        raise InvalidValue(f"there is no {kind.lower()} with the id {id!r:.100}")
    if rule == "not_found":
        raise NotFound(kind, id)
    return False


def _schema(call: Call, record: Record | None = None) -> ResourceSchema:
    rule, writes = call.behaviour.required_attributes, call.behaviour.membership_style == "group"
    schema = group_schema(rule, writes_members=writes)
    if record is None or is_complete(record.document, schema):
        return schema
    return group_schema("relaxed", writes_members=writes)
