"""Whatever is sent to a target, or to the control API, is answered in time and never with a 500.

`PROVCHECK_FUZZ_EXAMPLES=200000 pytest -n0 tests/fuzz/test_requests.py` sends so many to each, and a tenth of it over
sockets; `PROVCHECK_FUZZ_SEED` chooses others.
"""

from __future__ import annotations

import json
import os
import random
import socket
import time
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest

from provcheck.mock_targets import registry
from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.control_api.openapi import TABLE
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.faults.description import field_names
from provcheck.mock_targets.http.errors import AnswerLost
from provcheck.mock_targets.serving.server import serving
from provcheck.mock_targets.target.seeding import seed
from tests.fuzz.examples import FUZZ_EXAMPLES, UNHURRIED
from tests.fuzz.request_maker import Made, RequestMaker

SEED = int(os.environ.get("PROVCHECK_FUZZ_SEED", "1"))
LONGEST = 2.0
"""Seconds of processor time of one request; one that costs more is a hang to whoever sends many."""
PAUSE = 10.0
"""Seconds in which a server answers, or ends the connection."""
CONTROL = "_control"
pytestmark = UNHURRIED
USERS = [{"userName": f"user{number}", "email": f"user{number}@example.com"} for number in range(20)]
GROUPS = [{"displayName": f"G{number}", "members": [f"user{number}"]} for number in range(5)]


