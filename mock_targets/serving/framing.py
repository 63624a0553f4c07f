"""How requests are framed: header lines and chunks, read strictly and within limits, while they arrive.

What two readers could understand differently is refused (RFC 9112 sections 5, 6 and 7).
"""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from typing import Any

from cheroot import server as http

from provcheck.mock_targets.clock import SystemClock

MAX_HEAD = 256 * 1024
"""Bytes of request line and headers; longer filters than this are rejected before a target sees them."""
MAX_CHUNK_LINE = 4096
MAX_TRAILERS = 16 * 1024
LINGER_SECONDS = 3.0
_TOKEN = re.compile(rb"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r\n")
_SINGLE = frozenset((b"Host", b"Content-Length", b"Authorization", b"Transfer-Encoding"))
_FRAMING = frozenset((b"Content_Length", b"Transfer_Encoding", b"Content_Type"))
"""Names that WSGI would take for those with a dash."""


class HeaderReader(http.HeaderReader):
    """Reads the headers of one request."""

    def __call__(self, rfile: Any, hdict: dict[bytes, bytes] | None = None) -> dict[bytes, bytes]:
        """The headers by name. Raises ValueError for what is no header, or could be understood in two ways."""
        headers = {} if hdict is None else hdict
        while (line := rfile.readline()) != b"\r\n":
            name, value = _header(line)
            if name in headers and name in _SINGLE:
                raise ValueError(f"{name.decode()} is sent twice")
            joins = name in headers and name in http.comma_separated_headers  # type: ignore[attr-defined]  # the stub leaves it out
            headers[name] = b", ".join((headers[name], value)) if joins else value
        if {b"Content-Length", b"Transfer-Encoding"} <= headers.keys():
            raise ValueError("Content-Length and Transfer-Encoding must not be sent together")
        if not headers.get(b"Content-Length", b"0").isdigit():
            raise ValueError("Content-Length is not a number")
        return headers


def _header(line: bytes) -> tuple[bytes, bytes]:
    if not line.endswith(b"\r\n"):
        raise ValueError("a header line does not end with CRLF")
    name, colon, value = line.partition(b":")
    if not colon or not _TOKEN.fullmatch(name):
        raise ValueError("a line of the head is no header")
    if (name := name.title()) in _FRAMING:
        raise ValueError("a header about the body has an underscore in its name")
    return name, value.strip()


def read_chunks(source: Any, most: int) -> bytes | None:
    """The body that comes in chunks; None as soon as it is clear that it is longer than `most` bytes.

    Raises ValueError for what is not chunked coding, and OSError.
    """
    body = bytearray()
    while size := _chunk_size(source.readline(MAX_CHUNK_LINE)):
        if len(body) + size > most:
            return None
        body += (chunk := source.read(size))
        if len(chunk) < size or source.read(2) != b"\r\n":
            raise ValueError("a chunk is not as long as its size says")
    left = MAX_TRAILERS
    while (line := source.readline(left)) != b"\r\n":
        left -= len(line)
        if left <= 0 or not line.endswith(b"\n"):
            raise ValueError("the trailers are too long, or not complete")
    return bytes(body)


def _chunk_size(line: bytes) -> int:
    found = _CHUNK_SIZE.fullmatch(line)
    if found is None:
        raise ValueError("the size of a chunk is not a hexadecimal number")
    return int(found[1], 16)


def linger(request: Any) -> None:
    """Read on for a while after an early response: for a client that still sends, a reset would discard it."""
    request.close_connection = True
    connection, clock = request.conn, SystemClock()
    end = clock.monotonic() + LINGER_SECONDS
    with suppress(OSError, ValueError):
        if request.server.ssl_adapter is None:
            connection.socket.shutdown(socket.SHUT_WR)
        connection.socket.settimeout(LINGER_SECONDS)
        while connection.rfile.read1(65536) and clock.monotonic() < end:
            pass
