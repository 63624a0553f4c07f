"""The only module of the mock targets that reads the time. Tests use `VirtualClock`, where waiting takes no time."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """The current time, and waiting."""

    def now(self) -> datetime:
        """The time of day, in UTC."""

    def monotonic(self) -> float:
        """Monotonic seconds."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The clock of the operating system."""

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Monotonic seconds."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class VirtualClock:
    """Time that only advances by `sleep` and `advance`, so that every run can be repeated."""

    def __init__(self, *, start: datetime = EPOCH) -> None:
        self._start, self._elapsed, self._lock = start, 0.0, threading.Lock()

    def now(self) -> datetime:
        """The virtual time of day."""
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        """Virtual seconds since the clock was made."""
        return self._elapsed

    def sleep(self, seconds: float) -> None:
        """Advance the clock."""
        with self._lock:
            self._elapsed += max(0.0, seconds)

    def rewind(self) -> None:
        """Return to the start, so that a repeated run sees the same times."""
        with self._lock:
            self._elapsed = 0.0
