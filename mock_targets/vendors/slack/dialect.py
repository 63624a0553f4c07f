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
from provcheck.mock_targets.operations.membership_changes import MembershipEdit
from provcheck.mock_targets.operations.write_service import Change
from provcheck.mock_targets.scim.catalog import ENTERPRISE_URN
from provcheck.mock_targets.scim.document_editor import DocumentEditor
from provcheck.mock_targets.scim.editing_dialect import EditingDialect
from provcheck.mock_targets.scim.flags import flags_of
from provcheck.mock_targets.scim.leniency import Leniency
from provcheck.mock_targets.scim.messages import ERROR_URN, error_headers
from provcheck.mock_targets.scim.patch import is_patch_message
from provcheck.mock_targets.scim.paths import MISSING, Operation
from provcheck.mock_targets.scim.project import Projection
from provcheck.mock_targets.scim.schema import Json, ResourceSchema
from provcheck.mock_targets.scim.version1 import under_urns
from provcheck.mock_targets.scim.write_rules import WriteRule
from provcheck.mock_targets.target.flags import FlagValue
from provcheck.mock_targets.vendors.slack import schemas, user
from provcheck.mock_targets.vendors.slack.errors import CODES
from provcheck.mock_targets.vendors.slack.flags import FLAGS
from provcheck.mock_targets.vendors.slack.render import reference, shown

LENIENCY = Leniency(
    **dict.fromkeys(("any_case_operations", "any_case_keys", "loose_patch_schemas", "empty_operations"), True),
    **dict.fromkeys(("empty_path", "dotted_keys", "string_booleans", "bare_complex_values", "single_for_list"), True),
    **dict.fromkeys(("clears_with_empty_string", "remove_with_value", "remove_absent", "ignores_read_only"), True),
    **dict.fromkeys(("ignores_unknown_attributes", "member_extras", "foreign_schemas", "missing_schemas"), True),
)
"""What Slack reads beyond the RFC. Unknown attributes are passed over."""


