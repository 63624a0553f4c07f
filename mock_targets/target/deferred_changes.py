"""Deferred changes: what a target has accepted but not carried out yet, each with the time at which it is due.

No thread runs in the background: due changes are carried out at the next request or read of the state.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from provcheck.mock_targets.clock import Clock


class DeferredChanges:
    """The deferred changes of a target, in the order in which they are due."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: list[tuple[float, int, Callable[[], object]]] = []
        self._added = 0
        self._lock = threading.Lock()

    def add(self, seconds: float, change: Callable[[], object]) -> None:
        """Carry a change out so many seconds from now."""
        with self._lock:
            self._added += 1
            self._waiting.append((self._clock.monotonic() + seconds, self._added, change))
            self._waiting.sort(key=lambda entry: entry[:2])

    def settle(self) -> None:
        """Carry out every change that is due."""
        while self._waiting:
            with self._lock:
                if not self._waiting or self._waiting[0][0] > self._clock.monotonic():
                    return
                _, _, change = self._waiting.pop(0)
            change()

    def clear(self) -> None:
        """Drop all changes."""
        with self._lock:
            self._waiting.clear()
