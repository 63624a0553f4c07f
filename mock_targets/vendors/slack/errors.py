"""What Slack refuses, by the codes of its reference, and how the family's refusals are told by them.

The code is what clients match on. Which HTTP status goes with a code is written nowhere for most of them. Seen on the
real service: 401, 409 for username_taken, and 400 for a junk filter, a long or reserved name and a missing `schemas`;
the others are inferred (IBM's connector page lists 400, 401, 403, 404, 409).
Source: https://docs.slack.dev/reference/scim-api#errors.
"""

from __future__ import annotations

from provcheck.mock_targets.directory import Conflict, NotFound, UnknownMember
from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.codes import Codes, Refused
from provcheck.mock_targets.http.one_writer import Locked
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.operations.context import Forbidden
from provcheck.mock_targets.scim import errors as scim
from provcheck.mock_targets.vendors.slack.flags import STATUSES
from provcheck.mock_targets.vendors.slack.user import LISTS

_FLAWS: dict[str | None, str] = {
    None: "invalid_query",
    "too_large": "query_building_failed",
    "group": "invalid_filter_group",
    "incomplete": "incomplete_filter",
    "empty": "no_filters (is_aggregate_call=1)",
}
_INVALID: dict[str | None, str] = {None: "invalid_attribute_format", "sortOrder": "invalid_sort_order"}
_INVALID |= dict.fromkeys(("userName", "nickName"), "username_invalid")
_INVALID |= {name: f"{name}_invalid" for name in (*LISTS, "groups")}


def _unknown_path(error: Exception, request: Request) -> Refused:
    is_lost = request.path.startswith("/scim/") and request.path.split("/")[2] not in ("v1", "v2", "")
    return Refused("unsupported_version" if is_lost else "bad_endpoint")


def _taken(error: Conflict, request: Request) -> Refused:
    if error.index == "userName":
        return Refused("username_taken", username=error.value)
    return Refused("email_taken", email=error.value, existing_user=error.holder_id)


CODES = Codes(
    told={
        errors.UnknownPath: _unknown_path,
        errors.MethodNotAllowed: "method_not_allowed",
        errors.TooManyRequests: "too_many_requests",
        errors.Broken: "internal_error",
        Locked: lambda _, request: Refused("resource_locked" if "/Groups/" in request.path else "too_many_requests"),
        Forbidden: "permission_denied",
        scim.NotFound: "bad_endpoint",
        NotFound: lambda error, request: Refused("no_such_group" if error.kind == "Group" else "no_such_user"),
        UnknownMember: "no_such_group_members",
        Conflict: _taken,
        scim.InvalidFilter: _FLAWS,
        scim.InvalidValue: _INVALID,
        scim.Mutability: {None: _INVALID[None], "userName": "username_empty", "emails": "email_empty"},
        scim.MissingSchemas: "missing_schema_element",
        scim.TooManyMembers: "too_many_users",
        scim.GroupFull: "group_member_max_exceeded",
        scim.Uniqueness: "group_creation_failed",
        Exception: "invalid_request_payload",
    },
    statuses={
        401: "invalid_authentication missing_authentication",
        409: "username_taken group_creation_failed",
        429: "too_many_requests resource_locked",
    },
    flags={flag: codes for flag, (_, codes, _) in STATUSES.items()},
)
