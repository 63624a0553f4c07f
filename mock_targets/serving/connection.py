"""One connection of a listener, from its greeting to its end: how requests are read from it, and answers sent.

Most clients send their next request right after an answer, so a worker stays with a connection for a moment before it
leaves it to the selector; and head and body of an answer leave in one piece.
"""

from __future__ import annotations

import io
import select
import socket
import struct
from contextlib import suppress
from typing import Any

from cheroot import server as http

STAY_MILLISECONDS = 5
"""How long a worker waits for the next request on a connection that was just answered."""
READ_BYTES = 65536
_PLAIN_HTTP = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 38\r\nConnection: close\r\n\r\n"
    b"This port speaks https, not plain http"
)


class _Source(socket.SocketIO):
    """The raw side of a reader; it can be told to give nothing."""

    is_held = False

    def readinto(self, buffer: Any) -> int | None:
        """Read from the socket, unless held."""
        return None if self.is_held else super().readinto(buffer)


class _Reader(io.BufferedReader):
    """What comes in, buffered."""

    raw: _Source
    bytes_read = 0

    def __init__(self, of: socket.socket) -> None:
        super().__init__(_Source(of, "r"), READ_BYTES)

    def has_data(self) -> bool:
        """Whether something was read from the socket and not asked for yet."""
        self.raw.is_held = True
        try:
            return bool(self.peek(1))
        finally:
            self.raw.is_held = False


class _Writer:
    """What goes out, as soon as it is written."""

    bytes_written = 0

    def __init__(self, to: socket.socket) -> None:
        self.write = to.sendall


def _plain_files(of: socket.socket, mode: str, size: int) -> _Reader | _Writer:
    return _Reader(of) if "r" in mode else _Writer(of)


class _Headers(http.HeaderReader):
    """Reads the headers of one request; refuses what two readers would understand differently."""

    _SINGLE = frozenset((b"Host", b"Content-Length", b"Authorization", b"Transfer-Encoding"))

    def __init__(self) -> None:
        self._seen: set[bytes] = set()

    def __call__(self, rfile: Any, hdict: dict[bytes, bytes] | None = None) -> Any:
        headers = super().__call__(rfile, hdict)
        if {b"Content-Length", b"Transfer-Encoding"} <= self._seen:
            raise ValueError("Content-Length and Transfer-Encoding exclude each other")
        if not headers.get(b"Content-Length", b"0").isdigit():
            raise ValueError("Content-Length is not a number")
        return headers

    def _allow_header(self, key_name: bytes) -> bool:
        if key_name in self._SINGLE:
            if key_name in self._seen:
                raise ValueError(f"{key_name.decode()} is given twice")
            self._seen.add(key_name)
        return True


class _Request(http.HTTPRequest):
    """A request whose answer's head waits for the first bytes of the body."""

    _head = b""

    @property
    def header_reader(self) -> _Headers:
        return _Headers()

    def send_headers(self) -> None:
        wire, kept = self.conn.wfile, _Kept()
        self.conn.wfile = kept
        try:
            super().send_headers()
        finally:
            self.conn.wfile = wire
        self._head = kept.head

    def write(self, chunk: bytes) -> None:
        """Send a part of the body."""
        if self.chunked_write:
            self.flush()
        head, self._head = self._head, b""
        super().write(head + chunk)

    def respond(self) -> None:
        super().respond()
        self.flush()

    def flush(self) -> None:
        """Send the head, if it still waits."""
        head, self._head = self._head, b""
        if head:
            self.conn.wfile.write(head)


class _Kept:
    """Takes the place of the wire while a head is written."""

    head = b""

    def write(self, data: bytes) -> None:
        self.head += data


class Connection(http.HTTPConnection):
    """A connection whose TLS handshake is made by its own worker, so that a silent client keeps nobody waiting."""

    RequestHandlerClass = _Request
    greeted = False
    resets = False
    """Whether it ends with a reset (RST) in place of an orderly end."""

    def __init__(self, server: Any, sock: socket.socket, makefile: Any) -> None:
        self._is_plain = server.ssl_adapter is None
        super().__init__(server, sock, _plain_files if self._is_plain else makefile)
        self._ear = _ear(sock) if self._is_plain else None

    def close(self) -> None:
        """End the connection; without a farewell if it is to be reset."""
        if self.resets:
            with suppress(OSError):
                # Zero seconds of lingering: what is unsent is thrown away, and the other side is told so by a reset.
                socket.socket.setsockopt(self.socket, socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.rfile.close()
            self.socket.close()
            return
        super().close()

    def communicate(self) -> bool:
        """Answer what comes; False once the connection is to end, True when the selector may watch it."""
        if not self._is_plain and not self._greet():
            return False
        while super().communicate():  # type: ignore[no-untyped-call]  # cheroot's stub leaves it out
            if not self._hears_more():
                return True
        return False

    def _greet(self) -> bool:
        if self.greeted:
            return True
        self.greeted = True
        try:
            first = socket.socket.recv(self.socket, 1, socket.MSG_PEEK)
            if first and first != b"\x16":  # the first byte of any TLS handshake
                socket.socket.send(self.socket, _PLAIN_HTTP)
                return False
            self.socket.do_handshake()
        except OSError:
            return False
        return True

    def _hears_more(self) -> bool:
        """Whether the client goes on at once. Only so many workers wait for that at a time."""
        if self._ear is None or not self.server.ready or not self.server.seats.acquire(blocking=False):
            return False
        try:
            return bool(self.rfile.has_data() or self._ear.poll(STAY_MILLISECONDS))
        finally:
            self.server.seats.release()


def _ear(sock: socket.socket) -> select.poll | None:
    if not hasattr(select, "poll"):
        return None  # then the selector watches from the start
    ear = select.poll()
    ear.register(sock.fileno(), select.POLLIN)
    return ear
