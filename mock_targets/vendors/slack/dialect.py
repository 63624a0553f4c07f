"""The two versions of Slack's SCIM API, as subclasses of the SCIM dialect over one organisation.

Sources: https://docs.slack.dev/reference/scim-api; answers recorded by Slack's Java and Python SDK tests; pages:
https://api.slack.com/changelog/2019-06-have-scim-will-paginate.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from operator import not_
from typing import Any, ClassVar

from provcheck.mock_targets.directory import Record
from provcheck.mock_targets.http import json
from provcheck.mock_targets.http.authentication import holds_token
from provcheck.mock_targets.http.codes import Refused, refuse_named
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.operations.write_service import Change
from provcheck.mock_targets.query.compile import Filter
from provcheck.mock_targets.scim.catalog import ENTERPRISE_URN
from provcheck.mock_targets.scim.document_editor import DocumentEditor
from provcheck.mock_targets.scim.editing_dialect import EditingDialect
from provcheck.mock_targets.scim.flags import SCIM_FLAGS, flags_of
from provcheck.mock_targets.scim.leniency import Leniency
from provcheck.mock_targets.scim.messages import ERROR_URN, error_headers
from provcheck.mock_targets.scim.paths import MISSING, Operation
from provcheck.mock_targets.scim.project import Projection
from provcheck.mock_targets.scim.schema import Json, ResourceSchema
from provcheck.mock_targets.scim.write_rules import WriteRule
from provcheck.mock_targets.target.flags import Behaviour, FlagValue
from provcheck.mock_targets.vendors.slack import user
from provcheck.mock_targets.vendors.slack.discovery import SlackDiscovery, SlackDiscovery1
from provcheck.mock_targets.vendors.slack.errors import CODES
from provcheck.mock_targets.vendors.slack.flags import FLAGS
from provcheck.mock_targets.vendors.slack.groups import check_members
from provcheck.mock_targets.vendors.slack.render import reference, shown, shown_1
from provcheck.mock_targets.vendors.slack.schemas import CATALOG, CORE_1, GRAMMAR, GUEST

LENIENCY = Leniency(
    **dict.fromkeys(("any_case_operations", "any_case_keys", "loose_patch_schemas", "empty_operations"), True),
    **dict.fromkeys(("empty_path", "dotted_keys", "string_booleans", "bare_complex_values", "single_for_list"), True),
    **dict.fromkeys(("clears_with_empty_string", "remove_with_value", "remove_absent", "ignores_read_only"), True),
    **dict.fromkeys(("ignores_unknown_attributes", "member_extras", "foreign_schemas", "missing_schemas"), True),
)
"""What Slack reads beyond the RFC. Unknown attributes are passed over."""


class SlackDialect(EditingDialect):
    """Version 2 of the API."""

    reads = (*SCIM_FLAGS, *FLAGS)
    flags = FLAGS
    fixed: ClassVar[Mapping[str, FlagValue]] = {
        **flags_of(LENIENCY),
        **dict.fromkeys(("supports_sort", "supports_etag", "supports_cursor", "accepts_scim_suffix"), False),
        "checks_content_type": False,
        "default_page_size": 10,
        "max_page_size": 1000,
        "max_members_in_a_request": 15_000,
        "deletes_by_disabling": True,
    }
    derived: ClassVar[Mapping[str, tuple[str, Callable[[Any], FlagValue]]]] = {
        "requires_unique_group_names": ("allows_duplicate_group_names", not_),
        "answers_user_patch_with_body": ("answers_unchanged_patch_with_body", bool),
        "max_members_of_a_group": ("plan", {"business_plus": 5000}.get),
    }
    media_type = "application/json; charset=utf-8"
    refusals = (*EditingDialect.refusals, Refused)
    offers = frozenset(("discovery",))
    parameters = ("filter", "startIndex", "count", "sortOrder")
    passes_over_numbers = True
    indexes: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "User": {"userName": "userName", "nickName": "userName", "emails.value": "email"},
        "Group": {"displayName": "displayName"},
    }
    filtered: ClassVar[Mapping[str, Collection[str]]] = {
        "User": {"userName", "nickName", "emails", "restricted", "ultra_restricted"},
        "Group": {"displayName"},
    }
    computed: ClassVar[Mapping[str, Callable[[Record], Any]]] = {
        "nickName": lambda record: record.document["userName"],
        "restricted": lambda record: ["1", "true"] if GUEST in record.document else ["0", "false"],
        "ultra_restricted": lambda record: ["0", "false"],  # guests of a single channel cannot be made by SCIM
    }
    list_layout = ("schemas", "Resources", "totalResults", "itemsPerPage", "startIndex")
    schemas = CATALOG
    grammar = GRAMMAR
    discovery = SlackDiscovery
    reference = staticmethod(reference)
    editors: ClassVar[Mapping[str, type[DocumentEditor]]] = {"User": user.UserEditor, "Group": user.SlackEditor}
    kept_by_put: ClassVar[Mapping[str, Sequence[str]]] = {"User": user.KEPT_BY_PUT, "Group": ("displayName", "externalId")}
    needed: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "User": {"userName": "username_required", "emails": "email_empty"},
    }
    synonyms: ClassVar[Mapping[str, str]] = {"userName": "nickName"}
    sends_location = False
    one_writer = True  # https://docs.slack.dev/reference/scim-api#concurrency

    def authenticate(self, request: Request) -> None:
        """Raises Refused without the token or a plan that has SCIM; the configuration is open to everybody."""
        can, is_discovery = request.behaviour, request.operations.exchange.operation == "discovery"
        if is_discovery and (not can.discovery_needs_token or "/ServiceProviderConfig" in request.path):
            return
        header = request.header("Authorization")
        if not holds_token(header, request.target.token):
            raise Refused("missing_authentication" if header is None else "invalid_authentication")
        if can.plan == "pro":
            raise Refused("plus_teams_only", flag="plan")

    def write_rules(self, behaviour: Behaviour) -> Mapping[str, Mapping[str, WriteRule]]:
        """What happens to single attributes of users when they are written."""
        return {"User": user.write_rules(behaviour)}

    def filterable(self, request: Request, kind: str) -> Collection[str] | None:
        """The attributes that filters may name by the reference, or all of them."""
        return None if request.behaviour.filters_on_other_attributes else super().filterable(request, kind)

    def passes_over(self, behaviour: Behaviour, kind: str) -> Callable[[Record, Filter | None], bool] | None:
        """Without a filter deactivated users may be left out of lists."""
        if kind == "Group" or behaviour.lists_deactivated_users:
            return None
        return lambda record, where: where is None and not record.document["active"]

    def needs_schemas(self, request: Request) -> bool:
        """POST always does."""
        return request.method == "POST" or bool(request.behaviour.needs_schemas)

    def needs_urn(self, request: Request, urn: str) -> bool:
        """As the flag has it, for Slack's own extensions."""
        return bool(request.behaviour.needs_extension_urns) and urn != ENTERPRISE_URN

    def patch_operations(self, request: Request, schema: ResourceSchema) -> Sequence[Operation]:
        """A list of operations, or (for the start date alone, by the reference) a partial user."""
        if not _is_patch_op(request.json()):
            return self.partial(request, schema)
        listed = super().patch_operations(request, schema)
        if request.behaviour.remove_with_values == "listed":
            return listed
        is_removal = [(each.op, each.path.text) == ("remove", "members") for each in listed]
        return [each._replace(value=MISSING) if gone else each for each, gone in zip(listed, is_removal)]

    def stored(self, request: Request, kind: str, change: Change, before: Record | None) -> Change:
        """The change as Slack keeps it. Raises Refused."""
        is_read_only = kind == "User" and request.behaviour.membership_style != "user"
        change = super().stored(request, kind, replace(change, edits=() if is_read_only else change.edits), before)
        check_members(request, kind, before.id if before else None, change.edits)
        old, directory = before.document if before else None, request.target.directory
        if change.document != old:
            user.check_emojis(change.document)
        if kind == "Group":
            return change
        return replace(change, document=user.completed(old, change.document, request.behaviour, directory))

    def may_delete(self, request: Request, record: Record) -> None:
        """Raises Refused for a user who cannot be deactivated, or a group that is linked to channels."""
        if record.kind == "User":
            user.check_may_leave(record.document, request.behaviour)
        else:
            codes = {"linked_groups": "idp_group_linked_to_channels"}
            refuse_named(record.document["displayName"], codes, request.behaviour)

    def patch_answers_body(self, request: Request, kind: str, *, is_changed: bool) -> bool:
        """As the flags have it; a user who was changed is always shown."""
        return (kind == "User" and is_changed) or super().patch_answers_body(request, kind, is_changed=is_changed)

    def render(self, request: Request, record: Record, projection: Projection, *, before: Record | None = None) -> Json:
        """A resource; which attributes are asked for does not matter."""
        return shown(request, self.seen(record), self.renderer(request), before=before)

    def error(self, request: Request, error: Exception) -> Answer:
        """A refusal in the shape of the version that was asked; failed authentication always in that of version 1."""
        refusal, status = CODES.refusal(error, request)
        body: Json = {"schemas": [ERROR_URN], "detail": refusal.detail, "status": status}
        if self.version == "v1" or status == 401 or request.behaviour.v2_errors_in_v1_shape:
            body = {"Errors": {"description": refusal.detail, "code": status}}
        return Answer(status, body, error_headers(error))


