"""Discovery as it was recorded: the configuration denies filters although they work, and lists lack their counts.

Sources: https://docs.slack.dev/reference/scim-api#serviceproviderconfigs; go-slack-scimapi and python-slack-scim.
"""

from __future__ import annotations

from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.scim.discovery import Discovery
from provcheck.mock_targets.scim.discovery1 import Discovery1, attribute_row
from provcheck.mock_targets.scim.errors import NotFound
from provcheck.mock_targets.scim.schema import Json
from provcheck.mock_targets.vendors.slack import schemas

_OAUTH_DRAFT = "http://tools.ietf.org/html/draft-ietf-oauth-v2-bearer-01"


class SlackDiscovery(Discovery):
    """The discovery documents of version 2; the configuration is the same in both versions."""

    def admit(self, request: Request) -> None:
        """Raises SlackError without the token, where a flag asks for it."""
        if request.behaviour.discovery_needs_token:
            self.dialect.authenticate(request)

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

    def schema(self, request: Request, name: str) -> Answer:
        """The schema of users or of groups, by the name of the endpoint. Raises NotFound."""
        return super().schema(request, schemas.CATALOG.schemas[self.kind(request, name)].urn)

    def kind(self, request: Request, name: str) -> str:
        """The kind of resource of an endpoint. Raises NotFound, and SlackError without the token."""
        self.admit(request)
        for kind in self.dialect.rules(request).kinds:
            if self.dialect.endpoints[kind] == name:
                return kind
        raise NotFound(f"there is no schema {name!r:.100}")


class SlackDiscovery1(SlackDiscovery):
    """The discovery documents of version 1."""

    def schema(self, request: Request, name: str) -> Answer:
        """The schema of users or of groups: extensions are rows of it. Raises NotFound."""
        kind = self.kind(request, name)
        shown = {"name": kind, "description": f"Core {kind}", "endpoint": f"/{name}"}
        if kind == "Group":
            return request.answer(200, {**shown, "attributes": _rows(schemas.GROUP), "schema": schemas.CORE_1})
        rows = [*_rows(schemas.USER), *(_extension(urn) for urn in (schemas.ENTERPRISE, schemas.GUEST))]
        urns = [schemas.CORE_1, schemas.VERSION_1[schemas.ENTERPRISE]]
        return request.answer(200, {"id": f"{schemas.CORE_1}:User", **shown, "attributes": rows, "schema": urns})


def _rows(urn: str) -> list[Json]:
    return [attribute_row(row, schemas.VERSION_1[urn]) for row in schemas.DOCUMENTS[urn]["attributes"]]


def _extension(urn: str) -> Json:
    """An extension as a row. That of enterprises is recorded as multi-valued, and its manager as a single object."""
    rows = _rows(urn)
    for row in rows:
        if row["name"] == "manager":
            row["subAttributes"] = row["subAttributes"][0]
    name, document = schemas.VERSION_1[urn], schemas.DOCUMENTS[urn]
    shown = attribute_row({"name": name, "type": "complex", "description": document["description"]}, name)
    return {**shown, "multiValued": urn == schemas.ENTERPRISE, "subAttributes": rows}
