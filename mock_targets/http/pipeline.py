"""The pipeline of HTTP requests: one Flask app for each target, which also answers unknown URLs in its error format.

Every request opens an exchange in the journal, passes rate limits, faults (before) and authentication, reaches its
view, then the faults armed for afterwards; the exchange closes with both truths.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as NoSuchMethod
from werkzeug.wrappers import Request as WsgiRequest

from provcheck.mock_targets.faults.effects.changes import Later
from provcheck.mock_targets.faults.effects.connections import Delivery
from provcheck.mock_targets.faults.plan import Firing
from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.answer_faults import AnswerFaults
from provcheck.mock_targets.http.dialect import HttpDialect, Route
from provcheck.mock_targets.http.one_writer import writers_of
from provcheck.mock_targets.http.request import Request, read_body
from provcheck.mock_targets.http.responses import Answer, DribbledResponse, LostResponse, TruncatedResponse
from provcheck.mock_targets.http.router import Reply, TargetFlask
from provcheck.mock_targets.http.url_map import url_map
from provcheck.mock_targets.http.wsgi import WsgiApp
from provcheck.mock_targets.journal.journal import Exchange
from provcheck.mock_targets.operations.context import FaultStrikes, Postponed, ResetMeanwhile
from provcheck.mock_targets.short_cache import cached_if_short
from provcheck.mock_targets.target.target import Target


def build_app(target: Target) -> Flask:
    """Return a Flask app that serves every HTTP API of a target."""
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
    app = TargetFlask(__name__, stray, target.journal.redacted)
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
    """The pipeline of one API."""

    def __init__(self, dialect: HttpDialect) -> None:
        self.dialect, self.target = dialect, dialect.target
        self.refusals = dialect.every_refusal()
        self._path = [None if "<" in part else part for part in dialect.api.path.split("/")]

    def reaches(self, path: str) -> int:
        """Return the number of path segments of the API's base path; -1 if the path is not below it."""
        given = path.split("/", len(self._path))
        leads = len(given) >= len(self._path) and all(own in (None, part) for own, part in zip(self._path, given))
        return len(self._path) if leads else -1

    def stray(self, wsgi: WsgiRequest, stray: HTTPException) -> WsgiApp:
        """Answer a URL or method that no route has."""

        def refuse(request: Request) -> Answer:
            if isinstance(stray, NoSuchMethod):
                detail = f"{request.method} is not allowed here"
                raise errors.MethodNotAllowed(detail, allowed=stray.valid_methods or ())
            raise errors.UnknownPath(f"{request.path} does not exist")

        return self.run(Route(wsgi.method, "", "unknown", refuse, writes=False, open=True), wsgi)

    def run(self, route: Route, wsgi: WsgiRequest, **params: Any) -> WsgiApp:
        """Handle one request, from the opening of its exchange to its answer."""
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
            connection=int(wsgi.environ.get("REMOTE_PORT") or 0) or None,
        )
        request = Request(self.dialect, wsgi, exchange, params)
        faults = AnswerFaults(route, request)
        try:
            answer = self._answer(route, request, faults, too_large)
            return self._send(request, answer, faults)
        except ResetMeanwhile:
            self.target.journal.end_by_reset(exchange)
            answer = self.dialect.error(request, errors.Broken("the target was reset meanwhile", status=503))
            return self._send(request, answer, AnswerFaults(None, request))
        except Exception:
            # Any other exception is a failure of the mock, answered with 500 in the vendor's error format.
            exchange.fail(traceback.format_exc())
            answer = self.dialect.error(request, errors.Broken("internal error", status=500))
            return self._send(request, answer, AnswerFaults(route, request))
        finally:
            request.operations.release()

    def _answer(self, route: Route, request: Request, faults: AnswerFaults, too_large: Exception | None) -> Answer:
        try:
            self._admit(route, request)
            if too_large is not None:
                raise too_large
            answer = faults.afterwards(route.view(request))
        except FaultStrikes as strike:
            answer = faults.in_place(strike.firing)
        except Postponed as later:
            self._postpone(route, request, later.firing)
            answer = faults.postponed(later.firing)
        except self.refusals as refusal:
            exchange = request.operations.exchange
            flag = getattr(refusal, "flag", None) or exchange.refused_by
            exchange.refused_by = self.dialect.public_flag(flag)
            answer = self.dialect.error(request, refusal)
        return faults.on_the_wire(answer)

    def _admit(self, route: Route, request: Request) -> None:
        if request.behaviour.enforces_rate_limits:
            wait = self.target.rate_limiter.admit(route.operation)
            if wait is not None:
                request.operations.exchange.refused_by = "enforces_rate_limits"
                raise errors.TooManyRequests("too many requests", retry_after=wait)
        request.operations.arrive(route.operation)
        if not route.open:
            self.dialect.authenticate(request)
            if self.dialect.one_writer:
                writers_of(self.target).check()

    def _postpone(self, route: Route, request: Request, firing: Firing) -> None:
        """Carry the request out when it is due, as if it arrived then."""
        exchange = request.operations.exchange
        exchange.is_postponed = True

        def carry_out() -> None:
            exchange.is_postponed = False
            exchange.intents.clear()
            exchange.parts.clear()
            try:
                route.view(Request(self.dialect, request.wsgi, exchange, request.params, is_replay=True))
            except FaultStrikes as strike:
                exchange.fail(str(strike))
            except self.refusals as refusal:
                exchange.fail(str(refusal))

        for effect in firing.fault.each(Later):
            self.target.deferred.add(effect.applies_after, carry_out)

    def _send(self, request: Request, answer: Answer, faults: AnswerFaults) -> WsgiApp:
        given = answer.body
        body = (given or b"") if given is None or isinstance(given, bytes) else self.dialect.encode(given)
        headers = {**self.dialect.headers(request), **answer.headers}
        if body and "Content-Type" not in headers:
            headers["Content-Type"] = self.dialect.media_type
        if faults.removed_headers:
            headers = {name: value for name, value in headers.items() if name.lower() not in faults.removed_headers}
        delivery = faults.delivery(len(body))
        if delivery.is_lost:
            return self._lose(request.operations.exchange, resets=delivery.resets)
        self.target.journal.close(request.operations.exchange, answer.status, headers, body)
        if delivery.keep is not None or (delivery.seconds and body):
            return self._send_slowly(request.operations.exchange, answer.status, headers, body, delivery)
        if not body:
            headers.pop("Content-Type", None)
        return Reply(answer.status, headers, body)

    def _send_slowly(
        self, exchange: Exchange, status: int, headers: Mapping[str, str], body: bytes, delivery: Delivery
    ) -> WsgiApp:
        if delivery.keep is not None:
            exchange.answer = "truncated"
            resets = delivery.resets
            return TruncatedResponse(body, keep=delivery.keep, status=status, headers=headers, resets=resets)
        exchange.answer = "dribbled"
        clock = self.target.clock
        return DribbledResponse(body, seconds=delivery.seconds, clock=clock, status=status, headers=headers)

    def _lose(self, exchange: Exchange, *, resets: bool) -> WsgiApp:
        exchange.answer = "reset" if resets else "lost"
        self.target.journal.close(exchange, None, {}, b"")
        return LostResponse(resets=resets)


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    """Return the request's headers, read from the environ directly, because it runs for every request."""
    headers = {_header_name(key): value for key, value in environ.items() if key[:5] == "HTTP_"}
    for key, name in (("CONTENT_TYPE", "Content-Type"), ("CONTENT_LENGTH", "Content-Length")):
        if environ.get(key):
            headers[name] = environ[key]
    return headers


@cached_if_short(maxsize=1024)
def _header_name(key: str) -> str:
    return key[5:].replace("_", "-").title()
