"""The client's own audit log: one record per event, in memory, in order.

The counters are never read from here; the log explains them.
"""

from __future__ import annotations

from provcheck.harness.model.audit import Action, AuditRecord, EntityKind, Outcome
from provcheck.harness.model.clock import Clock


class AuditLog:
    """Collects records, stamped by the clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.records: list[AuditRecord] = []

    def user(
        self, entity: str, action: Action, outcome: Outcome, detail: str = "", *, remote_id: str | None = None
    ) -> None:
        """Something about a user."""
        self._add("user", entity, action, outcome, detail, remote_id)

    def group(
        self, entity: str, action: Action, outcome: Outcome, detail: str = "", *, remote_id: str | None = None
    ) -> None:
        """Something about a group."""
        self._add("group", entity, action, outcome, detail, remote_id)

    def membership(self, group: str, user: str, action: Action, outcome: Outcome, detail: str = "") -> None:
        """Something about one membership."""
        self._add("membership", f"{group}/{user}", action, outcome, detail, None)

    def _add(
        self, kind: EntityKind, entity: str, action: Action, outcome: Outcome, detail: str, remote_id: str | None
    ) -> None:
        self.records.append(AuditRecord(self._clock.now(), kind, entity, action, outcome, detail, remote_id))
