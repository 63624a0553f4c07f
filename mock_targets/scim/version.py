"""The two versions of the protocol, each as one value: what a body, a filter, a list and an error look like in it.

Views, directory and rules are the same for both; whatever differs between the versions is a field here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from provcheck.mock_targets.scim import version1
from provcheck.mock_targets.scim.filter import Filter, compile_filter
from provcheck.mock_targets.scim.leniency import Leniency
from provcheck.mock_targets.scim.patch import PatchResult, patch
from provcheck.mock_targets.scim.schema import Json, ResourceSchema
from provcheck.mock_targets.scim.search import PARAMETERS
from provcheck.mock_targets.scim.validate import Incoming, read_resource

LIST_URN = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR_URN = "urn:ietf:params:scim:api:messages:2.0:Error"


class ReadResource(Protocol):
    """Reads the body of a create, or of a replace of `current`."""

    def __call__(
        self, body: object, schema: ResourceSchema, *, current: Mapping[str, Any] | None = None, leniency: Leniency
    ) -> Incoming: ...


class ReadPatch(Protocol):
    """Applies the body of a PATCH to a document."""

    def __call__(self, body: object, document: Json, schema: ResourceSchema, *, leniency: Leniency) -> PatchResult: ...


class ReadFilter(Protocol):
    """Reads a filter for one kind of resource."""

    def __call__(self, text: str, schema: ResourceSchema, *, strict: bool) -> Filter: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of the protocol.

    `segment` is its place in the URL. `parameters` are the query parameters that it knows; it passes over others.
    `attribute` turns the name of an attribute into that of 2.0, `show` a rendered resource into its own form.
    `deleted` is the status of a DELETE that was done.
    """

    segment: str
    content_type: str
    list_urn: str
    parameters: tuple[str, ...]
    read: ReadResource
    patch: ReadPatch
    filter: ReadFilter
    attribute: Callable[[str, ResourceSchema], str] | None = None
    show: Callable[[Json], Json] | None = None
    error: Callable[[int, str, str | None], Json]
    deleted: int = 204

    def names(self, given: tuple[str, ...], schema: ResourceSchema) -> tuple[str, ...]:
        """Names of attributes as a client gives them, in the words of 2.0."""
        rename = self.attribute
        return given if rename is None else tuple(rename(name, schema) for name in given)


def error_body(status: int, detail: str, scim_type: str | None = None) -> Json:
    """A SCIM 2.0 error message. The status is a text in it (RFC 7644 section 3.12)."""
    body: Json = {"schemas": [ERROR_URN], "status": str(status)}
    if scim_type:
        body["scimType"] = scim_type
    return {**body, "detail": detail}


def _error_body_1(status: int, detail: str, _scim_type: str | None) -> Json:
    return version1.error_body(status, detail)


VERSION_2 = Version(
    segment="v2",
    content_type="application/scim+json",
    list_urn=LIST_URN,
    parameters=PARAMETERS,
    read=read_resource,
    patch=patch,
    filter=compile_filter,
    error=error_body,
)
VERSION_1 = Version(
    segment="v1",
    content_type="application/json",
    list_urn=version1.CORE_URN,
    parameters=("filter", "sortBy", "sortOrder", "startIndex", "count", "attributes"),
    read=version1.resource_from_1,
    patch=version1.patch_from_1,
    filter=version1.filter_from_1,
    attribute=version1.attribute_from_1,
    show=version1.resource_to_1,
    error=_error_body_1,
    deleted=200,  # SCIM 1.1 section 3.4
)
VERSIONS = {version.segment: version for version in (VERSION_2, VERSION_1)}
"""The versions by their segment of the URL, the usual one first."""
