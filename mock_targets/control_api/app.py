"""The control API as a WSGI app: access checks, JSON, errors. Its routes are in `routes`, its handlers in `views`."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as NoSuchMethod

from provcheck.mock_targets.control_api import guard, openapi, problem
from provcheck.mock_targets.control_api.problem import Problem
from provcheck.mock_targets.control_api.routes import Route
from provcheck.mock_targets.control_api.views import Ask, Tenants
from provcheck.mock_targets.faults.fault import BadFault
from provcheck.mock_targets.http import json
from provcheck.mock_targets.http.errors import WireError
from provcheck.mock_targets.http.request import read_body
from provcheck.mock_targets.http.router import MAX_BODY
from provcheck.mock_targets.http.url_map import url_map
from provcheck.mock_targets.journal.query import BadCriteria
from provcheck.mock_targets.journal.redaction import redact_text
from provcheck.mock_targets.reading import nearest, shown
from provcheck.mock_targets.target.flags import FlagError
from provcheck.mock_targets.target.seeding import BadSeed
from provcheck.mock_targets.target.target import Target

LOG = logging.getLogger("provcheck.mock_targets.control_api")
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_UNFIT = (FlagError, BadFault, BadSeed, BadCriteria)
"""Well-formed, but not valid for this target."""


def build_control(
    targets: Mapping[str, Target],
    *,
    token: str,
    url: Callable[[], str],
    local_url: Callable[[], str] | None = None,
    tenants: Tenants | None = None,
) -> Flask:
    """The control API over some targets. `url` returns its base URL, which may change before the first request.

    `local_url` returns the URL where the server listens, if others reach it under another one.
    """
    app = Flask("control", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    desk = _Desk(targets, token, (url, local_url or url), tenants)
    app.url_map = url_map(*((route.name, route.rule, route.method, False) for route in openapi.TABLE))
    app.view_functions = {route.name: desk.entry(route) for route in openapi.TABLE}
    app.register_error_handler(HTTPException, desk.stray)
    return app


class _Desk:
    """Reads requests and writes responses."""

    def __init__(
        self, targets: Mapping[str, Target], token: str, urls: Sequence[Callable[[], str]], tenants: Tenants | None
    ) -> None:
        self._targets, self._token, self._tenants = targets, token, tenants
        self._urls, self._url = urls, urls[0]

    def entry(self, route: Route) -> Callable[..., Response]:
        """The Flask view function of a route."""

        def enter(**params: str) -> Response:
            return self._guarded(lambda: self._serve(route, params), needs_token=not route.open)

        return enter

    def stray(self, stray: HTTPException) -> Response:
        """A URL or method that no route has."""

        def refuse() -> Response:
            if isinstance(stray, NoSuchMethod):
                allowed = ", ".join(sorted(stray.valid_methods or ()))
                raise Problem(405, f"{request.method} is not allowed here", {"Allow": allowed})
            raise Problem(404, f"{request.path} does not exist")

        return self._guarded(refuse, needs_token=True)

    def _guarded(self, act: Callable[[], Response], *, needs_token: bool) -> Response:
        try:
            guard.check_site(request, {host for url in self._urls for host in guard.allowed_hosts(url())})
            if needs_token:
                guard.check_token(request, self._token)
            guard.check_type(request)
            return act()
        except Problem as found:
            return _problem(found)
        except _UNFIT as unfit:
            return _problem(Problem(422, str(unfit)))
        except WireError as error:
            return _problem(Problem(error.status, error.detail))
        except Exception:
            # A defect of this program: it is logged, and answered without details.
            secrets = (self._token, *(target.token for target in self._targets.values()))
            failure = f"{request.method} {request.path} failed\n{traceback.format_exc()}"
            LOG.error("%s", redact_text(failure, secrets))
            return _problem(Problem(500, "internal error; see the log of the server"))

    def _serve(self, route: Route, params: Mapping[str, str]) -> Response:
        if not route.open:
            _check_query(route)
        body = self._body(route)
        ask = Ask(self._targets, self._target(params), params, request.args, body, self._url(), self._tenants)
        status, body = route.view(ask)
        return _response(status, body, content_type="application/json")

    def _target(self, params: Mapping[str, str]) -> Target | None:
        name = params.get("target")
        if name is not None and name not in self._targets:
            raise Problem(404, f"there is no target {name!r}; there are {', '.join(self._targets)}")
        return self._targets[name] if name is not None else None

    def _body(self, route: Route) -> Any:
        if route.body is None:
            return None
        body = json.read(read_body(request))
        if not isinstance(body, dict):
            raise Problem(422, "the body must be a JSON object")
        return body


def _check_query(route: Route) -> None:
    """Refuse a query parameter that the route does not have, or that is given twice. Raises Problem."""
    for name, values in request.args.lists():
        if name not in route.query:
            known = f"; it takes {', '.join(route.query)}" if route.query else "; it takes none"
            near = nearest(name, route.query)
            raise Problem(422, f"{route.name} has no query parameter {shown(name)}{near or known}")
        if len(values) > 1:
            raise Problem(422, f"{name} is given {len(values)} times")


def _response(status: int, body: Any, *, content_type: str) -> Response:
    raw = b"" if body is None else json.write(body)
    response = Response(raw, status=status, headers=_HEADERS, content_type=content_type)
    if body is None:
        response.headers.pop("Content-Type")
    return response


def _problem(found: Problem) -> Response:
    response = _response(found.status, found.as_dict(), content_type=problem.CONTENT_TYPE)
    response.headers.update(found.headers)
    return response
