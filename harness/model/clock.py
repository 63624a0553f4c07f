"""The one place where the harness learns the time and waits, so that every run can be repeated on a virtual clock.

Nothing else in the harness may read the wall clock or sleep: take a `Clock` as an argument.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

DEFAULT_START = datetime(2025, 6, 4, 9, 0, tzinfo=UTC)
"""Where a virtual clock begins unless told otherwise."""


class Clock(Protocol):
    """What the harness needs of time."""

    def now(self) -> datetime:
        """The date and time, aware, in UTC."""

    def sleep(self, seconds: float) -> None:
        """Wait; nothing happens for zero or less."""

    def monotonic(self) -> float:
        """Seconds from an arbitrary point; never goes back."""


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        """The date and time, aware, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait for real."""
        if seconds > 0:
            time.sleep(seconds)

    def monotonic(self) -> float:
        """Seconds of the system's monotonic clock."""
        return time.monotonic()


class VirtualClock:
    """A time that moves only when someone sleeps: an hour's wait costs nothing."""

    def __init__(self, start: datetime = DEFAULT_START) -> None:
        if start.tzinfo is None:
            raise ValueError("a virtual clock starts at an aware date and time")
        self._start = start.astimezone(UTC)
        self._elapsed = 0.0

    def now(self) -> datetime:
        """The start, plus everything slept since."""
        return self._start + timedelta(seconds=self._elapsed)

    def sleep(self, seconds: float) -> None:
        """Move the time forward at once."""
        self._elapsed += max(0.0, seconds)

    def monotonic(self) -> float:
        """Seconds slept so far."""
        return self._elapsed
