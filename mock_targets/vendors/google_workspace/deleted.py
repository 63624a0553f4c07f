"""Users who were deleted: they can be listed, and for 20 days undeleted by their id.

Source: GAM's wiki (undelete within 20 days); the discovery document, users.undelete and users.list, showDeleted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from provcheck.mock_targets.clock import Clock
from provcheck.mock_targets.directory import Record
from provcheck.mock_targets.target.target import Target

KEPT = timedelta(days=20)
MOST = 10_000
"""Users who are kept at most; the oldest are forgotten first."""


@dataclass(slots=True)
class DeletedUsers:
    """The deleted users of a target, by id, in the order of their deletion."""

    clock: Clock
    _kept: dict[str, tuple[Record, datetime]] = field(default_factory=dict)

    @staticmethod
    def of(target: Target) -> DeletedUsers:
        """Those of a target."""
        kept = target.memory.get("deleted users")
        if not isinstance(kept, DeletedUsers):
            kept = target.memory.setdefault("deleted users", DeletedUsers(target.clock))
        return kept

    def add(self, record: Record) -> None:
        """Keep a user who was deleted now."""
        self._kept[record.id] = record, self.clock.now()
        if len(self._kept) > MOST:
            self._kept.pop(next(iter(self._kept)))

    def find(self, id: str) -> Record | None:
        """The deleted user with this id."""
        return self._kept[id][0] if id in self._kept else None

    def when(self, id: str) -> datetime | None:
        """When a user was deleted; None for one who was not."""
        return self._kept[id][1] if id in self._kept else None

    def is_too_old(self, record: Record) -> bool:
        """Whether a user was deleted too long ago to come back."""
        return self.clock.now() > self._kept[record.id][1] + KEPT

    def forget(self, id: str) -> None:
        """A user is back."""
        self._kept.pop(id, None)

    def records(self) -> list[Record]:
        """All that were deleted within the last 20 days."""
        return [record for record, _ in list(self._kept.values()) if not self.is_too_old(record)]
