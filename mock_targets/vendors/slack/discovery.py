"""Discovery as it was recorded: the configuration denies filters although they work, and lists lack their counts.

Sources: https://docs.slack.dev/reference/scim-api#serviceproviderconfigs; go-slack-scimapi and python-slack-scim.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.scim.catalog import ENTERPRISE_URN, USER_URN
from provcheck.mock_targets.scim.discovery import Discovery
from provcheck.mock_targets.scim.discovery1 import Discovery1, attribute_row
from provcheck.mock_targets.scim.schema import Json
from provcheck.mock_targets.vendors.slack.schemas import CORE_1, DOCUMENTS, GUEST, VERSION_1

_OAUTH_DRAFT = "http://tools.ietf.org/html/draft-ietf-oauth-v2-bearer-01"


class SlackDiscovery(Discovery):
    """The discovery documents of version 2; the configuration is the same in both versions."""

    by_endpoint = True
    paths: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("/ServiceProviderConfigs", "/ServiceProviderConfig"), "config"),
        "/ResourceTypes": "resource_types",
        "/Schemas": "schemas",
        "/Schemas/<name>": "schema",
    }

    def config(self, request: Request) -> Answer:
        """What the API can do, by its own account; neither `schemas` nor `meta`."""
        body = Discovery1(self.dialect).config(request).body
        recorded = {
            "authenticationSchemes": [{**scheme, "specUrl": _OAUTH_DRAFT} for scheme in body["authenticationSchemes"]],
            "patch": {"supported": request.behaviour.announces_patch},
            "filter": {"supported": False, "maxResults": 0},
        }
        del body["schemas"], body["meta"]
        return request.answer(200, body | recorded)

    def resource_types(self, request: Request) -> Answer:
        """The kinds of resource; a list without counts."""
        body = super().resource_types(request).body
        return request.answer(200, {key: body[key] for key in ("schemas", "Resources")})


class SlackDiscovery1(SlackDiscovery):
    """The discovery documents of version 1."""

    paths: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("/ServiceProviderConfigs", "/ServiceProviderConfig"), "config"),
        "/Schemas/<name>": "schema",
    }

    def schema(self, request: Request, name: str) -> Answer:
        """The schema of users or of groups: extensions are rows of it. Raises NotFound."""
        schema = self.dialect.schema(request, self.kind(name))
        rows = _rows(schema.urn)
        shown = {"name": schema.kind, "description": f"Core {schema.kind}", "endpoint": f"/{name}", "attributes": rows}
        if schema.urn != USER_URN:
            return request.answer(200, {**shown, "schema": CORE_1})
        rows += [_extension(urn) for urn in (ENTERPRISE_URN, GUEST)]
        urns = [CORE_1, VERSION_1[ENTERPRISE_URN]]
        return request.answer(200, {"id": f"{CORE_1}:User", **shown, "schema": urns})


def _rows(urn: str) -> list[Json]:
    return [attribute_row(row, VERSION_1[urn]) for row in DOCUMENTS[urn]["attributes"]]


def _extension(urn: str) -> Json:
    """An extension as a row. That of enterprises is recorded as multi-valued, and its manager as a single object."""
    rows, name = _rows(urn), VERSION_1[urn]
    for row in rows:
        if row["name"] == "manager":
            row["subAttributes"] = row["subAttributes"][0]
    row = attribute_row({"name": name, "type": "complex", "description": DOCUMENTS[urn]["description"]}, name)
    return {**row, "multiValued": urn == ENTERPRISE_URN, "subAttributes": rows}
