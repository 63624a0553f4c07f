"""Flask without what no target uses, because every request would pay for it: sessions, signals, response hooks.

Views give back WSGI apps (a `Reply`, or a Flask response), which answer as they are. Hooks before a request and at its
teardown run as ever.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

from flask import Flask, Request
from flask.ctx import RequestContext
from flask.sessions import NullSession
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter
from werkzeug.urls import iri_to_uri

from provcheck.mock_targets.http.wsgi import WsgiApp

_NO_SESSION = NullSession()
_URLS = frozenset(("Location", "Content-Location"))
_PLAIN_URL = re.compile(r"[A-Za-z0-9:/._~?=&-]*", re.ASCII)
_BREAKS = re.compile(r"[\r\n]")


class Reply:
    """A whole answer, as a WSGI app: status, headers and body, framed as RFC 9110 has it.

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
        """Answer."""
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


class TargetFlask(Flask):
    """A Flask app whose views give WSGI apps. `stray` answers a request that no route takes."""

    def __init__(self, name: str, stray: Callable[[HTTPException], WsgiApp]) -> None:
        super().__init__(name, static_folder=None)
        self._stray = stray

    def request_context(self, environ: dict[str, Any]) -> RequestContext:
        """The context of one request; no target knows its clients by a cookie."""
        return RequestContext(self, environ, session=_NO_SESSION)

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """What finds the route: path and method decide, no host and no redirect."""
        if request is None:
            return None
        path = request.path if request.environ.get("PATH_INFO") else ""
        return MapAdapter(self.url_map, "localhost", "/", "", "http", path, request.method)

    def wsgi_app(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        with self.request_context(environ):
            return self._answer()(environ, start_response)

    def _answer(self) -> WsgiApp:
        answer: Any
        try:
            answer = self.preprocess_request() if self.before_request_funcs else None
            if answer is None:
                answer = self.dispatch_request()
        except HTTPException as stray:
            return self._stray(stray)
        except Exception as error:  # whatever broke before the pipeline could take care of it
            return self.handle_exception(error)
        return answer  # type: ignore[no-any-return]
