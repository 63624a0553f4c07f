"""Calls a WSGI app with one request, without a socket, and notes what a client would see of the answer.

The parts of the in-process transports that are the same for every HTTP library.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from provcheck.mock_targets.clock import Clock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.http.errors import AnswerLost
from provcheck.mock_targets.http.wsgi import WsgiApp


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as a library is about to send it; `body` in whichever form the caller passed it."""

    method: str
    url: str
    headers: Iterable[tuple[str, Any]]
    body: Any = b""


class Received:
    """The response of an app, as it is received."""

    __slots__ = ("_clock", "_last_arrival", "body", "cut", "headers", "longest_silence", "lost", "status")

    def __init__(self, clock: Clock | None) -> None:
        self.status, self.body, self.cut = 0, b"", False
        self.headers: list[tuple[str, str]] = []
        self.lost: AnswerLost | None = None
        """How the connection ends, if it does before the answer begins."""
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

    @property
    def is_short(self) -> bool:
        """Whether the body ends before it is complete."""
        declared = next((value for name, value in self.headers if name.lower() == "content-length"), "")
        return self.cut or (declared.isdecimal() and len(self.body) < int(declared))


def receive(app: WsgiApp, request: Sent, *, clock: Clock | None, strip: str = "") -> Received:
    """Call an app. `strip` is the path under which it is mounted. Never raises for what a fault does to the answer."""
    got = Received(clock)
    try:
        got.drain(app(_environ(request, strip), got.start))
    except AnswerLost as error:
        got.note_arrival()
        got.lost = error
    return got


class Mounted:
    """The apps of an environment by the URLs at which they are mounted, the environment's own included."""

    def __init__(self, environment: Environment, url_map: Mapping[str, str]) -> None:
        apps: dict[str, WsgiApp] = {environment.url: environment}
        for name in environment.names:
            for url in environment.target(name).spec.real_urls:
                parts = urlsplit(url)
                apps[f"{parts.scheme}://{parts.netloc}"] = environment.alone(name)
        for url, name in url_map.items():
            apps[url] = environment.alone(environment.target(name).name)
        self._apps = sorted(apps.items(), key=lambda entry: -len(entry[0]))
        self._clock = environment.clock

    @property
    def prefixes(self) -> list[str]:
        """The URLs, the longest first."""
        return [prefix for prefix, _ in self._apps]

    def holds(self, url: str) -> bool:
        """Whether something is mounted at a URL."""
        return self._find(url) is not None

    def receive(self, request: Sent) -> Received:
        """Send a request to the app that is mounted at its URL."""
        prefix, app = self._find(request.url) or self._apps[-1]
        return receive(app, request, clock=self._clock, strip=urlsplit(prefix).path)

    def _find(self, url: str) -> tuple[str, WsgiApp] | None:
        for prefix, app in self._apps:
            if url.startswith(prefix) and url[len(prefix) : len(prefix) + 1] in ("", "/", "?"):
                return prefix, app
        return None


def _environ(request: Sent, strip: str) -> dict[str, Any]:
    parts = urlsplit(request.url)
    path = unquote_to_bytes(parts.path[len(strip) :] or "/").decode("latin-1")
    body = _bytes(request.body)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": parts.query,
        "REQUEST_URI": (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
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
    for name, value in request.headers:
        text: Any = value  # libraries accept bytes as well, against their annotations
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
