"""The server on real sockets: answers, ends, limits and TLS."""

from __future__ import annotations

import http.client
import io
import json
import socket
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from provcheck.mock_targets.clock import SystemClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.http.router import MAX_BODY
from provcheck.mock_targets.serving.certificates import Certificates
from provcheck.mock_targets.serving.framing import read_chunks
from provcheck.mock_targets.serving.server import THREADS, PortTaken, Server
from provcheck.mock_targets.testing import Handle, serving
from tests.fake_target import SPEC


@pytest.fixture(scope="module")
def environment() -> Iterator[Environment]:
    environment = Environment(specs=[SPEC], tenants=True)
    with serving(environment):
        yield environment


@pytest.fixture
def target(environment: Environment) -> Handle:
    environment.reset()
    return Handle(environment.target("fake"))


@pytest.fixture
def caller(target: Handle) -> Iterator[requests.Session]:
    with requests.Session() as made:
        made.headers.update(target.headers)
        yield made


def conversation(url: str, *parts: bytes) -> bytes:
    """Send raw bytes and read until the other side ends."""
    where = urlsplit(url)
    with socket.create_connection((where.hostname, where.port), timeout=5) as line:
        for part in parts:
            line.sendall(part)
        line.shutdown(socket.SHUT_WR)
        heard = b""
        while piece := line.recv(65536):
            heard += piece
        return heard


def line_to(target: Handle) -> socket.socket:
    where = urlsplit(target.base_url)
    return socket.create_connection((where.hostname, where.port), timeout=5)


def head(target: Handle, request: bytes, *lines: bytes) -> bytes:
    auth = b"Authorization: Bearer " + target.token.encode()
    return b"\r\n".join([request + b" HTTP/1.1", b"Host: x", auth, *lines, b"", b""])


def test_a_free_port_is_taken_and_known_to_the_targets(environment, target, caller):
    assert urlsplit(environment.url).port not in (0, None)
    answer = caller.post(f"{target.base_url}/people", json={"login": "ada"})
    assert answer.headers["Location"].startswith(f"{environment.url}/fake/people/")


def test_a_connection_is_kept_for_the_next_request(target):
    where = urlsplit(target.base_url)
    line = http.client.HTTPConnection(where.hostname, where.port)
    line.connect()
    first = line.sock
    for _ in range(3):
        line.request("GET", "/fake/people", headers=target.headers)
        assert line.getresponse().read() == b'{"people":[]}'
    assert line.sock is first
    line.close()


def test_requests_that_come_in_one_piece_are_answered_in_turn(target):
    heard = conversation(target.base_url, head(target, b"GET /fake/people") * 3)
    assert heard.count(b'{"people":[]}') == 3


def test_a_request_that_comes_in_pieces_is_answered(target):
    whole = head(target, b"POST /fake/people", b"Content-Length: 16") + b'{"login": "ada"}'
    with line_to(target) as line:
        for place in range(0, len(whole), 7):
            line.sendall(whole[place : place + 7])
        assert b"201 CREATED" in line.recv(65536)


def test_head_and_body_of_an_answer_come_in_one_piece(target):
    with line_to(target) as line:
        line.sendall(head(target, b"GET /fake/people"))
        assert line.recv(65536).endswith(b'{"people":[]}')


def test_a_client_that_pauses_keeps_its_connection(target):
    pause = threading.Event()
    with line_to(target) as line:
        for _ in range(2):
            line.sendall(head(target, b"GET /fake/people"))
            assert line.recv(65536).endswith(b'{"people":[]}')
            pause.wait(0.05)  # longer than any worker waits for it


def test_more_clients_than_workers_that_wait_are_served_at_once(target):
    lines = [line_to(target) for _ in range(2 * THREADS)]
    for line in lines * 3:
        line.sendall(head(target, b"GET /fake/people"))
        assert line.recv(65536).endswith(b'{"people":[]}')
    for line in lines:
        line.close()


def test_an_end_is_not_put_off_by_a_client_that_goes_on():
    environment = Environment(specs=[SPEC])
    server = Server(environment)
    server.start()
    with line_to(Handle(environment.target("fake"))) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert line.recv(65536)
        began = SystemClock().monotonic()
        server.stop()
        assert SystemClock().monotonic() - began < 3


