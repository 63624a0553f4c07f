"""In-process transport for aiohttp: its connections end at the apps of an environment in place of a network.

The bytes of an HTTP/1.1 answer are handed to aiohttp's own protocol, and the connection is ended as a fault says, so
that every error is the library's own: ServerDisconnectedError, ClientOSError, ClientPayloadError, SocketTimeoutError.
Two private names of aiohttp are needed, because it has no public way to give a connector a connection of one's own:
`TCPConnector._create_connection`, which is replaced, and `_factory`, which makes the protocol.
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPMessage, parse_headers
from importlib import import_module
from io import BytesIO
from typing import Any

from provcheck.mock_targets.serving.framing import read_chunks
from provcheck.mock_targets.serving.wsgi_call import Mounted, Received, Sent

END_OF_HEAD = b"\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"
LARGEST_BODY = 64 * 1024 * 1024


@contextmanager
def patched(library: str, mounted: Mounted, passes: Callable[[str], bool]) -> Iterator[None]:
    """Let new connections of aiohttp end at what is mounted.

    `passes` says which other URLs may be asked for; all others raise ClientConnectionError.
    """
    aiohttp = import_module(library)
    connector = aiohttp.TCPConnector
    before = connector._create_connection

    async def create(self: Any, req: Any, traces: Any, timeout: Any) -> Any:
        url = str(req.url)
        if not mounted.holds(url):
            if passes(url):
                return await before(self, req, traces, timeout)
            raise aiohttp.ClientConnectionError(f"nothing is mounted at {url}")
        protocol = self._factory()
        origin = f"{req.url.scheme}://{req.url.raw_authority}"
        protocol.connection_made(_Connection(aiohttp, mounted, origin, protocol))
        return protocol

    connector._create_connection = create
    try:
        yield
    finally:
        connector._create_connection = before


class _Connection(asyncio.Transport):
    """One connection: collects the bytes of a request, and hands the answer to the protocol."""

    def __init__(self, aiohttp: Any, mounted: Mounted, origin: str, protocol: Any) -> None:
        super().__init__()
        self._aiohttp, self._mounted, self._origin, self._protocol = aiohttp, mounted, origin, protocol
        self._received, self._closed = b"", False
        self._tasks: set[asyncio.Task[None]] = set()

    def write(self, data: Any) -> None:
        """Take bytes of a request."""
        self._received += bytes(data)
        request = _complete(self._received, self._origin)
        if request is not None:
            self._received = b""
            task = asyncio.get_running_loop().create_task(self._answer(request))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, request: Sent) -> None:
        got = await asyncio.to_thread(self._mounted.receive, request)
        if self._closed:
            return
        limit = self._protocol.read_timeout
        if limit is not None and got.longest_silence > limit:
            late = self._aiohttp.SocketTimeoutError("Timeout on reading data from socket")
            self._protocol.set_exception(late)
            self._end(late)
        elif got.lost is not None:
            self._end(ConnectionResetError(errno.ECONNRESET, "Connection reset by peer") if got.lost.resets else None)
        else:
            self._protocol.data_received(_as_bytes(got, request.method))
            if got.is_short and request.method != "HEAD":
                self._end(None)

    def _end(self, error: Exception | None) -> None:
        if not self._closed:
            self._closed = True
            self._protocol.connection_lost(error)

    def close(self) -> None:
        """End the connection in good order."""
        if not self._closed:
            asyncio.get_running_loop().call_soon(self._end, None)

    def abort(self) -> None:
        """End the connection at once."""
        self.close()

    def is_closing(self) -> bool:
        """Whether the connection has ended."""
        return self._closed

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Nothing is known of a socket: there is none."""
        del name
        return default

    def pause_reading(self) -> None:
        """Do nothing: the answer has arrived already."""

    def resume_reading(self) -> None:
        """Do nothing, as above."""


def _complete(raw: bytes, origin: str) -> Sent | None:
    """The request in some bytes; None while it is not complete."""
    head, end, body = raw.partition(END_OF_HEAD)
    if not end:
        return None
    first, _, lines = head.partition(b"\r\n")
    method, target, _ = first.decode("latin-1").split(" ", 2)
    headers: HTTPMessage = parse_headers(BytesIO(lines + END_OF_HEAD))
    if "chunked" in headers.get("Transfer-Encoding", ""):
        if not body.endswith(LAST_CHUNK):
            return None
        body = read_chunks(BytesIO(body), LARGEST_BODY) or b""
    elif len(body) < int(headers.get("Content-Length") or 0):
        return None
    return Sent(method, origin + target, list(headers.items()), body)


def _as_bytes(got: Received, method: str) -> bytes:
    """An answer as it goes over a connection."""
    phrase = HTTPStatus(got.status).phrase if got.status in set(HTTPStatus) else ""
    headers = [*got.headers]
    if not any(name.lower() == "content-length" for name, _ in headers) and got.status not in (204, 304):
        headers.append(("Content-Length", str(len(got.body))))
    lines = [f"HTTP/1.1 {got.status} {phrase}", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1") + (b"" if method == "HEAD" else got.body)
