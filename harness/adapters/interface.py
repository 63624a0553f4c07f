"""What the runner asks of a client under test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import requests

from harness.model import Clock, Connection, Population, Rule, SyncSummary


class Client(Protocol):
    """A provisioning client. It refuses a rule that it cannot serve by raising BadRule; any other error is a fault."""

    def configure(self, connection: Connection, rule: Rule) -> None:
        """Use this connection and rule from now on; write nothing."""

    def apply(self, population: Population) -> None:
        """Bring the target in line with the source. Raises BadRule."""

    def resync(self, population: Population) -> None:
        """A Full Resync. Raises BadRule."""

    def restart(self) -> None:
        """End and start again; what was stored is still known."""

    def summary(self) -> SyncSummary | None:
        """The sync summary, or None when none is to be seen."""

    def orphans(self) -> tuple[str, ...]:
        """Source ids of users that left the scope and whose deprovisioning failed."""

    def warnings(self) -> tuple[str, ...]:
        """What the client warns of."""

    def close(self) -> None:
        """The run is over."""


ClientMaker = Callable[[Connection, Rule, requests.Session, Clock], Client]
"""Makes a client for one scenario."""
