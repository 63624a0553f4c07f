"""The servers that are compared, each in a process of its own: ours, scim2-server, and one bare Flask route.

Ours and the bare route stand behind the same WSGI server. scim2-server is there twice: as its own command serves it,
and behind that same WSGI server, so that only what lies behind it differs.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from provcheck.mock_targets.http.wsgi import WsgiApp

TOKEN = "benchmark-token"


@dataclass(frozen=True, slots=True)
class Peer:
    """A served peer: where it listens, and the process it runs in."""

    name: str
    port: int
    root: str
    pid: int


@contextmanager
def served(name: str, *options: str) -> Iterator[Peer]:
    """Start a peer in a process of its own and end it afterwards."""
    command = [sys.executable, "-m", "benchmarks.peers", name, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        port, root = process.stdout.readline().split()
        try:
            _await(int(port))
            yield Peer(name, int(port), root, process.pid)
        finally:
            process.terminate()
            process.wait(timeout=10)


@contextmanager
def apart(*peers: Peer) -> Iterator[None]:
    """Keep this process on one processor and the peers on another one.

    Otherwise the system chooses anew in each run which peer shares a processor with the client, and one that does is
    woken faster: a third of the time of a request. Without effect where there is one processor, or no such call.
    """
    processors = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(processors) < 2:
        yield
        return
    for peer in peers:
        for thread in Path(f"/proc/{peer.pid}/task").iterdir():
            os.sched_setaffinity(int(thread.name), {processors[-1]})
    os.sched_setaffinity(0, {processors[0]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, processors)


def _await(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise RuntimeError(f"nothing answers on port {port}")


def _ours(users: int) -> tuple[WsgiApp, str]:
    from provcheck.mock_targets.environment import Environment
    from provcheck.mock_targets.target.seeding import seed

    environment = Environment(["scim"], token=TOKEN, flags={"scim": {"answers_group_patch_with_body": False}})
    for start in range(0, users, 1000):
        seed(environment.targets["scim"], {"users": [person(i) for i in range(start, start + 1000)]})
    return environment, "/scim/v2"


def person(i: int) -> dict[str, str]:
    """A user in core words."""
    return {
        "userName": f"seeded{i}",
        "externalId": f"ext-{i}",
        "givenName": f"Given{i}",
        "familyName": f"Family{i}",
        "displayName": f"Given{i} Family{i}",
        "email": f"seeded{i}@example.com",
    }


def _scim2_server(_: int) -> tuple[WsgiApp, str]:
    from scim2_models import ScimProvider
    from scim2_server.memory import InMemoryStorage
    from scim2_server.testserver.application import BearerTokenApplication
    from scim2_server.utils import (
        load_default_resource_types,
        load_default_schemas,
        load_default_service_provider_config,
    )

    provider = ScimProvider.from_discovery(
        list(load_default_schemas().values()),
        list(load_default_resource_types().values()),
        load_default_service_provider_config(),
    )
    return BearerTokenApplication(InMemoryStorage(), provider, bearer_tokens=[TOKEN]), ""


def _bare(_: int) -> tuple[WsgiApp, str]:
    from flask import Flask, Response, request

    app = Flask("bare")
    answer = b'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"1","userName":"a"}'

    @app.route("/<path:anything>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def route(anything: str) -> Response:
        request.get_data()
        return Response(answer, content_type="application/scim+json")

    return app, ""


_BUILDERS: dict[str, Callable[[int], tuple[WsgiApp, str]]] = {
    "ours": _ours,
    "scim2-server, same WSGI server": _scim2_server,
    "bare": _bare,
}


def _as_shipped() -> None:
    from scim2_server.testserver import cli

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    print(port, "/", flush=True)
    sys.argv = ["scim2-server", "--port", str(port), "--bearer-token", TOKEN]
    cli.main()


def main(name: str, users: str = "0") -> None:
    """Serve one peer on a free port of the loopback interface until the process is ended."""
    if name == "scim2-server":
        _as_shipped()
    from provcheck.mock_targets.serving.process import collect_rarely
    from provcheck.mock_targets.serving.server import Listener

    app, root = _BUILDERS[name](int(users))
    listener = Listener("127.0.0.1", 0, app)
    listener.open()
    collect_rarely()
    print(listener.port, root or "/", flush=True)
    listener.serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
