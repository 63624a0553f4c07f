"""Paging by cursor (RFC 9865): a traversal sees the resources that were there when it began, each once.

The ids of a traversal are kept once; each cursor is a place in them. Old traversals are forgotten first.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from provcheck.mock_targets.clock import Clock
from provcheck.mock_targets.ids import IdMaker
from provcheck.mock_targets.scim.errors import ExpiredCursor, InvalidCursor
from provcheck.mock_targets.scim.search import Search

MAX_CURSORS = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a traversal: the ids found, where the next page starts, and what was asked."""

    ids: Sequence[tuple[str, str]]
    start: int
    asked: tuple[tuple[str, ...], Search]
    expires: float


@dataclass(slots=True)
class Cursors:
    """The cursors given out by one target."""

    clock: Clock
    maker: IdMaker
    kept: OrderedDict[str, Place] = field(default_factory=OrderedDict)

    def give(
        self, kinds: Sequence[str], search: Search, *, ids: Sequence[tuple[str, str]], start: int, timeout: float
    ) -> str:
        """A new cursor for the page of `ids` that starts at `start`; usable for `timeout` seconds."""
        cursor = self.maker.code(24)
        self.kept[cursor] = Place(ids, start, _question(kinds, search), self.clock.monotonic() + timeout)
        while len(self.kept) > MAX_CURSORS:
            self.kept.popitem(last=False)
        return cursor

    def take(self, cursor: str, kinds: Sequence[str], search: Search) -> Place:
        """The place that a cursor stands for. Raises InvalidCursor and ExpiredCursor."""
        place = self.kept.get(cursor)
        if place is None or place.asked != _question(kinds, search):
            raise InvalidCursor("the cursor is unknown, or belongs to another query")
        if self.clock.monotonic() > place.expires:
            raise ExpiredCursor("the cursor has expired")
        return place


def _question(kinds: Sequence[str], search: Search) -> tuple[tuple[str, ...], Search]:
    """The part of a query that must stay the same from page to page."""
    return tuple(kinds), replace(search, cursor=None, count=None)
