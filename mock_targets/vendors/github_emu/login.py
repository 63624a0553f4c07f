"""From a SCIM userName to a GitHub login.

Two names whose logins agree (case aside) are the same name to an enterprise, whatever they look like.
Source: docs.github.com, username considerations for external authentication.
"""

from __future__ import annotations

import re

from provcheck.mock_targets.scim.errors import InvalidValue

HIDDEN_CODE_LENGTH = 30
"""Characters that data residency, which hides the short code, leaves for a login."""

_NOT_ALPHANUMERIC = re.compile(r"[^A-Za-z0-9]")


def login_of(user_name: str) -> str:
    """The login without the short code: what stands before @ or behind a domain's backslash, dashes for the rest."""
    name = user_name.partition("#EXT#")[0]  # a guest of an Entra ID tenant
    name = name.partition("@")[0].rpartition("\\")[2]
    return _NOT_ALPHANUMERIC.sub("-", name)


def login_key(user_name: str) -> str:
    """The login as logins are compared: without regard to case."""
    return login_of(user_name).lower()


def check_login(user_name: str, *, suffix: str, max_length: int) -> None:
    """Raise InvalidValue when no account can be made for a userName. `suffix` is the short code with its underscore."""
    login = login_of(user_name)
    if not login or login.startswith("-") or login.endswith("-"):
        raise InvalidValue(f"userName {user_name!r:.100} makes a login that is empty or begins or ends with a dash")
    if "--" in login:
        raise InvalidValue(f"userName {user_name!r:.100} makes a login with two dashes in a row")
    if len(login) + len(suffix) > max_length:
        raise InvalidValue(f"userName {user_name!r:.100} makes a login of more than {max_length} characters")
