"""Changes that a target has promised and not made yet, each with the moment of the clock at which it is due.

Nothing runs in the background: what is due is made when the target is next looked at.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from provcheck.mock_targets.clock import Clock


class DeferredChanges:
    """What is still to be done at a target, in the order in which it is due."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: list[tuple[float, int, Callable[[], object]]] = []
        self._added = 0
        self._lock = threading.Lock()

    def add(self, seconds: float, change: Callable[[], object]) -> None:
        """Make a change so many seconds from now."""
        with self._lock:
            self._added += 1
            self._waiting.append((self._clock.monotonic() + seconds, self._added, change))
            self._waiting.sort(key=lambda entry: entry[:2])

    def settle(self) -> None:
        """Make every change that is due by now."""
        while self._waiting:
            with self._lock:
                if not self._waiting or self._waiting[0][0] > self._clock.monotonic():
                    return
                _, _, change = self._waiting.pop(0)
            change()

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._waiting.clear()