def answered(environment: Environment, prefix: str, made: Made, token: str) -> int:
    """The status of the answer to a request in process; 0 if a fault loses it."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": made.method,
        "PATH_INFO": prefix + made.path.encode("utf-8", "surrogatepass").decode("latin-1"),
        "QUERY_STRING": made.query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.input": BytesIO(made.body),
        "wsgi.url_scheme": "http",
        "wsgi.errors": None,
        "CONTENT_LENGTH": str(len(made.body)),
        "CONTENT_TYPE": made.headers.get("Content-Type", ""),
        "HTTP_HOST": "localhost",
        "HTTP_AUTHORIZATION": f"Bearer {token}",
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in made.headers.items()},
    }
    seen: list[str] = []
    with suppress(AnswerLost):
        for _ in environment(environ, lambda status, *_: seen.append(status)):
            pass
    return int(seen[0][:3]) if seen else 0


def send_all(environment: Environment, name: str, maker: RequestMaker, number: int) -> tuple[Counter[int], list[str]]:
    """How many answers had which status, and what was wrong with some."""
    statuses: Counter[int] = Counter()
    wrong: list[str] = []
    token = environment.control_token if name == CONTROL else environment.target(name).token
    for count in range(number):
        if count % 200 == 0:
            environment.reset()
            for target in environment.targets.values():
                if profiles := list(target.spec.profiles):
                    target.apply_profile(profiles[count // 200 % len(profiles)])
                    target.faults.clear()
                seed(target, {"users": USERS, "groups": GROUPS})
        if count % 100 == 0:
            maker.ids = known_ids(environment)
        made = maker.make()
        start = time.thread_time()
        status = answered(environment, f"/{name}", made, token)
        statuses[status] += 1
        if status == 500 or time.thread_time() - start > LONGEST:
            wrong.append(f"#{count} {status} {made}"[:600])
    return statuses, wrong


def known_ids(environment: Environment) -> list[str]:
    """Ids of some resources of every kind."""
    targets = environment.targets.values()
    pages = (target.directory.page(kind, 0, 15) for target in targets for kind in target.spec.kinds)
    return [record.id for page in pages for record in page]


@pytest.mark.parametrize("name", registry.names())
def test_a_target_answers_any_request(name: str) -> None:
    environment = Environment([name], clock=VirtualClock(), seed=SEED)
    app: Any = environment.main.app(name)
    rules = (each.split(" ", 1) for each in sorted(app.view_functions))
    statuses, wrong = send_all(
        environment, name, RequestMaker(SEED, [(method, rule) for method, rule in rules]), FUZZ_EXAMPLES or 1200
    )
    assert not wrong
    assert sum(statuses[status] for status in (200, 201, 204)) > statuses.total() / 12, statuses


class ControlMaker(RequestMaker):
    """Requests to the control API, with faults, flags, seeds and criteria in their bodies."""

    def __init__(self, seed: int, target: str, fields: dict[str, tuple[str, ...]]) -> None:
        routes = [(route.method, route.rule.replace("<target>", target)) for route in TABLE]
        super().__init__(seed, [each for each in routes if "reset" not in each[1]] * 3 + routes)
        self._fields = fields

    def make(self) -> Made:
        """The next request."""
        made = replace(super().make(), headers={"Content-Type": "application/json"})
        names = next((names for part, names in self._fields.items() if part in made.path), ())
        if not names or self.draw.random() < 0.1:
            return made
        given = {self.draw.choice(names): self._typical() for _ in range(self.draw.randrange(1, 5))}
        return replace(made, body=json.dumps({"operation": "*", **given} if "faults" in made.path else given).encode())

    def _typical(self) -> Any:
        draw = self.draw
        texts = ("after", "before", "later", "user.*", "user.create", "*", "rfc", "okta", "off", "on", "every")
        likely = (draw.choice(texts), True, 503, 1, 0.5, {"id": {}}, {"userName": None})
        return draw.choice((*likely, self.value(1), self.value(2)))


def test_the_control_api_answers_any_request() -> None:
    environment = Environment(["scim", "slack"], clock=VirtualClock(), seed=SEED, tenants=True)
    flags = tuple(environment.target("scim").flags.values())
    fields = {"faults": field_names(), "flags": (*flags, "profile"), "count": ("operation", "entity", "status", "flag")}
    maker = ControlMaker(SEED, "scim", {**fields, "seed": ("users", "groups")})
    statuses, wrong = send_all(environment, CONTROL, maker, FUZZ_EXAMPLES or 1200)
    assert not wrong
    assert statuses[200] > statuses.total() / 12, statuses


def test_a_rewrite_of_any_answer_that_nothing_can_show_is_refused_with_422() -> None:
    environment = Environment(["scim"], clock=VirtualClock())
    fault = {"operation": "*", "moment": "after", "rewrites": {"id": {}}}
    made = Made("POST", "/targets/scim/faults", "", {"Content-Type": "application/json"}, json.dumps(fault).encode())
    assert answered(environment, f"/{CONTROL}", made, environment.control_token) == 422


HOST = b"Host: localhost:PORT\r\n"
HEADS = (
    b"GET /scim/v2/Users HTTP/1.1\r\n" + HOST,
    b"POST /scim/v2/Users HTTP/1.1\r\nContent-Length: 2\r\n" + HOST,
    b"POST /scim/v2/Users HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + HOST,
    b"PATCH /_control/targets/scim/flags HTTP/1.0\r\nContent-Length: 10\r\n",
)
LINES = (
    *(b"Content_Length: abc", b" leading: blank", b"Content-Length : 3", b"Content-Length: -1", b"Content-Length: +5"),
    *(b"Host: a", b"Transfer-Encoding: chunked, gzip", b"Transfer-Encoding: x", b"X" * 9000, b": x", b"a\x00b: c"),
    *(b"Connection: close", b"Expect: 100-continue", b"Upgrade: h2c", b"Range: bytes=0-", b"\tfold", b"\xff: y"),
    *(b"Authorization: Bearer x", b"Authorization: Basic =", b"Content-Type: \x80", b"If-Match: " + b"a" * 900),
)
ENDS = (
    *(b"\r\n", b"\r\n\r\n", b"\n\n", b"\r\n{}", b"\r\n2\r\n{}\r\n0\r\n\r\n", b"\r\nffffffffff\r\n", b"\r\n1_0\r\n"),
    *(b"\r\n0x5\r\nabcde\r\n0\r\n\r\n", b"\r\n+5\r\nabcde\r\n0\r\n\r\n", b"", b"\x00" * 200, b"\r\n-1\r\n\r\n"),
    b"\r\n0\r\nx: " + b"y" * 9000,
)
BREAKS = (b"\r\n", b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r", b"")


def raw_request(draw: random.Random) -> bytes:
    """Bytes that are nearly a request."""
    lines = b"".join(draw.choice(LINES) + draw.choice(BREAKS) for _ in range(draw.choice((0, 0, 1, 2, 4))))
    data = draw.choice(HEADS) + lines + draw.choice(ENDS)
    for _ in range(draw.choice((0, 0, 1, 5))):
        at = draw.randrange(len(data))
        data = data[:at] + bytes([draw.randrange(256)]) * draw.choice((0, 1, 1, 40)) + data[at + draw.randrange(3) :]
    return data or b"\r\n"


def test_a_server_answers_any_bytes_or_ends_the_connection() -> None:
    draw, wrong = random.Random(SEED), []
    statuses: Counter[bytes] = Counter()
    with serving(Environment(["scim"], seed=SEED)) as server:
        port = int(server.url.rpartition(":")[2])
        for number in range(FUZZ_EXAMPLES // 10 or 250):
            data = raw_request(draw)
            status = status_after(port, data)
            statuses[status] += 1
            if status in (b"500", b"hangs"):
                wrong.append(f"#{number} {status!r}: {data!r:.300}")
        assert status_after(port, b"GET /_control/health HTTP/1.1\r\n" + HOST + b"\r\n") == b"200"
    assert not wrong
    assert statuses[b"400"] > 20, statuses
    assert statuses[b"401"] > 5, statuses


def status_after(port: int, data: bytes) -> bytes:
    """The status of what a server answers to these bytes, when no more come; empty if it ends the connection."""
    parts: list[bytes] = []
    with socket.create_connection(("127.0.0.1", port), timeout=PAUSE) as client:
        try:
            client.sendall(data.replace(b"PORT", str(port).encode()))
            client.shutdown(socket.SHUT_WR)
            while part := client.recv(65536):
                parts.append(part)
        except TimeoutError:
            return b"hangs"
        except OSError:
            pass  # it ended the connection before it had read all
    return b"".join(parts)[9:12]
