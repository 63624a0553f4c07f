"""The routes of groups: PATCH of version 1 adds and deletes members one by one and answers 204 without a body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from provcheck.mock_targets.directory import Document, Record
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.operations.membership_changes import MembershipEdit
from provcheck.mock_targets.operations.write_service import Change, Decide, Service
from provcheck.mock_targets.vendors.slack import bodies, memberships
from provcheck.mock_targets.vendors.slack.bodies import Operation
from provcheck.mock_targets.vendors.slack.errors import SlackError
from provcheck.mock_targets.vendors.slack.flags import named
from provcheck.mock_targets.vendors.slack.listing import listed
from provcheck.mock_targets.vendors.slack.names import text
from provcheck.mock_targets.vendors.slack.rendering import read_one, reply, shown, version
from provcheck.mock_targets.vendors.slack.turns import turns_of

MEMBERS_INVALID = "invalid_attribute_format"


class Groups:
    """Groups: create, read, list, overwrite, change, delete."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def list(self, request: Request) -> Answer:
        """A page of groups."""
        _check_supported(request)
        return listed(request, "Group")

    def read(self, request: Request) -> Answer:
        """One group with all its members."""
        _check_supported(request)
        return read_one(request, "Group", request.params["id"])

    def create(self, request: Request) -> Answer:
        """A new group, with or without members."""
        _check_supported(request)
        body = bodies.read_body(request.json())
        name = _name(body.get("displayName"))
        _check_name(request, name, None)
        edits = [memberships.whole(body.get("members"), MEMBERS_INVALID)]
        memberships.check_group(request, None, edits)
        record = self._service.create(request.operations, "Group", Change({"displayName": name}, edits))
        return reply(request, 201, shown(request, record))

    def replace(self, request: Request) -> Answer:
        """PUT: another name and other members; no members where none are given."""
        _check_supported(request)
        turns_of(request.target).check()
        body = bodies.read_body(request.json())

        def decide(record: Record) -> Change:
            document = self._renamed(request, record, body)
            if "members" not in body and request.behaviour.membership_style != "group":
                return Change(document)
            edits = [memberships.whole(body.get("members"), MEMBERS_INVALID)]
            memberships.check_group(request, record.id, edits)
            return Change(document, edits)

        record = self._service.change(request.operations, "Group", request.params["id"], decide)
        return reply(request, 200, shown(request, record))

    def update(self, request: Request) -> Answer:
        """PATCH, each version in its own way."""
        _check_supported(request)
        turns_of(request.target).check()
        body = bodies.read_body(request.json())
        if version(request) == 1 and bodies.is_patch_op(body) and request.behaviour.v1_patch_op_bodies == "refused":
            raise SlackError("invalid_request_payload", flag="v1_patch_op_bodies")
        if version(request) == 2 and bodies.is_patch_op(body):
            operations = list(bodies.flattened(bodies.operations(body)))
            record = self._changed(request, lambda old: self._operated(request, old, operations))
        else:
            record = self._changed(request, lambda old: self._merged(request, old, body))
        if version(request) == 1 or not request.behaviour.answers_group_patch_with_body:
            return reply(request, 204)
        return reply(request, 200, shown(request, record))

    def delete(self, request: Request) -> Answer:
        """DELETE is for good; the members stay users."""
        _check_supported(request)
        turns_of(request.target).check()
        self._service.delete(
            request.operations, "Group", request.params["id"], check=lambda record: _check_not_linked(request, record)
        )
        return reply(request, 204)

    def _changed(self, request: Request, decide: Decide) -> Record:
        return self._service.change(request.operations, "Group", request.params["id"], decide)

    def _merged(self, request: Request, record: Record, body: Mapping[str, Any]) -> Change:
        edits = memberships.merged(body.get("members"), MEMBERS_INVALID)
        if any(path.low == "members" for path in bodies.removed_attributes(body)):
            edits.insert(0, MembershipEdit("replace"))
        memberships.check_group(request, record.id, edits)
        return Change(self._renamed(request, record, body), edits)

    def _operated(self, request: Request, record: Record, operations: Sequence[Operation]) -> Change:
        document, edits = record.document, []
        for operation in operations:
            assert operation.path is not None
            if operation.path.low == "members":
                edits.append(memberships.operated(operation, MEMBERS_INVALID))
            elif operation.path.low == "displayname":
                document = self._renamed(request, record, {"displayName": operation.value})
        memberships.check_group(request, record.id, edits)
        return Change(document, edits)

    def _renamed(self, request: Request, record: Record, body: Mapping[str, Any]) -> Document:
        """The document with the name that a body gives; a name cannot be taken away."""
        if "displayName" not in body:
            return record.document
        name = _name(body["displayName"])
        _check_name(request, name, record.id)
        return {**record.document, "displayName": name}


def _check_supported(request: Request) -> None:
    if not request.behaviour.supports_groups:
        raise SlackError("bad_endpoint", flag="supports_groups")


def _name(value: Any) -> str:
    name = text(value)
    if not name:
        raise SlackError("invalid_attribute_format")
    return name


def _check_name(request: Request, name: str, own_id: str | None) -> None:
    if request.behaviour.allows_duplicate_group_names:
        return
    if any(other.id != own_id for other in request.target.directory.find("Group", "displayName", name)):
        raise SlackError("group_creation_failed", status=409, flag="allows_duplicate_group_names")


def _check_not_linked(request: Request, record: Record) -> None:
    if record.document["displayName"].casefold() in named(request.behaviour.linked_groups):
        raise SlackError("idp_group_linked_to_channels", flag="linked_groups")