def test_a_lost_answer_ends_the_connection_without_a_byte(target, capfd, caplog):
    target.faults.arm("user.create", moment="after", loses_answer=True)
    body = b'{"login": "ada"}'
    request = head(target, b"POST /fake/people", b"Content-Length: 16")
    assert conversation(target.base_url, request + body) == b""
    assert target.snapshot()["users"][0]["userName"] == "ada"
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


def test_a_lost_answer_is_a_connection_error_to_requests(target, caller):
    target.faults.arm("user.create", loses_answer=True)
    with pytest.raises(requests.exceptions.ConnectionError):
        caller.post(f"{target.base_url}/people", json={"login": "ada"})


def test_a_truncated_answer_sends_its_first_bytes_and_ends(target, capfd):
    target.faults.arm("user.list", truncates_at=4)
    heard = conversation(target.base_url, head(target, b"GET /fake/people"))
    top, _, body = heard.partition(b"\r\n\r\n")
    assert top.startswith(b"HTTP/1.1 200 OK")
    assert b"Content-Length: 13" in top
    assert body == b'{"pe'
    assert capfd.readouterr() == ("", "")


def test_the_next_request_after_a_lost_answer_is_served(target, caller):
    target.faults.arm("*", loses_answer=True)
    with pytest.raises(requests.exceptions.ConnectionError):
        caller.get(f"{target.base_url}/people")
    assert caller.get(f"{target.base_url}/people").status_code == 200


def test_an_app_can_reach_the_socket_of_its_connection():
    seen = []

    class Peeking(Environment):
        def __call__(self, environ, start_response):
            seen.append(environ["provcheck.socket"].getpeername()[0])
            return super().__call__(environ, start_response)

    with serving(Peeking(specs=[SPEC])) as server:
        requests.get(f"{server.url}/nothing")
    assert seen == ["127.0.0.1"]


def test_a_chunked_body_is_put_together(target, caller):
    answer = caller.post(f"{target.base_url}/people", data=iter([b'{"login"', b': "ada"}']))
    assert answer.json()["login"] == "ada"


@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_over_the_limit_is_refused_and_the_client_hears_it(target, caller, chunked):
    data = iter([b"x" * 65536] * (MAX_BODY // 65536 + 20)) if chunked else b"x" * (MAX_BODY + 1_000_000)
    answer = caller.post(f"{target.base_url}/people", data=data)
    assert (answer.status_code, set(answer.json())) == (413, {"oops"})


@pytest.mark.parametrize(
    "chunk",
    [
        b"zz\r\n",
        b"0x5\r\nabcde\r\n0\r\n\r\n",
        b"+5\r\nabcde\r\n0\r\n\r\n",
        b"1_0\r\n",
        b"5\r\nab",
        b"-5\r\n",
        b"5\r\nabcdefg\r\n0\r\n\r\n",
    ],
)
def test_a_broken_chunk_is_no_request(target, chunk):
    heard = conversation(target.base_url, head(target, b"POST /fake/people", b"Transfer-Encoding: chunked"), chunk)
    assert heard == b"" or heard.startswith(b"HTTP/1.1 400 ")
    assert target.snapshot()["users"] == []


def test_a_body_that_breaks_off_is_no_request(target):
    request = head(target, b"POST /fake/people", b"Content-Length: 100")
    assert conversation(target.base_url, request, b'{"login": "ada"}') == b""
    assert len(target.journal) == 0


@pytest.mark.parametrize(
    "lines",
    [
        (b"Host: y",),
        (b"Authorization: Bearer other",),
        (b"Content-Length: 0", b"Content-Length: 5"),
        (b"Content-Length: 5", b"Transfer-Encoding: chunked"),
        (b"Content-Length: +5",),
        (b"Content-Length: -5",),
        (b"Content-Length: 5, 5",),
        (b"no colon",),
        (b" folded: x\x00",),
        (b"X-A: b", b" folded"),
        (b"Content-Length : 5",),
        (b"Content_Length: abc",),
        (b"Content-Length: " + b"9" * 5000,),
    ],
)
def test_headers_that_two_readers_would_understand_differently_are_refused(target, lines):
    heard = conversation(target.base_url, head(target, b"GET /fake/people", *lines))
    assert heard.startswith(b"HTTP/1.1 400 ")
    assert len(target.journal) == 0


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /fake/people HTTP/1.1\r\n\r\n",
        b"GET /fake/people HTTP/1.1\r\n Host: x\r\n\r\n",
        b"GET /fake/people HTTP/1.1\r\nHost : x\r\n\r\n",
    ],
)
def test_a_request_without_a_proper_host_is_refused(target, request_):
    assert conversation(target.base_url, request_).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("url", [b"http://[::1/fake/people", b"http://[/fake/people", b"https://]/"])
