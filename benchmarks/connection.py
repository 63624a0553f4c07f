"""One connection to a peer, and the time that a request takes on it.

The client is a bare socket: a full HTTP library costs as much as the servers that are measured and would hide them.
A peer that ends the connection after each answer (HTTP/1.0) is connected to anew, as any client would have to.
"""

from __future__ import annotations

import json
import socket
import time
from statistics import median
from typing import Any

from benchmarks.peers import TOKEN, Peer


class Connection:
    """Requests to one peer over one connection, as long as the peer keeps it."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self._root = peer.root.rstrip("/")
        self._head = f"Host: 127.0.0.1:{peer.port}\r\nAuthorization: Bearer {TOKEN}\r\nAccept: */*\r\n"
        self._socket: socket.socket | None = None

    def send(self, method: str, path: str, body: Any = None) -> tuple[float, int, bytes]:
        """Seconds from the first byte sent to the last one read, the status and the body."""
        raw = json.dumps(body).encode() if body is not None else b""
        typed = f"Content-Type: application/scim+json\r\nContent-Length: {len(raw)}\r\n" if raw else ""
        request = f"{method} {self._root}{path} HTTP/1.1\r\n{self._head}{typed}\r\n".encode() + raw
        begun = time.perf_counter()
        status, data = self._exchange(request)
        return time.perf_counter() - begun, status, data

    def ask(self, method: str, path: str, body: Any = None) -> float:
        """Seconds that a request took that must succeed."""
        seconds, status, data = self.send(method, path, body)
        if status >= 300:
            raise RuntimeError(f"{self.peer.name}: {method} {path} answered {status}: {data[:300]!r}")
        return seconds

    def make(self, path: str, body: Any) -> str:
        """The id of a new resource."""
        _, status, data = self.send("POST", path, body)
        if status >= 300:
            raise RuntimeError(f"{self.peer.name}: POST {path} answered {status}: {data[:300]!r}")
        return str(json.loads(data)["id"])

    def _exchange(self, request: bytes) -> tuple[int, bytes]:
        link = self._socket or self._connect()
        link.sendall(request)
        head, _, data = self._until_blank_line(link).partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        if fields.get(b"transfer-encoding") == b"chunked":
            data = self._chunks(link, data)
        while len(data) < int(fields.get(b"content-length", 0)):
            data += link.recv(1 << 16)
        if head.startswith(b"HTTP/1.0") or fields.get(b"connection") == b"close":
            link.close()
            self._socket = None
        return int(head[9:12]), data

    def _connect(self) -> socket.socket:
        self._socket = socket.create_connection(("127.0.0.1", self.peer.port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._socket

    @staticmethod
    def _chunks(link: socket.socket, data: bytes) -> bytes:
        while not data.endswith(b"0\r\n\r\n"):
            data += link.recv(1 << 16)
        whole = b""
        while True:
            size, _, data = data.partition(b"\r\n")
            if not int(size, 16):
                return whole
            whole, data = whole + data[: int(size, 16)], data[int(size, 16) + 2 :]

    @staticmethod
    def _until_blank_line(link: socket.socket) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            part = link.recv(1 << 16)
            if not part:
                raise RuntimeError("the connection ended in the middle of an answer")
            data += part
        return data


def typical(seconds: list[float]) -> float:
    """The median, in milliseconds."""
    return median(seconds) * 1000
