"""The access log: a line for each answered request, in the Common Log Format with the milliseconds that it took.

Source of the format: httpd.apache.org/docs/current/logs.html, section Common Log Format.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TextIO

from provcheck.mock_targets.clock import Clock
from provcheck.mock_targets.http.wsgi import WsgiApp
from provcheck.mock_targets.journal.redaction import redact_query, redact_text


class AccessLog:
    """A WSGI app that logs the requests to another one. `secrets` are redacted wherever they stand."""

    def __init__(self, app: WsgiApp, stream: TextIO, *, clock: Clock, secrets: Callable[[], Iterable[str]]) -> None:
        self._app, self._stream, self._clock, self._secrets = app, stream, clock, secrets
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        """Pass a request on, and log it when its answer has been given, or lost."""
        begun, status, size = self._clock.monotonic(), "-", 0
        first = self._first_line(environ)

        def note(line: str, headers: Any, exc_info: Any = None) -> Any:
            nonlocal status
            status = line[:3]
            return start_response(line, headers, exc_info) if exc_info else start_response(line, headers)

        try:
            for chunk in self._app(environ, note):
                size += len(chunk)
                yield chunk
        except BaseException:
            status = "-"  # no answer, or not all of it
            raise
        finally:
            milliseconds = (self._clock.monotonic() - begun) * 1000
            self._write(f'{environ.get("REMOTE_ADDR") or "-"} - - {self._at()} "{first}" {status} {size}', milliseconds)

    def _first_line(self, environ: dict[str, Any]) -> str:
        secrets = tuple(self._secrets())
        path, mark, query = str(environ.get("REQUEST_URI") or environ.get("PATH_INFO", "")).partition("?")
        uri = redact_text(path, secrets) + mark + redact_query(query, secrets)
        text = f"{environ.get('REQUEST_METHOD')} {uri} {environ.get('SERVER_PROTOCOL', '')}"
        return "".join(each if each.isprintable() and each not in '"\\' else _escaped(each) for each in text)

    def _at(self) -> str:
        return self._clock.now().strftime("[%d/%b/%Y:%H:%M:%S %z]")

    def _write(self, line: str, milliseconds: float) -> None:
        with self._lock:
            self._stream.write(f"{line} {milliseconds:.1f}ms\n")
            self._stream.flush()


def _escaped(character: str) -> str:
    return "\\" + character if character in '"\\' else character.encode("unicode_escape").decode("ascii")
