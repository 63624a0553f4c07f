"""The discovery documents of SCIM 1.1, drawn from those of 2.0 (SCIM 1.1 core schema, sections 9 and 11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.scim.catalog import ENTERPRISE_URN
from provcheck.mock_targets.scim.discovery import Discovery
from provcheck.mock_targets.scim.errors import NotFound
from provcheck.mock_targets.scim.schema import Json
from provcheck.mock_targets.scim.version1 import CORE_URN, ENTERPRISE_1_URN

_TYPES = {"reference": "string"}
_CHILD_NAMES = {"addresses": "address"}
"""What a value of a multi-valued attribute is called in XML, where it is not the name without its last letter."""
_SCHEMES: dict[str, Json] = {
    "bearer": {
        "type": "oauthbearertoken",
        "name": "OAuth Bearer Token",
        "description": "The token in the Authorization header, under the scheme Bearer",
        "specUrl": "https://www.rfc-editor.org/rfc/rfc6750",
        "primary": True,
    },
    "basic": {
        "type": "httpbasic",
        "name": "HTTP Basic",
        "description": "The token as the password of any user",
        "specUrl": "https://www.rfc-editor.org/rfc/rfc7617",
        "primary": True,
    },
}


class Discovery1(Discovery):
    """The views of the discovery endpoints of SCIM 1.1."""

    paths: ClassVar[Mapping[str, str]] = {
        "/ServiceProviderConfigs": "config",
        "/Schemas": "schemas",
        "/Schemas/<name>": "schema",
    }

    def config(self, request: Request) -> Answer:
        """GET /ServiceProviderConfigs."""
        can = request.behaviour
        body = {
            "schemas": [CORE_URN],
            "patch": {"supported": can.supports_patch},
            "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
            "filter": {"supported": can.supports_filter, "maxResults": can.max_page_size},
            "changePassword": {"supported": False},
            "sort": {"supported": can.supports_sort},
            "etag": {"supported": can.supports_etag},
            "xmlDataFormat": {"supported": False},
            "authenticationSchemes": [
                scheme for name, scheme in _SCHEMES.items() if can.authentication in (name, "both")
            ],
            "meta": {"location": f"{self.dialect.root}/ServiceProviderConfigs"},
        }
        return request.answer(200, body)

    def schemas(self, request: Request) -> Answer:
        """GET /Schemas: one for each kind of resource, extensions included."""
        shown = [self._schema(request, kind) for kind in self.dialect.rules(request).kinds]
        envelope = {"schemas": [CORE_URN], "totalResults": len(shown), "itemsPerPage": len(shown), "startIndex": 1}
        return request.answer(200, {**envelope, "Resources": shown})

    def schema(self, request: Request, name: str) -> Answer:
        """GET /Schemas/{name}: by URN, or by the name of the resource or its endpoint."""
        for kind in self.dialect.rules(request).kinds:
            if name.lower() in (kind.lower(), f"{kind}s".lower(), f"{CORE_URN}:{kind}".lower()):
                return request.answer(200, self._schema(request, kind))
        raise NotFound(f"there is no schema {name!r:.100}")

    def _schema(self, request: Request, kind: str) -> Json:
        catalog = self.dialect.rules(request).catalog
        schema = catalog.schemas[kind]
        documents = [(schema.urn, CORE_URN)]
        documents += [(each.urn, _urn(each.urn)) for each in schema.extensions]
        attributes = [*_COMMON]
        for own, shown in documents:
            attributes += [attribute_row(row, shown) for row in catalog.schema_documents[own]["attributes"]]
        return {
            "schemas": [CORE_URN],
            "id": f"{CORE_URN}:{kind}",
            "name": kind,
            "description": f"A {kind.lower()} and its extensions",
            "schema": CORE_URN,
            "endpoint": f"/{kind}s",
            "attributes": attributes,
            "meta": {"location": f"{self.dialect.root}/Schemas/{CORE_URN}:{kind}"},
        }


def _urn(urn: str) -> str:
    return ENTERPRISE_1_URN if urn == ENTERPRISE_URN else urn


def attribute_row(row: Json, schema: str) -> Json:
    """A row of a schema with its sub-attributes, as SCIM 1.1 shows it (core schema, section 10)."""
    return {**_row(row), "schema": schema, **_inner(row)}


def _inner(row: Json) -> Json:
    if not row.get("subAttributes"):
        return {}
    return {"subAttributes": [_row(sub, row["name"]) for sub in _shown(row)]}


def _shown(row: Json) -> Iterator[Json]:
    return (sub for sub in row["subAttributes"] if sub["name"] != "$ref")


def _row(row: Json, parent: str = "") -> Json:
    """A row of a schema as 1.1 has it; what it has no word for is left out."""
    kind = row.get("type", "string")
    shown: dict[str, Any] = {
        "name": "managerId" if (parent, row["name"]) == ("manager", "value") else row["name"],
        "type": _TYPES.get(kind, kind),
        "multiValued": row.get("multiValued", False),
        "description": row.get("description") or "",
        "readOnly": row.get("mutability") == "readOnly",
        "required": row.get("required", False),
        "caseExact": row.get("caseExact", False),
    }
    if row.get("canonicalValues"):
        shown["canonicalValues"] = list(row["canonicalValues"])
    if shown["multiValued"]:
        shown["multiValuedAttributeChildName"] = _CHILD_NAMES.get(row["name"], row["name"].removesuffix("s"))
    return shown


_COMMON: list[Json] = [
    attribute_row({"name": "id", "caseExact": True, "mutability": "readOnly", "required": True}, CORE_URN),
    attribute_row({"name": "externalId", "caseExact": True}, CORE_URN),
]
