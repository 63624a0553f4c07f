"""The routes of users, the same for both versions but for the bodies of PATCH and the answer to DELETE."""

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
from provcheck.mock_targets.vendors.slack.document_editor import DocumentEditor, blank
from provcheck.mock_targets.vendors.slack.errors import SlackError
from provcheck.mock_targets.vendors.slack.listing import listed
from provcheck.mock_targets.vendors.slack.people import check_may_leave
from provcheck.mock_targets.vendors.slack.rendering import DEACTIVATING, read_one, reply, shown, version
from provcheck.mock_targets.vendors.slack.turns import check_turn


class Users:
    """Users: create, read, list, overwrite, change, deactivate."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def list(self, call: Call) -> Answer:
        """A page of users."""
        return listed(call, "User")

    def read(self, call: Call) -> Answer:
        """One user, deactivated or not."""
        return read_one(call, "User", call.params["id"])

    def create(self, call: Call) -> Answer:
        """A new user; an active one unless the body says otherwise."""
        body = bodies.read_body(call.json())
        given = {key.lower(): value for key, value in body.items()}
        if given.get("username") is None:
            raise SlackError("username_required")
        if not given.get("emails"):
            raise SlackError("email_empty")
        editor = self._draft(call, blank(), is_new=True)
        bodies.put_all(editor, body, call.behaviour, replaces=True)
        edits = _edits_of_whole(call, body) if "groups" in given else []
        record = self._service.create(call, "User", Change(editor.finish(), edits))
        return reply(call, 201, shown(call, record))

    def replace(self, call: Call) -> Answer:
        """PUT: blank whatever the body does not give; names, `active` and being a guest stay."""
        check_turn()
        body = bodies.read_body(call.json())

        def decide(record: Record) -> Change:
            editor = self._draft(call, record.document)
            editor.overwrite()
            given = {key.lower(): value for key, value in body.items()}
            if given.get("username") is None and given.get("nickname") is None:
                raise SlackError("username_required")
            if not given.get("emails"):
                raise SlackError("email_empty")
            bodies.put_all(editor, body, call.behaviour, replaces=True)
            return Change(editor.finish(), _edits_of_whole(call, body) if "groups" in given else [])

        return self._written(call, decide)

    def update(self, call: Call) -> Answer:
        """PATCH, each version in its own way."""
        check_turn()
        body = bodies.read_body(call.json())
        if bodies.is_patch_op(body) and version(call) == 2:
            listed_operations = list(bodies.flattened(bodies.operations(body)))
            return self._written(call, lambda record: self._operated(call, record.document, listed_operations))
        if bodies.is_patch_op(body) and call.behaviour.v1_patch_op_bodies == "refused":
            raise SlackError("invalid_request_payload", flag="v1_patch_op_bodies")
        return self._written(call, lambda record: self._merged(call, record.document, body))

    def delete(self, call: Call) -> Answer:
        """DELETE deactivates, and may be repeated."""
        check_turn()
        id, target = call.params["id"], call.target
        record = target.directory.get("User", id)
        check_may_leave(record.document, call.behaviour)
        call.intend("user.delete", kind="User", id=id, names=target.spec.core_mapping.names_of(record))
        if record.document["active"]:
            self._service.change(call, "User", id, lambda old: Change({**old.document, "active": False}))
            if call.behaviour.deactivation_delay:
                ends = target.clock.monotonic() + call.behaviour.deactivation_delay
                target.memory.setdefault(DEACTIVATING, {})[id] = ends
        call.applied()
        return reply(call, 200 if version(call) == 1 else 204)

    def _written(self, call: Call, decide: Decide) -> Answer:
        id = call.params["id"]
        before = call.target.directory.get("User", id)
        record = self._service.change(call, "User", id, decide)
        unchanged = record is before and version(call) == 2 and call.request.method == "PATCH"
        if unchanged and not call.behaviour.answers_unchanged_patch_with_body:
            return reply(call, 204)
        return reply(call, 200, shown(call, record, before=before))

    def _operated(self, call: Call, document: Document, listed_operations: Sequence[Operation]) -> Change:
        editor = self._draft(call, document)
        edits: list[MembershipEdit] = []
        for operation in listed_operations:
            assert operation.path is not None
            if operation.path.low == "groups":
                if call.behaviour.membership_style == "user":
                    edits.append(memberships.operated(operation, "groups_invalid"))
            else:
                bodies.operate_user(editor, operation)
        memberships.check_user(call, edits)
        return Change(editor.finish(), edits)

    def _merged(self, call: Call, document: Document, body: Mapping[str, Any]) -> Change:
        editor = self._draft(call, document)
        bodies.merge_user(editor, body, call.behaviour)
        edits: list[MembershipEdit] = []
        if call.behaviour.membership_style == "user" and "groups" in body:
            edits = memberships.merged(body["groups"], "groups_invalid")
            memberships.check_user(call, edits)
        return Change(editor.finish(), edits)

    def _draft(self, call: Call, document: Document, *, is_new: bool = False) -> DocumentEditor:
        return DocumentEditor(document, call.behaviour, call.target.directory, is_new=is_new)


def _edits_of_whole(call: Call, body: Mapping[str, Any]) -> list[MembershipEdit]:
    """The memberships that a whole user lists, where they are written on users; read-only otherwise."""
    if call.behaviour.membership_style != "user":
        return []
    edits = [memberships.whole(body.get("groups"), "groups_invalid")]
    memberships.check_user(call, edits)
    return edits
