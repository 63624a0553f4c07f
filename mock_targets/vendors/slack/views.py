"""The views that differ from the family's: discovery, and DELETE, which deactivates users.

The configuration denies filters although they work, and lacks `schemas` and `meta`: so it was recorded.
Sources: https://docs.slack.dev/reference/scim-api#serviceproviderconfigs; go-slack-scimapi and python-slack-scim.
"""

from __future__ import annotations

from collections.abc import Iterable

from provcheck.mock_targets.http.dialect import Route
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.scim.resources import Resources
from provcheck.mock_targets.scim.routes import resource_routes
from provcheck.mock_targets.scim.schema import Json
from provcheck.mock_targets.vendors.slack import schemas
from provcheck.mock_targets.vendors.slack.errors import SlackError
from provcheck.mock_targets.vendors.slack.render import deactivating

_OFF: Json = {"supported": False}
_SCHEME = {
    "type": "oauthbearertoken",
    "name": "OAuth Bearer Token",
    "description": "A bearer token as OAuth 2.0 hands it out.",
    "specUrl": "http://tools.ietf.org/html/draft-ietf-oauth-v2-bearer-01",
    "primary": True,
}


class SlackViews(Resources):
    """The views of one version."""

    @property
    def number(self) -> int:
        """The version."""
        return int(self.dialect.number)  # type: ignore[attr-defined]  # made by its own dialect

    def delete(self, request: Request, kind: str, id: str) -> Answer:
        """DELETE deactivates a user, and may be repeated; of a group it is for good."""
        record = request.target.directory.locate(id)
        super().delete(request, kind, id)
        if record and kind == "User" and record.document["active"] and request.behaviour.deactivation_delay:
            deactivating(request.target)[id] = request.target.clock.monotonic() + request.behaviour.deactivation_delay
        return request.answer(200 if kind == "User" and self.number == 1 else 204)

    def config(self, request: Request) -> Answer:
        """What the API can do, by its own account."""
        body = {
            "authenticationSchemes": [_SCHEME],
            "patch": {"supported": request.behaviour.announces_patch},
            "bulk": _OFF | {"maxOperations": 0, "maxPayloadSize": 0},
            "filter": _OFF | {"maxResults": 0},
            **dict.fromkeys(("changePassword", "sort", "etag", "xmlDataFormat"), _OFF),
        }
        return request.answer(200, body)

    def resource_types(self, request: Request) -> Answer:
        """The kinds of resource; a list without counts, as it was recorded."""
        self._authenticate(request)
        users = _resource_type(request, "User", "User Account", schemas.USER)
        extensions = (schemas.ENTERPRISE, schemas.GUEST, schemas.DIRECTORY, schemas.PROFILE)
        users["schemaExtensions"] = [{"schema": urn, "required": False} for urn in extensions]
        groups = [_resource_type(request, "Group", "Group", schemas.GROUP)] if request.behaviour.supports_groups else []
        return request.answer(200, {"schemas": [schemas.LIST], "Resources": [users, *groups]})

    def schema(self, request: Request) -> Answer:
        """The schema of users or of groups, by the name of the endpoint."""
        self._authenticate(request)
        kind = request.params["name"].removesuffix("s")
        if request.params["name"] not in ("Users", "Groups") or kind not in self.dialect.rules(request).kinds:
            raise SlackError("bad_endpoint")
        urn = schemas.USER if kind == "User" else schemas.GROUP
        return request.answer(200, schemas.schema_1(kind) if self.number == 1 else _schema_2(request, urn))

    def schemas(self, request: Request) -> Answer:
        """All schemas of version 2."""
        self._authenticate(request)
        absent = () if request.behaviour.supports_groups else (schemas.GROUP,)
        listed = [_schema_2(request, urn) for urn in schemas.DOCUMENTS if urn not in absent]
        return request.answer(200, self.dialect.list_envelope(request, len(listed), listed, startIndex=1))

    def _authenticate(self, request: Request) -> None:
        if request.behaviour.discovery_needs_token:
            self.dialect.authenticate(request)


def slack_routes(views: SlackViews) -> Iterable[Route]:
    """Every route of a version. The configuration needs no token; the rest of discovery asks for one if a flag does."""
    for name in ("ServiceProviderConfigs", "ServiceProviderConfig"):
        yield Route("GET", f"/{name}", "discovery", views.config, open=True)
    yield Route("GET", "/Schemas/<name>", "discovery", views.schema, open=True)
    if views.number == 2:
        yield Route("GET", "/Schemas", "discovery", views.schemas, open=True)
        yield Route("GET", "/ResourceTypes", "discovery", views.resource_types, open=True)
    for kind in views.dialect.endpoints:
        yield from resource_routes(views, kind)


def _resource_type(request: Request, name: str, description: str, schema: str) -> Json:
    urn, location = "urn:ietf:params:scim:schemas:core:2.0:ResourceType", f"/scim/v2/ResourceTypes/{name}"
    meta = {"location": request.target.base_url + location, "resourceType": "ResourceType"}
    shown = {"schemas": [urn], "id": name, "name": name, "endpoint": f"/{name}s", "description": description}
    return {**shown, "schema": schema, "meta": meta}


def _schema_2(request: Request, urn: str) -> Json:
    location = f"{request.target.base_url}/scim/v2/Schemas/{urn}"
    return {**schemas.DOCUMENTS[urn], "meta": {"resourceType": "Schema", "location": location}}
