"""What Slack refuses, by the codes of its reference, and how the family's refusals are told by them.

The code is what clients match on; a note in brackets may follow it (`long_username (user=ada)`). Which HTTP status
goes with a code is written nowhere for most of them. Seen on the real service: 401, 409 for username_taken, and 400 for
a junk filter, a long or reserved name and a missing `schemas`; the others are inferred (IBM's connector page lists
400, 401, 403, 404, 409). Source: https://docs.slack.dev/reference/scim-api#errors.
"""

from __future__ import annotations

from provcheck.mock_targets.directory import Conflict, NotFound, UnknownMember
from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.one_writer import Locked
from provcheck.mock_targets.operations.context import Forbidden
from provcheck.mock_targets.query.errors import BadQuery
from provcheck.mock_targets.scim.errors import NotFound as NotServed
from provcheck.mock_targets.target.flags import Behaviour

MAX_NOTE = 100
"""Longest value repeated in a note, in characters; a hostile one is not echoed in full."""
_STATUS = {
    **dict.fromkeys(("bad_endpoint", "no_such_group", "no_such_user", "no_such_group_members"), 404),
    **dict.fromkeys(("unsupported_version",), 404),
    **dict.fromkeys(("invalid_authentication", "missing_authentication"), 401),
    **dict.fromkeys(("email_taken", "user_creation_failed", "username_taken"), 409),
    **dict.fromkeys(
        ("cannot_disable_bot_user_with_scim", "cannot_disable_primary_owner", "cannot_make_user_guest"), 403
    ),
    **dict.fromkeys(
        ("cannot_modify_gdpr", "idp_group_linked_to_channels", "permission_denied", "plus_teams_only"), 403
    ),
    **dict.fromkeys(("too_many_requests", "resource_locked"), 429),
    "method_not_allowed": 405,
}
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


def refused_filter(error: BadQuery, text: str) -> SlackError:
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
        case Conflict():
            return SlackError("user_creation_failed")
        case errors.TooManyRequests():
            return SlackError(
                "resource_locked" if isinstance(error, Locked) and "/Groups/" in path else "too_many_requests"
            )
        case errors.UnknownPath() | NotServed():
            version = path[len("/scim/") :].partition("/")[0] if path.startswith("/scim/") else "v1"
            return SlackError("bad_endpoint" if version in ("v1", "v2", "") else "unsupported_version")
        case errors.MethodNotAllowed():
            return SlackError("method_not_allowed")
        case errors.Unauthorized():
            return SlackError("invalid_authentication")
        case Forbidden():
            return SlackError("permission_denied")
        case UnknownMember():
            return SlackError("no_such_group_members")
        case errors.BadJson() | errors.PayloadTooLarge():
            return SlackError("invalid_request_payload", status=error.status)
        case errors.WireError():
            return SlackError("internal_error", status=error.status)
        case _:
            return SlackError("invalid_request_payload")