class Slack11Dialect(SlackDialect):
    """Version 1 of the API."""

    version = "v1"
    list_urn = CORE_1
    list_layout = ("totalResults", "itemsPerPage", "startIndex", "schemas", "Resources")
    discovery = SlackDiscovery1

    def needs_schemas(self, request: Request) -> bool:
        """PATCH of a user was recorded without (XSOAR)."""
        return super().needs_schemas(request) and not (request.method == "PATCH" and "/Users/" in request.path)

    def patch_operations(self, request: Request, schema: ResourceSchema) -> Sequence[Operation]:
        """A partial resource. Raises Refused."""
        if _is_patch_op(request.json()) and request.behaviour.v1_patch_op_bodies == "refused":
            raise Refused("invalid_request_payload", flag="v1_patch_op_bodies")
        return self.partial(request, schema)

    def patch_answers_body(self, request: Request, kind: str, *, is_changed: bool) -> bool:
        """For users alone."""
        return kind == "User"

    def deleted_status(self, kind: str) -> int:
        """The status of a DELETE that was done."""
        return 200 if kind == "User" else 204

    def render(self, request: Request, record: Record, projection: Projection, *, before: Record | None = None) -> Json:
        """A resource in the words of version 1."""
        return shown_1(super().render(request, record, projection, before=before))

    def encode(self, body: Any) -> bytes:
        """JSON with slashes escaped."""
        return json.write(body).replace(b"/", b"\\/")


def _is_patch_op(body: Json) -> bool:
    return "Operations" in body or "operations" in body
