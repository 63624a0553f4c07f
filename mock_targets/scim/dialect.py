"""What a SCIM target speaks at one moment: its schemas, what it tolerates, and how it renders; all read from flags."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from mock_targets.control.flags import Behaviour
from mock_targets.scim.catalog import Catalog, CustomExtension, make_catalog, standard_catalog
from mock_targets.scim.errors import InvalidValue, NotFound
from mock_targets.scim.flags import tolerance_of
from mock_targets.scim.query import Finder
from mock_targets.scim.render import Renderer
from mock_targets.scim.schema import ResourceSchema
from mock_targets.scim.service import Service
from mock_targets.scim.tolerance import Tolerance
from mock_targets.wire.call import Call
from mock_targets.wire.target import Target

INDEXES = {
    "User": {"userName": "userName", "externalId": "externalId", "emails.value": "email"},
    "Group": {"displayName": "displayName", "externalId": "externalId"},
}
"""Which index of the directory answers an equality on which attribute."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The rules that follow from the flags alone."""

    catalog: Catalog
    tolerance: Tolerance
    kinds: tuple[str, ...]


class Dialect:
    """One SCIM target's resources under one root URL."""

    def __init__(self, target: Target, root: str, *, extensions: Iterable[CustomExtension] = ()) -> None:
        self.target = target
        own = tuple(extensions)
        self._catalog = (
            cache(lambda style: make_catalog(membership_style=style, extensions=own)) if own else standard_catalog
        )
        self._with_versions = Renderer(target.directory, target.spec.lens, root)
        self._without = Renderer(target.directory, target.spec.lens, root, shows_version=False)
        self.service = Service(on_unknown_member=_on_unknown_member, describe=self._with_versions.end)
        self.spoken = lru_cache(maxsize=64)(self._read)

    def _read(self, behaviour: Behaviour) -> Spoken:
        kinds = ("User", "Group") if behaviour.supports_groups else ("User",)
        return Spoken(self._catalog(behaviour.membership_style), tolerance_of(behaviour), kinds)

    def schema(self, call: Call, kind: str) -> ResourceSchema:
        """The schema of a kind. Raises NotFound when the target has no such resources at the moment."""
        spoken = self.spoken(call.behaviour)
        if kind not in spoken.kinds:
            raise NotFound(f"{call.request.path} does not exist")
        return spoken.catalog.schemas[kind]

    def tolerance(self, call: Call) -> Tolerance:
        """What is accepted beyond the RFC."""
        return self.spoken(call.behaviour).tolerance

    def renderer(self, call: Call) -> Renderer:
        """How resources are shown."""
        return self._with_versions if call.behaviour.supports_etag else self._without

    def finder(self, call: Call, kind: str) -> Finder:
        """How resources of a kind are found."""
        return Finder(self.target.directory, kind, INDEXES[kind], self.renderer(call).view)


def _on_unknown_member(call: Call, member_id: str) -> None:
    if call.behaviour.unknown_members == "rejected":
        raise InvalidValue(f"there is no resource with the id {member_id!r:.100}")
