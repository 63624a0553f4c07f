"""The views of single resources: create, read, replace, modify, delete (RFC 7644 sections 3.3 to 3.6).

Each reads as: parse, act, render, return.
"""

from __future__ import annotations

from dataclasses import dataclass

from provcheck.mock_targets.directory import NotFound, Record
from provcheck.mock_targets.http.call import Call
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.operations.write_service import Change
from provcheck.mock_targets.scim.dialect import Dialect
from provcheck.mock_targets.scim.errors import NotOffered
from provcheck.mock_targets.scim.limits import as_stored, check_members, check_paths, check_put, veil_fresh
from provcheck.mock_targets.scim.membership import MembershipEdit
from provcheck.mock_targets.scim.precondition import is_known, require_match
from provcheck.mock_targets.scim.project import Projection
from provcheck.mock_targets.scim.render import version_tag
from provcheck.mock_targets.scim.schema import ResourceSchema
from provcheck.mock_targets.scim.validate import Incoming


@dataclass(frozen=True, slots=True)
class Resources:
    """The views over one dialect."""

    dialect: Dialect

    def create(self, call: Call, kind: str) -> Answer:
        """POST: a new resource, 201 with its location."""
        dialect = self.dialect
        schema, projection = self.asked(call, kind)
        incoming = dialect.version.read(call.json(), schema, leniency=dialect.leniency(call))
        record = dialect.service.create(call, kind, _stored(call, kind, _change(incoming, empties=False)))
        veil_fresh(call, record)
        location = dialect.renderer(call).location(kind, record.id)
        return self.answer(call, record, projection, status=201, Location=location)

    def read(self, call: Call, kind: str, id: str) -> Answer:
        """GET: the resource, or 304 when the client already holds this version."""
        _, projection = self.asked(call, kind)
        record = call.target.directory.get(kind, id)
        names = call.target.spec.core_mapping.names_of(record)
        call.intend(f"{kind.lower()}.get", kind=kind, id=id, names=names)
        if is_known(call, record):
            return call.answer(304, None, ETag=version_tag(record))
        return self.answer(call, record, projection)

    def replace(self, call: Call, kind: str, id: str) -> Answer:
        """PUT: the whole resource anew; memberships that are not named are ended."""
        dialect, body = self.dialect, call.json()
        schema, projection = self.asked(call, kind)
        check_put(call, kind)

        def decide(record: Record) -> Change:
            require_match(call, record)
            incoming = dialect.version.read(body, schema, current=record.document, leniency=dialect.leniency(call))
            return _stored(call, kind, _change(incoming, empties=schema.relation == "members"))

        return self.answer(call, dialect.service.change(call, kind, id, decide), projection)

    def modify(self, call: Call, kind: str, id: str) -> Answer:
        """PATCH: 200 with the resource or 204 without, as the target's flag has it."""
        dialect, body = self.dialect, call.json()
        schema, projection = self.asked(call, kind)
        names_some = projection is not dialect.projection(schema)
        if not call.behaviour.supports_patch:
            raise NotOffered("PATCH is not supported")
        check_paths(call, body)

        def decide(record: Record) -> Change:
            require_match(call, record)
            result = dialect.version.patch(body, record.document, schema, leniency=dialect.leniency(call))
            return _stored(call, kind, Change(result.document, result.edits))

        record = dialect.service.change(call, kind, id, decide)
        # A client that asks for attributes gets a body whatever the flag says (RFC 7644 section 3.5.2).
        if getattr(call.behaviour, f"answers_{kind.lower()}_patch_with_body") or names_some:
            return self.answer(call, record, projection)
        return call.answer(204, None, **({"ETag": version_tag(record)} if call.behaviour.supports_etag else {}))

    def delete(self, call: Call, kind: str, id: str) -> Answer:
        """DELETE: gone, 204 without a body (200 in SCIM 1.1)."""
        self.dialect.schema(call, kind)
        if kind == "User" and call.behaviour.deletes_by_disabling:
            self._turn_off(call, id)
        else:
            self.dialect.service.delete(call, kind, id, check=lambda record: require_match(call, record))
        return call.answer(self.dialect.version.deleted)

    def _turn_off(self, call: Call, id: str) -> None:
        """DELETE where nobody is removed for good."""
        record = call.target.directory.get("User", id)
        require_match(call, record)
        call.intend("user.delete", kind="User", id=id, names=call.target.spec.core_mapping.names_of(record))
        if record.document.get("active", True):
            self.dialect.service.change(call, "User", id, lambda old: Change({**old.document, "active": False}))
        call.applied()

    def asked(self, call: Call, kind: str) -> tuple[ResourceSchema, Projection]:
        """The schema of a kind, and what the client wants to see of a resource of it."""
        schema = self.dialect.schema(call, kind)
        return schema, self.dialect.projection(schema, self.dialect.query(call))

    def answer(
        self, call: Call, record: Record, projection: Projection, *, status: int = 200, **headers: str
    ) -> Answer:
        """A resource as the answer, with its version."""
        if call.behaviour.supports_etag:
            headers["ETag"] = version_tag(record)
        return call.answer(status, self.dialect.renderer(call).show(record, projection), **headers)

    def subject(self, call: Call) -> str:
        """The id of the user that /Me stands for. Raises NotOffered and NotFound (RFC 7644 section 3.11)."""
        name = call.behaviour.me_subject
        if name is None:
            raise NotOffered("/Me has no subject here")
        for record in call.target.directory.find("User", "userName", name):
            return record.id
        raise NotFound("User", name)


def _stored(call: Call, kind: str, change: Change) -> Change:
    """The change as this target takes it. Raises InvalidValue and PayloadTooLarge."""
    check_members(call, change.edits)
    return Change(as_stored(call, kind, change.document), change.edits)


def _change(incoming: Incoming, *, empties: bool) -> Change:
    """Members as a body gives them: the list as a whole, or (for a replace) nobody when it gives none."""
    if incoming.members is None and not empties:
        return Change(incoming.document)
    return Change(incoming.document, (MembershipEdit("replace", incoming.members or ()),))
