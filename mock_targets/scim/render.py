"""Shows a stored resource as a client sees it: the document with id, meta and the memberships made on the way.

Memberships are built only when the projection asks for them, so a large group costs nothing when they are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from provcheck.mock_targets.directory import Directory, Record
from provcheck.mock_targets.query.compile import View
from provcheck.mock_targets.scim.project import Projection
from provcheck.mock_targets.scim.schema import Json
from provcheck.mock_targets.target.flags import Behaviour


def timestamp(moment: datetime) -> str:
    """A dateTime as RFC 7643 section 2.3.5 has it, in UTC."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def version_tag(record: Record) -> str:
    """The weak entity tag of a resource (RFC 7644 section 3.14)."""
    return f'W/"{record.version}"'


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders the resources of one directory. `root` is the absolute URL below which the endpoints lie.

    `finish` puts the whole into the words of another version of the protocol. `reference` shows the other end of a
    membership, where that is not done as in RFC 7643. `computed` are attributes that filters know beside the document.
    """

    directory: Directory
    root: str
    behaviour: Behaviour
    endpoints: Mapping[str, str] = field(default_factory=lambda: {"User": "Users", "Group": "Groups"})
    finish: Callable[[Json], Json] | None = None
    reference: Callable[[Record, Behaviour], Json] | None = None
    computed: Mapping[str, Callable[[Record], Any]] = field(default_factory=dict)

    def location(self, kind: str, id: str) -> str:
        """The absolute URL of a resource."""
        return f"{self.root}/{self.endpoints[kind]}/{id}"

    def show(self, record: Record, projection: Projection) -> Json:
        """The resource as JSON, with just the attributes that the projection lets through."""
        whole: Json = {"schemas": None, "id": record.id, **record.document}
        name = "members" if record.kind == "Group" else "groups"
        can = self.behaviour
        if projection.wants(name) and (can.shows_members if name == "members" else can.supports_groups):
            ends = self.members(record.id) if record.kind == "Group" else self.groups(record.id)
            if ends:
                whole[name] = ends
        whole["meta"] = self.meta(record)
        shown = projection.apply(whole)
        return shown if self.finish is None else self.finish(shown)

    def view(self, record: Record) -> View:
        """The resource as filters and sorts read it."""
        name = "members" if record.kind == "Group" else "groups"
        ends = self.members if record.kind == "Group" else self.groups
        own = {computed: partial(value_of, record) for computed, value_of in self.computed.items()} | {
            name: partial(ends, record.id)
        }
        return View(record.document, id=lambda: record.id, meta=lambda: self.meta(record), **own)

    def meta(self, record: Record) -> Json:
        """The metadata of RFC 7643 section 3.1."""
        created = timestamp(record.created)
        meta = {
            "resourceType": record.kind,
            "created": created,
            "lastModified": created if record.modified is record.created else timestamp(record.modified),
            "location": self.location(record.kind, record.id),
        }
        if self.behaviour.supports_etag:
            meta["version"] = version_tag(record)
        return meta

    def members(self, group_id: str) -> list[Json]:
        """The members of a group."""
        with self.directory.lock:
            return [self.end(id, extras) for id, extras in self.directory.members(group_id).items()]

    def groups(self, id: str) -> list[Json]:
        """The groups that a resource is in, all of them directly; none where there are no groups."""
        if not self.behaviour.supports_groups:
            return []
        groups = self.directory.groups(id)
        if self.reference is not None:
            return [self.reference(group, self.behaviour) for group in groups]
        return [{**self._reference(group), "type": "direct"} for group in groups]

    def end(self, id: str, extras: Mapping[str, Any]) -> Json:
        """One end of a membership, seen from the other."""
        record = self.directory.locate(id)
        if record is None:
            return {"value": id, **extras}
        if self.reference is not None:
            return self.reference(record, self.behaviour)
        shown = {**self._reference(record), "type": record.kind}
        if "display" in extras:
            shown["display"] = extras["display"]  # as the client had it when it added the member
        return shown

    def _reference(self, record: Record) -> Json:
        shown = {"value": record.id, "$ref": self.location(record.kind, record.id)}
        document = record.document
        display = document.get("displayName") or document.get("userName")
        return {**shown, "display": display} if display else shown
