"""One sync from files, for real: what `provcheck sync` does, without the printing.

Everything a person can get wrong is a `BadOrder` of one line; what goes wrong at the target is not an
error here but stands in the report.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import requests

from provcheck.harness.client.connectors.interface import Connector
from provcheck.harness.client.engine import Progress
from provcheck.harness.client.reference import ReferenceClient
from provcheck.harness.client.retry import RetryPolicy
from provcheck.harness.client.state import Base, GroupState, Orphan, UserState
from provcheck.harness.client.store import BadState, StateStore
from provcheck.harness.model.audit import AuditRecord
from provcheck.harness.model.clock import Clock, SystemClock
from provcheck.harness.model.connection import BadConnection, Connection
from provcheck.harness.model.options import flatten
from provcheck.harness.model.population import BadPopulation, Population
from provcheck.harness.model.reading import read
from provcheck.harness.model.rule import BadRule, Rule
from provcheck.harness.model.summary import SummaryHidden, SyncStatus, SyncSummary


class BadOrder(ValueError):
    """The sync cannot be started, or its state cannot be kept; the message is one line."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to sync: the source file, the connection file (with the rule in its `[rule]` table), and the state file."""

    source: Path
    connection: Path
    state: Path | None = None
    resync: bool = field(default=False, kw_only=True)
    token: str = field(default="", kw_only=True, repr=False)
    """Used where the connection file holds no token, so that the file can be shared."""

    @property
    def state_path(self) -> Path:
        """The state file; by default beside the connection file."""
        return self.state or self.connection.with_suffix(".state.json")


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a sync."""

    summary: SyncSummary | None
    """None while the rule is not enabled."""
    status: SyncStatus
    failures: tuple[str, ...]
    """One line for each user and group that failed: who, and why."""
    unreached: int
    """So many failed only because the run had to stop; the reason is among the warnings."""
    orphans: tuple[Orphan, ...]
    warnings: tuple[str, ...]
    audit: tuple[AuditRecord, ...] = field(repr=False)

    @property
    def fine(self) -> bool:
        """Nothing failed, nothing was left behind, and the run came to its end."""
        return not self.failures and not self.orphans and self.status.sync_status != "Failed"


class Stores(Protocol):
    """The stores that a sync may be for: how a connection to one is read, and opened (`harness.vendors`)."""

    def read_connection(self, options: Mapping[str, Any]) -> Connection:
        """A connection from its options. Raises BadConnection."""

    def connect(
        self, connection: Connection, session: requests.Session, clock: Clock, policy: RetryPolicy | None = None
    ) -> Connector:
        """The connector for a connection. Raises BadConnection."""


def sync(
    order: Order,
    stores: Stores,
    *,
    session: requests.Session | None = None,
    clock: Clock | None = None,
    progress: Progress | None = None,
) -> Report:
    """Bring the target in line with the source file, once. Raises BadOrder."""
    try:
        connection, rule = read_connection(order.connection, stores, token=order.token)
        if rule.source == Rule().source:
            rule = replace(rule, source=order.source.name)
        population = Population.read(order.source)
        store = StateStore(order.state_path)
        with store.locked(), session or requests.Session() as opened:
            client = ReferenceClient(
                connection,
                rule,
                connect=stores.connect,
                session=opened,
                clock=clock or SystemClock(),
                state=store,
                progress=progress,
            )
            (client.resync if order.resync else client.apply)(population)
            return _report(client)
    except (BadConnection, BadPopulation, BadRule, BadState) as error:
        raise BadOrder(str(error)) from error


def read_connection(path: Path, stores: Stores, *, token: str = "") -> tuple[Connection, Rule]:
    """A connection in the vendor's option names, and the rule of its `[rule]` table. Raises BadConnection, BadRule."""
    try:
        options = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadConnection(f"{path}: {error.strerror or 'cannot be read'}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConnection(f"{path}: is not TOML: {error}") from None
    try:
        rule = read(Rule, options.pop("rule", {}), "the rule", error=BadRule)
        if token and "OAUTH_ACCESS_TOKEN" not in flatten(options):
            options["OAUTH_ACCESS_TOKEN"] = token
        connection = stores.read_connection(options)
        return connection, rule if rule.target != Rule().target else replace(rule, target=connection.name)
    except (BadConnection, BadRule) as error:
        raise type(error)(f"{path}: {error}") from None


def _report(client: ReferenceClient) -> Report:
    warnings = client.warnings()
    entities: list[tuple[str, Mapping[str, UserState | GroupState]]]
    entities = [("user", client.users()), ("group", client.groups())]
    failed = [(f"{kind} {id}", each.reason) for kind, held in entities for id, each in held.items() if _failed(each)]
    failures = tuple(f"{who}: {reason}" for who, reason in failed if reason not in warnings)
    try:
        summary = client.summary()
    except SummaryHidden:
        summary = None
    return Report(
        summary,
        client.status(),
        failures,
        len(failed) - len(failures),
        client.orphans(),
        warnings,
        tuple(client.audit()),
    )


def _failed(entity: UserState | GroupState) -> bool:
    return entity.base is Base.FAILED
