"""Finding things at a SCIM-like target: filters, pages, and the proof that a hit is truly a hit.

A target may ignore a filter and answer with everybody, so every hit is checked; and a list may
repeat, skip or lie about its length, so hits are told apart by id and a listing ends only with a page that brings
nothing new.

One filter look-up per account, and never a listing to begin with: a filter proves that an account is absent, a list
does not, and two look-ups cost less than one page of accounts nobody asked about.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from urllib.parse import quote

from provcheck.harness.client.failures import Refused, checked
from provcheck.harness.client.outcome import Json
from provcheck.harness.client.retry import Caller

MOST_PAGES = 10_000
PAGE = 100


def escaped(value: str) -> str:
    """A text as it stands between the quotes of a filter: with JSON's escapes (RFC 7644 section 3.4.2.2)."""
    return json.dumps(value, ensure_ascii=False)[1:-1]


def fill(template: str, value: str) -> str:
    """A filter from a template with `%s`, whether or not the template brings the quotes."""
    text = escaped(value)
    return template.replace("%s", text if '"%s"' in template else f'"{text}"')


def _refuses_the_filter(refusal: Refused) -> bool:
    """Whether the target objects to the filter (some do for signs or scripts they do not know), not to the request."""
    if refusal.status == 501 or refusal.scim_type == "invalidFilter":
        return True
    return refusal.status == 400 and "filter" in str(refusal).casefold()


def _quoted(filter: str) -> str:
    # A lone surrogate has no form in UTF-8: replaced, it matches nobody.
    return quote(filter, safe="", errors="replace")


class Search:
    """Searches one resource (`/Users` or `/Groups`) of one target."""

    def __init__(
        self, caller: Caller, resource: str, index_of: Callable[[Json], list[str]], *, needs_filters: bool = False
    ) -> None:
        """`needs_filters`: the target's filters are documented, so one that is refused is an error."""
        self._needs_filters = needs_filters
        self.caller = caller
        self.resource = resource
        self._index_of = index_of
        self.listing: dict[str, list[Json]] | None = None
        self.by_cursor = False
        """Whether pages follow one another by cursor (RFC 9865), because the target has no other way."""

    def forget(self) -> None:
        """Drop a listing that is no longer to be believed."""
        self.listing = None

    def matching(self, filter: str, key: str) -> list[Json]:
        """What the target answers to a filter, or, where it refuses the filter, what its listing holds under `key`."""
        try:
            hits = list(self.pages(f"filter={_quoted(filter)}"))
        except Refused as refusal:
            if self._needs_filters or not _refuses_the_filter(refusal):
                raise
            return self.listed(key)
        mine = [hit for hit in hits if key in self._index_of(hit)]
        # Hits that are none of ours: the filter was ignored, and a lie about its length may have cut the answer short.
        return mine if mine or not hits else self.listed(key)

    def answers(self, filter: str) -> list[Json]:
        """What the target answers to a filter, unchecked; nothing where it refuses the filter."""
        return self.told(filter) or []

    def told(self, filter: str) -> list[Json] | None:
        """The same; None where it refuses the filter."""
        try:
            return list(self.pages(f"filter={_quoted(filter)}"))
        except Refused:
            return None

    def listed(self, key: str) -> list[Json]:
        """The documents with this key in the complete listing, which is read once."""
        if self.listing is None:
            self.listing = {}
            for document in self.pages(f"count={PAGE}", to_the_end=True):
                for each in self._index_of(document):
                    self.listing.setdefault(each, []).append(document)
        return self.listing.get(key, [])

    def remember(self, document: Json) -> None:
        """Add what was just created to the listing, if there is one."""
        if self.listing is not None:
            for each in self._index_of(document):
                self.listing.setdefault(each, []).append(document)

    def pages(self, query: str, *, to_the_end: bool = False) -> Iterator[Json]:
        """The documents of all pages of a query; with `to_the_end` until a page is empty, whatever the total says."""
        if self.by_cursor:
            yield from self._pages_by_cursor(query)
            return
        seen: set[str] = set()
        start = 1
        for _ in range(MOST_PAGES):
            suffix = "" if start == 1 else f"&startIndex={start}"
            page = checked(self.caller.get(f"{self.resource}?{query}{suffix}")).document or {}
            found = [item for item in page.get("Resources") or [] if isinstance(item, dict)]
            new = [item for item in found if str(item.get("id")) not in seen]
            yield from new
            seen.update(str(item.get("id")) for item in new)
            start += len(found)
            total = page.get("totalResults")
            if not new or (not to_the_end and (not isinstance(total, int) or start > total)):
                return

    def _pages_by_cursor(self, query: str) -> Iterator[Json]:
        """The same by cursor: the last page is the one that names no next (RFC 9865 section 2)."""
        cursor, used = "", set[str]()
        while cursor not in used and len(used) < MOST_PAGES:
            used.add(cursor)
            page = checked(self.caller.get(f"{self.resource}?{query}&cursor={_quoted(cursor)}")).document or {}
            yield from (item for item in page.get("Resources") or [] if isinstance(item, dict))
            cursor = str(page.get("nextCursor") or "")