def test_a_malformed_url_in_the_request_line_is_refused(target, url, caplog):
    heard = conversation(target.base_url, b"GET " + url + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert heard.startswith(b"HTTP/1.1 400 ")
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    ("start", "status"),
    [(b"GET /fake/people?", b"414"), (b"GET /fake/people HTTP/1.1\r\nHost: x\r\nX-Long: ", b"431")],
)
def test_a_head_above_its_limit_is_refused_while_it_arrives(target, start, status):
    heard = conversation(target.base_url, start, *[b"x" * 65536] * 8)
    assert heard.startswith(b"HTTP/1.1 " + status)
    assert len(target.journal) == 0


@pytest.mark.parametrize("size", [b"17d78400", b"ffffffffff"])
def test_a_chunk_above_the_limit_is_refused_before_it_is_read(target, size):
    lines = (b"Transfer-Encoding: chunked", b"Content-Type: application/json")
    heard = conversation(target.base_url, head(target, b"POST /fake/people", *lines) + size + b"\r\n" + b"x" * 100)
    assert heard.startswith(b"HTTP/1.1 413 ")


def test_many_small_chunks_are_put_together_in_linear_time():
    def cost(count: int) -> float:
        source = io.BufferedReader(io.BytesIO(b"1\r\nx\r\n" * count + b"0\r\n\r\n"))
        start = time.thread_time()
        assert read_chunks(source, MAX_BODY) == b"x" * count
        return time.thread_time() - start

    assert min(cost(80_000) for _ in range(3)) < 9 * min(cost(20_000) for _ in range(3))


def test_an_absolute_url_in_the_request_line_is_refused(target):
    assert conversation(target.base_url, head(target, b"GET http://evil.test/_control/health")).startswith(
        b"HTTP/1.1 400 "
    )


def test_a_long_filter_reaches_the_target(target, caller):
    assert caller.get(f"{target.base_url}/people", params={"filter": "x" * 100_000}).status_code == 200


def test_silent_connections_keep_nobody_waiting(target, caller):
    where = urlsplit(target.base_url)
    silent = [socket.create_connection((where.hostname, where.port)) for _ in range(40)]
    try:
        assert caller.get(f"{target.base_url}/people", timeout=5).status_code == 200
    finally:
        for line in silent:
            line.close()


class StuckClock(SystemClock):
    """Waits until it is let go."""

    def __init__(self) -> None:
        self.released = threading.Event()

    def sleep(self, seconds: float) -> None:
        self.released.wait(timeout=20)


def test_answers_that_are_held_back_do_not_keep_others_waiting():
    clock = StuckClock()
    environment = Environment(specs=[SPEC], clock=clock)
    target = Handle(environment.target("fake"))
    target.faults.arm("*", delay=1, times=None)
    with serving(environment):
        stuck = [
            threading.Thread(
                target=requests.get, args=[f"{target.base_url}/people"], kwargs={"headers": target.headers}
            )
            for _ in range(60)
        ]
        for thread in stuck:
            thread.start()
        assert requests.get(f"{environment.control_url()}/health", timeout=10).status_code == 200
        clock.released.set()
        for thread in stuck:
            thread.join()
    assert {exchange.status for exchange in target.journal} == {200}


def test_a_taken_port_is_one_line(environment):
    port = urlsplit(environment.url).port
    server = Server(Environment(specs=[SPEC]), port=port)
    with pytest.raises(PortTaken, match=f"^cannot listen on 127.0.0.1 port {port}: the port is taken$"):
        server.start()


def test_an_address_that_is_not_ours_is_one_line():
    with pytest.raises(PortTaken, match="this machine has no such address"):
        Server(Environment(specs=[SPEC]), host="192.0.2.1").start()


