"""How Slack speaks: JSON with its charset, and errors in the shape of the version; failed authentication always in
that of version 1.

Sources: https://docs.slack.dev/reference/scim-api#errors; answers recorded by Slack's Java and Python SDK tests.
"""

from __future__ import annotations

import re

from provcheck.mock_targets.directory import Conflict, NotFound, UnknownMember
from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.authentication import holds_token
from provcheck.mock_targets.http.dialect import HttpDialect
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.operations.context import Forbidden
from provcheck.mock_targets.operations.membership_changes import NothingSelected
from provcheck.mock_targets.scim.errors import ScimError
from provcheck.mock_targets.vendors.slack import urns
from provcheck.mock_targets.vendors.slack.errors import SlackError
from provcheck.mock_targets.vendors.slack.rendering import reply, version

_FLAG_OF_STATUS = {
    "no_such_user": "status_of_unknown_id",
    "no_such_group": "status_of_unknown_id",
    "no_such_group_members": "status_of_unknown_members",
    "bad_endpoint": "status_of_unknown_endpoint",
    "unsupported_version": "status_of_unknown_version",
    "method_not_allowed": "status_of_wrong_method",
    "email_taken": "status_of_taken_email",
}
_UNKNOWN_VERSION = re.compile(r"/scim/(?!v1(/|$)|v2(/|$))[^/]+", re.ASCII)


class Locked(errors.TooManyRequests):
    """Another write of the same resource is still under way."""


class SlackErrors(HttpDialect):
    """How both versions refuse."""

    media_type = "application/json; charset=utf-8"
    refusals = (SlackError, ScimError, NothingSelected)

    def error(self, request: Request, error: Exception) -> Answer:
        """A refusal in the shape of the version that was asked."""
        told = _told(request, error)
        status = _status(request, told)
        if version(request) == 1 or status == 401 or request.behaviour.v2_errors_in_v1_shape:
            body: dict[str, object] = {"Errors": {"description": told.detail, "code": status}}
        else:
            body = {"schemas": [urns.ERROR], "detail": told.detail, "status": status}
        return reply(request, status, body, _headers(error))

    def authenticate(self, request: Request) -> None:
        """Raises SlackError unless the request carries the token, and the plan has SCIM."""
        header = request.wsgi.headers.get("Authorization")
        if header is None:
            raise SlackError("missing_authentication")
        if not holds_token(header, request.target.token):
            raise SlackError("invalid_authentication")
        if request.behaviour.plan == "pro":
            raise SlackError("plus_teams_only", flag="plan")


def _told(request: Request, error: Exception) -> SlackError:
    """Any refusal as one of Slack's codes."""
    if isinstance(error, SlackError):
        return error
    if isinstance(error, NotFound):
        return SlackError("no_such_group" if error.kind == "Group" else "no_such_user")
    if isinstance(error, Conflict):
        return _taken(error)
    if isinstance(error, errors.TooManyRequests):
        locked = isinstance(error, Locked) and "/Groups/" in request.path
        return SlackError("resource_locked" if locked else "too_many_requests", status=429)
    if isinstance(error, errors.UnknownPath):
        return SlackError("unsupported_version" if _UNKNOWN_VERSION.match(request.path) else "bad_endpoint")
    if isinstance(error, UnknownMember):
        return SlackError("no_such_group_members")
    if isinstance(error, Forbidden):
        return SlackError("permission_denied", status=403)
    if isinstance(error, errors.WireError):
        return SlackError(_WIRE_CODES.get(type(error), "internal_error"), status=error.status)
    return SlackError("invalid_request_payload")


_WIRE_CODES: dict[type[errors.WireError], str] = {
    errors.BadJson: "invalid_request_payload",
    errors.MethodNotAllowed: "method_not_allowed",
    errors.PayloadTooLarge: "invalid_request_payload",
    errors.Unauthorized: "invalid_authentication",
}


def _taken(conflict: Conflict) -> SlackError:
    if conflict.index == "userName":
        return SlackError("username_taken", username=conflict.value)
    if conflict.index == "email":
        return SlackError("email_taken", email=conflict.value, existing_user=conflict.holder_id)
    return SlackError("user_creation_failed")


def _status(request: Request, told: SlackError) -> int:
    flag = _FLAG_OF_STATUS.get(told.code) or ("status_of_refusals" if told.status == 403 else None)
    return int(getattr(request.behaviour, flag)) if flag else told.status


def _headers(error: Exception) -> dict[str, str]:
    if isinstance(error, errors.TooManyRequests):
        return {"Retry-After": str(error.retry_after)}
    if isinstance(error, errors.MethodNotAllowed):
        return {"Allow": ", ".join(error.allowed)}
    return {}
