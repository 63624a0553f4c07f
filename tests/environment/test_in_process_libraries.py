"""`mount` for httpx and aiohttp: what their callers see is what a real connection would show, in their own errors."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.serving.in_process_aiohttp import _complete
from provcheck.mock_targets.testing import Handle, mount
from tests.fake_target import make_environment

aiohttp = pytest.importorskip("aiohttp")
httpx = pytest.importorskip("httpx")


def by_httpx(library: Any, method: str, url: str, **options: Any) -> tuple[int, Any, Any]:
    with library.Client() as client:
        answer = client.request(method, url, **options)
        return answer.status_code, answer.json(), answer.headers


def by_async_httpx(library: Any, method: str, url: str, **options: Any) -> tuple[int, Any, Any]:
    async def ask() -> tuple[int, Any, Any]:
        async with library.AsyncClient() as client:
            answer = await client.request(method, url, **options)
            return answer.status_code, answer.json(), answer.headers

    return asyncio.run(ask())


def by_aiohttp(library: Any, method: str, url: str, timeout: float | None = None, **options: Any) -> Any:
    async def ask() -> tuple[int, Any, Any]:
        limit = library.ClientTimeout(sock_read=timeout)
        async with (
            library.ClientSession(timeout=limit) as client,
            client.request(method, url, **options) as answer,
        ):
            return answer.status, await answer.json(content_type=None), answer.headers

    return asyncio.run(ask())


def _httpx_errors(library: Any) -> SimpleNamespace:
    return SimpleNamespace(
        lost=library.RemoteProtocolError,
        reset=library.ReadError,
        cut=library.RemoteProtocolError,
        late=library.ReadTimeout,
        elsewhere=library.ConnectError,
    )


AIOHTTP_ERRORS = SimpleNamespace(
    lost=aiohttp.ServerDisconnectedError,
    reset=aiohttp.ClientOSError,
    cut=aiohttp.ClientPayloadError,
    late=aiohttp.SocketTimeoutError,
    elsewhere=aiohttp.ClientConnectionError,
)
LIBRARIES = {
    "httpx": (by_httpx, "httpx"),
    "httpx async": (by_async_httpx, "httpx"),
    "httpx2": (by_httpx, "httpx2"),
    "httpx2 async": (by_async_httpx, "httpx2"),
    "aiohttp": (by_aiohttp, "aiohttp"),
}


@pytest.fixture
def environment() -> Environment:
    return make_environment()


@pytest.fixture
def target(environment: Environment) -> Handle:
    return Handle(environment.target("fake"))


@pytest.fixture(params=LIBRARIES)
def library(request: pytest.FixtureRequest, environment: Environment, target: Handle) -> Iterator[SimpleNamespace]:
    """How to ask a mounted environment with a library, and the errors that the library has."""
    ask, name = LIBRARIES[request.param]
    module = pytest.importorskip(name)

    def call(method: str, url: str, **options: Any) -> Any:
        headers = {**target.headers, **options.pop("headers", {})}
        return ask(module, method, url, headers=headers, **options)

    with mount(environment, {"https://idp.test/acme": "fake"}) as mocks:
        errors = AIOHTTP_ERRORS if name == "aiohttp" else _httpx_errors(module)
        yield SimpleNamespace(call=call, errors=errors, mocks=mocks)


def test_a_call_is_answered(library, target):
    status, body, headers = library.call("POST", f"{target.base_url}/people", json={"login": "ä"})
    assert (status, body["login"], headers["x-fake"]) == (201, "ä", "yes")
    assert headers["Location"].startswith("https://idp.test/acme/people/")


def test_query_and_path_arrive_decoded_once(library, target):
    library.call("GET", f"{target.base_url}/people/a%20%C3%A4?q=x%20y%26z")
    assert target.journal[-1].path == "/people/a ä"
    assert target.journal[-1].query in ("q=x%20y%26z", "q=x+y%26z")


def test_the_environment_and_the_vendors_real_urls_are_mounted_too(library, environment):
    assert library.call("GET", "https://api.fake.example/people")[1] == {"people": []}
    control = {"Authorization": f"Bearer {environment.control_token}"}
    assert library.call("GET", f"{environment.control_url()}/targets", headers=control)[0] == 200


def test_a_lost_answer_is_the_librarys_own_error_and_the_change_is_made(library, target):
    target.faults.arm("user.create", moment="after", loses_answer=True)
    with pytest.raises(library.errors.lost):
        library.call("POST", f"{target.base_url}/people", json={"login": "ada"})
    assert [user["userName"] for user in target.snapshot()["users"]] == ["ada"]


def test_a_reset_is_the_librarys_own_error(library, target):
    target.faults.arm("user.create", moment="after", resets=True)
    with pytest.raises(library.errors.reset):
        library.call("POST", f"{target.base_url}/people", json={"login": "ada"})


def test_a_truncated_body_is_the_librarys_own_error(library, target):
    target.faults.arm("user.list", truncates_at=4)
    with pytest.raises(library.errors.cut):
        library.call("GET", f"{target.base_url}/people")


@pytest.mark.parametrize("timeout, is_late", [(1, True), (3, False), (None, False)])
def test_an_answer_later_than_the_callers_timeout_is_a_read_timeout(library, target, timeout, is_late):
    target.faults.arm("user.create", delay=2)
    url = f"{target.base_url}/people"
    if is_late:
        with pytest.raises(library.errors.late):
            library.call("POST", url, json={"login": "ada"}, timeout=timeout)
    else:
        assert library.call("POST", url, json={"login": "ada"}, timeout=timeout)[0] == 201


@pytest.mark.parametrize(
    "url", ["https://elsewhere.test/", "https://idp.test/acmes/people", "http://localhost.evil.test/"]
)
def test_nothing_else_is_reached_while_mounted(library, url):
    with pytest.raises(library.errors.elsewhere, match="nothing is mounted at"):
        library.call("GET", url)


def test_a_url_that_is_passed_through_is_asked_for(library):
    library.mocks.add_passthru("http://127.0.0.1:9/")
    with pytest.raises(library.errors.elsewhere) as refused:  # nobody listens there
        library.call("GET", "http://127.0.0.1:9/")
    assert "nothing is mounted" not in str(refused.value)


@pytest.mark.parametrize("name", ["httpx", "aiohttp"])
def test_after_the_block_calls_go_to_the_network_again(environment, name):
    module = importlib.import_module(name)
    place = (module.HTTPTransport, "handle_request") if name == "httpx" else (module.TCPConnector, "_create_connection")
    before = getattr(*place)
    with mount(environment):
        assert getattr(*place) is not before
    assert getattr(*place) is before


def test_calls_of_an_event_loop_run_side_by_side(environment, target):
    async def ask() -> list[int]:
        async with aiohttp.ClientSession(headers=target.headers) as client:

            async def create(name: str) -> int:
                async with client.post(f"{target.base_url}/people", json={"login": name}) as answer:
                    return int(answer.status)

            return list(await asyncio.gather(*(create(f"u{number}") for number in range(20))))

    with mount(environment):
        assert asyncio.run(ask()) == [201] * 20
    assert len(target.snapshot()["users"]) == 20


@pytest.mark.parametrize(
    "raw, body",
    [
        (b"POST /x HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", None),
        (b"POST /x HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", b"abc"),
        (b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", None),
        (b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", b"abc"),
        (b"GET /x HTTP/1.1\r\nHost: x\r\n", None),
        (b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n", b""),
    ],
)
def test_a_request_in_pieces_is_complete_when_its_body_is(raw, body):
    request = _complete(raw, "http://x")
    assert (None if request is None else request.body) == body
    assert request is None or request.url == "http://x/x"
