"""How strings are compared and checked.

One rule: every comparison of strings, in a filter, a sort or a unique index, goes through `fold` or `exact`, so that
an index and a filter never disagree.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TypeGuard
from unicodedata import normalize
from urllib.parse import urlsplit

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(//[^/?#]+.*|(?!//).+)", re.ASCII | re.DOTALL)
_SPACE = re.compile(r"[\s\x00-\x20<>\"\\^`{|}]")
_DATE_TIME = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


_SHARED: dict[str, str] = {}
MAX_SHARED = 4096


def shared(value: str) -> str:
    """Return a shared copy of a text, if it was among the first ones seen; saves memory for repeated values."""
    kept = _SHARED.get(value)
    if kept is not None:
        return kept
    if len(_SHARED) < MAX_SHARED and len(value) < 64:
        _SHARED[value] = value
    return value


def is_plain(value: object) -> TypeGuard[str]:
    """Return True if a value is a non-empty ASCII text, as most are, which needs no further validation."""
    return type(value) is str and value != "" and value.isascii()


def exact(value: str) -> str:
    """Return the form in which values of a caseExact attribute are compared (RFC 7643 section 2.2)."""
    return value if value.isascii() else normalize("NFC", value)


def fold(value: str) -> str:
    """Return the form in which values of other attributes are compared, ignoring case."""
    if value.isascii():
        return value.lower()
    # Mapping to lower case does not keep the normal form, so it is restored afterwards.
    return normalize("NFC", normalize("NFC", value).lower())


def well_formed(value: str) -> bool:
    """Return True if the string can be encoded: it has no lone surrogate."""
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_uri(value: str) -> bool:
    """Whether the string is an absolute URI, or a reference that begins with a slash (RFC 3986)."""
    try:
        port = urlsplit(value).port
    except ValueError:
        return False
    return port != 0 and (value[:1] == "/" or _URI.fullmatch(value) is not None) and not _SPACE.search(value)


def is_email(value: str) -> bool:
    """Whether the string has the form of an e-mail address."""
    local, _at, host = value.partition("@")
    return bool(local and host) and "@" not in host and not any(letter.isspace() for letter in value)


def date_time(value: str) -> datetime | None:
    """The moment an xsd:dateTime names (RFC 7643 section 2.3.5), or None; without a zone it is read as UTC."""
    if not _DATE_TIME.fullmatch(value):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
