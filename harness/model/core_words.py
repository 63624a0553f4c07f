"""The core words of users in the harness: the one list from which mappings, connectors and comparisons follow.

They are the names of RFC 7643 section 4 with four changes: a user has one `email` and one `address` (the leading ones),
`givenName` and `familyName` stand by themselves, the words of the enterprise extension stand beside the others, and a
`manager` is named by userName.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeAlias
from unicodedata import normalize

ADDRESS_PARTS = ("formatted", "streetAddress", "locality", "region", "postalCode", "country")
"""Parts of an address (RFC 7643 section 4.1.2)."""

Value: TypeAlias = str | list[dict[str, str]] | dict[str, str]
"""A text, phone numbers as objects of `value` and `type`, or an address as an object of its parts."""


class Kind(Enum):
    """What the value of a word is."""

    TEXT = "a text"
    SWITCH = "true or false"
    PHONES = "a list of objects of value and type"
    ADDRESS = "an object of address parts"
    USER = "the user name of a user"


@dataclass(frozen=True, slots=True)
class Word:
    """A core word. `source` is the field of the source user that the default mapping writes there; empty: none."""

    name: str
    kind: Kind = Kind.TEXT
    source: str = ""
    enterprise: bool = field(default=False, kw_only=True)
    """It is kept in the enterprise extension (RFC 7643 section 4.3)."""
    caseless: bool = field(default=False, kw_only=True)
    """It is compared without regard to case and Unicode form (RFC 7643 section 4.1.1, RFC 7644 section 5; RFC 5321
    section 2.4 in practice)."""


WORDS: Mapping[str, Word] = MappingProxyType(
    {
        word.name: word
        for word in (
            Word("userName", source="user_name", caseless=True),
            Word("externalId", source="external_id"),
            Word("givenName", source="given_name"),
            Word("familyName", source="family_name"),
            Word("displayName", source="display_name"),
            Word("email", source="email", caseless=True),
            Word("active", Kind.SWITCH),
            *(Word(name) for name in ("title", "nickName", "userType", "preferredLanguage", "locale", "timezone")),
            Word("phoneNumbers", Kind.PHONES),
            Word("address", Kind.ADDRESS),
            Word("department", enterprise=True),
            Word("employeeNumber", enterprise=True),
            Word("manager", Kind.USER, enterprise=True, caseless=True),
        )
    }
)
"""Every core word by its name."""
FURTHER_WORDS = tuple(word.name for word in WORDS.values() if not word.source and word.kind is not Kind.SWITCH)
"""Words that a rule can map beside those of the default mapping."""
_TEXT = Word("")


def value_of(word: str, given: Any) -> Any:
    """What is given at the source, in the form that a word has; None where it says nothing.

    A text becomes a phone number for work or a formatted address; of phone numbers a text is the first, of an address
    its formatted part.
    """
    kind = WORDS.get(word, _TEXT).kind
    if kind is Kind.TEXT and isinstance(given, str):
        return given or None
    if kind is Kind.PHONES and isinstance(given, list | tuple):
        return [dict(each) for each in given if each.get("value")] or None
    if kind is Kind.ADDRESS and isinstance(given, Mapping):
        return {part: text for part, text in given.items() if text} or None
    text = _as_text(given)
    if kind is Kind.PHONES:
        return [{"value": text, "type": "work"}] if text else None
    return ({"formatted": text} if kind is Kind.ADDRESS else text) if text else None


def _as_text(given: Any) -> Any:
    if isinstance(given, list | tuple):
        return next((each["value"] for each in given if each.get("value")), None)
    return given.get("formatted") if isinstance(given, Mapping) else given


def _folded(name: str) -> str:
    """A name as it is compared: without regard to case, and to its Unicode form (RFC 7644 section 5)."""
    return name.casefold() if name.isascii() else normalize("NFC", normalize("NFC", name).casefold())


def comparable(word: str, value: Any) -> Any:
    """A value in the form in which it is compared: absent and empty are one, phone numbers have no order."""
    known = WORDS.get(word, _TEXT)
    if isinstance(value, str):
        return (_folded(value) if known.caseless else value) or None
    if isinstance(value, list | tuple) and known.kind is Kind.PHONES:
        return frozenset((each.get("value"), str(each.get("type") or "").casefold()) for each in value) or None
    if isinstance(value, Mapping) and known.kind is Kind.ADDRESS:
        return frozenset((part, value[part]) for part in ADDRESS_PARTS if value.get(part)) or None
    return value
