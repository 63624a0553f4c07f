"""What Slack refuses, by the codes of its reference, and how each version says it.

The code is what clients match on; a note in brackets may follow it (`long_username (user=ada)`). Which HTTP status
goes with a code is written nowhere for most of them: see `STATUS`.
"""

from __future__ import annotations

MAX_NOTE = 100
"""Longest value repeated in a note, in characters; a hostile one is not echoed in full."""

STATUS = {
    "bad_endpoint": 404,
    "cannot_disable_bot_user_with_scim": 403,
    "cannot_disable_primary_owner": 403,
    "cannot_make_user_guest": 403,
    "cannot_modify_gdpr": 403,
    "email_taken": 409,
    "idp_group_linked_to_channels": 403,
    "invalid_authentication": 401,
    "missing_authentication": 401,
    "no_such_group": 404,
    "no_such_user": 404,
    "permission_denied": 403,
    "plus_teams_only": 403,
    "user_creation_failed": 409,
    "username_taken": 409,
}
"""Statuses other than 400. Seen on the real service: 401, 409 for username_taken, and 400 for a junk filter, a long or
reserved name and a missing `schemas`; the others are inferred (IBM's connector page lists 400, 401, 403, 404, 409)."""


class SlackError(Exception):
    """A refusal by one of Slack's codes. `flag` is the flag of the mock that made it refuse, if one did."""

    def __init__(self, code: str, *, status: int | None = None, flag: str | None = None, **note: object) -> None:
        said = ", ".join(f"{key}={str(value)[:MAX_NOTE]}" for key, value in note.items())
        self.detail = f"{code} ({said})" if said else code
        super().__init__(self.detail)
        self.code, self.flag = code, flag
        self.status = status or STATUS.get(code, 400)
