"""Cursors are kept within a number of bytes: the oldest traversals are forgotten first."""

from __future__ import annotations

import pytest

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.ids import IdMaker
from provcheck.mock_targets.memory_budget import MemoryBudget
from provcheck.mock_targets.scim.cursor import CURSOR_BYTES, ID_BYTES, Cursors
from provcheck.mock_targets.scim.errors import InvalidCursor
from provcheck.mock_targets.scim.search import Search

IDS = [("User", str(number)) for number in range(100)]


@pytest.fixture
def cursors() -> Cursors:
    return Cursors(VirtualClock(), IdMaker(seed=1), MemoryBudget(10 * (ID_BYTES * len(IDS) + CURSOR_BYTES)))


def give(cursors: Cursors, ids: list[tuple[str, str]], start: int = 10) -> str:
    return cursors.give(["User"], Search(), ids=ids, start=start, timeout=60)


def test_the_oldest_traversals_are_forgotten_when_all_hold_too_many_bytes(cursors: Cursors) -> None:
    given = [give(cursors, list(IDS)) for _ in range(300)]
    assert cursors.bytes_held <= cursors.budget.limit
    assert len(cursors.kept) == 10
    assert cursors.take(given[-1], ["User"], Search()).start == 10
    with pytest.raises(InvalidCursor):
        cursors.take(given[0], ["User"], Search())


def test_the_pages_of_one_traversal_count_once(cursors: Cursors) -> None:
    ids = list(IDS)
    for start in range(10, 100, 10):
        give(cursors, ids, start)
    assert cursors.bytes_held == ID_BYTES * len(ids) + CURSOR_BYTES * len(cursors.kept)
    for _ in range(20):
        give(cursors, list(IDS))
    assert (ID_BYTES * len(IDS) + CURSOR_BYTES) * len(cursors.kept) == cursors.bytes_held
