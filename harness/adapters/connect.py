"""Finds the client that a person names, and asks it who it is.

The three ways to name one: `package.module:factory`, `http://host:port/path`, and anything else, which is a command.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import requests

from provcheck.harness.adapters.channel import Channel
from provcheck.harness.adapters.command import CommandChannel, parse
from provcheck.harness.adapters.interface import BrokenContract, CallFailed, Client, GaveUp, UnusableClient
from provcheck.harness.adapters.python_object import ObjectChannel, load
from provcheck.harness.adapters.rpc_client import RpcClient, Sign
from provcheck.harness.adapters.service import ServiceChannel
from provcheck.harness.contract import Description
from provcheck.harness.model import Clock, Connection, Rule

TIMEOUT = 60.0
"""Seconds in which a client answers one call, unless told otherwise."""
MOST_SILENT_SCENARIOS = 3
"""So many scenarios in a row may end in silence before nothing more is asked of a client."""


class Subject:
    """A client under test that can be made anew for each scenario."""

    def __init__(self, spec: str, open_channel: Callable[[], Channel]) -> None:
        self.spec = spec
        self.description = Description(spec)
        self._open = open_channel
        self._made: RpcClient | None = None
        self._silences = 0

    def make(self, connection: Connection, rule: Rule, session: requests.Session, clock: Clock) -> Client:
        """A client for one scenario, configured. It has a session and a clock of its own: ours are not for it.

        Raises BrokenContract, CallFailed and GaveUp.
        """
        if self._silences >= MOST_SILENT_SCENARIOS:
            raise GaveUp(f"the client was silent in {MOST_SILENT_SCENARIOS} scenarios in a row")
        client = self._greet()
        client.configure(connection, rule)
        return client

    def ask(self) -> None:
        """Let the client describe itself. Raises UnusableClient."""
        try:
            self._greet().abandon()
        except (BrokenContract, CallFailed) as error:
            raise UnusableClient(f"the client ({self.spec}) cannot be used: {error}") from None

    def end(self) -> None:
        """Let go of the client of the last scenario, if it still runs."""
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
def connected(spec: str, *, timeout: float = TIMEOUT) -> Iterator[Subject]:
    """The client that a person names, described. Raises UnusableClient; ends what it started."""
    subject = Subject(spec, _channel(spec, timeout))
    try:
        subject.ask()
        yield subject
    finally:
        subject.end()


def _channel(spec: str, timeout: float) -> Callable[[], Channel]:
    if re.match(r"https?://", spec):
        return lambda: ServiceChannel(spec, timeout=timeout)
    if re.fullmatch(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*", spec):
        factory = load(spec, timeout=timeout)
        return lambda: ObjectChannel(factory, timeout=timeout)
    words = parse(spec)
    return lambda: CommandChannel(words, timeout=timeout)
