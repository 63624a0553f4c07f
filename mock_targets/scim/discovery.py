"""The discovery documents: ServiceProviderConfig, ResourceTypes and Schemas (RFC 7643 sections 5 to 7, RFC 7644 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from provcheck.mock_targets.http.dialect import Route, View
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.scim.dialect import ScimDialect
from provcheck.mock_targets.scim.errors import Forbidden, NotFound
from provcheck.mock_targets.scim.messages import LIST_URN
from provcheck.mock_targets.scim.schema import Json

CONFIG_URN = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
_DOCS = "https://www.rfc-editor.org/rfc/rfc7644"


@dataclass(frozen=True, slots=True)
class Discovery:
    """The views of the discovery endpoints of SCIM 2.0.

    `paths` are the endpoints that there are, with the name of the view of each. With `by_endpoint` a schema is asked
    for by the name of the endpoint of its resources (`/Schemas/Users`).
    """

    dialect: ScimDialect
    paths: ClassVar[Mapping[str, str]] = {
        "/ServiceProviderConfig": "config",
        "/ResourceTypes": "resource_types",
        "/ResourceTypes/<name>": "resource_type",
        "/Schemas": "schemas",
        "/Schemas/<name>": "schema",
    }
    by_endpoint: ClassVar[bool] = False

    def routes(self) -> Iterable[Route]:
        """The route of every endpoint."""
        for path, name in self.paths.items():
            yield Route("GET", path, "discovery", self._view(getattr(self, name), has_name="<" in path))

    def _view(self, view: Callable[..., Answer], *, has_name: bool) -> View:
        return (lambda request: view(request, request.params["name"])) if has_name else view

    def admit(self, request: Request) -> None:
        """A filter on a discovery endpoint is answered 403 (RFC 7644 section 4). Raises Forbidden."""
        if request.argument("filter") is not None:
            raise Forbidden("discovery endpoints take no filter")

    def config(self, request: Request) -> Answer:
        """GET /ServiceProviderConfig: what the target can do, as its flags have it."""
        self.admit(request)
        can = request.behaviour
        body = {
            "schemas": [CONFIG_URN],
            "documentationUri": _DOCS,
            "patch": {"supported": can.supports_patch},
            "bulk": {
                "supported": can.supports_bulk,
                "maxOperations": can.bulk_max_operations,
                "maxPayloadSize": can.bulk_max_payload_size,
            },
            "filter": {"supported": can.supports_filter, "maxResults": can.max_page_size},
            "changePassword": {"supported": False},
            "sort": {"supported": can.supports_sort},
            "etag": {"supported": can.supports_etag},
            **({"pagination": _pagination(can)} if can.supports_cursor else {}),
            "authenticationSchemes": [
                scheme for name, scheme in _SCHEMES.items() if can.authentication in (name, "both")
            ],
            "meta": self._meta("ServiceProviderConfig", "ServiceProviderConfig"),
        }
        return request.answer(200, body)

    def resource_types(self, request: Request) -> Answer:
        """GET /ResourceTypes."""
        return self._list(request, "ResourceType", "ResourceTypes", self._types(request))

    def resource_type(self, request: Request, name: str) -> Answer:
        """GET /ResourceTypes/{name}."""
        return self._one(request, "ResourceType", "ResourceTypes", self._types(request), name)

    def schemas(self, request: Request) -> Answer:
        """GET /Schemas."""
        return self._list(request, "Schema", "Schemas", self._schemas(request))

    def schema(self, request: Request, name: str) -> Answer:
        """GET /Schemas/{name}."""
        urn = self.dialect.rules(request).catalog.schemas[self.kind(name)].urn if self.by_endpoint else name
        return self._one(request, "Schema", "Schemas", self._schemas(request), urn)

    def kind(self, endpoint: str) -> str:
        """The kind of resource of an endpoint. Raises NotFound."""
        for kind, name in self.dialect.endpoints.items():
            if name == endpoint:
                return kind
        raise NotFound(f"there is no schema {endpoint!r:.100}")

    def _types(self, request: Request) -> Mapping[str, Json]:
        rules = self.dialect.rules(request)
        return {kind: rules.catalog.resource_type_documents[kind] for kind in rules.kinds}

    def _schemas(self, request: Request) -> Mapping[str, Json]:
        rules = self.dialect.rules(request)
        absent = {rules.catalog.group.urn} if "Group" not in rules.kinds else set()
        return {urn: body for urn, body in rules.catalog.schema_documents.items() if urn not in absent}

    def _list(self, request: Request, kind: str, endpoint: str, documents: Mapping[str, Json]) -> Answer:
        self.admit(request)
        shown = [self._with_meta(kind, endpoint, name, body) for name, body in documents.items()]
        envelope = {"schemas": [LIST_URN], "totalResults": len(shown), "itemsPerPage": len(shown), "startIndex": 1}
        return request.answer(200, {**envelope, "Resources": shown})

    def _one(self, request: Request, kind: str, endpoint: str, documents: Mapping[str, Json], name: str) -> Answer:
        self.admit(request)
        for known, body in documents.items():
            if known.lower() == name.lower():
                return request.answer(200, self._with_meta(kind, endpoint, known, body))
        raise NotFound(f"there is no {kind} {name!r:.100}")

    def _with_meta(self, kind: str, endpoint: str, name: str, body: Json) -> Json:
        return {**body, "meta": self._meta(kind, f"{endpoint}/{name}")}

    def _meta(self, kind: str, path: str) -> Json:
        return {"resourceType": kind, "location": f"{self.dialect.root}/{path}"}


def _pagination(can: Any) -> Json:
    """RFC 9865 section 4; a provider without cursors does not know this attribute."""
    return {
        "cursor": True,
        "index": can.supports_index_paging,
        "defaultPaginationMethod": "index" if can.supports_index_paging else "cursor",
        "defaultPageSize": can.default_page_size,
        "maxPageSize": can.max_page_size,
        "cursorTimeout": can.cursor_timeout,
    }


_SCHEMES: dict[str, Json] = {
    "bearer": {
        "type": "oauthbearertoken",
        "name": "OAuth Bearer Token",
        "description": "The token in the Authorization header, under the scheme Bearer",
        "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
        "primary": True,
    },
    "basic": {
        "type": "httpbasic",
        "name": "HTTP Basic",
        "description": "The token as the password of any user",
        "specUri": "https://www.rfc-editor.org/rfc/rfc7617",
        "primary": True,
    },
}
