"""What the API says about itself: configuration, resource types, schemas.

The configuration denies filters although they work, and lacks `schemas` and `meta`: so it was recorded.
Sources: https://docs.slack.dev/reference/scim-api#serviceproviderconfigs; go-slack-scimapi and python-slack-scim.
"""

from __future__ import annotations

from typing import Any

from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.vendors.slack import urns
from provcheck.mock_targets.vendors.slack.error_format import SlackErrors
from provcheck.mock_targets.vendors.slack.errors import SlackError
from provcheck.mock_targets.vendors.slack.rendering import reply, version
from provcheck.mock_targets.vendors.slack.schema_table import (
    EXTENSION_NAMES,
    EXTENSION_ROWS,
    GROUP_ROWS,
    USER_ROWS,
    Row,
)

Json = dict[str, Any]
_RESOURCE_TYPE = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
_BEARER = "http://tools.ietf.org/html/draft-ietf-oauth-v2-bearer-01"


class Discovery:
    """The discovery routes. The configuration needs no token; the others ask for one if a flag says so."""

    def __init__(self, dialect: SlackErrors) -> None:
        self._dialect = dialect

    def config(self, request: Request) -> Answer:
        """What the API can do, by its own account."""
        off = {"supported": False}
        scheme = {
            "type": "oauthbearertoken",
            "name": "OAuth Bearer Token",
            "description": "A bearer token as OAuth 2.0 hands it out.",
            "specUrl": _BEARER,
            "primary": True,
        }
        body = {
            "authenticationSchemes": [scheme],
            "patch": {"supported": request.behaviour.announces_patch},
            "bulk": {**off, "maxOperations": 0, "maxPayloadSize": 0},
            "filter": {**off, "maxResults": 0},
            "changePassword": off,
            "sort": off,
            "etag": off,
            "xmlDataFormat": off,
        }
        return reply(request, 200, body)

    def resource_types(self, request: Request) -> Answer:
        """The kinds of resource; a list without counts, as it was recorded."""
        self._authenticate(request)
        users = _resource_type(request, "User", "/Users", "User Account", urns.USER)
        extensions = (urns.ENTERPRISE, urns.GUEST, urns.DIRECTORY, urns.PROFILE)
        users["schemaExtensions"] = [{"schema": urn, "required": False} for urn in extensions]
        listed = [users]
        if request.behaviour.supports_groups:
            listed.append(_resource_type(request, "Group", "/Groups", "Group", urns.GROUP))
        return reply(request, 200, {"schemas": [urns.LIST], "Resources": listed})

    def schema(self, request: Request) -> Answer:
        """The schema of users or of groups, by the name of the endpoint."""
        self._authenticate(request)
        kind = request.params["name"]
        if kind not in ("Users", "Groups") or (kind == "Groups" and not request.behaviour.supports_groups):
            raise SlackError("bad_endpoint")
        if version(request) == 1:
            return reply(request, 200, _users_1() if kind == "Users" else _groups_1())
        return reply(request, 200, _schema_2(request, urns.USER if kind == "Users" else urns.GROUP))

    def schemas(self, request: Request) -> Answer:
        """All schemas of version 2."""
        self._authenticate(request)
        known = (
            (urns.USER, urns.GROUP, *urns.EXTENSIONS)
            if request.behaviour.supports_groups
            else (urns.USER, *urns.EXTENSIONS)
        )
        listed = [_schema_2(request, urn) for urn in known]
        counts = {"totalResults": len(listed), "itemsPerPage": len(listed), "startIndex": 1}
        return reply(request, 200, {"schemas": [urns.LIST], "Resources": listed, **counts})

    def _authenticate(self, request: Request) -> None:
        if request.behaviour.discovery_needs_token:
            self._dialect.authenticate(request)


def _resource_type(request: Request, name: str, endpoint: str, description: str, schema: str) -> Json:
    location = f"{request.target.base_url}/scim/v2/ResourceTypes/{name}"
    return {
        "schemas": [_RESOURCE_TYPE],
        "id": name,
        "name": name,
        "endpoint": endpoint,
        "description": description,
        "schema": schema,
        "meta": {"location": location, "resourceType": "ResourceType"},
    }


def _users_1() -> Json:
    core, enterprise, guest = (urns.spoken(urn, 1) for urn in (urns.USER, urns.ENTERPRISE, urns.GUEST))
    extensions = [
        {
            "name": urn,
            "type": "complex",
            "multiValued": urn == enterprise,  # as recorded, though there is only one
            "description": "An extension of the user.",
            "schema": urn,
            "readOnly": False,
            "required": False,
            "caseExact": False,
            "subAttributes": [_row_1(row, urn) for row in EXTENSION_ROWS[kept]],
        }
        for urn, kept in ((enterprise, urns.ENTERPRISE), (guest, urns.GUEST))
    ]
    return {
        "id": "urn:scim:schemas:core:1.0:User",
        "name": "User",
        "description": "Core User",
        "schema": [core, enterprise],
        "endpoint": "/Users",
        "attributes": [*(_row_1(row, core) for row in USER_ROWS), *extensions],
    }


def _groups_1() -> Json:
    core = urns.spoken(urns.GROUP, 1)
    return {
        "name": "Group",
        "description": "Core Group",
        "schema": core,
        "endpoint": "/Groups",
        "attributes": [_row_1(row, core) for row in GROUP_ROWS],
    }


def _row_1(row: Row, schema: str, *, is_sub: bool = False) -> Json:
    shown: Json = {"name": row.name, "type": row.type, "multiValued": bool(row.child)}
    if row.child:
        shown["multiValuedAttributeChildName"] = row.child
    shown["description"] = row.description
    if not is_sub:
        shown["schema"] = schema
    shown |= {"readOnly": row.read_only, "required": row.required, "caseExact": False}
    if row.canonical:
        shown["canonicalValues"] = list(row.canonical)
    if row.subs:
        subs = [_row_1(sub, schema, is_sub=True) for sub in row.subs]
        # The manager's is recorded as a single object.
        shown["subAttributes"] = subs[0] if row.name == "manager" else subs
    return shown


def _schema_2(request: Request, urn: str) -> Json:
    named = {urns.USER: ("User", "Core User", USER_ROWS), urns.GROUP: ("Group", "Core Group", GROUP_ROWS)}
    name, description, rows = named.get(urn) or (EXTENSION_NAMES[urn], "An extension of the user", EXTENSION_ROWS[urn])
    return {
        "schemas": [_SCHEMA],
        "id": urn,
        "name": name,
        "description": description,
        "attributes": [_row_2(row) for row in rows],
        "meta": {"resourceType": "Schema", "location": f"{request.target.base_url}/scim/v2/Schemas/{urn}"},
    }


def _row_2(row: Row) -> Json:
    never = row.name == "password"
    shown: Json = {
        "name": row.name,
        "type": row.type,
        "multiValued": bool(row.child),
        "description": row.description,
        "required": row.required,
        "caseExact": False,
        "mutability": "writeOnly" if never else "readOnly" if row.read_only else "readWrite",
        "returned": "never" if never else "default",
        "uniqueness": "server" if row.name == "userName" else "none",
    }
    if row.canonical:
        shown["canonicalValues"] = list(row.canonical)
    if row.subs:
        shown["subAttributes"] = [_row_2(sub) for sub in row.subs]
    return shown
