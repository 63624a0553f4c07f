"""What Slack refuses, by the codes of its reference, and how the family's refusals are told by them.

The code is what clients match on; a note in brackets may follow it (`long_username (user=ada)`). Which HTTP status
goes with a code is written nowhere for most of them. Seen on the real service: 401, 409 for username_taken, and 400 for
a junk filter, a long or reserved name and a missing `schemas`; the others are inferred (IBM's connector page lists
400, 401, 403, 404, 409). Source: https://docs.slack.dev/reference/scim-api#errors.
"""

from __future__ import annotations

from collections.abc import Mapping

from provcheck.mock_targets.directory import Conflict, NotFound, UnknownMember
from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.one_writer import Locked
from provcheck.mock_targets.operations.context import Forbidden
from provcheck.mock_targets.scim.errors import InvalidFilter, InvalidValue
from provcheck.mock_targets.scim.errors import NotFound as NotServed
from provcheck.mock_targets.target.flags import Behaviour

MAX_NOTE = 100
"""Longest value repeated in a note, in characters; a hostile one is not echoed in full."""
_CODES_BY_STATUS = {
    401: "invalid_authentication missing_authentication",
    403: "cannot_disable_bot_user_with_scim cannot_disable_primary_owner cannot_make_user_guest cannot_modify_gdpr "
    "idp_group_linked_to_channels permission_denied plus_teams_only",
    404: "bad_endpoint no_such_group no_such_user no_such_group_members unsupported_version",
    405: "method_not_allowed",
    409: "email_taken group_creation_failed user_creation_failed username_taken",
    429: "too_many_requests resource_locked",
}
_STATUS = {code: status for status, codes in _CODES_BY_STATUS.items() for code in codes.split()}
"""The status of every code that is not a 400."""
_FLAG_OF_STATUS = {
    "no_such_user": "status_of_unknown_id",
    "no_such_group": "status_of_unknown_id",
    "no_such_group_members": "status_of_unknown_members",
    "bad_endpoint": "status_of_unknown_endpoint",
    "unsupported_version": "status_of_unknown_version",
    "method_not_allowed": "status_of_wrong_method",
    "email_taken": "status_of_taken_email",
}
_FLAWS = {"empty": "no_filters", "incomplete": "incomplete_filter", "group": "invalid_filter_group"}
_FLAWS["too_large"] = "query_building_failed"


class SlackError(Exception):
    """A refusal by one of Slack's codes. `flag` is the flag of the mock that made it refuse, if one did."""

    def __init__(self, code: str, *, status: int | None = None, flag: str | None = None, **note: object) -> None:
        said = ", ".join(f"{key}={str(value)[:MAX_NOTE]}" for key, value in note.items())
        self.detail = f"{code} ({said})" if said else code
        super().__init__(self.detail)
        self.code, self.flag = code, flag
        self.status = status or _STATUS.get(code, 400)

    def status_under(self, behaviour: Behaviour) -> int:
        """The status, as the flags have it."""
        flag = _FLAG_OF_STATUS.get(self.code) or ("status_of_refusals" if self.status == 403 else None)
        return int(getattr(behaviour, flag)) if flag else self.status


_CODES: Mapping[type[Exception], str] = {
    errors.UnknownPath: "bad_endpoint",
    NotServed: "bad_endpoint",
    errors.MethodNotAllowed: "method_not_allowed",
    errors.TooManyRequests: "too_many_requests",
    errors.BadJson: "invalid_request_payload",
    errors.PayloadTooLarge: "invalid_request_payload",
    errors.WireError: "internal_error",
    Forbidden: "permission_denied",
    UnknownMember: "no_such_group_members",
    Conflict: "user_creation_failed",
    InvalidValue: "invalid_attribute_format",
    Exception: "invalid_request_payload",
}
"""The code of each refusal of the family, by the nearest class."""


def refused_filter(error: InvalidFilter, text: str) -> SlackError:
    """What is wrong with a filter; one without any comparison has a note."""
    code = _FLAWS.get(error.flaw, "invalid_query")
    if code == "no_filters" or (code == "incomplete_filter" and len(text.split()) < 2):
        return SlackError("no_filters", is_aggregate_call=1)
    return SlackError(code)


def told(error: Exception, path: str) -> SlackError:
    """Any refusal as one of Slack's codes. `path` is that of the request."""
    match error:
        case SlackError():
            return error
        case NotFound():
            return SlackError("no_such_group" if error.kind == "Group" else "no_such_user")
        case Conflict(index="userName"):
            return SlackError("username_taken", username=error.value)
        case Conflict(index="email"):
            return SlackError("email_taken", email=error.value, existing_user=error.holder_id)
        case Locked() if "/Groups/" in path:
            return SlackError("resource_locked")
        case errors.UnknownPath() if path.startswith("/scim/") and path.split("/")[2] not in ("v1", "v2", ""):
            return SlackError("unsupported_version")
        case InvalidFilter():
            return refused_filter(error, "")
    code = next(_CODES[kind] for kind in type(error).__mro__ if kind in _CODES)
    return SlackError(code, status=error.status if isinstance(error, errors.WireError) else None)
