"""Mistakes with what a client says beside its counters: audit log, status block, secrets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from provcheck.harness.adapters import ReferenceAdapter
from provcheck.harness.model import AuditRecord, Connection, Rule, SyncStatus

from .breaking import Caught, broken


@broken(
    ReferenceAdapter,
    Caught("events_are_recorded", "u-ada", "e5-create-not-allowed"),
    Caught("events_are_recorded", "u-cem", "e6-update-not-allowed"),
    Caught("events_are_recorded", "u-cem", "events-of-a-withheld-create-come-again"),
)
class RecordsNothingWithheld(ReferenceAdapter):
    """What a switch forbade is not in the audit log."""

    def audit(self) -> tuple[AuditRecord, ...]:
        return tuple(each for each in super().audit() if each.outcome != "withheld")


@broken(
    ReferenceAdapter,
    Caught("events_are_recorded", "g-blue/u-eve", "e4-five-groups-one-membership-fails"),
)
class RecordsUsersAlone(ReferenceAdapter):
    """Groups and memberships are not in the audit log."""

    def audit(self) -> tuple[AuditRecord, ...]:
        return tuple(each for each in super().audit() if each.entity_kind == "user")


@broken(
    ReferenceAdapter,
    Caught("audit_times_are_true", "u-ada", "joiner"),
)
class StampsRecordsWhenItStarted(ReferenceAdapter):
    """Every record of the audit log has the time at which the client was started."""

    def audit(self) -> tuple[AuditRecord, ...]:
        return tuple(replace(each, at=each.at - timedelta(days=1)) for each in super().audit())


@broken(
    ReferenceAdapter,
    Caught("no_secret_is_told", "audit", "status-while-credentials-are-refused"),
)
class TellsItsToken(ReferenceAdapter):
    """The request that failed is in the audit log, with its Authorization header."""

    def __init__(self, connection: Connection, rule: Rule, *parts: Any) -> None:
        super().__init__(connection, rule, *parts)
        self.authorization = f"Bearer {connection.token}"

    def audit(self) -> tuple[AuditRecord, ...]:
        said = f"Authorization: {self.authorization}"
        return tuple(
            replace(each, detail=f"{each.detail} {said}") if each.outcome == "failed" else each
            for each in super().audit()
        )


@broken(
    ReferenceAdapter,
    Caught("status_says_how_the_rule_stands", "Sync Status", "status-through-a-disabled-rule"),
)
class IsAlwaysActive(ReferenceAdapter):
    """Sync Status is Active, also while the rule is disabled."""

    def status(self) -> SyncStatus:
        return replace(super().status(), sync_status="Active")


@broken(
    ReferenceAdapter,
    Caught("last_sync_is_the_last_sync", "Last Sync", "status-over-a-restart"),
)
class KeepsTheFirstLastSync(ReferenceAdapter):
    """Last Sync is the time of the first sync for good."""

    def status(self) -> SyncStatus:
        told = super().status()
        return replace(told, last_sync=None if told.last_sync is None else told.last_sync - timedelta(days=1))


@broken(
    ReferenceAdapter,
    Caught("status_names_the_two_ends", "Source", "status-over-a-restart"),
)
class SwapsSourceAndTarget(ReferenceAdapter):
    """Source and target are exchanged in the status block."""

    def status(self) -> SyncStatus:
        told = super().status()
        return replace(told, source=told.target, target=told.source)


@broken(
    ReferenceAdapter,
    Caught("status_says_how_the_rule_stands", "Sync Status", "status-while-credentials-are-refused"),
)
class StaysFailed(ReferenceAdapter):
    """Sync Status is Failed for good once it was."""

    failed = False

    def status(self) -> SyncStatus:
        told = super().status()
        self.failed = self.failed or told.sync_status == "Failed"
        return replace(told, sync_status="Failed") if self.failed else told
