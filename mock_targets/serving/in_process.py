"""In-process transport: calls of `requests` go to the WSGI apps of an environment, without sockets.

The caller sees what a real connection would show: a lost answer or a reset is a ConnectionError, a truncated body a
ChunkedEncodingError, and silence for longer than the caller's timeout (on the environment's clock) a ReadTimeout.
"""

from __future__ import annotations

import errno
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.client import RemoteDisconnected
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import requests
import responses
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPHeaderDict, HTTPResponse
from urllib3.exceptions import ProtocolError

from provcheck.mock_targets.clock import Clock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.http.errors import AnswerLost
from provcheck.mock_targets.http.wsgi import WsgiApp

_REASONS = {status.value: status.phrase for status in HTTPStatus}


class WsgiAdapter(BaseAdapter):
    """A transport for a `requests.Session` that calls a WSGI app (an `Environment` is one) in place of a network.

    `session.mount("http://localhost", WsgiAdapter(environment))`. A `clock` makes timeouts of the caller count.
    """

    def __init__(self, app: WsgiApp, *, clock: Clock | None = None) -> None:
        super().__init__()
        self._app = app
        self._clock = clock or (app.clock if isinstance(app, Environment) else None)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: FBT001, FBT002  # the signature is that of requests
        timeout: Any = None,
        verify: Any = True,  # noqa: FBT002 - the signature of requests
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        """Answer a prepared request."""
        del stream, verify, cert, proxies
        got = _exchange(self._app, request, timeout=timeout, clock=self._clock)
        response = requests.Response()
        response.status_code, response.reason = got.status, _REASONS.get(got.status, "")
        response.headers = CaseInsensitiveDict(got.headers)
        response.encoding = requests.utils.get_encoding_from_headers(response.headers)
        response.url, response.request = request.url or "", request
        if got.cut:
            response.raw = got.as_urllib3(request.method)
        else:
            response.raw = io.BytesIO(got.body)
            response._content, response._content_consumed = got.body, True  # type: ignore[attr-defined]  # set as requests does
        return response

    def close(self) -> None:
        """Nothing is held open."""


@contextmanager
def mount(environment: Environment, url_map: Mapping[str, str] | None = None) -> Iterator[responses.RequestsMock]:
    """Let every `requests` call of this process that goes to the environment be answered by it, without sockets.

    The environment's own URL is answered, and so are the vendors' real URLs. `url_map` adds URLs (scheme, host and
    perhaps a path) at which a target is reached: `{"https://people.example/idp": "scim"}`; URLs in the
    target's answers then begin with it. Calls to other URLs raise ConnectionError, unless they are allowed with
    `add_passthru` of the `RequestsMock` that this yields. Raises UnknownTarget for a name that is not in the
    environment.
    """
    moved = {name: url.rstrip("/") for url, name in (url_map or {}).items()}
    apps = _mounted_apps(environment, {url.rstrip("/"): name for url, name in (url_map or {}).items()})
    before = {name: environment.target(name).base_url for name in moved}
    for name, url in moved.items():
        environment.target(name).base_url = url
    try:
        with responses.RequestsMock(assert_all_requests_are_fired=False) as mocks:
            mocks.add(_MountedApps(apps, environment.clock))
            yield mocks
    finally:
        for name, url in before.items():
            environment.target(name).base_url = url


def _mounted_apps(environment: Environment, url_map: Mapping[str, str]) -> list[tuple[str, WsgiApp]]:
    """URL prefixes and the apps behind them, the longest first."""
    apps: dict[str, WsgiApp] = {environment.url: environment}
    for name in environment.names:
        for url in environment.target(name).spec.real_urls:
            parts = urlsplit(url)
            apps[f"{parts.scheme}://{parts.netloc}"] = environment.alone(name)
    for url, name in url_map.items():
        apps[url] = environment.alone(environment.target(name).name)
    return sorted(apps.items(), key=lambda entry: -len(entry[0]))


