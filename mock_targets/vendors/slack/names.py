"""The rules for userName, displayName and the parts of a name.

One rule: a user name is at most 21 characters of letters, digits and `. _ -`, in lower case, whatever was sent.
Source: https://docs.slack.dev/reference/scim-api#user-attributes and #errors.
"""

from __future__ import annotations

import re
from typing import Any

from provcheck.mock_targets.vendors.slack.errors import SlackError

MAX_USER_NAME = 21
MAX_DISPLAY_NAME = 80

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")


def is_email(value: str) -> bool:
    """Whether a text has the form of an e-mail address."""
    return _EMAIL.fullmatch(value) is not None


def slack_name(value: str) -> str:
    """A user name as Slack writes it: lower case, special characters as `_`; of an e-mail address the first part.

    An e-mail address is cut to the length that is allowed; another name is not (see `user_name`).
    """
    email = is_email(value)
    local = value.partition("@")[0] if email else value
    written = "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in local.lower())
    return written[:MAX_USER_NAME] if email else written


def user_name(value: Any, *, reserved: frozenset[str], channels: frozenset[str], too_long: str) -> str:
    """The user name that a body asks for. `too_long` is the code for one of more than 21 characters.

    Raises SlackError: username_invalid, username_empty, username_not_allowed, username_taken (by a channel).
    """
    if not isinstance(value, str):
        raise SlackError("username_invalid")
    if not value.strip():
        raise SlackError("username_empty")
    no_emoji(value)
    name = slack_name(value.strip())
    if len(name) > MAX_USER_NAME:
        raise SlackError(too_long, user=value)
    if name.casefold() in reserved:
        raise SlackError("username_not_allowed", user=name)
    if name.casefold() in channels:
        raise SlackError("username_taken", username=name)
    return name


def display_name(value: str, *, user: str) -> str:
    """The display name that a body asks for. Raises SlackError: invalid_starts_with_at, invalid_name_..."""
    if value.startswith("@"):
        raise SlackError("invalid_starts_with_at", user=user)
    if "@" in value:
        raise SlackError("invalid_name_specials", user=user)
    if len(value) > MAX_DISPLAY_NAME:
        raise SlackError("invalid_name_maxlength", user=user)
    return value


def no_emoji(value: str) -> None:
    """Raise SlackError (invalid_emoji_not_allowed) for a text with an emoji."""
    if not value.isascii() and _EMOJI.search(value):
        raise SlackError("invalid_emoji_not_allowed")


def text(value: Any) -> str:
    """A simple text; null and blanks mean that there is none (`""`). Raises SlackError: invalid_attribute_format."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise SlackError("invalid_attribute_format")
    no_emoji(value)
    return value if value.strip() else ""
