"""A server with as many tenants as it takes: they cost neither threads nor sockets, and stopping it is quick."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
import requests

from provcheck.mock_targets.environment import MAX_TENANTS, Environment
from tests.fake_target import SPEC

STOP_SECONDS = 1.0
"""The most that stopping may take; measured: 0.1 s; it was 6.5 s when each tenant compiled rules of its own."""


@pytest.fixture
def server() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "provcheck", "serve", "scim", "--spaces", "--port", "0", "--json"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    yield running
    running.kill()
    running.communicate()


def held(process: subprocess.Popen[str]) -> tuple[int, int]:
    """How many threads and open files a process has."""
    of_process = Path(f"/proc/{process.pid}")
    return len(list((of_process / "task").iterdir())), len(list((of_process / "fd").iterdir()))


def test_a_server_with_all_tenants_has_no_more_threads_or_sockets_and_stops_within_a_second(server):
    line = json.loads(server.stdout.readline())
    base_url, token = line["targets"]["scim"]["base_url"], line["targets"]["scim"]["token"]
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token}"

        def visit(tenant: int) -> int:
            return session.get(base_url.replace("/scim/", f"/~t{tenant}/scim/") + "/Users").status_code

        assert visit(0) == 200
        before = held(server)
        assert {visit(tenant) for tenant in range(1, MAX_TENANTS)} == {200}
        assert visit(MAX_TENANTS) == 503
        assert held(server) == before
    began = monotonic()
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=30) == 0
    assert monotonic() - began < STOP_SECONDS


def test_tenants_share_the_compiled_rules_of_a_target():
    environment = Environment(specs=[SPEC], tenants=True)
    one, other = (environment.tenant(name) for name in ("one", "other"))
    assert one.app("fake").url_map is other.app("fake").url_map
    assert one.control().url_map is other.control().url_map
