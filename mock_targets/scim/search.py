"""What a client asks of a list: filter, sort, page or cursor, attributes; from a query string or a SearchRequest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.scim.errors import InvalidSyntax, InvalidValue

SEARCH_URN = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
_TEXTS = ("filter", "sortBy", "sortOrder", "cursor")
_NUMBERS = ("startIndex", "count")
_LISTS = ("attributes", "excludedAttributes")
PARAMETERS = (*_TEXTS, *_NUMBERS, *_LISTS)
"""Every query parameter of SCIM 2.0."""


@dataclass(frozen=True, slots=True)
class Search:
    """A query (RFC 7644 sections 3.4.2 and 3.9, RFC 9865 section 2). `start` is 1-based; None: not asked for.

    A `cursor` of "" asks for the first page of a traversal by cursor.
    """

    filter: str | None = None
    sort_by: str | None = None
    descending: bool = False
    start: int | None = None
    count: int | None = None
    cursor: str | None = None
    attributes: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


EVERYTHING = Search()
"""Nothing in particular is asked for."""


def from_query(
    request: Request, parameters: Sequence[str] = PARAMETERS, *, passes_over_numbers: bool = False
) -> Search:
    """The query in a URL, as far as it consists of these parameters. Raises InvalidValue.

    With `passes_over_numbers` a number that makes no sense counts as not given.
    """
    if not request.wsgi.query_string:
        return EVERYTHING
    given: dict[str, Any] = {}
    for name in parameters:
        value = request.argument(name)
        if value is not None:
            given[name] = value
    for name in _NUMBERS:
        if name in given and passes_over_numbers and not (given[name].isascii() and given[name].strip().isdecimal()):
            del given[name]
        elif name in given:
            given[name] = _number(name, given[name][:18] if passes_over_numbers else given[name])
    for name in _LISTS:
        if name in given:
            given[name] = [part.strip() for part in given[name].split(",") if part.strip()]
    return _search(given)


def from_body(request: Request) -> Search:
    """The query in the body of POST .search (RFC 7644 section 3.4.3). Raises InvalidSyntax and InvalidValue."""
    body = request.json()
    schemas = body.get("schemas") if isinstance(body, dict) else None
    if not isinstance(schemas, list) or SEARCH_URN not in schemas:
        raise InvalidSyntax(f"the body is a SearchRequest whose schemas name {SEARCH_URN}")
    for name in body:
        if name not in PARAMETERS and name != "schemas" and not request.behaviour.ignores_unknown_attributes:
            raise InvalidSyntax(f"a SearchRequest has no {name!r:.80}")
    given = {name: body[name] for name in PARAMETERS if body.get(name) is not None}
    for name in _TEXTS:
        if not isinstance(given.get(name, ""), str):
            raise InvalidValue(f"{name} is a text")
    for name in _NUMBERS:
        if not isinstance(given.get(name, 0), int) or isinstance(given.get(name), bool):
            raise InvalidValue(f"{name} is a whole number")
    for name in _LISTS:
        given[name] = _list_of_texts(name, given.get(name, []))
    return _search(given)


def _search(given: dict[str, Any]) -> Search:
    order = given.get("sortOrder", "ascending").lower()
    if order not in ("ascending", "descending"):
        raise InvalidValue("sortOrder is ascending or descending", about="sortOrder")
    if given.get("attributes") and given.get("excludedAttributes"):
        raise InvalidValue("attributes and excludedAttributes exclude each other")
    if "cursor" in given and "startIndex" in given:
        raise InvalidValue("cursor and startIndex exclude each other")
    return Search(
        filter=given.get("filter"),
        sort_by=given.get("sortBy") or None,
        descending=order == "descending",
        start=given.get("startIndex"),
        count=given.get("count"),
        cursor=given.get("cursor"),
        attributes=tuple(given.get("attributes", ())),
        excluded=tuple(given.get("excludedAttributes", ())),
    )


def _number(name: str, text: str) -> int:
    digits = text.strip().removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 18:
        raise InvalidValue(f"{name} is a whole number, not {text!r:.40}")
    return int(text.strip())


def _list_of_texts(name: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InvalidValue(f"{name} is a list of texts")
    return value
