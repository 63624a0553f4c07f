"""Connects the client that a SPEC names, and reads its description.

A SPEC is `package.module:factory`, `http://host:port/path`, or else a command.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import requests

from provcheck.harness.adapters.channel import Channel
from provcheck.harness.adapters.command import CommandChannel, parse
from provcheck.harness.adapters.interface import BrokenContract, CallFailed, Client, GaveUp, UnusableClient
from provcheck.harness.adapters.last_words import ClientLog
from provcheck.harness.adapters.python_object import ObjectChannel, load
from provcheck.harness.adapters.rpc_client import RpcClient, Sign
from provcheck.harness.adapters.service import ServiceChannel
from provcheck.harness.contract import Description
from provcheck.harness.model import Clock, Connection, Rule

TIMEOUT = 60.0
"""Seconds to wait for each client call, by default."""
_OBJECT = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")
MOST_SILENT_SCENARIOS = 3
"""Number of scenarios in a row without an answer after which a client is given up."""


class Subject:
    """A connected client, of which a fresh instance is made for each scenario."""

    def __init__(self, spec: str, open_channel: Callable[[], Channel], log: ClientLog | None = None) -> None:
        self.spec, self._log = spec, log
        self.description = Description(spec)
        self._open = open_channel
        self._made: RpcClient | None = None
        self._silences = 0

    def make(self, connection: Connection, rule: Rule, session: requests.Session, clock: Clock) -> Client:
        """Return a configured client for one scenario. It ignores the runner's session and clock, and uses its own.

        Raises BrokenContract, CallFailed and GaveUp.
        """
        if self._silences >= MOST_SILENT_SCENARIOS:
            raise GaveUp(f"the client was silent in {MOST_SILENT_SCENARIOS} scenarios in a row")
        client = self._greet()
        if self._log is not None:
            self._log.learn(connection)
        client.configure(connection, rule)
        return client

    def ask(self) -> None:
        """Read the client's description. Raises UnusableClient."""
        try:
            self._greet().abandon()
        except (BrokenContract, CallFailed) as error:
            raise UnusableClient(f"the client ({self.spec}) cannot be used: {error}") from None

    def end(self) -> None:
        """Close the client of the last scenario, if it is still open."""
        if self._made is not None:
            self._made.abandon()

    def _greet(self) -> RpcClient:
        self.end()
        self._made = RpcClient(self._open(), tell=self._hear)
        self.description = self._made.describe()
        return self._made

    def _hear(self, sign: Sign) -> None:
        self._silences = 0 if sign == "closed" else self._silences + 1


@contextmanager
def connected(spec: str, *, timeout: float = TIMEOUT, log: ClientLog | None = None) -> Iterator[Subject]:
    """Connect the client of a SPEC and yield it, described; close it at the end.

    `log` keeps the standard error of a command; other clients have none that provcheck could read. Raises
    UnusableClient.
    """
    subject = Subject(spec, _channel(spec, timeout, log), log)
    try:
        subject.ask()
        yield subject
    finally:
        subject.end()


def is_command(spec: str) -> bool:
    """Whether a SPEC names a command, and neither a service nor a Python object."""
    return not re.match(r"https?://", spec) and not _OBJECT.fullmatch(spec)


def _channel(spec: str, timeout: float, log: ClientLog | None) -> Callable[[], Channel]:
    if re.match(r"https?://", spec):
        return lambda: ServiceChannel(spec, timeout=timeout)
    if _OBJECT.fullmatch(spec):
        factory = load(spec, timeout=timeout)
        return lambda: ObjectChannel(factory, timeout=timeout)
    words = parse(spec)
    return lambda: CommandChannel(words, timeout=timeout, log=log)
