"""Organization SCIM, which is another thing than enterprise SCIM: members of an organization, no groups.

The rule to know: `active: false` removes the member and deletes the identity with its id.
Source: docs.github.com, rest/scim/scim.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from provcheck.mock_targets.directory import Document, Record
from provcheck.mock_targets.http.errors import UnknownPath
from provcheck.mock_targets.http.request import Request
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

    def list_users(self, request: Request) -> Answer:
        """GET Users."""
        return request.answer(200, list_response(request, MEMBER, lambda record: self._show(request, record)))

    def create_user(self, request: Request) -> Answer:
        """POST Users: the user is invited by e-mail and listed from now on."""
        document = {"active": True, **read_resource(request.json(), SCHEMA, leniency=ORGANIZATION_TOLERANCE).document}
        request.operations.announce("user.create", kind=MEMBER, names=_names(request, document))
        record = request.target.directory.add(MEMBER, document)
        request.operations.applied(record.id)
        return request.answer(201, self._show(request, record), Location=self._location(request, record))

    def get_user(self, request: Request) -> Answer:
        """GET Users/{id}, or 304 for a client that has this version."""
        record = _get(request)
        request.operations.announce("user.get", kind=MEMBER, id=record.id, names=_names(request, record.document))
        if request.header("If-None-Match") == version_tag(record):
            return request.answer(304, None, ETag=version_tag(record))
        return request.answer(200, self._show(request, record), ETag=version_tag(record))

    def replace_user(self, request: Request) -> Answer:
        """PUT Users/{id}."""

        def decide(record: Record) -> Document:
            current, body = record.document, request.json()
            incoming = read_resource(body, SCHEMA, current=current, leniency=ORGANIZATION_TOLERANCE)
            return {"active": True, **incoming.document}

        return self._change(request, decide)

    def modify_user(self, request: Request) -> Answer:
        """PATCH Users/{id}; paths with a filter are not supported."""
        body = request.json()

        def decide(record: Record) -> Document:
            if has_filtered_path(body):
                raise InvalidPath("paths with a filter are not supported")
            return patch(body, record.document, SCHEMA, leniency=ORGANIZATION_TOLERANCE).document

        return self._change(request, decide)

    def delete_user(self, request: Request) -> Answer:
        """DELETE Users/{id}."""
        record = _get(request)
        request.operations.announce("user.delete", kind=MEMBER, id=record.id, names=_names(request, record.document))
        request.target.directory.remove(MEMBER, record.id)
        request.operations.applied()
        return request.answer(204)

    def _change(self, request: Request, decide: Callable[[Record], Document]) -> Answer:
        directory, announced = request.target.directory, False
        while True:
            record = _get(request)
            document = decide(record)
            leaves = document.get("active") is False
            if not announced:
                for operation in ("user.disable", "user.delete") if leaves else ("user.update",):
                    request.operations.announce(
                        operation, kind=MEMBER, id=record.id, names=_names(request, record.document)
                    )
                announced = True
            with directory.lock:
                if _get(request) is record:
                    changed = directory.change(MEMBER, record.id, document)
                    if leaves:
                        directory.remove(MEMBER, record.id)
                    request.operations.applied()
                    break
        if leaves and not request.behaviour.answers_removal_with_body:
            return request.answer(204)
        return request.answer(200, self._show(request, changed))

    def _show(self, request: Request, record: Record) -> Json:
        return {
            **record.document,
            "emails": record.document.get("emails", []),
            "id": record.id,
            "meta": {
                "resourceType": "User",
                "created": timestamp(record.created),
                "lastModified": timestamp(record.modified),
                "location": self._location(request, record),
            },
        }

    def _location(self, request: Request, record: Record) -> str:
        named = quote(request.params["organization"], safe="")
        return f"{request.target.base_url}{self.base.replace('<organization>', named)}/Users/{record.id}"


def in_organization(view: Callable[[Request], Answer]) -> Callable[[Request], Answer]:
    """The view, for the organization that there is."""

    def enter(request: Request) -> Answer:
        named, own = request.params["organization"], request.behaviour.organization
        if own and named.casefold() != own.casefold():
            raise UnknownPath(f"there is no organization {named!r:.100}")
        return view(request)

    return enter


def _get(request: Request) -> Record:
    return request.target.directory.get(MEMBER, request.params["id"])


def _names(request: Request, document: Document) -> tuple[str, ...]:
    return request.target.spec.core_mapping.names("User", document)