class SlackDialect(EditingDialect):
    """Version 2 of the API."""

    flags = FLAGS
    fixed: ClassVar[Mapping[str, FlagValue]] = {
        **flags_of(LENIENCY),
        **dict.fromkeys(("supports_sort", "supports_etag", "supports_cursor", "accepts_scim_suffix"), False),
        "checks_content_type": False,
        "default_page_size": 10,
        "max_page_size": 1000,
        "max_members_in_a_request": 15_000,
        "deletes_by_disabling": True,
        "filters_find_inactive_users": True,
    }
    derived: ClassVar[Mapping[str, tuple[str, Callable[[Any], FlagValue]]]] = {
        "requires_unique_group_names": ("allows_duplicate_group_names", not_),
        "lists_inactive_users": ("lists_deactivated_users", bool),
        "filters_on_any_attribute": ("filters_on_other_attributes", bool),
        "max_members_of_a_group": ("plan", {"business_plus": 5000}.get),
    }
    media_type = "application/json; charset=utf-8"
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
        "restricted": lambda record: ["1", "true"] if schemas.GUEST in record.document else ["0", "false"],
        "ultra_restricted": lambda record: ["0", "false"],  # guests of a single channel cannot be made by SCIM
    }
    list_layout = ("schemas", "Resources", "totalResults", "itemsPerPage", "startIndex")
    own_catalog = schemas.CATALOG
    grammar = schemas.GRAMMAR
    discovery = schemas.SlackDiscovery
    reference = staticmethod(reference)
    editors: ClassVar[Mapping[str, type[DocumentEditor]]] = {"User": user.UserEditor, "Group": user.SlackEditor}
    kept_by_put = user.KEPT_BY_PUT
    needed = user.NEEDED
    writes: ClassVar[Mapping[str, Mapping[str, WriteRule]]] = {"User": user.WRITE_RULES}
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

    def needs_schemas(self, request: Request) -> bool:
        """POST always does; PATCH of a user in version 1 was recorded without (XSOAR)."""
        is_exempt = self.version == "v1" and request.method == "PATCH" and "/Users/" in request.path
        return request.method == "POST" or bool(request.behaviour.needs_schemas and not is_exempt)

    def needs_urn(self, request: Request, urn: str) -> bool:
        """As the flag has it, for Slack's own extensions."""
        return bool(request.behaviour.needs_extension_urns) and urn != ENTERPRISE_URN

    def patch_operations(self, request: Request, schema: ResourceSchema) -> Sequence[Operation]:
        """A list of operations, or (for the start date alone, by the reference) a partial user."""
        listed = super().patch_operations(request, schema)
        if request.behaviour.remove_with_values == "listed":
            return listed
        is_removal = [(each.op, each.path.text) == ("remove", "members") for each in listed]
        return [each._replace(value=MISSING) if gone else each for each, gone in zip(listed, is_removal)]

    def stored(self, request: Request, kind: str, change: Change, before: Record | None) -> Change:
        """The change as Slack keeps it. Raises Refused."""
        is_read_only = kind == "User" and request.behaviour.membership_style != "user"
        change = super().stored(request, kind, replace(change, edits=() if is_read_only else change.edits), before)
        self._check_members(request, kind, before, change.edits)
        if kind == "Group":
            return change
        return replace(change, document=user.completed(before, change.document, request))

    def _check_members(
        self, request: Request, kind: str, before: Record | None, edits: Sequence[MembershipEdit]
    ) -> None:
        """Raise Refused when a group may not get these members, or a user not get into these groups."""
        directory, own = request.target.directory, "User" if kind == "Group" else "Group"
        held = directory.members(before.id).keys() if before and kind == "Group" else set()
        # A client may send back the members that it read, or an empty list where there is nobody.
        changes = [each for each in edits if each.action != "replace" or {member.id for member in each.members} != held]
        if kind == "Group" and changes and request.behaviour.membership_style != "group":
            raise Refused("permission_denied", flag="membership_style")
        for id in {member.id for edit in edits if edit.action != "remove" for member in edit.members} - held:
            other = directory.locate(id)
            if other is None or other.kind != own:
                raise Refused("no_such_group_members" if kind == "Group" else "groups_invalid")
            for flag, is_meant in (
                ("refuses_deactivated_members", other.document.get("active") is False),
                ("refuses_guest_members", schemas.GUEST in other.document),
            ):
                if is_meant and getattr(request.behaviour, flag):
                    raise Refused("unable_to_add_deleted_or_guest_to_group", flag=flag)

    def may_delete(self, request: Request, record: Record) -> None:
        """Raises Refused for a user who cannot be deactivated, or a group that is linked to channels."""
        name = record.document["userName" if record.kind == "User" else "displayName"]
        refuse_named(name, user.CANNOT_GO[record.kind], request.behaviour)

    def render(self, request: Request, record: Record, projection: Projection, *, before: Record | None = None) -> Json:
        """A resource; which attributes are asked for does not matter."""
        body = shown(request, self.seen(record), self.renderer(request), before=before)
        return body if self.finish is None else self.finish(body)

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
    list_urn = schemas.CORE_1
    list_layout = ("totalResults", "itemsPerPage", "startIndex", "schemas", "Resources")
    discovery = schemas.SlackDiscovery1
    finish = staticmethod(under_urns(schemas.VERSION_1))
    deleted: ClassVar[Mapping[str, int]] = {"User": 200, "Group": 204}

    def patch_operations(self, request: Request, schema: ResourceSchema) -> Sequence[Operation]:
        """A partial resource. Raises Refused."""
        if is_patch_message(request.json()) and request.behaviour.v1_patch_op_bodies == "refused":
            raise Refused("invalid_request_payload", flag="v1_patch_op_bodies")
        return self.partial(request, schema)

    def patch_answers_body(self, request: Request, kind: str, *, is_changed: bool) -> bool:
        """For users alone."""
        return kind == "User"

    def encode(self, body: Any) -> bytes:
        """JSON with slashes escaped."""
        return json.write(body).replace(b"/", b"\\/")
