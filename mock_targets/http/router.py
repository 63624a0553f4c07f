"""Routes a request to its view in a Flask app, and sends the answer."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from http import HTTPStatus
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter
from werkzeug.urls import iri_to_uri
from werkzeug.wrappers import Request

from provcheck.mock_targets.http.wsgi import WsgiApp
from provcheck.mock_targets.journal.redaction import redact_text

MAX_BODY = 4 * 1024 * 1024
"""Maximum size of a request body in bytes; enough for ten thousand members."""

_URLS = frozenset(("Location", "Content-Location"))
_PLAIN_URL = re.compile(r"[A-Za-z0-9:/._~?=&-]*", re.ASCII)
_BREAKS = re.compile(r"[\r\n]")
_redacted = partial(redact_text, secrets=())


class Reply:
    """A complete answer as a WSGI app: status, headers and body, framed according to RFC 9110.

    A 204 or 304 and the answer to a HEAD have no body, whatever was given. Raises ValueError for a header with a line
    break in it.
    """

    __slots__ = ("_body", "_head", "_status")

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self._status, self._body = status, b"" if status in (204, 304) else body
        self._head = [(name, _sound(name, value)) for name, value in headers.items()]
        if status not in (204, 304) and "Content-Length" not in headers:
            self._head.append(("Content-Length", str(len(body))))

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Send the answer."""
        start_response(_status_line(self._status), self._head)
        return () if environ["REQUEST_METHOD"] == "HEAD" else (self._body,)


def _sound(name: str, value: str) -> str:
    if _BREAKS.search(value):
        raise ValueError(f"the header {name} has a line break in it")
    return iri_to_uri(value) if name in _URLS and not _PLAIN_URL.fullmatch(value) else value


@cache
def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase.upper()}"
    except ValueError:
        return f"{status} UNKNOWN"


class BoundedRequest(Request):
    """A WSGI request with a limited body size."""

    max_content_length = MAX_BODY


class TargetFlask(Flask):
    """A Flask app whose views take the request and give WSGI apps. `stray` answers what no route takes.

    Path and method alone decide, by the app's own `url_map` and `view_functions`: no target knows sessions, signals,
    redirects or hooks, and every request would pay for them.
    """

    def __init__(
        self,
        name: str,
        stray: Callable[[Request, HTTPException], WsgiApp],
        redacted: Callable[[str], str] = _redacted,
    ) -> None:
        """`redacted` takes the secrets out of what is logged."""
        super().__init__(name, static_folder=None)
        self._stray, self._redacted = stray, redacted

    def wsgi_app(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        request = BoundedRequest(environ)
        path = request.path if environ.get("PATH_INFO") else ""
        routes = MapAdapter(self.url_map, "localhost", "/", "", "http", path, request.method)
        answer: Any
        try:
            endpoint, params = routes.match()
        except HTTPException as stray:
            answer = self._stray(request, stray)
        else:
            try:
                answer = self.view_functions[endpoint](request, **params)
            except Exception:  # an exception before the pipeline, which handles all others
                failure = f"{request.method} {request.path}\n{traceback.format_exc()}"
                self.logger.error("%s", self._redacted(failure))
                answer = Reply(500, {"Content-Type": "text/plain"}, b"internal error")
        return answer(environ, start_response)  # type: ignore[no-any-return]  # Flask types views by what stock apps take
