"""SCIM 2.0 as the gateway has it: no bulk, no search by POST, two kinds of credentials, limits of the application.

Source: docs.pingidentity.com, Aquera connector; every flag names its own page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar

from provcheck.mock_targets.directory import Document, Record
from provcheck.mock_targets.http.dialect import Route
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.operations.context import Operations
from provcheck.mock_targets.operations.membership_changes import MembershipChanges
from provcheck.mock_targets.operations.write_service import Change
from provcheck.mock_targets.query.compile import Filter
from provcheck.mock_targets.scim.catalog import Catalog, CustomExtension, make_catalog
from provcheck.mock_targets.scim.dialect import ScimDialect
from provcheck.mock_targets.scim.discovery import Discovery
from provcheck.mock_targets.scim.errors import InvalidFilter
from provcheck.mock_targets.scim.project import Projection
from provcheck.mock_targets.scim.schema import Json, ResourceSchema
from provcheck.mock_targets.target.flags import Behaviour, FlagValue
from provcheck.mock_targets.vendors.aquera.flags import AQUERA_FLAGS

_LISTS = ("emails", "phoneNumbers", "addresses")
"""Attributes whose values an application may keep without type and primary."""
_CUSTOM = ("officeLocation", "region", "manager", "startDate")
_REQUIRED = frozenset(("name", "attributes"))


def extension(urn: str) -> tuple[CustomExtension, ...]:
    """The extension of IANUser under a URN; none without one. Only `officeLocation` is named in public."""
    attributes = [{"name": name, "type": "string", "multiValued": False, "mutability": "readWrite"} for name in _CUSTOM]
    return (CustomExtension("User", {"id": urn, "name": "IANUser", "attributes": attributes}),) if urn else ()


@cache
def _catalog(membership_style: str, urn: str) -> Catalog:
    return make_catalog(membership_style=membership_style, extensions=extension(urn))


@dataclass(frozen=True, slots=True)
class AqueraDiscovery(Discovery):
    """Discovery whose schemas may be invalid."""

    def _schemas(self, request: Request) -> Mapping[str, Json]:
        found = Discovery._schemas(self, request)
        if request.behaviour.sends_valid_schemas:
            return found
        return {urn: {key: value for key, value in body.items() if key not in _REQUIRED} for urn, body in found.items()}


class AqueraDialect(ScimDialect):
    """The gateway of one application."""

    flags = AQUERA_FLAGS
    fixed: ClassVar[Mapping[str, FlagValue]] = {"supports_bulk": False, "supports_cursor": False}
    offers: ClassVar[frozenset[str]] = frozenset(("discovery",))
    discovery = AqueraDiscovery

    def routes(self) -> Iterable[Route]:
        """Every route, also below a base URL with a slash at its end (`/scim//Users`)."""
        for route in super().routes():
            yield route
            yield replace(route, rule=f"/{route.rule}")

    def catalog(self, behaviour: Behaviour) -> Catalog:
        """The standard schemas, and the extension of the application."""
        return _catalog(behaviour.membership_style, behaviour.custom_attributes_urn)

    def parse_filter(self, request: Request, text: str, schema: ResourceSchema) -> Filter:
        """A filter. Raises InvalidFilter, also for groups of an application that finds none by a filter."""
        if schema.kind == "Group" and not request.behaviour.filters_groups:
            raise InvalidFilter("the application finds no groups by a filter", flag="filters_groups")
        return super().parse_filter(request, text, schema)

    def stored(self, request: Request, kind: str, change: Change, before: Record | None) -> Change:
        """A change as it is kept: an application without types keeps the old values beside the new ones."""
        if before is not None and kind == "User" and not request.behaviour.types_multivalues:
            change = Change(_with_old_values(before.document, change.document), change.edits)
        return super().stored(request, kind, change, before)

    def after_store(
        self, operations: Operations, before: Record | None, record: Record, memberships: MembershipChanges
    ) -> None:
        """Remove a user who was turned off, where the console says so."""
        removes = before is not None and record.kind == "User" and operations.behaviour.deletes_on_deactivation
        if removes and record.document.get("active") is False:
            operations.directory.remove(record.kind, record.id)

    def render(self, request: Request, record: Record, projection: Projection, *, before: Record | None = None) -> Json:
        """A resource; without types and primary values where the application keeps none."""
        shown = super().render(request, record, projection, before=before)
        if request.behaviour.types_multivalues:
            return shown
        bare = {name: [_untyped(each) for each in shown[name]] for name in _LISTS if name in shown}
        return {**shown, **bare}


def _untyped(value: Any) -> Any:
    return {key: part for key, part in value.items() if key not in ("type", "primary")}


def _with_old_values(old: Document, new: Document) -> Document:
    """The new document, with the values of the old one that it does not have behind its own."""
    kept = {}
    for name in _LISTS:
        own = list(new.get(name) or ())
        known = [_untyped(each) for each in own]
        more = [_untyped(each) for each in old.get(name) or () if _untyped(each) not in known]
        if more:
            kept[name] = [*own, *more]
    return {**new, **kept}
