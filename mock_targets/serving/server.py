"""Serves an environment on real sockets: cheroot, one thread pool per listener, plain or with TLS.

An app may raise `AnswerLost`: the connection then ends, without a byte or in the middle of the body, in good order or
by a reset. Apps only see complete requests: the body is read, within limits, before the
app is called.
"""

from __future__ import annotations

import errno
import io
import logging
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from traceback import format_exc
from typing import Any, TextIO

from cheroot import wsgi

from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.http.errors import AnswerLost
from provcheck.mock_targets.http.router import MAX_BODY
from provcheck.mock_targets.http.wsgi import WsgiApp
from provcheck.mock_targets.journal.redaction import redact_text
from provcheck.mock_targets.serving.access_log import AccessLog
from provcheck.mock_targets.serving.certificates import Certificates
from provcheck.mock_targets.serving.connection import Connection
from provcheck.mock_targets.serving.framing import MAX_HEAD, linger, read_chunks

LOG = logging.getLogger("provcheck.mock_targets.serving.server")
THREADS = 12
"""Workers of a listener at the start."""
MOST_THREADS = 268
MORE_THREADS = 32
"""Workers added when all are busy, because an armed fault may delay many answers at once."""
IDLE_SECONDS = 30
ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # recognised, never chosen


class PortTaken(OSError):
    """The port is in use, or this process may not listen on the address."""


