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
BYTE_LIMIT = 64 * 1024 * 1024
"""Bytes that the traversals of one target may hold; the oldest are forgotten first."""
ID_BYTES = 64
"""What a list of ids takes for each of them: the pair and its place; the texts are the directory's own."""


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
    byte_limit: int = BYTE_LIMIT
    bytes_held: int = 0
    _cursors_of: dict[int, int] = field(default_factory=dict)
    """How many cursors stand for places in the list of ids with this identity."""

    def give(
        self, kinds: Sequence[str], search: Search, *, ids: Sequence[tuple[str, str]], start: int, timeout: float
    ) -> str:
        """A new cursor for the page of `ids` that starts at `start`; usable for `timeout` seconds."""
        cursor = self.maker.code(24)
        self.kept[cursor] = Place(ids, start, _question(kinds, search), self.clock.monotonic() + timeout)
        self._cursors_of[id(ids)] = self._cursors_of.get(id(ids), 0) + 1
        if self._cursors_of[id(ids)] == 1:
            self.bytes_held += ID_BYTES * len(ids)
        while len(self.kept) > MAX_CURSORS or (self.bytes_held > self.byte_limit and len(self.kept) > 1):
            self._forget(self.kept.popitem(last=False)[1].ids)
        return cursor

    def _forget(self, ids: Sequence[tuple[str, str]]) -> None:
        self._cursors_of[id(ids)] -= 1
        if not self._cursors_of[id(ids)]:
            del self._cursors_of[id(ids)]
            self.bytes_held -= ID_BYTES * len(ids)

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
