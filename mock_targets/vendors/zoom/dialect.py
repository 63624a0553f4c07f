"""Zoom's SCIM 2.0: users and groups, no discovery, no bulk, no search by POST.

PUT is a partial update, lists show less than single users do, and a look-up of an invited person is refused.
Source: developers.zoom.us, SCIM2 API; a flag names what comes from elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from provcheck.mock_targets.directory import Document, Record
from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.operations.write_service import Change
from provcheck.mock_targets.query.compile import Filter
from provcheck.mock_targets.scim import messages
from provcheck.mock_targets.scim.catalog import ENTERPRISE_URN, Catalog
from provcheck.mock_targets.scim.dialect import ScimDialect
from provcheck.mock_targets.scim.errors import InvalidValue
from provcheck.mock_targets.scim.leniency import Leniency
from provcheck.mock_targets.scim.project import Projection
from provcheck.mock_targets.scim.schema import Json, ResourceSchema
from provcheck.mock_targets.scim.validate import Incoming
from provcheck.mock_targets.target.flags import Behaviour, FlagValue, names_in
from provcheck.mock_targets.vendors.zoom import schemas
from provcheck.mock_targets.vendors.zoom.access import (
    INVALID_TOKEN,
    MISSING_SCOPE,
    PLAIN,
    TOO_MANY,
    MissingScope,
    check_access,
    limit_headers,
)
from provcheck.mock_targets.vendors.zoom.flags import ZOOM_FLAGS

_LACKING: tuple[str, ...] = (
    "supports_sort",
    "supports_etag",
    "supports_cursor",
    "checks_content_type",
    "accepts_scim_suffix",
)
_LACKING += ("supports_attribute_selection", "sends_location_with_resources")
_LENIENCY = Leniency(
    any_case_operations=True,
    string_booleans=True,
    ignores_unknown_attributes=True,
    creates_missing_values=True,
    remove_absent=True,
    member_extras=True,
    foreign_schemas=True,
)
_SCOPES = ("scim2", "scim2:admin")
_CODES = {401: INVALID_TOKEN, 429: TOO_MANY}
"""Refusals that come before SCIM, in the words of the other API: a code and a message."""


class ZoomScimDialect(ScimDialect):
    """SCIM for the account that the token belongs to."""

    flags = ZOOM_FLAGS
    fixed: ClassVar[Mapping[str, FlagValue]] = dict.fromkeys(_LACKING, False) | {"filters_on_any_attribute": False}
    media_type = "application/scim+json"
    offers: ClassVar[frozenset[str]] = frozenset()
    parameters = ("filter", "startIndex", "count")
    filtered: ClassVar[Mapping[str, frozenset[str]]] = {
        "User": frozenset(("userName", "id")),
        "Group": frozenset(("displayName", "id")),
    }

    def authenticate(self, request: Request) -> None:
        """Raises Unauthorized, and MissingScope for a token without the scope of SCIM."""
        check_access(request, _SCOPES)

    def error(self, request: Request, error: Exception) -> Answer:
        """A SCIM error whose status is a number, or a code and a message for what is refused before."""
        status, detail, scim_type = messages.told(error)
        headers = messages.error_headers(error, "bearer")
        code = MISSING_SCOPE if isinstance(error, MissingScope) else _CODES.get(status)
        if code is not None:
            limited = limit_headers("Light") if status == TOO_MANY else {}
            return Answer(status, {"code": code, "message": detail}, {**headers, **PLAIN, **limited})
        return Answer(status, {**messages.error_body(status, detail, scim_type), "status": status}, headers)

    def catalog(self, behaviour: Behaviour) -> Catalog:
        """Zoom's part of the core schemas, and its extensions."""
        return schemas.catalog(behaviour.membership_style)

    def leniency(self, behaviour: Behaviour) -> Leniency:
        """What is accepted beyond the RFC."""
        return _LENIENCY

    def renames(self, path: str, schema: ResourceSchema) -> str:
        """In filters `externalId` stands for the id that Zoom gave the user."""
        return "id" if schema.kind == "User" and path.casefold() == "externalid" else path

    def parse_filter(self, request: Request, text: str, schema: ResourceSchema) -> Filter:
        """A filter on userName or externalId. Raises InvalidFilter, and InvalidValue for an invited person."""
        found = super().parse_filter(request, text, schema)
        pending = names_in(request.behaviour.pending_addresses)
        for each in found.equalities if pending else ():
            if each.path == "userName" and str(each.value).casefold() in pending:
                raise InvalidValue(f"User {each.value} not exist or not belong to this account.")
        return found

    def read_resource(
        self, body: object, schema: ResourceSchema, *, current: Document | None, leniency: Leniency
    ) -> Incoming:
        """A resource as it is sent; what a PUT leaves out stays as it was."""
        if current is not None and isinstance(body, dict):
            given = {key.casefold() for key in body}
            body = {**{key: value for key, value in current.items() if key.casefold() not in given}, **body}
        return super().read_resource(body, schema, current=current, leniency=leniency)

    def stored(self, request: Request, kind: str, change: Change, before: Record | None) -> Change:
        """The change as it is kept. Raises InvalidValue for an account without single sign-on and for licences."""
        if not request.behaviour.has_single_sign_on:
            raise InvalidValue("SSO is not enabled for this account.", flag="has_single_sign_on")
        change = super().stored(request, kind, change, before)
        if kind == "Group":
            return change
        document = {"active": True, "userType": schemas.BASIC, **change.document}
        if document["userType"] not in schemas.LICENCES:
            raise InvalidValue(f"userType is one of {', '.join(schemas.LICENCES)}")
        if document["active"] is False and not request.behaviour.keeps_licence_of_disabled:
            document["userType"] = schemas.BASIC
        if "emails" not in document:
            document["emails"] = [{"value": document["userName"], "type": "work", "primary": True}]
        return replace(change, document=document)

    def may_delete(self, request: Request, record: Record) -> None:
        """Raises InvalidValue for an account without single sign-on."""
        if not request.behaviour.has_single_sign_on:
            raise InvalidValue("SSO is not enabled for this account.", flag="has_single_sign_on")

    def render(self, request: Request, record: Record, projection: Projection, *, before: Record | None = None) -> Json:
        """A user or group; in lists less of a user."""
        shown = super().render(request, record, projection, before=before)
        is_listed = request.method in ("GET", "HEAD") and "id" not in request.params
        if record.kind == "Group" or not is_listed or request.behaviour.shows_whole_users_in_lists:
            return shown
        return {key: _thin(key, value) for key, value in shown.items() if key in schemas.THIN}


class ZoomScimV2Dialect(ZoomScimDialect):
    """The same below `/v2`."""

    def authenticate(self, request: Request) -> None:
        """Also raises UnknownPath where there are no such paths."""
        if not request.behaviour.serves_v2_prefix:
            raise errors.UnknownPath(f"{request.path:.200} does not exist")
        super().authenticate(request)


def _thin(key: str, value: Any) -> Any:
    return {part: each for part, each in value.items() if part == "department"} if key == ENTERPRISE_URN else value
