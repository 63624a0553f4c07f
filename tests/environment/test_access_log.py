"""The access log of the server: a line for each request, without secrets."""

from __future__ import annotations

import io
import re

import pytest
import requests

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.http.errors import AnswerLost
from provcheck.mock_targets.serving.access_log import AccessLog
from provcheck.mock_targets.serving.server import serving
from tests.fake_target import SPEC


def logged(app, **environ) -> str:
    """The line of one request, as a WSGI server makes it."""
    stream = io.StringIO()
    clock = VirtualClock()
    given = {"REQUEST_METHOD": "GET", "REQUEST_URI": "/x", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1"}
    log = AccessLog(lambda *call: app(clock, *call), stream, clock=clock, secrets=lambda: ["target-token"])
    try:
        list(log({**given, **environ}, lambda *_: None))
    except AnswerLost:
        stream.write("lost")
    return stream.getvalue()


def answers(clock, environ, start_response):
    """An app that takes a quarter of a second."""
    clock.sleep(0.25)
    start_response("200 OK", [])
    return [b"four", b"five."]


def loses(clock, environ, start_response):
    """An app whose answer is lost."""
    start_response("200 OK", [])
    raise AnswerLost


def test_a_line_is_in_the_common_log_format_with_milliseconds():
    line = logged(answers)
    assert re.fullmatch(
        r'127\.0\.0\.1 - - \[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET /x HTTP/1\.1" 200 9 250\.0ms\n', line
    )


def test_a_lost_answer_has_no_status():
    assert '" - 0 ' in logged(loses)
    assert logged(loses).endswith("lost")


@pytest.mark.parametrize("uri", ["/x?access_token=abcdef", "/target-token/x", "/x?a=target-token", "/x?password=p"])
def test_secrets_are_redacted(uri):
    line = logged(answers, REQUEST_URI=uri)
    assert not [secret for secret in ("abcdef", "target-token", "=p ") if secret in line]


def test_nothing_in_a_line_steers_a_terminal_or_begins_another_line():
    line = logged(answers, REQUEST_URI='/\x1b[2J\n"\\x')
    assert '"GET /\\x1b[2J\\n\\"\\\\x HTTP/1.1"' in line
    assert line.count("\n") == 1


def test_the_server_writes_a_line_for_each_request():
    stream, environment = io.StringIO(), Environment(specs=[SPEC])
    with serving(environment, access_log=stream):
        target = environment.target("fake")
        requests.get(f"{target.base_url}/people", headers={"Authorization": f"Bearer {target.token}"})
        requests.get(f"{environment.url}/nowhere")
    lines = re.findall(r'"GET (\S+) HTTP/1.1" (\d+)', stream.getvalue())
    assert sorted(lines) == [("/fake/people", "200"), ("/nowhere", "404")]
