"""The views of resources: list, create, read, replace, modify, delete (RFC 7644 sections 3.3 to 3.6).

Each reads as: parse, act, render, return. What differs between dialects are methods of the dialect.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from provcheck.mock_targets.directory import NotFound, Record
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.operations.write_service import Change
from provcheck.mock_targets.scim.dialect import ScimDialect
from provcheck.mock_targets.scim.errors import NotOffered
from provcheck.mock_targets.scim.limits import check_paths, check_put, hide_fresh
from provcheck.mock_targets.scim.listing import list_response
from provcheck.mock_targets.scim.precondition import is_known, require_match
from provcheck.mock_targets.scim.project import Projection
from provcheck.mock_targets.scim.render import version_tag


class Resources:
    """The views over one dialect."""

    def __init__(self, dialect: ScimDialect) -> None:
        self.dialect = dialect

    def list(self, request: Request, kind: str) -> Answer:
        """GET of an endpoint: a page of resources."""
        self.dialect.schema(request, kind)
        return request.answer(200, list_response(request, self.dialect, [kind], self.dialect.query(request)))

    def create(self, request: Request, kind: str) -> Answer:
        """POST: a new resource, 201 with its location."""
        dialect, projection = self.dialect, self.asked(request, kind)
        change = dialect.stored(request, kind, dialect.read_body(request, kind, None), None)
        record = dialect.create(request, kind, change)
        hide_fresh(request, record)
        location = {"Location": dialect.renderer(request).location(kind, record.id)} if dialect.sends_location else {}
        return self.answer(request, record, projection, status=201, headers=location)

    def read(self, request: Request, kind: str, id: str) -> Answer:
        """GET: the resource, or 304 when the client already holds this version."""
        projection = self.asked(request, kind)
        record = request.target.directory.get(kind, id)
        names = request.target.spec.core_mapping.names_of(record)
        request.operations.announce(f"{self.dialect.prefix(kind)}.get", kind=kind, id=id, names=names)
        if is_known(request, record):
            return request.answer(304, None, ETag=version_tag(record))
        return self.answer(request, record, projection)

    def replace(self, request: Request, kind: str, id: str) -> Answer:
        """PUT: the whole resource anew; memberships that are not named are ended."""
        dialect, projection = self.dialect, self.asked(request, kind)
        dialect.read_message(request)
        check_put(request, kind)
        before = request.target.directory.get(kind, id)

        def decide(record: Record) -> Change:
            require_match(request, record)
            return dialect.stored(request, kind, dialect.read_body(request, kind, record), record)

        record = dialect.service.change(request.operations, kind, id, decide)
        if not dialect.change_answers_body(request, record):
            return self._without_body(request, record)
        return self.answer(request, record, projection, before=before)

    def modify(self, request: Request, kind: str, id: str) -> Answer:
        """PATCH: 200 with the resource or 204 without, as the target's flag has it."""
        dialect, body = self.dialect, self.dialect.read_message(request)
        projection, search = self.asked(request, kind), dialect.query(request)
        names_some = bool(search.attributes or search.excluded)
        if not request.behaviour.supports_patch:
            raise NotOffered("PATCH is not supported")
        check_paths(request, body)
        before = request.target.directory.get(kind, id)

        def decide(record: Record) -> Change:
            require_match(request, record)
            return dialect.stored(request, kind, dialect.read_patch(request, kind, record), record)

        record = dialect.service.change(request.operations, kind, id, decide)
        # A client that asks for attributes gets a body whatever the flag says (RFC 7644 section 3.5.2).
        asked_for = names_some or dialect.patch_answers_body(request, kind, is_changed=record is not before)
        if asked_for and dialect.change_answers_body(request, record):
            return self.answer(request, record, projection, before=before)
        return self._without_body(request, record)

    def _without_body(self, request: Request, record: Record) -> Answer:
        return request.answer(204, None, **({"ETag": version_tag(record)} if request.behaviour.supports_etag else {}))

    def delete(self, request: Request, kind: str, id: str) -> Answer:
        """DELETE: gone, 204 without a body (200 in SCIM 1.1)."""
        self.dialect.schema(request, kind)
        if kind == "User" and request.behaviour.deletes_by_disabling:
            self._turn_off(request, id)
        else:
            self.dialect.service.delete(request.operations, kind, id, check=partial(self._check_delete, request))
        return request.answer(self.dialect.deleted_status(kind))

    def _check_delete(self, request: Request, record: Record) -> None:
        require_match(request, record)
        self.dialect.may_delete(request, record)

    def _turn_off(self, request: Request, id: str) -> None:
        """DELETE where users are deactivated instead of removed."""
        operations, record = request.operations, request.target.directory.get("User", id)
        self._check_delete(request, record)
        operations.announce("user.delete", kind="User", id=id, names=request.target.spec.core_mapping.names_of(record))
        if record.document.get("active", True):
            self.dialect.service.change(operations, "User", id, lambda old: Change({**old.document, "active": False}))
            if request.behaviour.deactivation_delay:
                request.target.replication_lag.show_as_active(id, request.behaviour.deactivation_delay)
        operations.applied()

    def asked(self, request: Request, kind: str) -> Projection:
        """What the client wants to see of a resource of a kind. Raises NotFound and InvalidValue."""
        self.dialect.schema(request, kind)
        return self.dialect.projection(request, kind, self.dialect.query(request))

    def answer(
        self,
        request: Request,
        record: Record,
        projection: Projection,
        *,
        status: int = 200,
        before: Record | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """A resource as the answer, with its version."""
        tag = {"ETag": version_tag(record)} if request.behaviour.supports_etag else {}
        if self.dialect.sends_location and request.behaviour.sends_location_with_resources:
            tag["Location"] = self.dialect.renderer(request).location(record.kind, record.id)
        body = self.dialect.render(request, record, projection, before=before)
        return Answer(status, body, {**(headers or {}), **tag})

    def subject(self, request: Request) -> str:
        """The id of the user that /Me stands for. Raises NotOffered and NotFound (RFC 7644 section 3.11)."""
        name = request.behaviour.me_subject
        if name is None:
            raise NotOffered("/Me has no subject here")
        for record in request.target.directory.find("User", "userName", name):
            return record.id
        raise NotFound("User", name)
