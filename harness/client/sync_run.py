"""One sync from files, for real: what `provcheck sync` does, without the printing.

Everything a person can get wrong is a `BadOrder` of one line; what goes wrong at the target is not an
error here but stands in the report.
"""

from __future__ import annotations

import ssl
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import requests

from provcheck.harness.client.connectors.interface import Connector
from provcheck.harness.client.dry_run import DryRunConnector, DryRunStore
from provcheck.harness.client.engine import Progress
from provcheck.harness.client.reference import ReferenceClient
from provcheck.harness.client.retry import RetryPolicy
from provcheck.harness.client.state import Base, GroupState, Orphan, UserState
from provcheck.harness.client.store import BadState, StateStore
from provcheck.harness.model.audit import AuditRecord
from provcheck.harness.model.clock import Clock, SystemClock
from provcheck.harness.model.connection import BadConnection, Connection
from provcheck.harness.model.core_words import WORDS
from provcheck.harness.model.options import flatten
from provcheck.harness.model.population import BadPopulation, Population
from provcheck.harness.model.reading import nearest, read, shown
from provcheck.harness.model.rule import BadRule, Rule, UserFilter
from provcheck.harness.model.summary import SummaryHidden, SyncStatus, SyncSummary
from provcheck.harness.model.text_file import read_text

_SPELLED = tuple(word.name for word in WORDS.values())


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
    dry_run: bool = field(default=False, kw_only=True)
    """Only read: nothing is written to the target, and no state is kept."""
    ca_file: Path | None = field(default=None, kw_only=True)
    """Certificates (PEM) of the authorities that are trusted, instead of the usual ones."""

    @property
    def state_path(self) -> Path:
        """The state file; by default beside the connection file."""
        return self.state or self.state_beside(self.connection)

    @staticmethod
    def state_beside(connection: Path) -> Path:
        """The default state file of a connection file."""
        return connection.with_suffix(".state.json")


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a sync."""

    summary: SyncSummary | None
    """None while the rule is not enabled."""
    status: SyncStatus
    failures: tuple[str, ...]
    """One line for each user and group that failed: who, and why."""
    unreached: int
    causes: tuple[str, ...]
    """Why the sync ended before it had reached all, if it did."""
    """So many failed only because the run had to stop; the reason is among the warnings."""
    orphans: tuple[Orphan, ...]
    warnings: tuple[str, ...]
    audit: tuple[AuditRecord, ...] = field(repr=False)
    planned: tuple[str, ...] = ()
    """What a dry run would have written, a line each."""

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
        store = DryRunStore(order.state_path) if order.dry_run else StateStore(order.state_path)
        planned: list[str] = []
        with store.locked(), session or requests.Session() as opened:
            if order.ca_file is not None:
                opened.verify = _trusted(order.ca_file)
            client = ReferenceClient(
                connection,
                rule,
                connect=_reading(stores, planned) if order.dry_run else stores.connect,
                session=opened,
                clock=clock or SystemClock(),
                state=store,
                progress=progress,
            )
            if isinstance(client.connector, DryRunConnector):
                client.connector.know(_names(client))
            (client.resync if order.resync else client.apply)(population)
            unused = unused_columns(order.source.name, population, rule)
            return _report(client, unused, tuple(planned))
    except (BadConnection, BadPopulation, BadRule, BadState) as error:
        raise BadOrder(str(error)) from error


def read_connection(path: Path, stores: Stores, *, token: str = "") -> tuple[Connection, Rule]:
    """A connection in the vendor's option names, and the rule of its `[rule]` table. Raises BadConnection, BadRule."""
    text = read_text(path, BadConnection)
    try:
        options = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadConnection(f"{path}: is not TOML: {error}") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, or thousands of brackets
        raise BadConnection(f"{path}: is not TOML that can be read: a number too long, or nested too deeply") from None
    try:
        rule = read(Rule, options.pop("rule", {}), "the rule", error=BadRule)
        if token and "OAUTH_ACCESS_TOKEN" not in flatten(options):
            options["OAUTH_ACCESS_TOKEN"] = token
        connection = stores.read_connection(options)
        return connection, rule if rule.target != Rule().target else replace(rule, target=connection.name)
    except (BadConnection, BadRule) as error:
        raise type(error)(f"{path}: {error}") from None


def _reading(stores: Stores, planned: list[str]) -> Any:
    """Opens connectors that read alone, and note what they would write."""

    def connect(*given: Any, **named: Any) -> Any:
        return DryRunConnector(stores.connect(*given, **named), planned.append)

    return connect


def _names(client: ReferenceClient) -> dict[str, str]:
    """The names of accounts and groups by remote id, as far as the state knows them."""
    users = {each.remote_id: str((each.written or {}).get("userName", "")) for each in client.users().values()}
    groups = {each.remote_id: each.name for each in client.groups().values()}
    return {remote_id: name for remote_id, name in {**users, **groups}.items() if remote_id and name}


def _trusted(path: Path) -> str:
    """The path of a file of certificates. Raises BadConnection if there are none in it."""
    try:
        ssl.create_default_context(cafile=str(path))
    except ssl.SSLError:
        raise BadConnection(f"{path}: holds no certificate in PEM form") from None
    except OSError as error:
        raise BadConnection(f"{path}: {error.strerror or 'cannot be read'}") from None
    return str(path)


def unused_columns(file: str, population: Population, rule: Rule) -> tuple[str, ...]:
    """A warning for each attribute in the source that the rule maps to nothing and no filter asks for."""
    used = {each.partition(".")[0] for each in rule.mapping.values()}
    used |= {term.attribute for term in (UserFilter.parse(rule.user_filter).terms if rule.user_filter else ())}
    given = dict.fromkeys(name for user in population.users for name in user.attributes)
    return tuple(
        f"{file}: {shown(name)} is used by no mapping of the rule, and was not synced{nearest(name, _SPELLED)}"
        for name in given
        if name not in used
    )


def _report(client: ReferenceClient, unused: tuple[str, ...], planned: tuple[str, ...]) -> Report:
    warnings = (*unused, *client.warnings())
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
        tuple(dict.fromkeys(reason for _, reason in failed if reason in warnings)),
        client.orphans(),
        warnings,
        tuple(client.audit()),
        planned,
    )


def _failed(entity: UserState | GroupState) -> bool:
    return entity.base is Base.FAILED
