"""Paging by cursor (RFC 9865): a traversal sees the resources that were there when it began, each once.

The ids of a traversal are kept once; each cursor is a place in them. Old traversals are forgotten first.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from provcheck.mock_targets.clock import Clock
from provcheck.mock_targets.ids import IdMaker
from provcheck.mock_targets.memory_budget import MemoryBudget
from provcheck.mock_targets.scim.errors import ExpiredCursor, InvalidCursor
from provcheck.mock_targets.scim.search import Search

MAX_CURSORS = 1000
ID_BYTES = 64
"""What a list of ids takes for each of them: the pair and its place; the texts are the directory's own."""
CURSOR_BYTES = 800
"""What a cursor takes beside the list of ids and the texts of the query, roughly."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a traversal: the ids found, where the next page starts, and what was asked."""

    ids: Sequence[tuple[str, str]]
    start: int
    asked: tuple[tuple[str, ...], Search]
    expires: float

    @property
    def size(self) -> int:
        """Bytes that it takes beside the ids, roughly."""
        search = self.asked[1]
        return CURSOR_BYTES + len(search.filter or "") + sum(map(len, (*search.attributes, *search.excluded)))


@dataclass(slots=True, eq=False, weakref_slot=True)
class Cursors:
    """The cursors given out by one target, within a budget of memory."""

    clock: Clock
    maker: IdMaker
    budget: MemoryBudget
    kept: OrderedDict[str, Place] = field(default_factory=OrderedDict)
    bytes_held: int = 0
    _cursors_of: dict[int, int] = field(default_factory=dict)
    """How many cursors stand for places in the list of ids with this identity."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.budget.join(self)

    def give(
        self, kinds: Sequence[str], search: Search, *, ids: Sequence[tuple[str, str]], start: int, timeout: float
    ) -> str:
        """A new cursor for the page of `ids` that starts at `start`; usable for `timeout` seconds."""
        cursor = self.maker.code(24)
        place = Place(ids, start, _question(kinds, search), self.clock.monotonic() + timeout)
        with self._lock:
            before = self.bytes_held
            self.kept[cursor] = place
            self._cursors_of[id(ids)] = self._cursors_of.get(id(ids), 0) + 1
            self.bytes_held += place.size + (ID_BYTES * len(ids) if self._cursors_of[id(ids)] == 1 else 0)
            added = self.bytes_held - before
            while len(self.kept) > MAX_CURSORS or (self.bytes_held > self.budget.limit and len(self.kept) > 1):
                self._forget_oldest()
        self.budget.add(added)
        return cursor

    def _forget_oldest(self) -> None:
        _, place = self.kept.popitem(last=False)
        self.bytes_held -= place.size
        self._cursors_of[id(place.ids)] -= 1
        if not self._cursors_of[id(place.ids)]:
            del self._cursors_of[id(place.ids)]
            self.bytes_held -= ID_BYTES * len(place.ids)

    def drop_oldest(self, size: int) -> None:
        """Forget the oldest cursors until this many bytes are free, or one is left."""
        with self._lock:
            least = self.bytes_held - size
            while self.bytes_held > least and len(self.kept) > 1:
                self._forget_oldest()

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
