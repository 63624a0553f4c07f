"""The two versions of Slack's SCIM API, as subclasses of the SCIM dialect over one organisation.

Sources: https://docs.slack.dev/reference/scim-api; answers recorded by Slack's Java and Python SDK tests; pages:
https://api.slack.com/changelog/2019-06-have-scim-will-paginate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from provcheck.mock_targets.directory import Document, Record
from provcheck.mock_targets.http import json
from provcheck.mock_targets.http.authentication import holds_token
from provcheck.mock_targets.http.dialect import Route
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.operations.context import Operations
from provcheck.mock_targets.operations.membership_changes import MembershipChanges
from provcheck.mock_targets.operations.write_service import Change
from provcheck.mock_targets.query.compile import Filter, View
from provcheck.mock_targets.scim.catalog import Catalog
from provcheck.mock_targets.scim.dialect import ScimDialect
from provcheck.mock_targets.scim.errors import InvalidFilter
from provcheck.mock_targets.scim.flags import SCIM_FLAGS
from provcheck.mock_targets.scim.leniency import Leniency
from provcheck.mock_targets.scim.messages import ERROR_URN, error_headers
from provcheck.mock_targets.scim.patch import MISSING, Operation, by_key, read_operations
from provcheck.mock_targets.scim.project import Projection
from provcheck.mock_targets.scim.resources import Resources
from provcheck.mock_targets.scim.routes import resource_routes
from provcheck.mock_targets.scim.schema import Json, ResourceSchema
from provcheck.mock_targets.scim.search import Search, from_query
from provcheck.mock_targets.scim.version1 import partial_operations
from provcheck.mock_targets.target.flags import Behaviour, FlagValue
from provcheck.mock_targets.vendors.slack import schemas
from provcheck.mock_targets.vendors.slack.discovery import SlackDiscovery, SlackDiscovery1
from provcheck.mock_targets.vendors.slack.errors import SlackError, refused_filter, told
from provcheck.mock_targets.vendors.slack.flags import FLAGS, named
from provcheck.mock_targets.vendors.slack.groups import check_members
from provcheck.mock_targets.vendors.slack.render import deactivating, shown
from provcheck.mock_targets.vendors.slack.user import LENIENCY, SlackEditor, UserEditor, check_may_leave

_FILTERED = {"User": {"userName", "nickName", "emails", "restricted", "ultra_restricted"}, "Group": {"displayName"}}
"""The attributes that filters may name by the reference."""


class SlackDialect(ScimDialect):
    """Version 2 of the API."""

    reads = (*SCIM_FLAGS, *FLAGS)
    flags = FLAGS
    fixed: ClassVar[Mapping[str, FlagValue]] = {
        "default_page_size": 10,
        "max_page_size": 1000,
        "supports_sort": False,
        "supports_etag": False,
        "supports_cursor": False,
        "checks_content_type": False,
        "deletes_by_disabling": True,
        "unknown_members": "rejected",
    }
    media_type = "application/json; charset=utf-8"
    refusals = (*ScimDialect.refusals, SlackError)
    indexes: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "User": {"userName": "userName", "nickName": "userName", "emails.value": "email"},
        "Group": {"displayName": "displayName"},
    }
    grammar = schemas.GRAMMAR
    sends_location = False
    one_writer = True  # https://docs.slack.dev/reference/scim-api#concurrency
    discovery: ClassVar[type[SlackDiscovery]] = SlackDiscovery

    def catalog(self, behaviour: Behaviour) -> Catalog:
        """The schemas of Slack's own."""
        return schemas.CATALOG

    def leniency(self, behaviour: Behaviour) -> Leniency:
        """What is accepted beyond the RFC."""
        return LENIENCY

    def routes(self) -> Iterable[Route]:
        """Every route of the version. Discovery asks for the token itself, where a flag says so."""
        views = self.discovery(self)
        for name in ("ServiceProviderConfigs", "ServiceProviderConfig"):
            yield Route("GET", f"/{name}", "discovery", views.config, open=True)
        one = "/Schemas/<name>"
        yield Route("GET", one, "discovery", lambda it: views.schema(it, it.params["name"]), open=True)
        if self.version == "v2":
            yield Route("GET", "/Schemas", "discovery", views.schemas, open=True)
            yield Route("GET", "/ResourceTypes", "discovery", views.resource_types, open=True)
        for kind in self.endpoints:
            yield from resource_routes(Resources(self), kind)

    def authenticate(self, request: Request) -> None:
        """Raises SlackError without the token or a plan that has SCIM."""
        header = request.header("Authorization")
        if header is None:
            raise SlackError("missing_authentication")
        if not holds_token(header, request.target.token):
            raise SlackError("invalid_authentication")
        if request.behaviour.plan == "pro":
            raise SlackError("plus_teams_only", flag="plan")

    def query(self, request: Request) -> Search:
        """What the URL asks for; a number that cannot be read is passed over. Raises SlackError."""
        if request.argument("sortOrder") not in (None, "ascending", "descending"):
            raise SlackError("invalid_sort_order")
        return from_query(request, ("filter", "startIndex", "count"), passes_over_numbers=True)

    def parse_filter(self, request: Request, text: str, schema: ResourceSchema) -> Filter:
        """A filter. Raises SlackError."""
        try:
            found = super().parse_filter(request, text.strip(), schema)
        except InvalidFilter as error:
            raise refused_filter(error, text) from None
        asked = found.names | found.unknown
        if not request.behaviour.filters_on_other_attributes and asked - _FILTERED[schema.kind]:
            raise SlackError("invalid_query")
        return found

    def view(self, request: Request) -> Callable[[Record], View]:
        """A resource as filters read it. Guests of a single channel cannot be made by SCIM."""
        return _view

    def passes_over(self, behaviour: Behaviour, kind: str) -> Callable[[Record, Filter | None], bool] | None:
        """Without a filter deactivated users may be left out of lists."""
        if kind == "Group" or behaviour.lists_deactivated_users:
            return None
        return lambda record, where: where is None and not record.document["active"]

    def lists_newest_first(self, behaviour: Behaviour) -> bool:
        """As the flag has it."""
        return bool(behaviour.list_order == "newest_first")

    def read_message(self, request: Request) -> Any:
        """A body that is an object, with `schemas` where they are needed. Raises SlackError."""
        body = request.json()
        if not isinstance(body, dict):
            raise SlackError("invalid_request_payload")
        if body.get("schemas") in (None, [], "") and self._needs_schemas(request):
            raise SlackError("missing_schema_element")
        if not isinstance(body.get("schemas") or [], list):
            raise SlackError("invalid_attribute_format")
        return body

    def _needs_schemas(self, request: Request) -> bool:
        return request.method == "POST" or bool(request.behaviour.needs_schemas)

    def read_body(self, request: Request, kind: str, record: Record | None) -> Change:
        """A whole user or group. Raises SlackError."""
        schema, style = self.schema(request, kind), request.behaviour.membership_style
        operations = list(by_key("replace", None, self._given(request, schema), schema, LENIENCY))
        given = {each.path.text: each.value for each in operations}
        if kind == "Group":
            if record is None and not given.get("displayName"):
                raise SlackError("invalid_attribute_format")
            if "members" not in given and style == "group":
                operations += by_key("replace", None, {"members": []}, schema, LENIENCY)
        elif given.get("userName") is None and (record is None or given.get("nickName") is None):
            raise SlackError("username_required")
        elif not given.get("emails"):
            raise SlackError("email_empty")
        return self._change(request, kind, record, operations, overwrites=True)

    def read_patch(self, request: Request, kind: str, record: Record) -> Change:
        """A list of operations, or (for the start date alone, by the reference) a partial user. Raises SlackError."""
        body, schema = self.read_message(request), self.schema(request, kind)
        if not _is_patch_op(body):
            return self.read_partial(request, kind, record)
        listed = read_operations(body, schema, leniency=LENIENCY)
        if request.behaviour.remove_with_values == "all":
            is_removal = [(each.op, each.path.text) == ("remove", "members") for each in listed]
            listed = [each._replace(value=MISSING) if gone else each for each, gone in zip(listed, is_removal)]
        return self._change(request, kind, record, listed)

    def read_partial(self, request: Request, kind: str, record: Record) -> Change:
        """A resource that is laid over the old one. Raises SlackError."""
        schema = self.schema(request, kind)
        return self._change(request, kind, record, partial_operations(self._given(request, schema), schema, LENIENCY))

    def _given(self, request: Request, schema: ResourceSchema) -> Json:
        """What a body gives, without extensions that `schemas` fails to name."""
        body, needs = self.read_message(request), request.behaviour.needs_extension_urns
        named = {"", schemas.ENTERPRISE, *(_urn(each, schema) for each in _flat(body.get("schemas")))}
        given = {key: value for key, value in body.items() if not needs or _urn(key, schema) in named}
        given.pop("schemas", None)
        if any(value == {} and _urn(key, schema) == schemas.GUEST for key, value in given.items()):
            raise SlackError("invalid_attribute_format")
        return given

    def _change(
        self,
        request: Request,
        kind: str,
        record: Record | None,
        operations: Iterable[Operation],
        *,
        overwrites: bool = False,
    ) -> Change:
        """What operations make of a resource; those on memberships become edits. Raises SlackError."""
        document = record.document if record else None
        editor: SlackEditor
        if kind == "User":
            editor = user = UserEditor(document, request.behaviour, request.target.directory)
            if overwrites:
                user.overwrite()
        else:
            editor = SlackEditor(document or {"schemas": [schemas.GROUP]}, self.schema(request, kind), LENIENCY)
        editor.carry_out(operations)
        is_read_only = kind == "User" and request.behaviour.membership_style != "user"
        return Change(editor.finish(), () if is_read_only else editor.edits)

    def stored(self, request: Request, kind: str, change: Change, before: Record | None) -> Change:
        """The change, if the memberships may be written. Raises SlackError."""
        check_members(request, kind, before.id if before else None, change.edits)
        return change

    def before_store(
        self, operations: Operations, kind: str, id: str | None, document: Document, memberships: MembershipChanges
    ) -> None:
        """Raises SlackError for the name of another group, where names are unique."""
        if kind == "Group" and not operations.behaviour.allows_duplicate_group_names:
            found = operations.directory.find("Group", "displayName", document["displayName"])
            if any(other.id != id for other in found):
                raise SlackError("group_creation_failed", status=409, flag="allows_duplicate_group_names")

    def keeps_unknown_member(self, operations: Operations, member_id: str) -> bool:
        """Raises SlackError: members are people whom there are."""
        raise SlackError("no_such_group_members")

    def may_delete(self, request: Request, record: Record) -> None:
        """Raises SlackError for a user who cannot be deactivated, or a group that is linked to channels."""
        can = request.behaviour
        if record.kind == "Group":
            if record.document["displayName"].casefold() in named(can.linked_groups):
                raise SlackError("idp_group_linked_to_channels", flag="linked_groups")
            return
        check_may_leave(record.document, can)
        if record.document["active"] and can.deactivation_delay:
            deactivating(self.target)[record.id] = self.target.clock.monotonic() + can.deactivation_delay

    def patch_answers_body(self, request: Request, kind: str, *, is_changed: bool) -> bool:
        """As the flags have it."""
        can = request.behaviour
        if kind == "Group":
            return bool(can.answers_group_patch_with_body)
        return is_changed or bool(can.answers_unchanged_patch_with_body)

    def render(self, request: Request, record: Record, projection: Projection, *, before: Record | None = None) -> Json:
        """A resource; which attributes are asked for does not matter."""
        return shown(request, record, self.root, before=before)

    def list_envelope(self, request: Request, total: int, resources: Sequence[Json], **paging: Any) -> Json:
        """The body of a list answer, with its counts at the end."""
        listed = {"schemas": [schemas.LIST], "Resources": resources}
        return {**listed, "totalResults": total, "itemsPerPage": len(resources), **paging}

    def error(self, request: Request, error: Exception) -> Answer:
        """A refusal in the shape of the version that was asked; failed authentication always in that of version 1."""
        refusal = told(error, request.path)
        status = refusal.status_under(request.behaviour)
        request.operations.exchange.refused_by = refusal.flag or request.operations.exchange.refused_by
        body: Json = {"schemas": [ERROR_URN], "detail": refusal.detail, "status": status}
        if self.version == "v1" or status == 401 or request.behaviour.v2_errors_in_v1_shape:
            body = {"Errors": {"description": refusal.detail, "code": status}}
        return Answer(status, body, error_headers(error))