class Server:
    """Listens for an environment: everything on one port, or each target on a port of its own as well.

    With `port_per_target` the control API (and every target under its path) is on `port`, and the targets follow on
    the ports after it, each at `/`; a `port` of 0 takes any free ones. `public_host` is the host name in the URLs of
    the environment, if it is not the address itself, and `public_url` the whole URL, where a tunnel or a container
    makes it another one. `access_log` gets a line for each request. Raises PortTaken from `start`.
    """

    def __init__(
        self,
        environment: Environment,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        port_per_target: bool = False,
        public_host: str | None = None,
        public_url: str | None = None,
        certificates: Certificates | None = None,
        access_log: TextIO | None = None,
    ) -> None:
        self._public_url = public_url.rstrip("/") if public_url else None
        self._access_log = access_log
        self._environment, self._host, self._certificates = environment, host, certificates
        self._name = (public_host or ANY_ADDRESS.get(host, host)).removeprefix("[").removesuffix("]")
        self._wanted: dict[str, tuple[int, WsgiApp]] = {"": (port, self._logged(environment))}
        if port_per_target:
            for place, name in enumerate(environment.names, start=1):
                self._wanted[name] = (port + place if port else 0, self._logged(environment.alone(name)))
        self._listeners: dict[str, Listener] = {}
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to listen. The URLs of the environment are set before the first request is answered."""
        with ExitStack() as undo:
            undo.callback(self.stop)
            for name, (port, app) in self._wanted.items():
                self._listeners[name] = Listener(self._host, port, app, self._certificates)
                self._listeners[name].redacted = self._environment.redacted
                self._listeners[name].open()
            undo.pop_all()
        urls = {name: self._url(listener.port) for name, listener in self._listeners.items()}
        local_url = urls.pop("")
        self._environment.move(self._public_url or local_url, urls, local_url=local_url)
        for listener in self._listeners.values():
            self._threads.append(threading.Thread(target=listener.serve, daemon=True))
            self._threads[-1].start()

    def stop(self) -> None:
        """Finish the running requests and close the ports."""
        for listener in self._listeners.values():
            listener.stop()
        for thread in self._threads:
            thread.join(timeout=5)
        self._listeners.clear()
        self._threads.clear()

    @property
    def url(self) -> str:
        """Base URL of the environment."""
        return self._environment.url

    def _logged(self, app: WsgiApp) -> WsgiApp:
        if self._access_log is None:
            return app
        environment = self._environment
        return AccessLog(app, self._access_log, clock=environment.clock, secrets=environment.secrets)

    def _url(self, port: int) -> str:
        name = f"[{self._name}]" if ":" in self._name else self._name
        return f"{'https' if self._certificates else 'http'}://{name}:{port}"


@contextmanager
def serving(environment: Environment, **options: Any) -> Iterator[Server]:
    """Serve an environment on threads for the length of a with block; the options are those of `Server`."""
    server = Server(environment, **options)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Listener(wsgi.Server):
    """One port, and the WSGI app behind it."""

    ConnectionClass = Connection
    redacted: Callable[[str], str] = staticmethod(partial(redact_text, secrets=()))
    """Takes secrets out of what is logged."""

    def __init__(self, host: str, port: int, app: WsgiApp, certificates: Certificates | None = None) -> None:
        super().__init__(
            (host, port), app, numthreads=THREADS, max=MOST_THREADS, server_name="provcheck", request_queue_size=128
        )
        self.gateway = _Gateway
        self.timeout = IDLE_SECONDS
        self.shutdown_timeout = 1
        self.expiration_interval = 0.1
        self.keep_alive_conn_limit = None  # type: ignore[assignment]  # cheroot: None is no limit
        self.max_request_header_size = MAX_HEAD
        self.ssl_adapter = certificates.adapter() if certificates else None
        self.seats = threading.BoundedSemaphore(THREADS // 2)

    def open(self) -> None:
        """Bind the port. Raises PortTaken."""
        host, port = self.bind_addr
        try:
            self.prepare()
        except OSError as error:
            raise PortTaken(f"cannot listen on {host} port {port}: {_reason(error)}") from None

    @staticmethod
    def bind_socket(socket_: socket.socket, bind_addr: Any) -> socket.socket:
        """Bind; close the socket if that fails."""
        try:
            socket_.bind(bind_addr)
        except OSError:
            socket_.close()
            raise
        return socket_

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.bind_addr[1])

    def process_conn(self, conn: Any) -> None:
        """Hand a connection to a worker once data has arrived, so that an idle one occupies no worker."""
        if conn.last_used is None:
            self._connections.put(conn)  # type: ignore[attr-defined]  # made by prepare()
            return
        pool = self.requests
        if pool.idle <= pool.qsize and len(pool._threads) < MOST_THREADS:
            pool.grow(MORE_THREADS)
        super().process_conn(conn)

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:  # noqa: FBT001, FBT002 - cheroot's
        """Log messages of cheroot; disconnected clients only at debug level."""
        told = f"{msg}\n{format_exc()}" if traceback else msg
        LOG.log(level if traceback else logging.DEBUG, "%s", self.redacted(told))


class _Gateway(wsgi.Gateway_10):
    """Calls the app with one request."""

    def get_environ(self) -> dict[str, Any]:  # type: ignore[override]  # the stub says None; it is a dict
        environ: dict[str, Any] = super().get_environ()  # type: ignore[no-untyped-call]  # cheroot has no types
        environ["provcheck.socket"] = self.req.conn.socket
        return environ

    def respond(self) -> None:
        """Answer the request, or end the connection as AnswerLost says."""
        oversized = self._read_body()
        if oversized is None:
            self._end()
            return
        try:
            super().respond()
        except AnswerLost as lost:
            self.req.conn.resets = lost.resets
            self._end()
        self.req.flush()
        if oversized:
            linger(self.req)

    def _read_body(self) -> bool | None:
        """Read the whole body into the environ. Return True if it exceeds the limit, None if it is incomplete."""
        req, declared = self.req, self.env.get("CONTENT_LENGTH")
        if not req.chunked_read and int(declared or 0) > MAX_BODY:
            self.env["wsgi.input"] = io.BytesIO()
            return True
        try:
            body = self._body(declared)
        except (OSError, ValueError):
            req.simple_response("400 Bad Request", "The body is not complete")
            return None
        if body is None:
            self.env["wsgi.input"] = io.BytesIO()
            self.env["CONTENT_LENGTH"] = str(MAX_BODY + 1)  # the app shall see that it is too long, and refuse it
            self.env.pop("HTTP_TRANSFER_ENCODING", None)
            return True
        if not req.chunked_read and len(body) < int(declared or 0):
            return None
        self.env["wsgi.input"] = io.BytesIO(body)
        self.env["wsgi.input_terminated"] = True
        return False

    def _body(self, declared: str | None) -> bytes | None:
        """The body; None if it comes in chunks and is longer than the limit. Raises ValueError and OSError."""
        if self.req.chunked_read:
            return read_chunks(self.req.conn.rfile, MAX_BODY)
        return bytes(self.req.rfile.read(MAX_BODY + 1)) if declared else b""

    def _end(self) -> None:
        """Close the connection without sending more."""
        self.req.sent_headers = True
        self.req.chunked_write = False
        self.req.close_connection = True


def _reason(error: OSError) -> str:
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    known: Mapping[int | None, str] = {
        errno.EADDRINUSE: "the port is taken",
        errno.EACCES: "ports below 1024 need special rights",
        errno.EADDRNOTAVAIL: "this machine has no such address",
    }
    for code, words in known.items():
        if cause.errno == code or (code and f"[Errno {code}]" in str(error)):
            return words
    return str(cause)
