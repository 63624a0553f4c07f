"""The pipeline: one Flask app per target, so that even an unknown URL is answered in the vendor's voice.

Every request opens an exchange in the journal, passes throttle, faults (before) and authentication, reaches its view,
then the faults armed for afterwards; the exchange closes with both truths.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as NoSuchMethod

from mock_targets.control.faults import Fault
from mock_targets.control.journal import Exchange
from mock_targets.directory import DirectoryError
from mock_targets.wire import errors, json
from mock_targets.wire.answer import Answer, LostResponse, TruncatedResponse
from mock_targets.wire.call import Call, FaultStrikes, read_body
from mock_targets.wire.target import Target

MAX_BODY = 4 * 1024 * 1024
"""Bytes that a target reads of one body; ten thousand members in one request fit well."""

View = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """One URL and method. `writes` says whether the operation may change something; `open` needs no credentials."""

    method: str
    rule: str
    operation: str
    view: View
    writes: bool = False
    open: bool = False


class Voice(Protocol):
    """How a target speaks: its media type, its errors, its headers on every answer."""

    content_type: str
    refusals: tuple[type[Exception], ...]
    """Exceptions of the family that are refusals, not crashes, beside those of wire and directory."""

    def error(self, call: Call, error: Exception) -> Answer:
        """A refusal in the target's own words."""

    def authenticate(self, call: Call) -> None:
        """Raises Unauthorized, or another refusal, unless the request carries the target's credentials."""

    def headers(self, call: Call) -> Mapping[str, str]:
        """Headers that every answer carries."""


def build_app(target: Target, voice: Voice, routes: Iterable[Route], *, strict_slashes: bool = False) -> Flask:
    """A Flask app that serves the routes through the pipeline.

    With `strict_slashes` a slash at the end of a path that has none is an unknown path; without, it is passed over.
    """
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = strict_slashes
    pipeline = _Pipeline(target, voice, (errors.WireError, DirectoryError, *voice.refusals))
    for route in routes:
        endpoint = f"{route.method} {route.rule}"
        app.add_url_rule(
            route.rule, endpoint, pipeline.entry(route), methods=[route.method], provide_automatic_options=False
        )
    app.register_error_handler(HTTPException, pipeline.stray)
    return app


@dataclass(slots=True)
class _Pipeline:
    target: Target
    voice: Voice
    refusals: tuple[type[Exception], ...]

    def entry(self, route: Route) -> Callable[..., Response]:
        """The Flask view function of a route."""

        def enter(**params: Any) -> Response:
            return self.run(route, params)

        return enter

    def stray(self, stray: HTTPException) -> Response:
        """A URL or method that no route has."""

        def refuse(_: Call) -> Answer:
            if isinstance(stray, NoSuchMethod):
                detail = f"{request.method} is not allowed here"
                raise errors.MethodNotAllowed(detail, allowed=stray.valid_methods or ())
            raise errors.UnknownPath(f"{request.path} does not exist")

        return self.run(Route(request.method, "", "unknown", refuse, writes=False, open=True), {})

    def run(self, route: Route, params: dict[str, Any]) -> Response:
        """One request from the opening of its exchange to its answer."""
        try:
            body = read_body(request)
            too_large = None
        except errors.PayloadTooLarge as error:
            body, too_large = b"", error
        exchange = self.target.journal.open(
            request.method,
            request.path,
            query=request.query_string.decode("latin-1"),
            operation=route.operation,
            writes=route.writes,
            headers=_headers(request.environ),
            body=body,
        )
        call = Call(self.target, request._get_current_object(), exchange, params)  # type: ignore[attr-defined]
        try:
            answer, fault = self._answer(route, call, too_large)
            return self._send(call, answer, fault)
        except Exception:
            # The last line of defence: whatever broke in here is our own failure, told as the vendor would tell it.
            exchange.error = traceback.format_exc()
            return self._send(call, self.voice.error(call, errors.Broken("internal error", status=500)), None)

    def _answer(self, route: Route, call: Call, too_large: Exception | None) -> tuple[Answer, Fault | None]:
        try:
            self._admit(route, call)
            if too_large is not None:
                raise too_large
            answer = route.view(call)
        except FaultStrikes as strike:
            return self._by_fault(call, strike.fault), strike.fault
        except self.refusals as refusal:
            call.exchange.refused_by = getattr(refusal, "flag", call.exchange.refused_by)
            return self.voice.error(call, refusal), None
        fault = self._after(route, call)
        return (self._by_fault(call, fault) if fault and fault.status else answer), fault

    def _admit(self, route: Route, call: Call) -> None:
        if call.behaviour.enforces_rate_limits:
            wait = self.target.throttle.admit(route.operation)
            if wait is not None:
                call.exchange.refused_by = "enforces_rate_limits"
                raise errors.TooManyRequests("too many requests", retry_after=wait)
        call.strike(route.operation)
        if not route.open:
            self.voice.authenticate(call)

    def _after(self, route: Route, call: Call) -> Fault | None:
        for intent in call.exchange.intents:
            names = (*intent.names, *((intent.id,) if intent.id else ()))
            fault = self.target.faults.take(intent.operation, names, "after", part_of=route.operation)
            if fault is not None:
                break
        else:
            fault = self.target.faults.take(route.operation, (), "after")
        if fault is not None:
            call.exchange.faults.append(fault.name)
            self.target.clock.sleep(fault.delay)
        return fault

    def _by_fault(self, call: Call, fault: Fault) -> Answer:
        if fault.body is None and (fault.status or 0) >= 400:
            told = self.voice.error(call, errors.Broken("injected fault", status=fault.status or 500))
            return Answer(told.status, told.body, {**told.headers, **fault.headers})
        body = fault.body.encode() if isinstance(fault.body, str) else fault.body
        return Answer(fault.status or 200, body, fault.headers)

    def _send(self, call: Call, answer: Answer, fault: Fault | None) -> Response:
        body = _bytes(answer.body)
        headers = {**self.voice.headers(call), **answer.headers}
        if body and "Content-Type" not in headers:
            headers["Content-Type"] = self.voice.content_type
        if fault is not None and fault.loses_answer:
            return self._lose(call.exchange)
        self.target.journal.close(call.exchange, answer.status, headers, body)
        if fault is not None and fault.truncates_at is not None:
            call.exchange.answer = "truncated"
            return TruncatedResponse(body, keep=fault.truncates_at, status=answer.status, headers=headers)
        response = Response(body, status=answer.status, headers=headers)
        if not body:
            response.headers.pop("Content-Type", None)
        return response

    def _lose(self, exchange: Exchange) -> Response:
        exchange.answer = "lost"
        self.target.journal.close(exchange, None, {}, b"")
        return LostResponse()


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    """The request's headers; a plain walk, because every request pays for it."""
    headers = {key[5:].replace("_", "-").title(): value for key, value in environ.items() if key[:5] == "HTTP_"}
    for key, name in (("CONTENT_TYPE", "Content-Type"), ("CONTENT_LENGTH", "Content-Length")):
        if environ.get(key):
            headers[name] = environ[key]
    return headers


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    return body if isinstance(body, bytes) else json.write(body)