class _MountedApps(responses.BaseResponse):
    """An entry of the `responses` registry that matches every URL below one of the prefixes."""

    def __init__(self, apps: list[tuple[str, WsgiApp]], clock: Clock) -> None:
        super().__init__("ANY", re.compile("|".join(re.escape(prefix) for prefix, _ in apps)))
        self._apps, self._clock = apps, clock

    def matches(self, request: requests.PreparedRequest) -> tuple[bool, str]:
        return (True, "") if self._find(str(request.url)) else (False, "the environment has nothing at this URL")

    def get_response(self, request: requests.PreparedRequest) -> Any:
        prefix, app = self._find(str(request.url)) or self._apps[-1]
        options: Mapping[str, Any] = getattr(request, "req_kwargs", {})
        strip = urlsplit(prefix).path
        got = _exchange(app, request, timeout=options.get("timeout"), clock=self._clock, strip=strip)
        return got.as_urllib3(request.method)

    def _find(self, url: str) -> tuple[str, WsgiApp] | None:
        for prefix, app in self._apps:
            if url.startswith(prefix) and url[len(prefix) : len(prefix) + 1] in ("", "/", "?"):
                return prefix, app
        return None


class _Received:
    """The response of an app, as it is received."""

    __slots__ = ("_clock", "_last_arrival", "body", "cut", "headers", "longest_silence", "status")

    def __init__(self, clock: Clock | None) -> None:
        self.status, self.body, self.cut = 0, b"", False
        self.headers: list[tuple[str, str]] = []
        self._clock, self.longest_silence = clock, 0.0
        self._last_arrival = clock.monotonic() if clock else 0.0

    def note_arrival(self) -> None:
        """Note that data arrived, or the end of the response."""
        if self._clock is not None:
            now = self._clock.monotonic()
            self.longest_silence = max(self.longest_silence, now - self._last_arrival)
            self._last_arrival = now

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        """WSGI's start_response."""
        self.status, self.headers = int(status[:3]), headers
        return self._write

    def _write(self, data: bytes) -> None:
        self.body += data

    def drain(self, chunks: Iterable[bytes]) -> None:
        """Collect the body; of one that is cut off, what arrived is kept."""
        parts = []
        try:
            for chunk in chunks:
                self.note_arrival()
                parts.append(chunk)
        except AnswerLost:
            self.cut = True
        finally:
            self.note_arrival()
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        self.body += b"".join(parts)

    def as_urllib3(self, method: str | None) -> HTTPResponse:
        """The response as `requests` gets it from a connection; reading a truncated body raises."""
        return HTTPResponse(
            body=io.BytesIO(self.body),
            headers=HTTPHeaderDict(self.headers),
            status=self.status,
            reason=_REASONS.get(self.status),
            preload_content=False,
            request_method=method,
            enforce_content_length=True,
        )


def _exchange(
    app: WsgiApp, request: requests.PreparedRequest, *, timeout: Any, clock: Clock | None, strip: str = ""
) -> _Received:
    got, lost = _Received(clock), None
    try:
        got.drain(app(_environ(request, strip), got.start))
    except AnswerLost as error:
        got.note_arrival()
        lost = error
    read_timeout = timeout[1] if isinstance(timeout, tuple) else getattr(timeout, "read_timeout", timeout)
    if isinstance(read_timeout, int | float) and got.longest_silence > read_timeout:
        raise requests.exceptions.ReadTimeout(f"Read timed out. (read timeout={read_timeout})", request=request)
    if lost is not None:
        raise requests.exceptions.ConnectionError(_end_of(lost), request=request) from None
    return got


def _end_of(lost: AnswerLost) -> ProtocolError:
    """The error of urllib3 for a connection that ends without a response."""
    if lost.resets:
        reset = ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
        return ProtocolError("Connection aborted.", reset)
    return ProtocolError("Connection aborted.", RemoteDisconnected("Remote end closed connection without response"))


def _environ(request: requests.PreparedRequest, strip: str) -> dict[str, Any]:
    parts = urlsplit(request.url or "")
    path = unquote_to_bytes(parts.path[len(strip) :] or "/").decode("latin-1")
    body = _bytes(request.body)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": parts.query,
        "REQUEST_URI": request.path_url,
        "SERVER_NAME": parts.hostname or "localhost",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": parts.netloc.rpartition("@")[2],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        text: Any = value  # requests accepts bytes as well, against its annotations
        environ[f"HTTP_{name.upper().replace('-', '_')}"] = text if isinstance(text, str) else text.decode("latin-1")
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if f"HTTP_{name}" in environ:
            environ[name] = environ.pop(f"HTTP_{name}")
    if environ.pop("HTTP_TRANSFER_ENCODING", None) or body:
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ


def _bytes(body: Any) -> bytes:
    """The whole body, in whichever form the caller passed it."""
    if not body:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes | bytearray):
        return bytes(body)
    if hasattr(body, "read"):
        read = body.read()
        return read.encode() if isinstance(read, str) else bytes(read)
    return b"".join(chunk.encode() if isinstance(chunk, str) else chunk for chunk in body)
