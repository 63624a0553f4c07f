"""The routes of users, the same for both versions but for the bodies of PATCH and the answer to DELETE."""

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
from provcheck.mock_targets.vendors.slack.document_editor import DocumentEditor, blank
from provcheck.mock_targets.vendors.slack.errors import SlackError
from provcheck.mock_targets.vendors.slack.listing import listed
from provcheck.mock_targets.vendors.slack.people import check_may_leave
from provcheck.mock_targets.vendors.slack.rendering import DEACTIVATING, read_one, reply, shown, version
from provcheck.mock_targets.vendors.slack.turns import turns_of


class Users:
    """Users: create, read, list, overwrite, change, deactivate."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def list(self, request: Request) -> Answer:
        """A page of users."""
        return listed(request, "User")

    def read(self, request: Request) -> Answer:
        """One user, deactivated or not."""
        return read_one(request, "User", request.params["id"])

    def create(self, request: Request) -> Answer:
        """A new user; an active one unless the body says otherwise."""
        body = bodies.read_body(request.json())
        given = {key.lower(): value for key, value in body.items()}
        if given.get("username") is None:
            raise SlackError("username_required")
        if not given.get("emails"):
            raise SlackError("email_empty")
        editor = self._draft(request, blank(), is_new=True)
        bodies.put_all(editor, body, request.behaviour, replaces=True)
        edits = _edits_of_whole(request, body) if "groups" in given else []
        record = self._service.create(request.operations, "User", Change(editor.finish(), edits))
        return reply(request, 201, shown(request, record))

    def replace(self, request: Request) -> Answer:
        """PUT: blank whatever the body does not give; names, `active` and being a guest stay."""
        turns_of(request.target).check()
        body = bodies.read_body(request.json())

        def decide(record: Record) -> Change:
            editor = self._draft(request, record.document)
            editor.overwrite()
            given = {key.lower(): value for key, value in body.items()}
            if given.get("username") is None and given.get("nickname") is None:
                raise SlackError("username_required")
            if not given.get("emails"):
                raise SlackError("email_empty")
            bodies.put_all(editor, body, request.behaviour, replaces=True)
            return Change(editor.finish(), _edits_of_whole(request, body) if "groups" in given else [])

        return self._written(request, decide)

    def update(self, request: Request) -> Answer:
        """PATCH, each version in its own way."""
        turns_of(request.target).check()
        body = bodies.read_body(request.json())
        if bodies.is_patch_op(body) and version(request) == 2:
            listed_operations = list(bodies.flattened(bodies.operations(body)))
            return self._written(request, lambda record: self._operated(request, record.document, listed_operations))
        if bodies.is_patch_op(body) and request.behaviour.v1_patch_op_bodies == "refused":
            raise SlackError("invalid_request_payload", flag="v1_patch_op_bodies")
        return self._written(request, lambda record: self._merged(request, record.document, body))

    def delete(self, request: Request) -> Answer:
        """DELETE deactivates, and may be repeated."""
        turns_of(request.target).check()
        id, target = request.params["id"], request.target
        record = target.directory.get("User", id)
        check_may_leave(record.document, request.behaviour)
        request.operations.announce("user.delete", kind="User", id=id, names=target.spec.core_mapping.names_of(record))
        if record.document["active"]:
            self._service.change(request.operations, "User", id, lambda old: Change({**old.document, "active": False}))
            if request.behaviour.deactivation_delay:
                ends = target.clock.monotonic() + request.behaviour.deactivation_delay
                target.memory.setdefault(DEACTIVATING, {})[id] = ends
        request.operations.applied()
        return reply(request, 200 if version(request) == 1 else 204)

    def _written(self, request: Request, decide: Decide) -> Answer:
        id = request.params["id"]
        before = request.target.directory.get("User", id)
        record = self._service.change(request.operations, "User", id, decide)
        unchanged = record is before and version(request) == 2 and request.method == "PATCH"
        if unchanged and not request.behaviour.answers_unchanged_patch_with_body:
            return reply(request, 204)
        return reply(request, 200, shown(request, record, before=before))

    def _operated(self, request: Request, document: Document, listed_operations: Sequence[Operation]) -> Change:
        editor = self._draft(request, document)
        edits: list[MembershipEdit] = []
        for operation in listed_operations:
            assert operation.path is not None
            if operation.path.low == "groups":
                if request.behaviour.membership_style == "user":
                    edits.append(memberships.operated(operation, "groups_invalid"))
            else:
                bodies.operate_user(editor, operation)
        memberships.check_user(request, edits)
        return Change(editor.finish(), edits)

    def _merged(self, request: Request, document: Document, body: Mapping[str, Any]) -> Change:
        editor = self._draft(request, document)
        bodies.merge_user(editor, body, request.behaviour)
        edits: list[MembershipEdit] = []
        if request.behaviour.membership_style == "user" and "groups" in body:
            edits = memberships.merged(body["groups"], "groups_invalid")
            memberships.check_user(request, edits)
        return Change(editor.finish(), edits)

    def _draft(self, request: Request, document: Document, *, is_new: bool = False) -> DocumentEditor:
        return DocumentEditor(document, request.behaviour, request.target.directory, is_new=is_new)


def _edits_of_whole(request: Request, body: Mapping[str, Any]) -> list[MembershipEdit]:
    """The memberships that a whole user lists, where they are written on users; read-only otherwise."""
    if request.behaviour.membership_style != "user":
        return []
    edits = [memberships.whole(body.get("groups"), "groups_invalid")]
    memberships.check_user(request, edits)
    return edits
