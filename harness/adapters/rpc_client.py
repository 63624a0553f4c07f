"""A client that is driven through the contract, over any channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from provcheck.harness import contract
from provcheck.harness.adapters.channel import Channel
from provcheck.harness.adapters.interface import BrokenContract, NoAnswer
from provcheck.harness.contract.results import AuditResult, DescribeResult, StatusResult, SummaryResult, WarningsResult
from provcheck.harness.model import AuditRecord, BadRule, Connection, Population, Rule, SyncStatus, SyncSummary

Sign = Literal["silent", "closed"]
"""What is told of a client: it did not answer in time, or its scenario came to a good end."""


class RpcClient:
    """Encodes calls and decodes answers. Raises BrokenContract for an answer that the contract does not allow.

    The channel is closed then: after a broken answer, later ones cannot be matched to their calls.
    """

    def __init__(self, channel: Channel, *, tell: Callable[[Sign], None]) -> None:
        self._channel, self._tell = channel, tell
        self._known: Population | None = None
        self._fresh = True
        self._ended = False

    def describe(self) -> contract.Description:
        """Return the client's description. Raises BrokenContract."""
        result: DescribeResult = self._ask("describe", {"contract": contract.VERSION})
        if result.contract != contract.VERSION:
            self._end()
            told = f"it speaks version {result.contract} of the contract, and this is version {contract.VERSION}"
            raise BrokenContract(told)
        return result.description()

    def configure(self, connection: Connection, rule: Rule) -> None:
        """Use this connection and rule from now on. Raises BadRule."""
        words = {"connection": contract.connection_as_dict(connection), "rule": contract.rule_as_dict(rule)}
        self._order("configure", {**words, "fresh": self._fresh})
        self._fresh = False

    def apply(self, population: Population) -> None:
        """Sync: bring the target in line with the source. Raises BadRule."""
        changes = None if self._known is None else contract.changes(self._known, population)
        self._known = population
        self._order("apply", {"population": contract.population_as_dict(population), "changes": changes})

    def resync(self, population: Population) -> None:
        """Run a Full Resync. Raises BadRule."""
        self._known = population
        self._order("resync", {"population": contract.population_as_dict(population)})

    def restart(self) -> None:
        """Restart the client."""
        self._ask("restart", {})

    def summary(self) -> SyncSummary | None:
        """Return the sync summary; None if the client hides it."""
        result: SummaryResult = self._ask("summary", {})
        return result.sync_summary()

    def orphans(self) -> tuple[str, ...]:
        """Return the source ids of leavers whose deprovisioning failed."""
        return tuple(sorted(self._ask("orphans", {}).orphans))

    def warnings(self) -> tuple[str, ...]:
        """Return the client's warnings."""
        result: WarningsResult = self._ask("warnings", {})
        return result.warnings

    def audit(self) -> tuple[AuditRecord, ...]:
        """Return the audit log since the client started."""
        result: AuditResult = self._ask("audit", {})
        return tuple(each.record() for each in result.records)

    def status(self) -> SyncStatus:
        """Return the status block."""
        result: StatusResult = self._ask("status", {})
        return result.status.status()

    def close(self) -> None:
        """End the scenario; a client that has broken the contract gets no further call."""
        if not self._ended:
            self._ask("close", {})
            self._end()
            self._tell("closed")

    def abandon(self) -> None:
        """Close the channel without a call."""
        self._end()

    def _order(self, method: str, params: Mapping[str, Any]) -> None:
        if refused := self._ask(method, params).refused:
            raise BadRule(refused)

    def _ask(self, method: str, params: Mapping[str, Any]) -> Any:
        try:
            return contract.read_result(method, self._channel.call(method, params))
        except contract.BadMessage as error:
            self._end()
            raise BrokenContract(str(error)) from None
        except BrokenContract as error:
            self._end()
            if isinstance(error, NoAnswer):
                self._tell("silent")
            raise

    def _end(self) -> None:
        if not self._ended:
            self._ended = True
            self._channel.end()
