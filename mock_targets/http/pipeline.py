"""The pipeline: one Flask app per target, so that even an unknown URL is answered in the vendor's voice.

Every request opens an exchange in the journal, passes throttle, faults (before) and authentication, reaches its view,
then the faults armed for afterwards; the exchange closes with both truths.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from flask import Flask, Request, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as NoSuchMethod

from provcheck.mock_targets.directory import DirectoryError
from provcheck.mock_targets.faults.fault import Fault, Moment
from provcheck.mock_targets.faults.response_effects import listed, spoilt
from provcheck.mock_targets.http import errors, json
from provcheck.mock_targets.http.call import MAX_BODY as MAX_BODY
from provcheck.mock_targets.http.call import Call, FaultStrikes, Postponed, read_body
from provcheck.mock_targets.http.responses import Answer, DribbledResponse, LostResponse, TruncatedResponse
from provcheck.mock_targets.http.router import Reply, TargetFlask
from provcheck.mock_targets.http.url_map import url_map
from provcheck.mock_targets.http.wsgi import WsgiApp
from provcheck.mock_targets.journal.journal import Exchange
from provcheck.mock_targets.target.target import Target

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


class ErrorFormat(Protocol):
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


def build_app(
    target: Target, error_format: ErrorFormat, routes: Iterable[Route], *, strict_slashes: bool = False
) -> Flask:
    """A Flask app that serves the routes through the pipeline.

    With `strict_slashes` a slash at the end of a path that has none is an unknown path; without, it is passed over.
    """
    pipeline = _Pipeline(target, error_format, (errors.WireError, DirectoryError, *error_format.refusals))
    app = TargetFlask(__name__, pipeline.stray)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    entries = {f"{route.method} {route.rule}": route for route in routes}
    rules = ((endpoint, route.rule, route.method) for endpoint, route in entries.items())
    app.url_map = url_map(*rules, strict_slashes=strict_slashes, merge_slashes=False)
    app.view_functions = {endpoint: pipeline.entry(route) for endpoint, route in entries.items()}
    return app


@dataclass(slots=True)
class _Pipeline:
    target: Target
    error_format: ErrorFormat
    refusals: tuple[type[Exception], ...]

    def entry(self, route: Route) -> Callable[..., Any]:
        """The Flask view function of a route."""

        def enter(**params: Any) -> WsgiApp:
            return self.run(route, params)

        return enter

    def stray(self, stray: HTTPException) -> WsgiApp:
        """A URL or method that no route has."""

        def refuse(_: Call) -> Answer:
            if isinstance(stray, NoSuchMethod):
                detail = f"{request.method} is not allowed here"
                raise errors.MethodNotAllowed(detail, allowed=stray.valid_methods or ())
            raise errors.UnknownPath(f"{request.path} does not exist")

        return self.run(Route(request.method, "", "unknown", refuse, writes=False, open=True), {})

    def run(self, route: Route, params: dict[str, Any]) -> WsgiApp:
        """One request from the opening of its exchange to its answer."""
        self.target.deferred.settle()
        with self.target.in_flight:
            return self._run(route, params)

    def _run(self, route: Route, params: dict[str, Any]) -> WsgiApp:
        came: Request = request._get_current_object()  # type: ignore[attr-defined]  # once: a proxy has its price
        try:
            body = read_body(came)
            too_large = None
        except errors.PayloadTooLarge as error:
            body, too_large = b"", error
        exchange = self.target.journal.open(
            came.method,
            came.path,
            query=came.query_string.decode("latin-1"),
            operation=route.operation,
            writes=route.writes,
            headers=_headers(came.environ),
            body=body,
        )
        call = Call(self.target, came, exchange, params)
        try:
            answer, faults = self._answer(route, call, too_large)
            return self._send(call, answer, faults)
        except Exception:
            # The last line of defence: whatever broke in here is our own failure, told as the vendor would tell it.
            exchange.error = traceback.format_exc()
            return self._send(call, self.error_format.error(call, errors.Broken("internal error", status=500)), ())

    def _answer(self, route: Route, call: Call, too_large: Exception | None) -> tuple[Answer, Sequence[Fault]]:
        """What is answered, and the faults that bear on how it is sent."""
        fault: Fault | None
        try:
            self._admit(route, call)
            if too_large is not None:
                raise too_large
            answer = route.view(call)
        except FaultStrikes as strike:
            answer, fault = self._spoilt(call, Answer(200), strike.fault), strike.fault
        except Postponed as later:
            answer, fault = self._postpone(route, call, later.fault), None
        except self.refusals as refusal:
            call.exchange.refused_by = getattr(refusal, "flag", call.exchange.refused_by)
            answer, fault = self.error_format.error(call, refusal), None
        else:
            fault = self._take(route, call, "after")
            self._hide(call, fault)
            answer = self._spoilt(call, answer, fault) if fault else listed(call, answer)
        on_the_wire = self._take(route, call, "wire")
        if on_the_wire is not None:
            answer = self._spoilt(call, answer, on_the_wire)
        return answer, [each for each in (fault, on_the_wire) if each is not None]

    def _admit(self, route: Route, call: Call) -> None:
        if call.behaviour.enforces_rate_limits:
            wait = self.target.rate_limiter.admit(route.operation)
            if wait is not None:
                call.exchange.refused_by = "enforces_rate_limits"
                raise errors.TooManyRequests("too many requests", retry_after=wait)
        call.come_in(route.operation)
        if not route.open:
            self.error_format.authenticate(call)

    def _take(self, route: Route, call: Call, moment: Moment) -> Fault | None:
        """The fault that strikes an answer; it may wait here."""
        table = self.target.faults
        if not table.is_armed:
            return None
        fault = None
        for intent in call.exchange.intents:
            names = (*intent.names, *((intent.id,) if intent.id else ()))
            fault = table.take(intent.operation, names, moment, part_of=route.operation, occasion=call)
            if fault is not None:
                break
        fault = fault or table.take(route.operation, (), moment, occasion=call)
        if fault is not None:
            call.exchange.strike(fault.name, fault.moment)
            self.target.clock.sleep(fault.delay)
        return fault

    def _hide(self, call: Call, fault: Fault | None) -> None:
        if fault is None or not (fault.hides_by_id or fault.hides_by_filter):
            return
        for intent in call.exchange.intents:
            if intent.applied and intent.id and intent.operation.endswith(".create"):
                self.target.replication_lag.hide(intent.id, by_id=fault.hides_by_id, by_filter=fault.hides_by_filter)

    def _postpone(self, route: Route, call: Call, fault: Fault) -> Answer:
        """Answer now, and carry the request out later, as if it came then."""
        app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy ends with the request
        call.exchange.is_postponed = True

        def carry_out() -> None:
            exchange = call.exchange
            exchange.is_postponed = False
            exchange.intents.clear()
            replay = Call(self.target, call.request, exchange, call.params, is_replay=True)
            with app.request_context(call.request.environ):
                try:
                    app.preprocess_request()
                    route.view(replay)
                except FaultStrikes as strike:
                    exchange.error = str(strike)
                except self.refusals as refusal:
                    exchange.error = str(refusal)

        self.target.deferred.add(fault.applies_after, carry_out)
        return self._spoilt(call, Answer(202), fault)

    def _spoilt(self, call: Call, answer: Answer, fault: Fault) -> Answer:
        def refused(status: int) -> Answer:
            return self.error_format.error(call, errors.Broken("injected fault", status=status))

        return spoilt(call, answer, fault, refused)

    def _send(self, call: Call, answer: Answer, faults: Sequence[Fault]) -> WsgiApp:
        body = _bytes(answer.body)
        headers = {**self.error_format.headers(call), **answer.headers}
        if body and "Content-Type" not in headers:
            headers["Content-Type"] = self.error_format.content_type
        ending = next((each for each in faults if each.ends_connection), None)
        if ending is not None:
            return self._lose(call.exchange, resets=ending.resets)
        self.target.journal.close(call.exchange, answer.status, headers, body)
        for fault in faults:
            if fault.truncates_at is not None or (fault.dribbles and body):
                return self._send_slowly(call.exchange, answer.status, headers, body, fault)
        if not body or any("Content-Type" in fault.headers and not fault.headers["Content-Type"] for fault in faults):
            headers.pop("Content-Type", None)
        return Reply(answer.status, headers, body)

    def _send_slowly(
        self, exchange: Exchange, status: int, headers: Mapping[str, str], body: bytes, fault: Fault
    ) -> WsgiApp:
        if fault.truncates_at is not None:
            exchange.answer = "truncated"
            keep, resets = fault.truncates_at, fault.resets
            return TruncatedResponse(body, keep=keep, status=status, headers=headers, resets=resets)
        exchange.answer = "dribbled"
        clock = self.target.clock
        return DribbledResponse(body, seconds=fault.dribbles, clock=clock, status=status, headers=headers)

    def _lose(self, exchange: Exchange, *, resets: bool) -> WsgiApp:
        exchange.answer = "reset" if resets else "lost"
        self.target.journal.close(exchange, None, {}, b"")
        return LostResponse(resets=resets)


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    """The request's headers; a plain walk, because every request pays for it."""
    headers = {_header_name(key): value for key, value in environ.items() if key[:5] == "HTTP_"}
    for key, name in (("CONTENT_TYPE", "Content-Type"), ("CONTENT_LENGTH", "Content-Length")):
        if environ.get(key):
            headers[name] = environ[key]
    return headers


@lru_cache(maxsize=1024)
def _header_name(key: str) -> str:
    return key[5:].replace("_", "-").title()


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    return body if isinstance(body, bytes) else json.write(body)
