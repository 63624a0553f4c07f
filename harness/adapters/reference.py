"""The reference client, as the runner drives it."""

from __future__ import annotations

import requests

from provcheck.harness import vendors
from provcheck.harness.client import ReferenceClient, StateStore
from provcheck.harness.model import (
    AuditRecord,
    Clock,
    Connection,
    Population,
    Rule,
    SummaryHidden,
    SyncStatus,
    SyncSummary,
)


class ReferenceAdapter:
    """A `ReferenceClient` whose state outlives a restart."""

    def __init__(self, connection: Connection, rule: Rule, session: requests.Session, clock: Clock) -> None:
        self._connection, self._rule, self._session, self._clock = connection, rule, session, clock
        self.store = StateStore()
        self._client = self._start()

    def _start(self) -> ReferenceClient:
        return ReferenceClient(
            self._connection,
            self._rule,
            connect=vendors.connect,
            session=self._session,
            clock=self._clock,
            state=self.store,
        )

    def configure(self, connection: Connection, rule: Rule) -> None:
        """Use this connection and rule from now on."""
        self._connection, self._rule = connection, rule
        self._client.configure(connection, rule)

    def apply(self, population: Population) -> None:
        """Sync: bring the target in line with the source. Raises BadRule."""
        self._client.apply(population)

    def resync(self, population: Population) -> None:
        """Run a Full Resync. Raises BadRule."""
        self._client.resync(population)

    def restart(self) -> None:
        """Restart the client from its stored state."""
        self._client.close()
        self._client = self._start()

    def crash(self) -> None:
        """Kill and restart the client: what the last run has not stored yet is lost."""
        self._client = self._start()

    def summary(self) -> SyncSummary | None:
        """Return the sync summary; None while the rule is disabled."""
        try:
            return self._client.summary()
        except SummaryHidden:
            return None

    def orphans(self) -> tuple[str, ...]:
        """Return the source ids of users whose deprovisioning failed."""
        return tuple(sorted(orphan.source_id for orphan in self._client.orphans() if orphan.kind == "user"))

    def warnings(self) -> tuple[str, ...]:
        """Return the client's warnings."""
        return self._client.warnings()

    def audit(self) -> tuple[AuditRecord, ...]:
        """Return the audit log since the last start."""
        return tuple(self._client.audit())

    def status(self) -> SyncStatus:
        """Return the status block around the summary."""
        return self._client.status()

    def close(self) -> None:
        """End the scenario."""
        self._client.close()
