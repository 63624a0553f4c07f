"""A client of this corpus in one process with the targets: it shares session and time with them."""

from __future__ import annotations

import requests

from provcheck.harness.adapters import ClientMaker
from provcheck.harness.adapters.python_object import ObjectChannel
from provcheck.harness.adapters.rpc_client import RpcClient
from provcheck.harness.contract import Description
from provcheck.harness.model import Clock, Connection, Rule
from tests.correct_clients.client import Client


def making(kind: type[Client]) -> ClientMaker:
    """Makes such a client for each case of a run."""

    def make(connection: Connection, rule: Rule, session: requests.Session, clock: Clock) -> RpcClient:
        wire = type("Wired", (kind.wire,), {"session": lambda _: session, "pause": lambda _, s: clock.sleep(s)})
        wire.now = lambda _: clock.now()
        client = type("Timed", (kind,), {"wire": wire})
        made = RpcClient(ObjectChannel(client, timeout=60), tell=lambda sign: None)
        made.configure(connection, rule)
        return made

    return make


def offered(kind: type[Client]) -> Description:
    """What such a client says of itself."""
    return RpcClient(ObjectChannel(kind, timeout=60), tell=lambda sign: None).describe()
