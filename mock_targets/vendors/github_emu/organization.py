"""Organization SCIM, which is another thing than enterprise SCIM: members of an organization, no groups.

The rule to know: `active: false` removes the member and deletes the identity with its id.
Source: docs.github.com, rest/scim/scim.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from provcheck.mock_targets.directory import Document, Record
from provcheck.mock_targets.http.call import Call
from provcheck.mock_targets.http.errors import UnknownPath
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.scim.errors import InvalidPath
from provcheck.mock_targets.scim.patch import patch
from provcheck.mock_targets.scim.render import timestamp, version_tag
from provcheck.mock_targets.scim.schema import Json
from provcheck.mock_targets.scim.validate import read_resource
from provcheck.mock_targets.vendors.github_emu.core_mapping import MEMBER
from provcheck.mock_targets.vendors.github_emu.listing import list_response
from provcheck.mock_targets.vendors.github_emu.paths import has_filtered_path
from provcheck.mock_targets.vendors.github_emu.schemas import ORGANIZATION_TOLERANCE, user_schema

SCHEMA = user_schema("organization")


@dataclass(frozen=True, slots=True)
class Organization:
    """The views of one organization."""

    base: str

    def list_users(self, call: Call) -> Answer:
        """GET Users."""
        return call.answer(200, list_response(call, MEMBER, lambda record: self._show(call, record)))

    def create_user(self, call: Call) -> Answer:
        """POST Users: the user is invited by e-mail and listed from now on."""
        document = {"active": True, **read_resource(call.json(), SCHEMA, leniency=ORGANIZATION_TOLERANCE).document}
        call.intend("user.create", kind=MEMBER, names=_names(call, document))
        record = call.target.directory.add(MEMBER, document)
        call.applied(record.id)
        return call.answer(201, self._show(call, record), Location=self._location(call, record))

    def get_user(self, call: Call) -> Answer:
        """GET Users/{id}, or 304 for a client that has this version."""
        record = _get(call)
        call.intend("user.get", kind=MEMBER, id=record.id, names=_names(call, record.document))
        if call.header("If-None-Match") == version_tag(record):
            return call.answer(304, None, ETag=version_tag(record))
        return call.answer(200, self._show(call, record), ETag=version_tag(record))

    def replace_user(self, call: Call) -> Answer:
        """PUT Users/{id}."""

        def decide(record: Record) -> Document:
            current, body = record.document, call.json()
            incoming = read_resource(body, SCHEMA, current=current, leniency=ORGANIZATION_TOLERANCE)
            return {"active": True, **incoming.document}

        return self._change(call, decide)

    def modify_user(self, call: Call) -> Answer:
        """PATCH Users/{id}; paths with a filter are not supported."""
        body = call.json()

        def decide(record: Record) -> Document:
            if has_filtered_path(body):
                raise InvalidPath("paths with a filter are not supported")
            return patch(body, record.document, SCHEMA, leniency=ORGANIZATION_TOLERANCE).document

        return self._change(call, decide)

    def delete_user(self, call: Call) -> Answer:
        """DELETE Users/{id}."""
        record = _get(call)
        call.intend("user.delete", kind=MEMBER, id=record.id, names=_names(call, record.document))
        call.target.directory.remove(MEMBER, record.id)
        call.applied()
        return call.answer(204)

    def _change(self, call: Call, decide: Callable[[Record], Document]) -> Answer:
        directory, announced = call.target.directory, False
        while True:
            record = _get(call)
            document = decide(record)
            leaves = document.get("active") is False
            if not announced:
                for operation in ("user.disable", "user.delete") if leaves else ("user.update",):
                    call.intend(operation, kind=MEMBER, id=record.id, names=_names(call, record.document))
                announced = True
            with directory.lock:
                if _get(call) is record:
                    changed = directory.change(MEMBER, record.id, document)
                    if leaves:
                        directory.remove(MEMBER, record.id)
                    call.applied()
                    break
        if leaves and not call.behaviour.answers_removal_with_body:
            return call.answer(204)
        return call.answer(200, self._show(call, changed))

    def _show(self, call: Call, record: Record) -> Json:
        return {
            **record.document,
            "emails": record.document.get("emails", []),
            "id": record.id,
            "meta": {
                "resourceType": "User",
                "created": timestamp(record.created),
                "lastModified": timestamp(record.modified),
                "location": self._location(call, record),
            },
        }

    def _location(self, call: Call, record: Record) -> str:
        named = quote(call.params["organization"], safe="")
        return f"{call.target.base_url}{self.base.replace('<organization>', named)}/Users/{record.id}"


def in_organization(view: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
    """The view, for the organization that there is."""

    def enter(call: Call) -> Answer:
        named, own = call.params["organization"], call.behaviour.organization
        if own and named.casefold() != own.casefold():
            raise UnknownPath(f"there is no organization {named!r:.100}")
        return view(call)

    return enter


def _get(call: Call) -> Record:
    return call.target.directory.get(MEMBER, call.params["id"])


def _names(call: Call, document: Document) -> tuple[str, ...]:
    return call.target.spec.core_mapping.names("User", document)
