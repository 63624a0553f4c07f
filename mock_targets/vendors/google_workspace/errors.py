"""What the Directory API refuses: the reason is what clients branch on, the message is what the service writes.

Source: https://developers.google.com/admin-sdk/reseller/v1/support/directory_api_common_errors, and the answers that
clients of the service match (GAM, terraform-provider-googleworkspace).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provcheck.mock_targets.directory import Conflict, NotFound, UnknownMember
from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.operations.context import Forbidden
from provcheck.mock_targets.query.errors import BadQuery
from provcheck.mock_targets.rest.errors import Invalid, Refusal, Refuse, shown

KEYS = {"User": "userKey", "Group": "groupKey", "Membership": "memberKey"}
_INPUTS = {"primaryEmail": "primary_user_email", "email": "group_email", "": "the request body"}
_REASONS = {
    400: "badRequest",
    403: "forbidden",
    404: "notFound",
    409: "conflict",
    412: "conditionNotMet",
    413: "uploadTooLarge",
    415: "unsupportedMediaType",
    429: "rateLimitExceeded",
    503: "backendError",
}
_QUOTAS = {
    "userRateLimitExceeded": (403, "Request rate higher than configured."),
    "quotaExceeded": (403, "Quota exceeded for the current request."),
    "rateLimitExceeded": (429, "Rate Limit Exceeded"),
}


def missing(key: str) -> Refusal:
    """Nothing has this key."""
    return Refusal(404, "notFound", f"Resource Not Found: {key}")


def invalid(what: str, *, flag: str | None = None) -> Refusal:
    """A value that cannot be taken."""
    return Refusal(400, "invalid", f"Invalid Input: {what}", flag=flag)


def duplicate(what: str = "Entity") -> Refusal:
    """There is one already."""
    return Refusal(409, "duplicate", f"{what} already exists.")


def not_met(message: str, status: int, *, flag: str | None = None) -> Refusal:
    """The state does not allow it."""
    return Refusal(status, "conditionNotMet", message, flag=flag)


def _invalid(error: Invalid, request: Request) -> Refusal:
    if error.field in ("name", "name.givenName", "name.familyName"):
        which = error.field.rpartition(".")[2]
        return Refusal(400, "invalid", f"Invalid Given/Family Name: {which[:1].upper()}{which[1:]}")
    if error.field == "password":
        return Refusal(400, "invalid", "Invalid Password")
    if not error.field:
        return Refusal(400, "badRequest", "Invalid JSON payload received.")
    return invalid(_INPUTS.get(error.field, shown(error.field)))


def _quota(error: errors.TooManyRequests, request: Request) -> Refusal:
    reason = str(request.behaviour.quota_reason)
    status, message = _QUOTAS[reason]
    headers = {"Retry-After": str(error.retry_after)} if request.behaviour.sends_retry_after else {}
    return Refusal(status, reason, message, headers=headers, domain="usageLimits")


def _broken(error: errors.Broken, request: Request) -> Refusal:
    if error.reason == "quota_exceeded":
        return Refusal(error.status, "limitExceeded", "Domain user limit reached.")
    if error.reason == "already_exists":
        return Refusal(error.status, "duplicate", "Entity already exists.")
    return Refusal(error.status, _REASONS.get(error.status, "backendError"), error.detail)


def _unauthorized(error: errors.Unauthorized, request: Request) -> Refusal:
    return Refusal(401, "authError", "Invalid Credentials", location="Authorization", locationType="header")


REFUSALS: Mapping[type[Exception], Refuse] = {
    Invalid: _invalid,
    BadQuery: lambda error, request: Refusal(400, "invalid", error.detail),
    NotFound: lambda error, request: missing(KEYS.get(error.kind, "userKey")),
    UnknownMember: lambda error, request: missing("memberKey"),
    Conflict: lambda error, request: duplicate("Member" if error.kind == "Membership" else "Entity"),
    Forbidden: lambda error, request: Refusal(
        403, "forbidden", "Not Authorized to access this resource/api", flag=error.flag
    ),
    errors.Unauthorized: _unauthorized,
    errors.InsufficientScope: lambda error, request: Refusal(
        403, "insufficientPermissions", "Request had insufficient authentication scopes.", flag=error.flag
    ),
    errors.TooManyRequests: _quota,
    errors.Broken: _broken,
    errors.BadJson: lambda error, request: Refusal(400, "parseError", f"Parse Error: {shown(error.detail)}"),
    errors.UnknownPath: lambda error, request: Refusal(404, "notFound", "Not Found"),
    errors.MethodNotAllowed: lambda error, request: Refusal(
        405, "httpMethodNotAllowed", error.detail, headers={"Allow": ", ".join(error.allowed)}
    ),
    errors.WireError: lambda error, request: Refusal(
        error.status, _REASONS.get(error.status, "badRequest"), error.detail
    ),
}


def envelope(refusal: Refusal) -> dict[str, Any]:
    """The body of every refusal; a refusal of the credentials has a status in words as well."""
    domain = refusal.more.get("domain", "global")
    more = {name: value for name, value in refusal.more.items() if name != "domain"}
    one = {"message": refusal.message, "domain": domain, "reason": refusal.code, **more}
    body: dict[str, Any] = {"code": refusal.status, "message": refusal.message, "errors": [one]}
    return {"error": {**body, "status": "UNAUTHENTICATED"} if refusal.status == 401 else body}
