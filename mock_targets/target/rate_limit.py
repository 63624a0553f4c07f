"""Rate limits on the target's clock: token buckets (a burst at once, then a steady rate), and counts in windows."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from math import ceil

from provcheck.mock_targets.clock import Clock

LONGEST_HOLD = 2.0
"""Seconds that a reset waits for the requests that are being answered."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `burst` matching operations at once, and `per_minute` of them in the long run."""

    operations: tuple[str, ...]
    per_minute: float
    burst: float

    def covers(self, operation: str) -> bool:
        """Whether an operation counts against this limit."""
        return any(fnmatchcase(operation, pattern) for pattern in self.operations)


class RateLimiter:
    """The limits of one target and what is left of them."""

    def __init__(self, limits: Sequence[Limit], clock: Clock) -> None:
        self._limits, self._clock, self._lock = limits, clock, threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Fill every bucket."""
        self._level = [limit.burst for limit in self._limits]
        self._at = self._clock.monotonic()

    def admit(self, operation: str) -> int | None:
        """None when the operation may pass; else the whole seconds after which it may (it then costs nothing)."""
        with self._lock:
            self._refill()
            mine = [i for i, limit in enumerate(self._limits) if limit.covers(operation)]
            waits = [self._wait(i) for i in mine if self._level[i] < 1]
            if waits:
                return max(1, ceil(max(waits)))
            for i in mine:
                self._level[i] -= 1
            return None

    def _wait(self, place: int) -> float:
        return (1 - self._level[place]) * 60 / self._limits[place].per_minute

    def _refill(self) -> None:
        now = self._clock.monotonic()
        gained, self._at = now - self._at, now
        for i, limit in enumerate(self._limits):
            self._level[i] = min(limit.burst, self._level[i] + gained * limit.per_minute / 60)


class Windows:
    """Counts by key, in windows of some seconds that begin with the first thing counted."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock, self._seconds, self._lock = clock, seconds, threading.Lock()
        self._windows: dict[Hashable, tuple[float, int]] = {}

    def present(self, key: Hashable) -> tuple[float, int]:
        """The seconds until the present window ends (a whole one when none is open), and what was counted in it."""
        start, used = self._window(key)
        return start + self._seconds - self._clock.monotonic(), used

    def add(self, key: Hashable, amount: int = 1) -> None:
        """Count something."""
        with self._lock:
            start, used = self._window(key)
            self._windows[key] = start, used + amount

    def _window(self, key: Hashable) -> tuple[float, int]:
        now = self._clock.monotonic()
        start, used = self._windows.get(key, (now, 0))
        return (start, used) if now - start < self._seconds else (now, 0)


class InFlight:
    """How many requests a target is answering at this moment. A context manager, entered once for each."""

    def __init__(self) -> None:
        self.count = 0
        self._changed = threading.Condition()
        self._alone = threading.Lock()
        self._is_held = False

    def __enter__(self) -> None:
        with self._changed:
            while self._is_held:
                self._changed.wait(LONGEST_HOLD)
            self.count += 1

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self.count -= 1
            if self._is_held:
                self._changed.notify_all()

    @contextmanager
    def none(self) -> Iterator[None]:
        """Wait until no request is answered, and hold back those that come, for the length of a with block.

        A request that takes longer than `LONGEST_HOLD` is not waited for: a fault may hold it for minutes.
        """
        with self._alone:
            with self._changed:
                self._is_held = True
                self._changed.wait_for(lambda: self.count == 0, LONGEST_HOLD)
            try:
                yield
            finally:
                with self._changed:
                    self._is_held = False
                    self._changed.notify_all()
