"""A client that is an HTTP service: the same contract in bodies of POST requests, and the same blame."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from provcheck.harness.adapters import UnusableClient, envelope
from tests.adapters.client_rig import findings, one_case, play

ZEROS = {"impacted": 5, "success": 0, "unsynced": 5, "partially_synced": 0, "failed": 0}
RESULTS: dict[str, Any] = {
    "describe": {"contract": 1, "name": "service", "capabilities": ["switches", "summary"]},
    "summary": {"summary": {"users": ZEROS, "groups": None}},
}
Answer = Callable[["Handler", dict[str, Any]], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked: list[dict[str, Any]]
    odd: tuple[str, Answer]
    gone: threading.Event

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(request)
        if request["method"] == self.odd[0]:
            self.odd[1](self, request)
        else:
            result = RESULTS.get(request["method"], {})
            self.send(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result}).encode())

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def hangs(handler: Handler, request: dict[str, Any]) -> None:
    handler.gone.wait(10)


def dribbles(handler: Handler, request: dict[str, Any]) -> None:
    handler.send(b" ", **{"Content-Length": "1000"})
    while not handler.gone.wait(0.05):
        handler.wfile.write(b" ")


def hangs_up(handler: Handler, request: dict[str, Any]) -> None:
    handler.close_connection = True


@contextmanager
def serving(method: str = "never", answer: Answer = hangs_up) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    gone, asked = threading.Event(), list[dict[str, Any]]()
    made = type("Made", (Handler,), {"asked": asked, "odd": (method, answer), "gone": gone})
    with ThreadingHTTPServer(("127.0.0.1", 0), made) as server:
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # whoever hung up on it is us
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/client", asked
        finally:
            gone.set()
            server.shutdown()


def test_a_service_that_behaves_has_no_findings() -> None:
    with serving() as (url, asked):
        assert findings(url) == ()
    methods = [request["method"] for request in asked]
    assert methods == ["describe", "describe", "configure", "apply", "summary", "close"]


def test_each_scenario_begins_fresh() -> None:
    with serving() as (url, asked):
        play(url, one_case() * 2)
    configured = [request["params"]["fresh"] for request in asked if request["method"] == "configure"]
    assert configured == [True, True]


def test_the_token_and_the_address_are_those_of_a_real_server() -> None:
    with serving() as (url, asked):
        play(url)
    connection = next(request["params"]["connection"] for request in asked if request["method"] == "configure")
    assert connection["base_url"].startswith("http://127.0.0.1:")
    assert connection["token"]


BROKEN: dict[str, tuple[Answer, str]] = {
    "is not found": (lambda h, r: h.send(b"no such page", 404), "apply was answered with status 404"),
    "fails": (lambda h, r: h.send(b"oops", 500), "apply was answered with status 500"),
    "moves": (lambda h, r: h.send(b"", 307, Location="/elsewhere"), "apply was answered with status 307"),
    "hangs up": (hangs_up, "the connection ended without an answer"),
    "speaks HTML": (lambda h, r: h.send(b"<html>"), "is not JSON: '<html>'"),
    "says nothing": (lambda h, r: h.send(b""), "is not JSON: ''"),
    "answers with a number": (lambda h, r: h.send(b"7"), "what is no answer"),
}


@pytest.mark.parametrize(("answer", "words"), BROKEN.values(), ids=list(BROKEN))
def test_a_broken_answer_is_a_finding_that_names_the_client(answer: Answer, words: str) -> None:
    with serving("apply", answer) as (url, _):
        (found,) = findings(url)
    assert found.check == "client_keeps_the_contract"
    assert words in found.seen


@pytest.mark.parametrize("answer", [hangs, dribbles], ids=["hangs", "dribbles"])
def test_silence_is_a_finding_once_the_time_is_up(answer: Answer) -> None:
    with serving("apply", answer) as (url, _):
        (found,) = findings(url, timeout=0.4)
    assert found.check == "client_keeps_the_contract"
    assert "apply" in found.seen


def test_an_endless_body_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(envelope, "MOST_BYTES", 1000)
    with serving("apply", lambda h, r: h.send(b"x" * 5000)) as (url, _):
        (found,) = findings(url)
    assert "more than 1000 bytes" in found.seen


def test_a_service_that_is_not_there_cannot_be_used() -> None:
    with serving() as (url, _):
        pass
    with pytest.raises(UnusableClient, match="nobody listens there"):
        play(url)


def test_a_host_that_is_not_there_cannot_be_used() -> None:
    with pytest.raises(UnusableClient, match="cannot be used: describe could not be asked of"):
        play("http://no-such-host.invalid:9000")
