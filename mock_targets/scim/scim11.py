"""SCIM 1.1 as a subclass of the 2.0 dialect: bodies, filters and errors are translated, state and rules are shared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from provcheck.mock_targets.directory import Document, Record
from provcheck.mock_targets.http.dialect import Route
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.operations.write_service import Change
from provcheck.mock_targets.scim import version1
from provcheck.mock_targets.scim.dialect import ScimDialect
from provcheck.mock_targets.scim.leniency import Leniency
from provcheck.mock_targets.scim.schema import Json, ResourceSchema
from provcheck.mock_targets.scim.validate import Incoming


class Scim11Dialect(ScimDialect):
    """A service provider of SCIM 1.1, without bulk requests, which are optional there (section 3.5)."""

    media_type: ClassVar[str] = "application/json"
    has_patch_operations: ClassVar[bool] = False
    version: ClassVar[str] = "v1"
    offers: ClassVar[frozenset[str]] = frozenset({"discovery"})
    parameters: ClassVar[tuple[str, ...]] = ("filter", "sortBy", "sortOrder", "startIndex", "count", "attributes")
    list_urn: ClassVar[str] = version1.CORE_URN
    deleted: ClassVar[int] = 200  # SCIM 1.1 section 3.4
    finish = staticmethod(version1.resource_to_1)
    renames = staticmethod(version1.attribute_from_1)

    def routes(self) -> Iterable[Route]:
        """Every route of SCIM 1.1 section 3."""
        from provcheck.mock_targets.scim.routes import routes_1  # the views are built on the dialect

        return routes_1(self)

    def read_resource(
        self, body: object, schema: ResourceSchema, *, current: Document | None, leniency: Leniency
    ) -> Incoming:
        """A whole 1.1 resource. Raises InvalidSyntax, InvalidValue and Mutability."""
        return version1.resource_from_1(body, schema, current=current, leniency=leniency)

    def read_patch(self, request: Request, kind: str, record: Record) -> Change:
        """What a partial 1.1 resource asks for (section 3.3.2). Raises what `patch_from_1` raises."""
        result = version1.patch_from_1(
            request.json(), record.document, self.schema(request, kind), leniency=self.rules(request).leniency
        )
        return Change(result.document, result.edits)

    def error_body(self, status: int, detail: str, scim_type: str | None) -> Json:
        """The body of an error in 1.1 (section 3.9)."""
        return version1.error_body(status, detail)
