"""The way of every HTTP request: one Flask app for each target, so that an unknown URL is refused in its words too.

Every request opens an exchange in the journal, passes rate limits, faults (before) and authentication, reaches its
view, then the faults armed for afterwards; the exchange closes with both truths.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as NoSuchMethod
from werkzeug.wrappers import Request as WsgiRequest

from provcheck.mock_targets.faults.fault import Fault, Moment
from provcheck.mock_targets.faults.races import quoted
from provcheck.mock_targets.faults.response_effects import listed, spoilt
from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.dialect import HttpDialect, Route
from provcheck.mock_targets.http.one_writer import writers_of
from provcheck.mock_targets.http.request import Request, read_body
from provcheck.mock_targets.http.responses import Answer, DribbledResponse, LostResponse, TruncatedResponse
from provcheck.mock_targets.http.router import Reply, TargetFlask
from provcheck.mock_targets.http.url_map import url_map
from provcheck.mock_targets.http.wsgi import WsgiApp
from provcheck.mock_targets.journal.journal import Exchange
from provcheck.mock_targets.operations.context import FaultStrikes, Postponed
from provcheck.mock_targets.target.target import Target


def build_app(target: Target) -> Flask:
    """A Flask app that serves every HTTP API of a target through the pipeline."""
    pipelines = [
        _Pipeline(api.dialect(target, api)) for api in target.spec.apis if issubclass(api.dialect, HttpDialect)
    ]

    def stray(wsgi: WsgiRequest, why: HTTPException) -> WsgiApp:
        at = max(pipelines, key=lambda each: each.reaches(wsgi.path))
        return at.stray(wsgi, why)

    routes = {
        f"{route.method} {each.dialect.api.path}{route.rule}": (each, route)
        for each in pipelines
        for route in each.dialect.routes()
    }
    app = TargetFlask(__name__, stray)
    app.url_map = url_map(
        *(
            (name, each.dialect.api.path + route.rule, route.method, each.dialect.strict_slashes)
            for name, (each, route) in routes.items()
        ),
        merge_slashes=False,
    )
    app.view_functions = {name: partial(each.run, route) for name, (each, route) in routes.items()}
    return app


class _Pipeline:
    """The way of a request through one API."""

    def __init__(self, dialect: HttpDialect) -> None:
        self.dialect, self.target = dialect, dialect.target
        self.refusals = dialect.every_refusal()
        self._path = [None if "<" in part else part for part in dialect.api.path.split("/")]

    def reaches(self, path: str) -> int:
        """How many segments of a path lead to this API; -1 when it lies elsewhere."""
        given = path.split("/", len(self._path))
        leads = len(given) >= len(self._path) and all(own in (None, part) for own, part in zip(self._path, given))
        return len(self._path) if leads else -1

    def stray(self, wsgi: WsgiRequest, stray: HTTPException) -> WsgiApp:
        """A URL or method that no route has."""

        def refuse(request: Request) -> Answer:
            if isinstance(stray, NoSuchMethod):
                detail = f"{request.method} is not allowed here"
                raise errors.MethodNotAllowed(detail, allowed=stray.valid_methods or ())
            raise errors.UnknownPath(f"{request.path} does not exist")

        return self.run(Route(wsgi.method, "", "unknown", refuse, writes=False, open=True), wsgi)

    def run(self, route: Route, wsgi: WsgiRequest, **params: Any) -> WsgiApp:
        """One request from the opening of its exchange to its answer."""
        self.target.deferred.settle()
        held = writers_of(self.target).take(route.method, params.get("id")) if self.dialect.one_writer else None
        with self.target.in_flight:
            if held is None:
                return self._run(route, wsgi, params)
            with held:
                return self._run(route, wsgi, params)

    def _run(self, route: Route, wsgi: WsgiRequest, params: dict[str, Any]) -> WsgiApp:
        try:
            body = read_body(wsgi)
            too_large = None
        except errors.PayloadTooLarge as error:
            body, too_large = b"", error
        exchange = self.target.journal.open(
            wsgi.method,
            wsgi.path,
            query=wsgi.query_string.decode("latin-1"),
            operation=route.operation,
            writes=route.writes,
            headers=_headers(wsgi.environ),
            body=body,
        )
        request = Request(self.dialect, wsgi, exchange, params)
        try:
            answer, faults = self._answer(route, request, too_large)
            return self._send(request, answer, faults)
        except Exception:
            # The last line of defence: whatever broke in here is our own failure, told as the vendor would tell it.
            exchange.error = traceback.format_exc()
            return self._send(request, self.dialect.error(request, errors.Broken("internal error", status=500)), ())

    def _answer(self, route: Route, request: Request, too_large: Exception | None) -> tuple[Answer, Sequence[Fault]]:
        """What is answered, and the faults that bear on how it is sent."""
        fault: Fault | None
        try:
            self._admit(route, request)
            if too_large is not None:
                raise too_large
            answer = route.view(request)
        except FaultStrikes as strike:
            answer, fault = self._spoilt(request, Answer(200), strike.fault), strike.fault
        except Postponed as later:
            answer, fault = self._postpone(route, request, later.fault), None
        except self.refusals as refusal:
            exchange = request.operations.exchange
            exchange.refused_by = getattr(refusal, "flag", None) or exchange.refused_by
            answer, fault = self.dialect.error(request, refusal), None
        else:
            fault = self._take(route, request, "after")
            self._hide(request, fault)
            answer = self._spoilt(request, answer, fault) if fault else listed(request, answer)
        on_the_wire = self._take(route, request, "wire")
        if on_the_wire is not None:
            answer = self._spoilt(request, answer, on_the_wire)
        return answer, [each for each in (fault, on_the_wire) if each is not None]

    def _admit(self, route: Route, request: Request) -> None:
        if request.behaviour.enforces_rate_limits:
            wait = self.target.rate_limiter.admit(route.operation)
            if wait is not None:
                request.operations.exchange.refused_by = "enforces_rate_limits"
                raise errors.TooManyRequests("too many requests", retry_after=wait)
        request.operations.arrive(route.operation, quoted(request.wsgi.args.get("filter")))
        if not route.open:
            self.dialect.authenticate(request)
            if self.dialect.one_writer:
                writers_of(self.target).check()

    def _take(self, route: Route, request: Request, moment: Moment) -> Fault | None:
        """The fault that strikes an answer; it may wait here."""
        table = self.target.faults
        if not table.is_armed:
            return None
        fault = None
        for intent in request.operations.exchange.intents:
            names = (*intent.names, *((intent.id,) if intent.id else ()))
            fault = table.take(intent.operation, names, moment, part_of=route.operation, occasion=request.operations)
            if fault is not None:
                break
        fault = fault or table.take(route.operation, (), moment, occasion=request.operations)
        if fault is not None:
            request.operations.exchange.strike(fault.name, fault.moment)
            self.target.clock.sleep(fault.delay)
        return fault

    def _hide(self, request: Request, fault: Fault | None) -> None:
        if fault is None or not (fault.hides_by_id or fault.hides_by_filter):
            return
        for intent in request.operations.exchange.intents:
            if intent.applied and intent.id and intent.operation.endswith(".create"):
                self.target.replication_lag.hide(intent.id, by_id=fault.hides_by_id, by_filter=fault.hides_by_filter)

    def _postpone(self, route: Route, request: Request, fault: Fault) -> Answer:
        """Answer now, and carry the request out later, as if it came then."""
        exchange = request.operations.exchange
        exchange.is_postponed = True

        def carry_out() -> None:
            exchange.is_postponed = False
            exchange.intents.clear()
            try:
                route.view(Request(self.dialect, request.wsgi, exchange, request.params, is_replay=True))
            except FaultStrikes as strike:
                exchange.error = str(strike)
            except self.refusals as refusal:
                exchange.error = str(refusal)

        self.target.deferred.add(fault.applies_after, carry_out)
        return self._spoilt(request, Answer(202), fault)

    def _spoilt(self, request: Request, answer: Answer, fault: Fault) -> Answer:
        def refused(status: int) -> Answer:
            return self.dialect.error(request, errors.Broken("injected fault", status=status))

        return spoilt(request, answer, fault, refused)

    def _send(self, request: Request, answer: Answer, faults: Sequence[Fault]) -> WsgiApp:
        given = answer.body
        body = (given or b"") if given is None or isinstance(given, bytes) else self.dialect.encode(given)
        headers = {**self.dialect.headers(request), **answer.headers}
        if body and "Content-Type" not in headers:
            headers["Content-Type"] = self.dialect.media_type
        ending = next((each for each in faults if each.ends_connection), None)
        if ending is not None:
            return self._lose(request.operations.exchange, resets=ending.resets)
        self.target.journal.close(request.operations.exchange, answer.status, headers, body)
        for fault in faults:
            if fault.truncates_at is not None or (fault.dribbles and body):
                return self._send_slowly(request.operations.exchange, answer.status, headers, body, fault)
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
