"""What is read from a client's answers, declared for validation and for the schema; a client may say more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any, Literal

from annotated_types import MinLen

from provcheck.harness.contract.client_capabilities import CLIENT_CAPABILITIES
from provcheck.harness.contract.description import Description
from provcheck.harness.contract.messages import Nothing, connectable
from provcheck.harness.model import AuditRecord, Counters, SyncStatus, SyncSummary
from provcheck.harness.model.audit import Action, EntityKind, Outcome
from provcheck.harness.model.reading import Described, OneOf, read, shown
from provcheck.harness.model.summary import Direction, RuleState


class BadMessage(ValueError):
    """A message breaks the contract; the text says where and how, in one line."""


@dataclass(frozen=True, slots=True)
class DescribeResult:
    """The answer to `describe`. A client that names no targets can serve any."""

    contract: int
    name: Annotated[str, MinLen(1)]
    capabilities: tuple[Annotated[str, OneOf(lambda: CLIENT_CAPABILITIES)], ...]
    version: str = ""
    targets: tuple[Annotated[str, OneOf(connectable)], ...] = field(default_factory=connectable)

    def description(self) -> Description:
        """What the client says about itself."""
        return Description(self.name, self.version, frozenset(self.capabilities), frozenset(self.targets))


@dataclass(frozen=True, slots=True)
class DoneResult:
    """The answer to `configure`, `apply` and `resync`."""

    refused: Annotated[str, MinLen(1), Described("Why you cannot serve this rule; then nothing was written.")] = ""


@dataclass(frozen=True, slots=True)
class CountersShown:
    """The counters of one section, none of which may be left out."""

    impacted: int
    success: int
    unsynced: int
    partially_synced: int
    failed: int

    def counters(self) -> Counters:
        """The counters as the harness keeps them."""
        return Counters(self.impacted, self.success, self.unsynced, self.partially_synced, self.failed)


@dataclass(frozen=True, slots=True)
class SummaryShown:
    """A sync summary."""

    users: CountersShown
    groups: CountersShown | None = None


@dataclass(frozen=True, slots=True)
class SummaryResult:
    """The answer to `summary`."""

    summary: SummaryShown | None

    def sync_summary(self) -> SyncSummary | None:
        """The summary; None when the client says that there is none to see."""
        if self.summary is None:
            return None
        groups = self.summary.groups
        return SyncSummary(self.summary.users.counters(), None if groups is None else groups.counters())


@dataclass(frozen=True, slots=True)
class OrphansResult:
    """The answer to `orphans`."""

    orphans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WarningsResult:
    """The answer to `warnings`."""

    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordShown:
    """One record of an audit log."""

    at: Annotated[str, Described("ISO 8601, with an offset")]
    entity_kind: EntityKind
    entity: Annotated[str, Described("The source id; group id/user id for a membership")]
    action: Action
    outcome: Outcome
    detail: str = ""
    remote_id: str | None = None

    def __post_init__(self) -> None:
        self.record()

    def record(self) -> AuditRecord:
        """The record. Raises ValueError if `at` is not a time."""
        try:
            at = datetime.fromisoformat(self.at)
        except ValueError:
            raise ValueError(f"at is a time in ISO 8601, not {shown(self.at)}") from None
        return AuditRecord(at, self.entity_kind, self.entity, self.action, self.outcome, self.detail, self.remote_id)


@dataclass(frozen=True, slots=True)
class AuditResult:
    """The answer to `audit`, oldest record first."""

    records: tuple[RecordShown, ...]


@dataclass(frozen=True, slots=True)
class StatusShown:
    """The status block; times are ISO 8601 with an offset, or null where there was none."""

    sync_status: RuleState
    last_sync: str | None = None
    direction: Direction = "Outbound"
    source: str = ""
    target: str = ""
    last_poll: str | None = None
    last_write_back: str | None = None

    def __post_init__(self) -> None:
        self.status()

    def status(self) -> SyncStatus:
        """The block as the harness keeps it. Raises ValueError for what is not a time with an offset."""
        last, poll, back = (_moment(self, name) for name in ("last_sync", "last_poll", "last_write_back"))
        ends = (self.direction, self.source, self.target)
        return SyncStatus(self.sync_status, last, *ends, last_poll=poll, last_write_back=back)


def _moment(status: StatusShown, name: str) -> datetime | None:
    text = getattr(status, name)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"{name} is a time in ISO 8601 with an offset, not {shown(text)}")
    return moment


@dataclass(frozen=True, slots=True)
class StatusResult:
    """The answer to `status`."""

    status: StatusShown


@dataclass(frozen=True, slots=True)
class CallError:
    """Why a call failed (JSON-RPC 2.0, section 5.1)."""

    code: int
    message: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, whatever was asked (JSON-RPC 2.0, section 5): it has a result or an error."""

    jsonrpc: Literal["2.0"]
    id: int
    result: Any = None
    error: CallError | None = None

    def __post_init__(self) -> None:
        if isinstance(self.result, dict) == (self.error is not None):
            raise ValueError("an answer has either a result, which is an object, or an error")


RESULTS: Mapping[str, type] = MappingProxyType(
    {
        "describe": DescribeResult,
        **dict.fromkeys(("configure", "apply", "resync"), DoneResult),
        "restart": Nothing,
        "summary": SummaryResult,
        "orphans": OrphansResult,
        "warnings": WarningsResult,
        "audit": AuditResult,
        "status": StatusResult,
        "close": Nothing,
    }
)
"""What is read from the answer to each method; a client may say more."""


def read_result(method: str, result: object) -> Any:
    """The result of a method as its declaration in RESULTS. Raises BadMessage."""
    return read(RESULTS[method], result, f"the answer to {method}", error=BadMessage, ignore_unknown=True)


def read_answer(message: object) -> Answer:
    """An answer, whatever was asked. Raises BadMessage."""
    return read(Answer, message, "the answer", error=BadMessage, ignore_unknown=True)