class Slack11Dialect(SlackDialect):
    """Version 1 of the API."""

    version = "v1"
    discovery = SlackDiscovery1

    def _needs_schemas(self, request: Request) -> bool:
        """PATCH of a user was recorded without (XSOAR)."""
        return super()._needs_schemas(request) and not (request.method == "PATCH" and "/Users/" in request.path)

    def read_patch(self, request: Request, kind: str, record: Record) -> Change:
        """A partial resource. Raises SlackError."""
        if _is_patch_op(self.read_message(request)) and request.behaviour.v1_patch_op_bodies == "refused":
            raise SlackError("invalid_request_payload", flag="v1_patch_op_bodies")
        return self.read_partial(request, kind, record)

    def patch_answers_body(self, request: Request, kind: str, *, is_changed: bool) -> bool:
        """For users alone."""
        return kind == "User"

    def deleted_status(self, kind: str) -> int:
        """The status of a DELETE that was done."""
        return 200 if kind == "User" else 204

    def render(self, request: Request, record: Record, projection: Projection, *, before: Record | None = None) -> Json:
        """A resource in the words of version 1."""
        body = super().render(request, record, projection, before=before)
        renamed = {schemas.VERSION_1.get(key, key): value for key, value in body.items()}
        return renamed | {"schemas": [schemas.VERSION_1[urn] for urn in body["schemas"]]}

    def list_envelope(self, request: Request, total: int, resources: Sequence[Json], **paging: Any) -> Json:
        """The body of a list answer, with its counts at the beginning."""
        counts = {"totalResults": total, "itemsPerPage": len(resources), **paging}
        return {**counts, "schemas": [schemas.CORE_1], "Resources": resources}

    def encode(self, body: Any) -> bytes:
        """JSON with slashes escaped."""
        return json.write(body).replace(b"/", b"\\/")


def _view(record: Record) -> View:
    is_guest = ["1", "true"] if schemas.GUEST in record.document else ["0", "false"]
    return View(
        record.document,
        id=lambda: record.id,
        nickName=lambda: record.document["userName"],
        restricted=lambda: is_guest,
        ultra_restricted=lambda: ["0", "false"],
    )


def _is_patch_op(body: Json) -> bool:
    return "Operations" in body or "operations" in body


def _urn(key: str, schema: ResourceSchema) -> str:
    """The extension that a key of a body names; "" for anything else."""
    extension = schema.extension(key)
    return extension.urn if extension else ""


def _flat(listed: Any) -> Iterator[str]:
    """The URNs in `schemas`; Slack's own Python client nests the list in itself."""
    for item in listed or ():
        if isinstance(item, list):
            yield from _flat(item)
        elif isinstance(item, str):
            yield item