def test_a_port_is_free_again_after_the_end():
    with serving(Environment(specs=[SPEC])) as server:
        port = urlsplit(server.url).port
    with serving(Environment(specs=[SPEC]), port=port):
        pass


def test_it_listens_on_the_loopback_only(environment):
    port = f"{urlsplit(environment.url).port:04X}"
    table = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    listening = [columns[1] for columns in table if columns[3] == "0A"]
    assert [address for address in listening if address.endswith(f":{port}")] == [f"0100007F:{port}"]


def test_each_target_can_have_a_port_of_its_own():
    environment = Environment(specs=[SPEC], tenants=True)
    target = Handle(environment.target("fake"))
    with serving(environment, port_per_target=True):
        assert urlsplit(target.base_url).port != urlsplit(environment.url).port
        assert urlsplit(target.base_url).path == ""
        for base in (
            target.base_url,
            f"{environment.url}/fake",
            f"{target.base_url}/~blue",
            f"{environment.url}/~blue/fake",
        ):
            assert requests.get(f"{base}/people", headers=target.headers).status_code == 200
        assert requests.get(f"{target.base_url}/_control/health").status_code == 404
        assert requests.get(f"{environment.control_url()}/health").status_code == 200


def test_a_public_name_is_in_every_url_and_known_to_the_control_api():
    environment = Environment(specs=[SPEC])
    with serving(environment, public_host="idp.test"):
        port = urlsplit(environment.url).port
        assert Handle(environment.target("fake")).base_url == f"http://idp.test:{port}/fake"
        for name, status in ((f"idp.test:{port}", 200), (f"evil.test:{port}", 421)):
            answer = requests.get(f"http://127.0.0.1:{port}/_control/health", headers={"Host": name})
            assert answer.status_code == status


@pytest.fixture(scope="module")
def certificates() -> Iterator[Certificates]:
    made = Certificates(["localhost", "127.0.0.1"])
    yield made
    made.close()


@pytest.fixture(scope="module")
def secure(certificates: Certificates) -> Iterator[Handle]:
    environment = Environment(specs=[SPEC])
    with serving(environment, certificates=certificates):
        yield Handle(environment.target("fake"))


def test_a_client_that_trusts_the_ca_gets_through(secure, certificates):
    assert secure.base_url.startswith("https://127.0.0.1:")
    answer = requests.get(f"{secure.base_url}/people", headers=secure.headers, verify=str(certificates.ca_file))
    assert answer.json() == {"people": []}


def test_a_client_that_does_not_trust_the_ca_turns_away(secure):
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{secure.base_url}/people", headers=secure.headers)


def test_plain_http_on_a_tls_port_is_told_so(secure):
    answer = requests.get(secure.base_url.replace("https", "http") + "/people")
    assert (answer.status_code, answer.text) == (400, "This port speaks https, not plain http")


def test_a_silent_tls_client_keeps_nobody_waiting(secure, certificates):
    where = urlsplit(secure.base_url)
    with socket.create_connection((where.hostname, where.port)):
        clock = SystemClock()
        began = clock.monotonic()
        requests.get(f"{secure.base_url}/people", headers=secure.headers, verify=str(certificates.ca_file), timeout=5)
        assert clock.monotonic() - began < 3


def test_a_lost_answer_over_tls_is_a_connection_error(secure, certificates):
    secure.faults.arm("*", loses_answer=True)
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(f"{secure.base_url}/people", headers=secure.headers, verify=str(certificates.ca_file))


def test_the_private_key_is_for_its_owner_only(certificates):
    assert stat.S_IMODE(certificates.key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(certificates.key_file.parent.stat().st_mode) == 0o700


def test_the_certificates_are_gone_at_the_end():
    made = Certificates(["localhost"])
    made.close()
    assert not made.key_file.exists()


def test_no_secret_is_in_what_the_server_says(environment, target, caller, capfd, caplog):
    caplog.set_level("DEBUG")
    caller.post(f"{target.base_url}/people?token=canary", json={"login": "ada", "password": "canary"})
    requests.get(
        f"{environment.control_url()}/targets", headers={"Authorization": f"Bearer {environment.control_token}"}
    )
    own = [record.getMessage() for record in caplog.records if "urllib3" not in record.name]
    said = json.dumps([*capfd.readouterr(), *own])
    assert not [secret for secret in (target.token, environment.control_token, "canary") if secret in said]
