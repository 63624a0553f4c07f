"""Faults on real sockets: what a peer hears is a reset, silence or a slow body, and never more than it should."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Iterator

import pytest
import requests

from provcheck.mock_targets.clock import SystemClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.serving.certificates import Certificates
from provcheck.mock_targets.testing import Handle, serving
from tests.fake_target import SPEC

CREATE = b'{"login": "ada"}'


@pytest.fixture(scope="module")
def environment() -> Iterator[Environment]:
    environment = Environment(specs=[SPEC])
    with serving(environment):
        yield environment


@pytest.fixture
def target(environment: Environment) -> Handle:
    environment.reset()
    return Handle(environment.target("fake"))


def request(target: Handle, *, method: str = "POST", body: bytes = CREATE) -> bytes:
    lines = (
        f"{method} /fake/people HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {target.token}",
        f"Content-Length: {len(body)}",
        "",
        "",
    )
    return "\r\n".join(lines).encode() + body


def hear(target: Handle, **more) -> tuple[bytes, int | None, float]:
    """What comes back until the end, the error number if it was no orderly one, and how long it took in seconds."""
    host, _, port = target.base_url.removeprefix("http://").partition("/")[0].partition(":")
    clock = SystemClock()
    with socket.create_connection((host, int(port)), timeout=5) as line:
        line.sendall(request(target, **more))
        begun, heard = clock.monotonic(), b""
        try:
            while piece := line.recv(65536):
                heard += piece
                if b"\r\n\r\n" in heard and len(heard.partition(b"\r\n\r\n")[2]) >= length(heard):
                    break
        except OSError as error:
            return heard, error.errno, clock.monotonic() - begun
        return heard, None, clock.monotonic() - begun


def length(heard: bytes) -> int:
    lines = heard.lower().split(b"\r\n")
    return next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length")), 0)


def logins(target: Handle) -> list[str]:
    return [user["login"] for user in (record.document for record in target.target.directory.all("User"))]


@pytest.mark.parametrize(("moment", "made"), [("before", []), ("after", ["ada"])])
def test_a_reset_is_a_reset(target, moment, made):
    target.faults.arm_named("conn.reset", moment=moment)
    assert hear(target)[:2] == (b"", errno.ECONNRESET)
    assert logins(target) == made


def test_a_reset_in_the_middle_comes_after_the_first_bytes(target):
    target.faults.arm("user.create", moment="wire", resets=True, truncates_at=5)
    heard, end, _ = hear(target)
    assert (end, heard[:12]) == (errno.ECONNRESET, b"HTTP/1.1 201") or (end, heard) == (errno.ECONNRESET, b"")
    assert logins(target) == ["ada"]


def test_an_empty_reply_is_an_orderly_end(target):
    target.faults.arm_named("write.lost_response")
    assert hear(target)[:2] == (b"", None)
    assert logins(target) == ["ada"]


def test_a_stall_is_silence_before_the_end(target):
    target.faults.arm_named("http.hang", delay=0.3)
    heard, end, seconds = hear(target)
    assert (heard, end) == (b"", None)
    assert 0.25 < seconds < 3


def test_a_stall_is_a_timeout_to_a_caller_with_a_short_timeout(target):
    target.faults.arm_named("http.hang", delay=0.6)
    with pytest.raises(requests.ReadTimeout):
        requests.post(f"{target.base_url}/people", data=CREATE, headers=target.headers, timeout=0.2)


def test_a_stall_keeps_nobody_else_waiting(target):
    target.faults.arm_named("http.hang", delay=0.5)
    waiting = threading.Thread(target=hear, args=(target,))
    waiting.start()
    assert hear(target, method="GET", body=b"")[2] < 0.4
    waiting.join()


def test_a_dribble_comes_in_many_pieces(target):
    target.faults.arm_named("conn.dribble", dribbles=0.4)
    heard, end, seconds = hear(target)
    assert (end, heard[:12]) == (None, b"HTTP/1.1 201")
    assert heard.endswith(b'"ada"}')
    assert 0.3 < seconds < 3


def test_the_next_connection_is_as_good_as_new(target):
    target.faults.arm_named("conn.reset")
    hear(target)
    assert hear(target, method="GET", body=b"")[0].startswith(b"HTTP/1.1 200")


def test_a_reset_under_tls_is_no_answer_either():
    certificates = Certificates(["localhost", "127.0.0.1"])
    try:
        environment = Environment(specs=[SPEC])
        with serving(environment, certificates=certificates):
            target = Handle(environment.target("fake"))
            target.faults.arm_named("conn.reset")
            options = {"headers": target.headers, "verify": certificates.ca_file, "timeout": 5}
            with pytest.raises(requests.ConnectionError):
                requests.post(f"{target.base_url}/people", data=CREATE, **options)
            assert logins(target) == ["ada"]
    finally:
        certificates.close()


def test_more_than_a_few_requests_at_a_time_are_limited(target):
    target.faults.arm_named("concurrency.limit", parallel_above=1)
    target.faults.arm("user.create", moment="after", delay=0.4)
    busy = threading.Thread(target=hear, args=(target,))
    busy.start()
    clock, answers = SystemClock(), []
    end = clock.monotonic() + 2
    while b" 429 " not in b"".join(answers) and clock.monotonic() < end:
        answers.append(hear(target, method="GET", body=b"")[0][:14])
    busy.join()
    assert any(b" 429" in answer for answer in answers)
    target.faults.clear()
    assert hear(target, method="GET", body=b"")[0].startswith(b"HTTP/1.1 200")
