"""One write at a time on a resource: whoever comes while another write is under way is refused.

A write holds its resource from before its faults to after its answer, so that a delayed one is overlapped.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from provcheck.mock_targets.http.errors import TooManyRequests
from provcheck.mock_targets.target.target import Target

RETRY_AFTER = 1
"""Seconds after which to try again; none of the vendors documents how many it says."""


class Locked(TooManyRequests):
    """Another write of the same resource is still under way."""


class Writers:
    """The resources that are being written."""

    def __init__(self) -> None:
        self._busy: set[str] = set()
        self._lock = threading.Lock()
        self._mine = threading.local()

    def take(self, method: str, id: str | None) -> AbstractContextManager[object] | None:
        """Hold the resource of a write until it was answered; None for anything else."""
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
        """Raise Locked when another write of the resource of this thread's request is under way."""
        if not self._mine.is_free:
            raise Locked("another write is under way", retry_after=RETRY_AFTER)


def writers_of(target: Target) -> Writers:
    """The writers of a target, whichever of its APIs they use."""
    writers: Writers = target.memory.setdefault("writers", Writers())
    return writers
