"""From a SCIM userName to a GitHub login, and the roles that a user can have.

Two names whose logins agree (case aside) are the same name to an enterprise, whatever they look like. Sources:
docs.github.com, username considerations for external authentication; rest/enterprise-admin/scim.
"""

from __future__ import annotations

import re

from provcheck.mock_targets.directory import Document
from provcheck.mock_targets.scim.errors import InvalidValue

HIDDEN_CODE_LENGTH = 30
"""Characters that data residency, which hides the short code, leaves for a login."""

ROLES = frozenset((
    "user", "guest_collaborator", "enterprise_owner", "billing_manager",
    "27d9891d-2c17-4f45-a262-781a0e55c80a", "1ebc4a02-e56c-43a6-92a5-02ee09b90824",
    "981df190-8801-4618-a08a-d91f6206c954", "ba4987ab-a1c3-412a-b58c-360fc407cb10",
    "0e338b8c-cc7f-498a-928d-ea3470d7e7e3", "e6be2762-e4ad-4108-b72d-1bbe884a0f91",
))  # fmt: skip
"""By name, or by the id of the app role. They come in any case and go out like this."""

_LOGIN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""Dashes stand between other characters, one at a time."""
_NOT_ALPHANUMERIC = re.compile(r"[^A-Za-z0-9]")


def login_key(user_name: str) -> str:
    """The login in lower case, without the short code: what stands before @ or behind a backslash, rest as dashes."""
    name = user_name.partition("#EXT#")[0]  # a guest of an Entra ID tenant
    name = name.partition("@")[0].rpartition("\\")[2]
    return _NOT_ALPHANUMERIC.sub("-", name).lower()


def check_login(user_name: str, suffix: str, max_length: int) -> None:
    """Raise InvalidValue when no account can be made for a userName. `suffix` is the short code with its underscore."""
    login = login_key(user_name)
    if not _LOGIN.fullmatch(login):
        raise InvalidValue(f"userName {user_name!r:.100} makes a login that is empty or has a dash too many")
    if len(login) + len(suffix) > max_length:
        raise InvalidValue(f"userName {user_name!r:.100} makes a login of more than {max_length} characters")


def with_settled_roles(document: Document, *, refuses_unknown: bool) -> Document:
    """The document with its roles as documented. Raises InvalidValue for one that does not exist."""
    roles = document.get("roles") or []
    for role in roles:
        if refuses_unknown and role["value"].lower() not in ROLES:
            raise InvalidValue(f"{role['value']!r:.80} is not a role")
    known = [{**role, "value": low} if (low := role["value"].lower()) in ROLES else role for role in roles]
    return document if known == roles else {**document, "roles": known}
