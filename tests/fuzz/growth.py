"""How the cost of reading a text grows with its length, told apart from the noise of a busy machine.

A reader is called with a text and with one four times as long; the processor time of this thread alone counts, and
the shortest of several calls. Linear cost makes a ratio of 4, n log n less than 5, quadratic cost 16.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from time import thread_time

SHORT, FACTOR = 1500, 4
STEEPEST = 8.5
"""A ratio above this is worse than n log n."""
CALLS = 6
HARMLESS = 100
"""Scans of a text of the longer length that a reader may cost, whatever its ratio: quadratic cost is thousands."""
_REFERENCE = re.compile(r"(?:a|b|c)*d")

Reader = Callable[[str], object]


def repeated(before: str, part: str, after: str, length: int) -> str:
    """A text of about this length: a part again and again, between two others."""
    return before + part * max(1, length // len(part)) + after


def steep(reader: Reader, before: str, part: str, after: str = "") -> str | None:
    """How steeply the cost grows, in words; None when it grows no faster than n log n."""
    short, long = (repeated(before, part, after, length) for length in (SHORT, SHORT * FACTOR))
    floor = HARMLESS * _scan()
    if _cost(reader, long, 1) < floor:
        return None
    for _ in range(3):
        ratio = _cost(reader, long, CALLS // 2) / max(_cost(reader, short, CALLS), 1e-9)
        if ratio < STEEPEST:
            return None
    return (
        f"{before[:40]!r} + {part!r} x N + {after!r}: cost grows {ratio:.0f} times when the text grows {FACTOR} times"
    )


def _scan() -> float:
    """Seconds of one plain scan of the longer text."""
    return _cost(_REFERENCE.match, "abc" * (SHORT * FACTOR // 3), 3)


def _cost(reader: Reader, text: str, calls: int) -> float:
    best = float("inf")
    gc.disable()
    try:
        for _ in range(calls):
            start = thread_time()
            reader(text)
            best = min(best, thread_time() - start)
    finally:
        gc.enable()
    return best
