"""What the runner asks of a client under test, and how a client fails to be one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import requests

from provcheck.harness.model import AuditRecord, Clock, Connection, Population, Rule, SyncSummary


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
        """The sync summary, or None when none is to be seen. Not asked of a client that offers none."""

    def orphans(self) -> tuple[str, ...]:
        """Source ids of users that left the scope and whose deprovisioning failed."""

    def warnings(self) -> tuple[str, ...]:
        """What the client warns of."""

    def audit(self) -> tuple[AuditRecord, ...]:
        """What was done and tried since the client started, oldest first. Not asked of a client that offers none."""

    def close(self) -> None:
        """The scenario is over."""


ClientMaker = Callable[[Connection, Rule, requests.Session, Clock], Client]
"""Makes a client for one scenario."""


class UnusableClient(Exception):
    """The client cannot be used at all: there is no such command, module or service, or it does not describe itself.

    The text is one line that names the side at fault, for the person who started the run.
    """


class BrokenContract(Exception):
    """The client said something that the contract does not allow, or nothing, or it is gone. This is its fault."""


class NoAnswer(BrokenContract):
    """The client did not answer in time."""


class CallFailed(Exception):
    """The client answered that it could not do what was asked."""


class GaveUp(Exception):
    """The client was silent so often that nothing more is asked of it."""
