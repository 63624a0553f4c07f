"""One HTTP request as a dialect reads it: parameters, headers, query, body, and the operations that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request as WsgiRequest

from provcheck.mock_targets.faults.facts import Naming, RequestFacts
from provcheck.mock_targets.http import json
from provcheck.mock_targets.http.errors import PayloadTooLarge
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.http.router import MAX_BODY
from provcheck.mock_targets.journal.journal import Exchange
from provcheck.mock_targets.operations.context import Operations
from provcheck.mock_targets.query.list_view import Changes
from provcheck.mock_targets.target.flags import Behaviour
from provcheck.mock_targets.target.target import Target

if TYPE_CHECKING:
    from provcheck.mock_targets.http.dialect import HttpDialect

_UNREAD: Any = object()


class Request:
    """A request, the dialect that it came to, and what it does to the target (`operations`).

    `behaviour` holds the flag values in force when it began. `params` are the variables of its route.
    """

    __slots__ = (
        "_facts",
        "_headers",
        "_json",
        "behaviour",
        "dialect",
        "method",
        "operations",
        "params",
        "target",
        "wsgi",
    )

    def __init__(
        self,
        dialect: HttpDialect,
        wsgi: WsgiRequest,
        exchange: Exchange,
        params: Mapping[str, Any],
        *,
        is_replay: bool = False,
        meets_faults: bool = True,
    ) -> None:
        self.dialect, self.wsgi, self.params = dialect, wsgi, params
        self.method = wsgi.method
        self.target: Target = dialect.target
        self.behaviour: Behaviour = dialect.settings()
        self.operations = Operations(self.target, exchange, self.behaviour, self, is_replay=is_replay)
        self.operations.meets_faults = meets_faults
        self._facts: RequestFacts | None = None
        self._headers: Mapping[str, str] | None = None
        self._json: Any = _UNREAD

    def part(self, exchange: Exchange, body: Any, headers: Mapping[str, str], **params: Any) -> Request:
        """Return one part of a batch request: an exchange, body, headers and outcome of its own."""
        part = object.__new__(Request)
        part.dialect, part.wsgi, part.params, part.target = self.dialect, self.wsgi, params, self.target
        part.behaviour, part._json, part._headers = self.behaviour, body, headers
        part.method, part._facts = exchange.method, None
        part.operations = self.operations.part(part, exchange)
        return part

    def varied(self, changes: Changes) -> Request:
        """Return the same list request with other parameters; it triggers no fault and is not journalled."""
        query = _changed(self.wsgi.args.to_dict(), changes)
        environ = {**self.wsgi.environ, "QUERY_STRING": urlencode(query)}
        exchange = replace(self.operations.exchange, intents=[], faults=[], moments=[])
        other = Request(self.dialect, type(self.wsgi)(environ), exchange, self.params, meets_faults=False)
        if self.method == "POST" and isinstance(body := self.json(), dict):
            other._json = _changed(body, changes)
        return other

    @property
    def facts(self) -> RequestFacts:
        """The facts of the request, by which faults select requests."""
        if self._facts is None:
            self._facts = self.dialect.facts(self)
        return self._facts

    @property
    def naming(self) -> Naming:
        """The API's names of attributes."""
        return self.dialect

    @property
    def path(self) -> str:
        """The path relative to the target's mount point."""
        return self.wsgi.path

    def header(self, name: str) -> str | None:
        """A request header."""
        if self._headers is None:
            return self.wsgi.environ.get(_environ_name(name))
        return self._headers.get(name)

    def json(self) -> Any:
        """Parse the body as JSON. Raises BadJson."""
        if self._json is _UNREAD:
            self._json = json.read(read_body(self.wsgi))
        return self._json

    def argument(self, name: str) -> str | None:
        """Return a query parameter, the first one if it is repeated; None if it is missing."""
        return self.wsgi.args.get(name)

    def answer(self, status: int, body: Any = None, **headers: str) -> Answer:
        """Return an answer with extra headers, named with underscores for dashes."""
        return Answer(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


def _changed(parameters: Mapping[str, Any], changes: Changes) -> dict[str, Any]:
    kept = {name: value for name, value in parameters.items() if name not in changes}
    numbers = {name for name, value in parameters.items() if isinstance(value, int)}
    return kept | {
        name: int(value) if name in numbers else value for name, value in changes.items() if value is not None
    }


@lru_cache(maxsize=256)
def _environ_name(header: str) -> str:
    """Return the WSGI environ key of a request header (PEP 3333)."""
    name = header.upper().replace("-", "_")
    return name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"


def read_body(request: WsgiRequest) -> bytes:
    """Return the raw body. Raises PayloadTooLarge."""
    environ = request.environ
    length, source = environ.get("CONTENT_LENGTH") or "0", environ.get("wsgi.input")
    if length == "0" and "HTTP_TRANSFER_ENCODING" not in environ:
        return b""  # most requests have no body; reading an absent stream costs more than the rest of them
    if type(source) is BytesIO and 0 < len(whole := source.getvalue()) <= MAX_BODY and length == str(len(whole)):
        return whole  # the server has read it already
    try:
        return request.get_data(cache=True)
    except RequestEntityTooLarge:
        raise PayloadTooLarge(f"the body is larger than {request.max_content_length} bytes") from None
