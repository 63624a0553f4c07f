"""The reference provisioning client: what the vendor's documents promise of one, made runnable.

Switches are permissions, not errors. Changing them changes nothing until a user changes or a Full
Resync is asked for; errors and withheld writes are counted apart.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import requests

from provcheck.harness.client.audit_log import AuditLog
from provcheck.harness.client.connectors import Connect
from provcheck.harness.client.engine import Progress, Run, Tools
from provcheck.harness.client.retry import RetryPolicy
from provcheck.harness.client.state import Base, GroupState, Orphan, SyncState, UserState
from provcheck.harness.client.store import StateStore
from provcheck.harness.model.audit import AuditRecord
from provcheck.harness.model.clock import Clock
from provcheck.harness.model.connection import Connection
from provcheck.harness.model.population import Population
from provcheck.harness.model.rule import Rule
from provcheck.harness.model.summary import Counters, RuleState, SummaryHidden, SyncStatus, SyncSummary


class ReferenceClient:
    """Syncs one rule to one target over a requests session.

    Everything it waits for is waited for on `clock`; everything it remembers is in `state`.
    """

    def __init__(
        self,
        connection: Connection,
        rule: Rule,
        *,
        connect: Connect,
        session: requests.Session,
        clock: Clock,
        state: StateStore | None = None,
        policy: RetryPolicy | None = None,
        progress: Progress | None = None,
    ) -> None:
        """`connect` makes the connector of a store. Raises BadConnection, and BadState when the state is unreadable."""
        self._connect = connect
        self._session = session
        self._clock = clock
        self._policy = policy
        self._progress = progress
        self._store = state or StateStore()
        self.state: SyncState = self._store.load()
        self._audit = AuditLog(clock)
        self._warnings: tuple[str, ...] = ()
        self.connector, self.connection = self._connect(connection, session, clock, policy), connection
        self.configure(connection, rule)

    def configure(self, connection: Connection, rule: Rule) -> None:
        """Use this connection and this rule from now on. Writes nothing to the target. Raises BadConnection."""
        connector = self._connect(connection, self._session, self._clock, self._policy)
        if connection.base_url == self.connection.base_url:
            connector.caller.hold_like(self.connector.caller)
        self.connector, self.connection = connector, connection
        self.rule = rule

    def apply(self, population: Population) -> None:
        """Bring the target in line with the source: what changed since the last run, and what may work this time.

        Raises ExternalGroup and BadRule before anything is sent, BadState when the state cannot be kept.
        """
        self.run(population, full=False)

    def resync(self, population: Population) -> None:
        """Run a Full Resync: every user and group is evaluated as if it were new."""
        self.run(population, full=True)

    def run(self, population: Population, *, full: bool) -> None:
        """One run; with `full` everything is evaluated as if it were new. A disabled rule does nothing."""
        if not self.rule.enabled:
            return
        self._warnings = self.rule.warnings(population)
        tools = Tools(
            connector=self.connector,
            caller=self.connector.caller,
            connection=self.connection,
            rule=self.rule,
            audit=self._audit,
            save=self._store.save,
            progress=self._progress,
        )
        Run(tools, self.state, full=full).go(population)

    def summary(self) -> SyncSummary:
        """Return the counters. Raises SummaryHidden while the rule is not enabled."""
        if not self.rule.enabled:
            raise SummaryHidden(f"the rule {self.rule.name!r} is not enabled")
        groups = _count_groups(self.state.groups.values()) if self.connection.supports_groups else None
        return SyncSummary(_count_users(self.state.users.values()), groups)

    def status(self) -> SyncStatus:
        """The block around the counters."""
        state: RuleState = "Failed" if self.state.failure else "Active"
        last = datetime.fromisoformat(self.state.last_sync) if self.state.last_sync else None
        return SyncStatus(
            state if self.rule.enabled else "Inactive",
            last,
            source=self.rule.source,
            target=self.rule.target,
        )

    def audit(self) -> list[AuditRecord]:
        """Every event since this client was created, in order."""
        return list(self._audit.records)

    def orphans(self) -> tuple[Orphan, ...]:
        """Users and groups out of scope that could not be removed; tried again in every run."""
        return tuple(self.state.orphans)

    def warnings(self) -> tuple[str, ...]:
        """What the vendor advises against, and why the last run stopped early, if it did."""
        return (*self._warnings, *([self.state.failure] if self.state.failure else ()))

    def users(self) -> dict[str, UserState]:
        """The state of each user in scope, by source id; read only."""
        return self.state.users

    def groups(self) -> dict[str, GroupState]:
        """The state of each group in scope, by source id; read only."""
        return self.state.groups

    def close(self) -> None:
        """Save the state. The session is not closed: it belongs to the caller."""
        self._store.save(self.state)


def _count_users(users: Collection[UserState]) -> Counters:
    bases = [user.base for user in users]
    stale = sum(1 for user in users if user.base is Base.SYNCED and user.stale)
    return Counters(
        impacted=len(bases),
        success=bases.count(Base.SYNCED),
        unsynced=bases.count(Base.UNSYNCED),
        partially_synced=stale + bases.count(Base.LINKED),
        failed=bases.count(Base.FAILED),
    )


def _count_groups(groups: Collection[GroupState]) -> Counters:
    bases = [group.base for group in groups]
    return Counters(
        impacted=len(bases),
        success=bases.count(Base.SYNCED),
        unsynced=bases.count(Base.UNSYNCED),
        failed=bases.count(Base.FAILED),
    )
