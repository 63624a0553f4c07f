"""Lists: filter, page and envelope.

Ten resources a page unless `count` says otherwise, a thousand at most; `itemsPerPage` is how many really came.
Source: https://api.slack.com/changelog/2019-06-have-scim-will-paginate, https://docs.slack.dev/reference/scim-api.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from provcheck.mock_targets.directory import Record
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.vendors.slack import urns
from provcheck.mock_targets.vendors.slack.errors import SlackError
from provcheck.mock_targets.vendors.slack.filters import Filter, Offers, no_filters, read_filter
from provcheck.mock_targets.vendors.slack.rendering import reply, shown, version

DEFAULT_COUNT = 10
MAX_COUNT = 1000
MAX_DIGITS = 18
"""Digits that are read of a number: beyond any list either way."""

_INDEX = {"username": "userName", "email": "email", "emails": "email", "emails.value": "email"}
_KNOWN = {
    "User": frozenset((*_INDEX, "nickname", "restricted", "ultra_restricted")),
    "Group": frozenset(("displayname",)),
}


def listed(request: Request, kind: str) -> Answer:
    """The answer to a list request. Raises SlackError for a filter that cannot be read."""
    if request.argument("sortOrder") not in (None, "ascending", "descending"):
        raise SlackError("invalid_sort_order")
    start, count = _page(request)
    text = request.argument("filter")
    where = None if text is None else _checked(request, kind, text)
    values = [term.value for term in where.equalities() if term.value] if where else []
    request.operations.announce(f"{kind.lower()}.list", kind=kind, names=values)
    if where is None and (kind == "Group" or request.behaviour.lists_deactivated_users):
        records, total = _plain_page(request, kind, start - 1, count)
    else:
        found = _found(request, kind, where)
        records, total = found[start - 1 : start - 1 + count], len(found)
    return reply(request, 200, _envelope(request, [shown(request, record) for record in records], total, start))


def _envelope(request: Request, resources: list[Any], total: int, start: int) -> dict[str, Any]:
    counts = {"totalResults": total, "itemsPerPage": len(resources), "startIndex": start}
    schemas = [urns.spoken(urns.LIST, version(request))]
    if version(request) == 1:
        return {**counts, "schemas": schemas, "Resources": resources}
    return {"schemas": schemas, "Resources": resources, **counts}


def _page(request: Request) -> tuple[int, int]:
    start, count = _number(request.argument("startIndex"), 1), _number(request.argument("count"), DEFAULT_COUNT)
    return max(1, start), min(count, MAX_COUNT) if count >= 0 else DEFAULT_COUNT


def _number(text: str | None, otherwise: int) -> int:
    digits = (text or "").strip()
    bare = digits.removeprefix("-")
    return int(digits[:MAX_DIGITS]) if bare.isascii() and bare.isdigit() else otherwise


def _checked(request: Request, kind: str, text: str) -> Filter:
    if not text.strip():
        raise no_filters()
    where = read_filter(text.strip())
    if not request.behaviour.filters_on_other_attributes and where.names() - _KNOWN[kind]:
        raise SlackError("invalid_query")
    return where


def _plain_page(request: Request, kind: str, start: int, count: int) -> tuple[Sequence[Record], int]:
    directory = request.target.directory
    with directory.lock:
        total = directory.count(kind)
        if request.behaviour.list_order == "oldest_first":
            return directory.page(kind, start, count), total
        end = max(0, total - start)
        first = max(0, end - count)
        return directory.page(kind, first, end - first)[::-1], total


def _found(request: Request, kind: str, where: Filter | None) -> list[Record]:
    records = _candidates(request, kind, where)
    if where is None:
        found = [record for record in records if record.document["active"]]
    else:
        found = [record for record in records if where.matches(_offers(record))]
    return found if request.behaviour.list_order == "oldest_first" else found[::-1]


def _candidates(request: Request, kind: str, where: Filter | None) -> list[Record]:
    directory = request.target.directory
    for equality in where.equalities() if where else ():
        index = _INDEX.get(equality.name) if kind == "User" else {"displayname": "displayName"}.get(equality.name)
        if index and equality.value is not None:
            return directory.find(kind, index, equality.value)
    return list(directory.all(kind))


def _offers(record: Record) -> Offers:
    offers = _USER_OFFERS if record.kind == "User" else _GROUP_OFFERS

    def values(name: str) -> Sequence[str]:
        known = offers.get(name)
        return known(record.document) if known else _other(record, name)

    return values


def _other(record: Record, name: str) -> Sequence[str]:
    """The text of any attribute by its path; only asked for when a flag lets filters name them."""
    value: Any = {**record.document, "id": record.id}
    for part in name.split("."):
        value = {key.lower(): item for key, item in value.items()}.get(part) if isinstance(value, dict) else None
    if isinstance(value, bool):
        return ("true" if value else "false",)
    return (value,) if isinstance(value, str) else ()


def _truth(value: bool) -> Sequence[str]:  # noqa: FBT001  # the value to be told
    return ("1", "true") if value else ("0", "false")


def _email_values(document: dict[str, Any]) -> Sequence[str]:
    return [item["value"] for item in document["emails"]]


_USER_OFFERS: dict[str, Callable[[dict[str, Any]], Sequence[str]]] = {
    "username": lambda document: (document["userName"],),
    "nickname": lambda document: (document["userName"],),
    "email": _email_values,
    "emails": _email_values,
    "emails.value": _email_values,
    "restricted": lambda document: _truth(urns.GUEST in document),
    # Guests of a single channel cannot be made by SCIM.
    "ultra_restricted": lambda document: _truth(False),
}
_GROUP_OFFERS: dict[str, Callable[[dict[str, Any]], Sequence[str]]] = {
    "displayname": lambda document: (document["displayName"],),
}
