"""Rules on filters, on look-ups, and on reading lists page by page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from urllib.parse import unquote

from scim2_models import ScimFilter
from scim2_models.exceptions import SCIMException

from provcheck.harness.lint.conversation import Conversation
from provcheck.harness.lint.exchange import Exchange
from provcheck.harness.lint.rule import Violation, on_each, rule

GRAMMAR = "RFC 7644, section 3.4.2.2, figure 1"
PAGING = "RFC 7644, section 3.4.2.4"
OFTEN = 3
"""So many listings of everything within a minute are too many."""
MINUTE = 60.0
_COMPARED = re.compile(r"\b(?:eq|ne|co|sw|ew|gt|ge|lt|le)\s+(.*)", re.IGNORECASE | re.DOTALL)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
"""A text in quotes, closed or not: one that is not closed is read once, not once for each quote in it."""


@lru_cache(maxsize=4096)
def filter_error(text: str) -> str:
    """Why a filter cannot be read: `unescaped`, `unquoted` or `syntax`; empty when it can."""
    try:
        _ = ScimFilter(text).ast
    except (SCIMException, ValueError):
        compared = _COMPARED.search(text)
        value = compared[1].strip() if compared else ""
        if value.startswith('"'):
            return "unescaped" if value.count('"') != 2 or "\\" in value else "syntax"
        return "unquoted" if value and not re.match(r"(true|false|null|-?\d)", value) else "syntax"
    return ""


@on_each(
    "SCIM401",
    "error",
    GRAMMAR,
    "Write attribute operator value, joined by and, or, not (...).",
    needs="filter_grammar",
)
def filters_can_be_read(x: Exchange) -> Iterator[str]:
    """A filter is in the grammar of RFC 7644."""
    if x.filter and filter_error(x.filter) == "syntax":
        yield x.filter


@on_each(
    "SCIM402",
    "error",
    "RFC 7644, section 3.4.2.2; RFC 8259, section 7",
    "Put a backslash before quotes and backslashes.",
    needs="filter_grammar",
)
def values_in_filters_are_escaped(x: Exchange) -> Iterator[str]:
    """A value in a filter is a JSON string: quotes and backslashes in it are escaped."""
    if x.filter and filter_error(x.filter) == "unescaped":
        yield x.filter


@on_each("SCIM403", "error", GRAMMAR, "Put the value into double quotes.", needs="filter_grammar")
def values_in_filters_are_in_double_quotes(x: Exchange) -> Iterator[str]:
    """A string in a filter is in double quotes."""
    if x.filter and filter_error(x.filter) == "unquoted":
        yield x.filter


@on_each("SCIM404", "warning", "RFC 3986, sections 2.1 and 3.4", "Percent-encode the value of the parameter filter.")
def queries_are_percent_encoded(x: Exchange) -> Iterator[str]:
    """Quotes, blanks and non-ASCII characters in a query are percent-encoded."""
    wild = sorted(set(re.findall(r'[ "<>\\^`{|}]|[^\x00-\x7f]', x.query)))
    if wild:
        yield f"{' '.join(wild)!r} in the query"


@on_each("SCIM405", "error", "RFC 3986, section 2.2; WHATWG URL, application/x-www-form-urlencoded", "Encode + as %2B.")
def a_plus_in_a_filter_is_encoded(x: Exchange) -> Iterator[str]:
    """A + in the value of a filter is sent as %2B: a bare one arrives as a blank (ada+test@example.com)."""
    raw = next((part[7:] for part in x.query.split("&") if part.startswith("filter=")), "")
    if "%20" in raw and "+" in raw and any("+" in value for value in _QUOTED.findall(unquote(raw))):
        yield unquote(raw)


@on_each("SCIM410", "warning", PAGING, "Begin with startIndex=1.")
def pages_are_counted_from_one(x: Exchange) -> Iterator[str]:
    """`startIndex` is 1 or more: the first resource has the index 1."""
    text = _param(x, "startIndex")
    if text.lstrip("-").isdecimal() and int(text) < 1:
        yield f"startIndex={text}"


@on_each("SCIM411", "error", PAGING, "Send whole numbers as startIndex and count.")
def paging_parameters_are_numbers(x: Exchange) -> Iterator[str]:
    """`startIndex` and `count` are whole numbers, and count is not negative."""
    for name in ("startIndex", "count"):
        text = _param(x, name)
        if text and not text.lstrip("-").isdecimal():
            yield f"{name}={text}"
        elif name == "count" and text.startswith("-"):
            yield f"count={text}"


def _param(x: Exchange, name: str) -> str:
    source = x.body if x.searches else x.params
    return next((str(value) for key, value in source.items() if key.casefold() == name.casefold()), "")


def _number(x: Exchange, name: str, default: int) -> int:
    text = _param(x, name)
    return max(1, int(text)) if text.isdecimal() else default


def _answered(x: Exchange, name: str) -> int:
    found = x.answer.get(name)
    return found if isinstance(found, int) else 0


def _asks(x: Exchange) -> tuple[str, str]:
    """What is listed, apart from the page."""
    return x.path, x.filter


@rule("SCIM412", "error", PAGING, "Ask next for startIndex plus the number of resources that came.")
def the_next_page_begins_where_the_last_one_ended(conversation: Conversation) -> Iterator[Violation]:
    """The next startIndex follows from the resources that came, not from the count that was asked for."""
    before: dict[tuple[str, str], Exchange] = {}
    for x in conversation:
        if not x.lists:
            continue
        last, start = before.get(_asks(x)), _number(x, "startIndex", 1)
        if last is not None and last.good:
            first, got = _number(last, "startIndex", 1), len(last.hits)
            asked = _number(last, "count", 0)
            if 0 < got < asked and start == first + asked and _answered(last, "totalResults") >= first + got:
                yield Violation((last.number, x.number), f"{got} came from {first} on, and {start} was asked for next")
        before[_asks(x)] = x


@rule(
    "SCIM413",
    "warning",
    PAGING,
    "Read on until as many resources came as totalResults says, or a page is empty.",
    at_end=True,
)
def lists_are_read_to_the_end(conversation: Conversation) -> Iterator[Violation]:
    """A list is read to its end: what did not fit on the first page exists as well."""
    open_lists: dict[tuple[str, str], Exchange] = {}
    for x in conversation:
        if not x.lists or _param(x, "cursor"):
            continue
        if _number(x, "startIndex", 1) > 1 or (x.good and not _unfinished(x)):
            open_lists.pop(_asks(x), None)
        elif x.good and _param(x, "count") not in ("0", "1"):
            open_lists[_asks(x)] = x
    for x in open_lists.values():
        seen = f"{len(x.hits)} of {_answered(x, 'totalResults')} were read"
        yield Violation((x.number,), seen)


def _unfinished(x: Exchange) -> bool:
    only = re.search(r"\beq\b", x.filter, re.IGNORECASE) and len(x.hits) > 1
    more = _answered(x, "totalResults") > _number(x, "startIndex", 1) - 1 + len(x.hits)
    return more and not only and not x.answer.get("nextCursor") and bool(x.hits)


@rule("SCIM414", "info", "RFC 7644, section 3.4.2; our advice", "List once and keep the result, or ask by filter.")
def not_everything_is_listed_again_and_again(conversation: Conversation) -> Iterator[Violation]:
    """A client does not list all users or groups again for each of its steps.

    Where the connection of each request is recorded, listings of several processes are not added up.
    """
    lists: dict[tuple[str, str], list[Exchange]] = {}
    for x in conversation:
        whole = x.lists and not x.filter and _number(x, "startIndex", 1) == 1 and not _param(x, "cursor")
        if whole and x.good and _param(x, "count") not in ("0", "1"):
            lists.setdefault((x.path, x.connection), []).append(x)
    for found in lists.values():
        close = _most_within_a_minute(found)
        if len(close) >= OFTEN:
            numbers = tuple(x.number for x in close)
            yield Violation(numbers, f"{close[0]} listed everything {len(close)} times within a minute")


def _most_within_a_minute(found: Sequence[Exchange]) -> Sequence[Exchange]:
    """The longest row of exchanges within one minute; where the time is not known, one."""
    first, best = 0, (0, 1)
    for last, x in enumerate(found):
        while first < last and x.after(found[first]) >= MINUTE:
            first += 1
        best = max(best, (first, last + 1), key=lambda row: row[1] - row[0])
    return found[slice(*best)]


@rule(
    "SCIM415",
    "info",
    "RFC 7643, section 5 (filter.maxResults)",
    "Ask for no more than filter.maxResults.",
    needs="service_provider_config",
)
def no_page_is_larger_than_the_target_gives(conversation: Conversation) -> Iterator[Violation]:
    """`count` is not above the maxResults that ServiceProviderConfig announced."""
    for x, config in conversation.informed():
        most = config.limit("filter", "maxResults")
        if most and _number(x, "count", 0) > most:
            yield Violation((x.number,), f"count={_param(x, 'count')}, and the target gives {most} at most")


@rule(
    "SCIM416", "warning", "RFC 9865, section 2", "Ask with nextCursor of the latest page, each once.", needs="cursors"
)
def a_cursor_is_used_once(conversation: Conversation) -> Iterator[Violation]:
    """A cursor that was answered is not asked for again: the listing would turn in a circle."""
    answered: dict[tuple[str, str], int] = {}
    for x in conversation:
        cursor = _param(x, "cursor")
        if x.lists and not cursor:  # a new listing, whose cursors may be called the same
            answered = {key: number for key, number in answered.items() if key[0] != x.path}
        if not x.lists or not cursor:
            continue
        if (x.path, cursor) in answered:
            yield Violation((answered[x.path, cursor], x.number), f"cursor {cursor[:24]} again")
        if x.good:
            answered[x.path, cursor] = x.number


@on_each("SCIM417", "error", "RFC 7644, sections 3.4.2.5 and 3.9", "Send attributes or excludedAttributes, not both.")
def attributes_are_chosen_or_left_out(x: Exchange) -> Iterator[str]:
    """A request has `attributes` or `excludedAttributes`, never both."""
    if _param(x, "attributes") and _param(x, "excludedAttributes"):
        yield "attributes and excludedAttributes"


@rule(
    "SCIM418",
    "warning",
    "RFC 7643, section 5 (filter.supported)",
    "List and match, where filters are not supported.",
    needs="service_provider_config",
)
def nothing_is_filtered_where_that_is_not_supported(conversation: Conversation) -> Iterator[Violation]:
    """A client that was told that filters are not supported does not send one."""
    for x, config in conversation.informed():
        if x.filter and config.supports("filter") is False:
            yield Violation((x.number,), x.filter)


@rule("SCIM419", "info", "RFC 7644, section 4; our advice", "Read ServiceProviderConfig once per run and keep it.")
def discovery_is_read_once(conversation: Conversation) -> Iterator[Violation]:
    """ServiceProviderConfig, Schemas and ResourceTypes are read once, not before every request."""
    reads: dict[str, list[Exchange]] = {}
    for x in conversation:
        if x.resource in ("ServiceProviderConfig", "ServiceProviderConfigs", "Schemas", "ResourceTypes") and x.good:
            reads.setdefault(x.path, []).append(x)
    for path, found in reads.items():
        if any(b.after(a) < MINUTE for a, b in zip(found, found[4:], strict=False)):
            yield Violation(tuple(x.number for x in found), f"{path} was read {len(found)} times")
