"""One write at a time per resource: a second one is refused while the first is not answered.

A write holds its resource from before its faults to after its answer, so that a delayed one is overlapped.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from provcheck.mock_targets.http.errors import TooManyRequests
from provcheck.mock_targets.target.target import Target

RETRY_AFTER = 1
"""Seconds in Retry-After; no vendor documents its value."""


class Locked(TooManyRequests):
    """Another write of the same resource is not answered yet."""


class Writers:
    """The resources that are being written."""

    def __init__(self) -> None:
        self._busy: set[str] = set()
        self._lock = threading.Lock()
        self._mine = threading.local()

    def take(self, method: str, id: str | None) -> AbstractContextManager[object] | None:
        """Return a context that holds the resource of a write until it is answered; None for other requests."""
        self._mine.is_free = True
        return self._held(id) if id is not None and method in ("PUT", "PATCH", "DELETE") else None

    @contextmanager
    def _held(self, id: str) -> Iterator[None]:
        with self._lock:
            is_free = self._mine.is_free = id not in self._busy
            self._busy.add(id)
        try:
            yield
        finally:
            if is_free:
                with self._lock:
                    self._busy.discard(id)

    def check(self) -> None:
        """Raise Locked if another request is writing the resource of this thread's request."""
        if not self._mine.is_free:
            raise Locked("another write is under way", retry_after=RETRY_AFTER)


def writers_of(target: Target) -> Writers:
    """Return the writers of a target, common to all its APIs."""
    writers: Writers = target.memory.setdefault("writers", Writers())
    return writers
