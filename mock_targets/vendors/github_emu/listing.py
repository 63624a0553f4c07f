"""Lists: one `eq` comparison at most, 30 resources a page unless more are asked for, never more than 100.

Source: docs.github.com, rest/enterprise-admin/scim. Anything else in a filter is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from provcheck.mock_targets.directory import Record
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.query.text import well_formed
from provcheck.mock_targets.scim.errors import InvalidFilter, InvalidValue
from provcheck.mock_targets.scim.messages import LIST_URN
from provcheck.mock_targets.scim.schema import Json
from provcheck.mock_targets.vendors.github_emu.core_mapping import MEMBER

MAX_FILTER = 8192
"""Longest filter that is read, in characters."""

FILTERS: Mapping[str, Mapping[str, str]] = {
    "User": {"userName": "userName", "externalId": "externalId", "id": "id", "displayName": "displayName"},
    "Group": {"externalId": "externalId", "id": "id", "displayName": "displayName"},
    MEMBER: {"userName": "userName", "externalId": "externalId", "id": "id", "emails": "email"},
}
"""What each kind can be filtered by, and the index that answers."""

_EQUALITY = re.compile(r'\s*([A-Za-z]+)\s+eq\s+("(?:[^"\\\x00-\x1f]|\\.)*")\s*', re.IGNORECASE | re.ASCII)


def list_response(request: Request, kind: str, show: Callable[[Record], Json]) -> Json:
    """The ListResponse to a query over one kind. Raises InvalidFilter and InvalidValue."""
    start, count = paging(request)
    equality = read_filter(kind, request.argument("filter"))
    word = "group" if kind == "Group" else "user"
    request.operations.announce(f"{word}.list", kind=kind, names=equality[1:] if equality else ())
    if equality is None:
        records: Sequence[Record] = request.target.directory.page(kind, start - 1, count)
        total = request.target.directory.count(kind)
    else:
        found = _matching(request, kind, *equality)
        records, total = found[start - 1 : start - 1 + count], len(found)
    return {
        "schemas": [LIST_URN],
        "totalResults": total,
        "itemsPerPage": len(records),
        "startIndex": start,
        "Resources": [show(record) for record in records],
    }


def excludes_members(request: Request) -> bool:
    """Whether the client wants groups without their members."""
    asked = request.argument("excludedAttributes") or ""
    return "members" in {name.strip().lower() for name in asked.split(",")}


def paging(request: Request) -> tuple[int, int]:
    """The 1-based start and the size of a page. Raises InvalidValue."""
    start = _number(request, "startIndex", 1)
    count = _number(request, "count", request.behaviour.default_page_size)
    return max(1, start), min(max(0, count), request.behaviour.max_page_size)


def read_filter(kind: str, text: str | None) -> tuple[str, str] | None:
    """Attribute and value of a filter; None without one. Raises InvalidFilter."""
    if text is None:
        return None
    match = _EQUALITY.fullmatch(text) if len(text) <= MAX_FILTER else None
    known = FILTERS[kind]
    names = {name.lower(): name for name in known}
    if match is None or match[1].lower() not in names:
        raise InvalidFilter(f"a filter is one of {', '.join(known)}, then eq and a value in double quotes")
    try:
        value = json.loads(match[2])
    except ValueError:
        raise InvalidFilter("the value of the filter is not a JSON string") from None
    if not well_formed(value):
        raise InvalidFilter("the value of the filter is not valid Unicode")
    return names[match[1].lower()], value


def _matching(request: Request, kind: str, name: str, value: str) -> list[Record]:
    directory = request.target.directory
    if name == "id":
        record = directory.locate(value)
        return [record] if record is not None and record.kind == kind else []
    found = directory.find(kind, FILTERS[kind][name], value)
    if name == "userName" and not request.behaviour.folds_user_names:
        return [record for record in found if record.document["userName"] == value]
    return found


def _number(request: Request, name: str, default: Any) -> int:
    text = request.argument(name)
    if text is None:
        return int(default)
    digits = text.strip().removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 18:
        raise InvalidValue(f"{name} is a whole number, not {text!r:.40}")
    return int(text.strip())
