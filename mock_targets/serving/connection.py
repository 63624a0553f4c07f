"""One connection of a listener: the TLS handshake, how requests are read, how responses are sent, and how it ends.

Most clients send their next request right after a response, so a worker waits for it for a moment before it hands the
connection to the selector; head and body of a response are sent in one piece.
"""

from __future__ import annotations

import io
import select
import socket
import struct
from contextlib import suppress
from typing import Any

from cheroot import server as http

from provcheck.mock_targets.serving.framing import HeaderReader, linger

STAY_MILLISECONDS = 5
"""How long a worker waits for the next request on a connection that was just answered."""
READ_BYTES = 65536
_PLAIN_HTTP = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 38\r\nConnection: close\r\n\r\n"
    b"This port speaks https, not plain http"
)


class _Source(socket.SocketIO):
    """The raw stream below a reader. While `is_held` is set, it returns no data."""

    is_held = False

    def readinto(self, buffer: Any) -> int | None:
        """Read from the socket, unless held."""
        return None if self.is_held else super().readinto(buffer)


class _Reader(io.BufferedReader):
    """Buffered input of a connection."""

    raw: _Source
    bytes_read = 0

    def __init__(self, of: socket.socket) -> None:
        super().__init__(_Source(of, "r"), READ_BYTES)

    def has_data(self) -> bool:
        """Whether data was read from the socket and is still in the buffer."""
        self.raw.is_held = True
        try:
            return bool(self.peek(1))
        finally:
            self.raw.is_held = False


class _Writer:
    """Unbuffered output of a connection."""

    bytes_written = 0

    def __init__(self, to: socket.socket) -> None:
        self.write = to.sendall


def _plain_files(of: socket.socket, mode: str, size: int) -> _Reader | _Writer:
    return _Reader(of) if "r" in mode else _Writer(of)


class _Request(http.HTTPRequest):
    """A request whose response head is held until the first bytes of the body."""

    _head = b""
    _is_too_long = False
    header_reader = HeaderReader()

    def parse_request(self) -> None:
        """Read the head; what is longer than the limit is refused while it arrives (414, 431)."""
        try:
            super().parse_request()
        except ValueError:  # of the URL in the request line, such as an IPv6 address without its bracket
            self.simple_response("400 Bad Request", "The URL is malformed.")
        if self._is_too_long:
            linger(self)

    def simple_response(self, status: str, msg: str = "") -> None:
        """Refuse a request that no app sees."""
        self._is_too_long = status[:3] in ("413", "414")
        if status[:3] == "413":  # only the head is measured here; its status is 431 (RFC 6585 section 5)
            status, msg = "431 Request Header Fields Too Large", "The head of the request is too long."
        super().simple_response(status, msg)

    def read_request_headers(self) -> bool:
        """Read the headers; HTTP/1.1 needs a Host (RFC 9112 section 3.2)."""
        if not super().read_request_headers():  # type: ignore[no-untyped-call]  # as above
            return False
        if self.response_protocol == "HTTP/1.1" and b"Host" not in self.inheaders:
            self.simple_response("400 Bad Request", "HTTP/1.1 needs a Host header")
            return False
        return True

    def send_headers(self) -> None:
        socket_file, held = self.conn.wfile, _HeldHead()
        self.conn.wfile = held
        try:
            super().send_headers()
        finally:
            self.conn.wfile = socket_file
        self._head = held.head

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
        """Send the head if it is still held."""
        head, self._head = self._head, b""
        if head:
            self.conn.wfile.write(head)


class _HeldHead:
    """Collects a head in place of the socket."""

    head = b""

    def write(self, data: bytes) -> None:
        self.head += data


class Connection(http.HTTPConnection):
    """A connection whose TLS handshake is made by its own worker, so that an idle client blocks no other."""

    RequestHandlerClass = _Request
    handshake_done = False
    resets = False
    """Whether it ends with a reset (RST) instead of an orderly close."""

    def __init__(self, server: Any, sock: socket.socket, makefile: Any) -> None:
        self._is_plain = server.ssl_adapter is None
        super().__init__(server, sock, _plain_files if self._is_plain else makefile)
        self._poll = _poller(sock) if self._is_plain else None

    def close(self) -> None:
        """End the connection, by a reset if `resets` is set."""
        if self.resets:
            with suppress(OSError):
                # SO_LINGER of zero seconds: unsent data is discarded, and the kernel sends RST.
                socket.socket.setsockopt(self.socket, socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.rfile.close()
            self.socket.close()
            return
        super().close()

    def communicate(self) -> bool:
        """Answer requests. Return False if the connection is to be closed, True if the selector shall watch it."""
        if not self._is_plain and not self._shake_hands():
            return False
        while super().communicate():  # type: ignore[no-untyped-call]  # cheroot's stub leaves it out
            if not self._next_request_waits():
                return True
        return False

    def _shake_hands(self) -> bool:
        if self.handshake_done:
            return True
        self.handshake_done = True
        try:
            first = socket.socket.recv(self.socket, 1, socket.MSG_PEEK)
            if first and first != b"\x16":  # the first byte of any TLS handshake
                socket.socket.send(self.socket, _PLAIN_HTTP)
                return False
            self.socket.do_handshake()
        except OSError:
            return False
        return True

    def _next_request_waits(self) -> bool:
        """Whether another request arrives at once. The number of workers that wait for one is limited."""
        if self._poll is None or not self.server.ready or not self.server.seats.acquire(blocking=False):
            return False
        try:
            return bool(self.rfile.has_data() or self._poll.poll(STAY_MILLISECONDS))
        finally:
            self.server.seats.release()


def _poller(sock: socket.socket) -> select.poll | None:
    if not hasattr(select, "poll"):
        return None  # without poll() the selector watches at once
    poller = select.poll()
    poller.register(sock.fileno(), select.POLLIN)
    return poller
