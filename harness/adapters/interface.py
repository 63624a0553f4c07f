"""The interface through which the runner drives a client, and the errors of a client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import requests

from provcheck.harness.model import AuditRecord, Clock, Connection, Population, Rule, SyncStatus, SyncSummary


class Client(Protocol):
    """A provisioning client. It refuses a rule that it cannot serve by raising BadRule; any other error is a fault."""

    def configure(self, connection: Connection, rule: Rule) -> None:
        """Use this connection and rule from now on. Sends no requests that write."""

    def apply(self, population: Population) -> None:
        """Sync: bring the target in line with the source. Raises BadRule."""

    def resync(self, population: Population) -> None:
        """Run a Full Resync. Raises BadRule."""

    def restart(self) -> None:
        """Restart the client; its stored state is kept."""

    def summary(self) -> SyncSummary | None:
        """Return the sync summary; None if it is hidden. Called only if the client offers `summary`."""

    def orphans(self) -> tuple[str, ...]:
        """Return the source ids of users out of scope whose deprovisioning failed."""

    def warnings(self) -> tuple[str, ...]:
        """Return the client's warnings."""

    def audit(self) -> tuple[AuditRecord, ...]:
        """Return the audit log since the start, oldest first. Called only if the client offers `audit`."""

    def status(self) -> SyncStatus:
        """Return the status block. Called only if the client offers `status`."""

    def close(self) -> None:
        """End the scenario."""


ClientMaker = Callable[[Connection, Rule, requests.Session, Clock], Client]
"""Makes a client for one scenario."""


class UnusableClient(Exception):
    """The client cannot be used: there is no such command, module or service, or it gives no description.

    The text is one line that names the side at fault, for the person who started the run.
    """


class BrokenContract(Exception):
    """The client broke the contract: an invalid answer, no answer, or it has ended. A finding about the client."""


class NoAnswer(BrokenContract):
    """The client did not answer in time."""


class CallFailed(Exception):
    """The client answered a call with an error."""


class GaveUp(Exception):
    """The client left so many calls unanswered that it is given up."""
