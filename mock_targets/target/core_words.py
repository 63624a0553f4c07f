"""The core words: the names of user and group attributes in seeds and snapshots, the same for every target.

They are the names of RFC 7643 section 4 with four changes: a user has one `email` and one `address` (the leading ones),
`givenName` and `familyName` stand by themselves, the words of the enterprise extension stand beside the others, and a
`manager` is named by userName.
"""

from __future__ import annotations

import re
from dataclasses import field, make_dataclass
from functools import cache
from typing import Annotated, Any

from annotated_types import MinLen

from provcheck.mock_targets.reading import shown

Name = Annotated[str, MinLen(1)]
_ID = r"^(?!\.\.?$)[^/\x00-\x1f\x7f-\x9f]+$"
_MATCHES_ID = re.compile(_ID)


class _UrlSegment:
    """Restricts a text to what can be an id: one segment of a URL (RFC 3986 section 3.3).

    Servers take `%2F` for a slash, and clients remove `.` and `..`; other characters can be escaped.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> dict[str, Any]:
        function = {"type": "no-info", "function": _check_id}
        return {"type": "function-after", "function": function, "schema": handler(source)}

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: Any) -> dict[str, Any]:
        return {**handler(core_schema), "pattern": _ID}


def _check_id(id: str) -> str:
    if not _MATCHES_ID.match(id) or id.endswith("\n"):
        raise ValueError(
            f"an id is a part of a URL, so it has no / or control character and is not . or .., not {shown(id)}"
        )
    return id


Id = Annotated[str, MinLen(1), _UrlSegment()]
ADDRESS_PARTS = ("formatted", "streetAddress", "locality", "region", "postalCode", "country")


def _record(name: str, required: dict[str, Any], optional: dict[str, Any]) -> Any:
    """A type with these members; the optional ones may be null, and are null where nothing is said."""
    fields: list[Any] = [(word, kind | None, field(default=None)) for word, kind in optional.items()]
    return make_dataclass(name, [*required.items(), *fields], frozen=True, slots=True)


PhoneNumber = _record("PhoneNumber", {"value": Name}, {"type": str})
Address = _record("Address", {}, dict.fromkeys(ADDRESS_PARTS, str))

USER_WORDS: dict[str, Any] = {
    "userName": Name,
    "externalId": str,
    "givenName": str,
    "familyName": str,
    "displayName": str,
    "email": str,
    "active": bool,
    "title": str,
    "nickName": str,
    "userType": str,
    "preferredLanguage": str,
    "locale": str,
    "timezone": str,
    "phoneNumbers": list[PhoneNumber],  # type: ignore[valid-type]  # made at run time
    "address": Address,
    "department": str,
    "employeeNumber": str,
    "manager": str,
}
"""Word -> type of its value. A target keeps some of them, or all: see its core mapping."""
GROUP_WORDS: dict[str, Any] = {"displayName": Name, "externalId": str}

_EVERY: dict[str, Any] = {"id": Id, "document": dict[str, Any]}
_OF_USERS = {word: kind for word, kind in USER_WORDS.items() if word != "userName"}
SeedUser = _record("SeedUser", {"userName": Name}, {**_OF_USERS, **_EVERY, "groups": list[str | None]})
SeedGroup = _record(
    "SeedGroup",
    {"displayName": Name},
    {"externalId": str, **_EVERY, "members": list[str | None], "memberIds": list[str]},
)


@cache
def seed_type(*lists: str) -> Any:
    """What a seed may say, and a snapshot says, by the names of a target's lists; all but `groups` hold users."""
    kinds: dict[str, Any] = dict.fromkeys(lists, SeedUser) | {"groups": SeedGroup}
    return _record("Seed", {}, {name: list[kind] for name, kind in kinds.items()})  # type: ignore[valid-type]  # made at run time
