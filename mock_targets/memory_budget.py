"""The memory that the journals and cursors of a server may hold together, in bytes.

The fullest give way first, the oldest of what they hold first: who sends much loses its own history, not the others'.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Protocol
from weakref import WeakSet

BYTE_LIMIT = 64 * 1024 * 1024
CURSORS = 8
"""Cursors get one such part of the limit: with one budget for both they would displace the journals slowly."""
STEPS = 64
"""What all hold is added up once for each such part of the limit that was added, and may exceed the limit by it."""


class Holder(Protocol):
    """What holds memory of a budget."""

    @property
    def bytes_held(self) -> int:
        """Bytes held now, roughly."""

    def drop_oldest(self, size: int) -> None:
        """Drop the oldest until this many bytes are free, or nearly all is dropped."""


class MemoryBudget:
    """At most about `limit` bytes for all that joined. Holders are not kept alive by it."""

    def __init__(self, limit: int = BYTE_LIMIT) -> None:
        self.limit = limit
        self._holders: WeakSet[Holder] = WeakSet()
        self._lock = threading.Lock()
        self._added = 0

    def join(self, holder: Holder) -> None:
        """Count a holder from now on, for as long as it exists."""
        with self._lock:
            self._holders.add(holder)

    @property
    def bytes_held(self) -> int:
        """What all hold."""
        with self._lock:
            return sum(holder.bytes_held for holder in self._holders)

    def add(self, size: int) -> None:
        """Say that a holder holds so much more; it must not hold a lock that it needs to drop something."""
        self._added += size
        if self._added > self.limit // STEPS:
            self._added = 0
            self._settle()

    def _settle(self) -> None:
        with self._lock:
            holders = sorted(self._holders, key=lambda holder: holder.bytes_held, reverse=True)
        excess = sum(holder.bytes_held for holder in holders) - self.limit
        for holder in holders:
            if excess <= 0:
                break
            before = holder.bytes_held
            holder.drop_oldest(min(excess, before // 2))
            excess -= before - holder.bytes_held


@dataclass(frozen=True, slots=True)
class Budgets:
    """What the journals of a server may hold together, and the cursors."""

    journals: MemoryBudget
    cursors: MemoryBudget

    @classmethod
    def of(cls, limit: int = BYTE_LIMIT) -> Budgets:
        """Both, for so many bytes in all."""
        return cls(MemoryBudget(limit - limit // CURSORS), MemoryBudget(limit // CURSORS))

    @property
    def limit(self) -> int:
        """Bytes that all may hold."""
        return self.journals.limit + self.cursors.limit

    @property
    def bytes_held(self) -> int:
        """Bytes that all hold."""
        return self.journals.bytes_held + self.cursors.bytes_held
