"""The routes of groups: PATCH of version 1 adds and deletes members one by one and answers 204 without a body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from provcheck.mock_targets.directory import Document, Record
from provcheck.mock_targets.http.call import Call
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.operations.write_service import Change, Decide, Service
from provcheck.mock_targets.scim.membership import MembershipEdit
from provcheck.mock_targets.vendors.slack import bodies, memberships
from provcheck.mock_targets.vendors.slack.bodies import Operation
from provcheck.mock_targets.vendors.slack.errors import SlackError
from provcheck.mock_targets.vendors.slack.flags import named
from provcheck.mock_targets.vendors.slack.listing import listed
from provcheck.mock_targets.vendors.slack.names import text
from provcheck.mock_targets.vendors.slack.rendering import read_one, reply, shown, version
from provcheck.mock_targets.vendors.slack.turns import check_turn

MEMBERS_INVALID = "invalid_attribute_format"


class Groups:
    """Groups: create, read, list, overwrite, change, delete."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def list(self, call: Call) -> Answer:
        """A page of groups."""
        _check_supported(call)
        return listed(call, "Group")

    def read(self, call: Call) -> Answer:
        """One group with all its members."""
        _check_supported(call)
        return read_one(call, "Group", call.params["id"])

    def create(self, call: Call) -> Answer:
        """A new group, with or without members."""
        _check_supported(call)
        body = bodies.read_body(call.json())
        name = _name(body.get("displayName"))
        _check_name(call, name, None)
        edits = [memberships.whole(body.get("members"), MEMBERS_INVALID)]
        memberships.check_group(call, None, edits)
        record = self._service.create(call, "Group", Change({"displayName": name}, edits))
        return reply(call, 201, shown(call, record))

    def replace(self, call: Call) -> Answer:
        """PUT: another name and other members; no members where none are given."""
        _check_supported(call)
        check_turn()
        body = bodies.read_body(call.json())

        def decide(record: Record) -> Change:
            document = self._renamed(call, record, body)
            if "members" not in body and call.behaviour.membership_style != "group":
                return Change(document)
            edits = [memberships.whole(body.get("members"), MEMBERS_INVALID)]
            memberships.check_group(call, record.id, edits)
            return Change(document, edits)

        record = self._service.change(call, "Group", call.params["id"], decide)
        return reply(call, 200, shown(call, record))

    def update(self, call: Call) -> Answer:
        """PATCH, each version in its own way."""
        _check_supported(call)
        check_turn()
        body = bodies.read_body(call.json())
        if version(call) == 1 and bodies.is_patch_op(body) and call.behaviour.v1_patch_op_bodies == "refused":
            raise SlackError("invalid_request_payload", flag="v1_patch_op_bodies")
        if version(call) == 2 and bodies.is_patch_op(body):
            operations = list(bodies.flattened(bodies.operations(body)))
            record = self._changed(call, lambda old: self._operated(call, old, operations))
        else:
            record = self._changed(call, lambda old: self._merged(call, old, body))
        if version(call) == 1 or not call.behaviour.answers_group_patch_with_body:
            return reply(call, 204)
        return reply(call, 200, shown(call, record))

    def delete(self, call: Call) -> Answer:
        """DELETE is for good; the members stay users."""
        _check_supported(call)
        check_turn()
        self._service.delete(call, "Group", call.params["id"], check=lambda record: _check_not_linked(call, record))
        return reply(call, 204)

    def _changed(self, call: Call, decide: Decide) -> Record:
        return self._service.change(call, "Group", call.params["id"], decide)

    def _merged(self, call: Call, record: Record, body: Mapping[str, Any]) -> Change:
        edits = memberships.merged(body.get("members"), MEMBERS_INVALID)
        if any(path.low == "members" for path in bodies.removed_attributes(body)):
            edits.insert(0, MembershipEdit("replace"))
        memberships.check_group(call, record.id, edits)
        return Change(self._renamed(call, record, body), edits)

    def _operated(self, call: Call, record: Record, operations: Sequence[Operation]) -> Change:
        document, edits = record.document, []
        for operation in operations:
            assert operation.path is not None
            if operation.path.low == "members":
                edits.append(memberships.operated(operation, MEMBERS_INVALID))
            elif operation.path.low == "displayname":
                document = self._renamed(call, record, {"displayName": operation.value})
        memberships.check_group(call, record.id, edits)
        return Change(document, edits)

    def _renamed(self, call: Call, record: Record, body: Mapping[str, Any]) -> Document:
        """The document with the name that a body gives; a name cannot be taken away."""
        if "displayName" not in body:
            return record.document
        name = _name(body["displayName"])
        _check_name(call, name, record.id)
        return {**record.document, "displayName": name}


def _check_supported(call: Call) -> None:
    if not call.behaviour.supports_groups:
        raise SlackError("bad_endpoint", flag="supports_groups")


def _name(value: Any) -> str:
    name = text(value)
    if not name:
        raise SlackError("invalid_attribute_format")
    return name


def _check_name(call: Call, name: str, own_id: str | None) -> None:
    if call.behaviour.allows_duplicate_group_names:
        return
    if any(other.id != own_id for other in call.target.directory.find("Group", "displayName", name)):
        raise SlackError("group_creation_failed", status=409, flag="allows_duplicate_group_names")


def _check_not_linked(call: Call, record: Record) -> None:
    if record.document["displayName"].casefold() in named(call.behaviour.linked_groups):
        raise SlackError("idp_group_linked_to_channels", flag="linked_groups")
