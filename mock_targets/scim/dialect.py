"""What a SCIM target speaks at one moment: its schemas, what it tolerates, and how it renders; all read from flags."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from provcheck.mock_targets.http.call import Call
from provcheck.mock_targets.operations.write_service import Service
from provcheck.mock_targets.scim.catalog import Catalog, CustomExtension, make_catalog, standard_catalog
from provcheck.mock_targets.scim.errors import InvalidValue, NotFound
from provcheck.mock_targets.scim.flags import leniency_of
from provcheck.mock_targets.scim.leniency import Leniency
from provcheck.mock_targets.scim.limits import blind_spot
from provcheck.mock_targets.scim.project import Projection, compile_projection
from provcheck.mock_targets.scim.query import Finder
from provcheck.mock_targets.scim.render import Renderer
from provcheck.mock_targets.scim.schema import ResourceSchema
from provcheck.mock_targets.scim.search import EVERYTHING, Search, from_query
from provcheck.mock_targets.scim.uniqueness import searchable
from provcheck.mock_targets.scim.version import VERSION_2, Version
from provcheck.mock_targets.target.flags import Behaviour
from provcheck.mock_targets.target.target import Target

INDEXES = {
    "User": {"userName": "userName", "externalId": "externalId", "emails.value": "email"},
    "Group": {"displayName": "displayName", "externalId": "externalId"},
}
"""Which index of the directory answers an equality on which attribute."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The rules that follow from the flags alone."""

    catalog: Catalog
    leniency: Leniency
    kinds: tuple[str, ...]


class Dialect:
    """The resources of one SCIM target in one version of the protocol."""

    def __init__(
        self, target: Target, *, version: Version = VERSION_2, extensions: Iterable[CustomExtension] = ()
    ) -> None:
        self.target, self.version = target, version
        own = tuple(extensions)
        self._catalog = (
            cache(lambda style: make_catalog(membership_style=style, extensions=own)) if own else standard_catalog
        )
        self._indexes = {kind: {**INDEXES[kind], **searchable(own, kind)} for kind in INDEXES}
        self.service = Service(on_unknown_member=_on_unknown_member, describe=lambda *end: self._renderer().end(*end))
        self.spoken = lru_cache(maxsize=64)(self._read)
        self._renderers: dict[tuple[str, bool, bool, bool], Renderer] = {}

    @property
    def root(self) -> str:
        """The absolute URL below which the endpoints of this version lie."""
        return f"{self.target.base_url}/{self.version.segment}"

    def _read(self, behaviour: Behaviour) -> Spoken:
        kinds = ("User", "Group") if behaviour.supports_groups else ("User",)
        return Spoken(self._catalog(behaviour.membership_style), leniency_of(behaviour), kinds)

    def schema(self, call: Call, kind: str) -> ResourceSchema:
        """The schema of a kind. Raises NotFound when the target has no such resources at the moment."""
        spoken = self.spoken(call.behaviour)
        if kind not in spoken.kinds:
            raise NotFound(f"{call.request.path} does not exist")
        return spoken.catalog.schemas[kind]

    def leniency(self, call: Call) -> Leniency:
        """What is accepted beyond the RFC."""
        return self.spoken(call.behaviour).leniency

    def query(self, call: Call) -> Search:
        """What the URL asks for. Raises InvalidValue."""
        return from_query(call, self.version.parameters)

    def projection(self, schema: ResourceSchema, search: Search = EVERYTHING) -> Projection:
        """What to show of a resource of a kind. Raises InvalidValue."""
        names = self.version.names
        return compile_projection(
            schema, attributes=names(search.attributes, schema), excluded=names(search.excluded, schema)
        )

    def renderer(self, call: Call) -> Renderer:
        """How resources are shown."""
        can = call.behaviour
        return self._renderer(
            shows_version=can.supports_etag, shows_members=can.shows_members, shows_groups=can.supports_groups
        )

    def _renderer(
        self, *, shows_version: bool = True, shows_members: bool = True, shows_groups: bool = True
    ) -> Renderer:
        key = (self.target.base_url, shows_version, shows_members, shows_groups)
        renderer = self._renderers.get(key)
        if renderer is None:
            directory, core_mapping = self.target.directory, self.target.spec.core_mapping
            renderer = self._renderers[key] = Renderer(
                directory,
                core_mapping,
                self.root,
                shows_version=shows_version,
                shows_members=shows_members,
                shows_groups=shows_groups,
                finish=self.version.show,
            )
        return renderer

    def finder(self, call: Call, kind: str) -> Finder:
        """How resources of a kind are found."""
        view, blind = self.renderer(call).view, blind_spot(call.behaviour, kind)
        return Finder(self.target.directory, kind, self._indexes[kind], view, blind)


def _on_unknown_member(call: Call, member_id: str) -> bool:
    if call.behaviour.unknown_members == "rejected":
        raise InvalidValue(f"there is no resource with the id {member_id!r:.100}")
    return bool(call.behaviour.unknown_members == "stored")
