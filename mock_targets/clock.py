"""The only place in the mock targets that knows the time. Tests use `VirtualClock`, where waiting costs nothing."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """What time it is, and how to wait."""

    def now(self) -> datetime:
        """The time of day, in UTC."""

    def monotonic(self) -> float:
        """Seconds that never go backwards."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never go backwards."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait for real."""
        time.sleep(seconds)


class VirtualClock:
    """Time that stands still until someone waits or moves it, so that every run can be repeated."""

    def __init__(self, *, start: datetime = EPOCH) -> None:
        self._start, self._elapsed, self._lock = start, 0.0, threading.Lock()

    def now(self) -> datetime:
        """The virtual time of day."""
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        """Virtual seconds since the clock was made."""
        return self._elapsed

    def sleep(self, seconds: float) -> None:
        """Move the clock on at once."""
        with self._lock:
            self._elapsed += max(0.0, seconds)

    def rewind(self) -> None:
        """Back to the start, so that what follows happens at the same moments as before."""
        with self._lock:
            self._elapsed = 0.0
