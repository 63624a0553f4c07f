"""Batches: several requests in one, each an exchange of its own in the journal, with an outcome of its own.

`run_part` carries out one request of a batch whatever its envelope is; `multipart_mixed` reads and writes the envelope
of RFC 2046 with parts of the type application/http (RFC 9112 section 10.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as NoSuchMethod
from werkzeug.http import parse_options_header
from werkzeug.routing import MapAdapter

from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.answer_faults import AnswerFaults
from provcheck.mock_targets.http.dialect import Route
from provcheck.mock_targets.http.request import Request, read_body
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.http.router import BoundedRequest
from provcheck.mock_targets.journal.journal import Exchange
from provcheck.mock_targets.operations.context import FaultStrikes
from provcheck.mock_targets.rest.errors import Invalid

if TYPE_CHECKING:
    from provcheck.mock_targets.rest.dialect import RestDialect

_BLANK = re.compile(rb"\r?\n\r?\n")
_REQUEST_LINE = re.compile(r"([A-Z]{1,10}) +(\S{1,8000})(?: +HTTP/[\d.]+)? *", re.ASCII)


@dataclass(frozen=True, slots=True)
class Part:
    """One request of a batch. `url` may be absolute, or a path with a query."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    id: str = ""


def run_part(request: Request, dialect: RestDialect, part: Part) -> Answer:
    """Carry out one request of a batch at the APIs of a dialect, and return its answer, a refusal included.

    Credentials that the part does not bring are those of the batch. The parts of a batch are no batches.
    """
    split = urlsplit(part.url)
    path = unquote(split.path.removeprefix(urlsplit(request.target.base_url).path))
    wsgi = BoundedRequest(_environ(request, part, path, split.query))
    route, params, stray = _route(dialect, path, part.method)
    operation = route.operation if route else "unknown"
    journal, whole = request.target.journal, request.operations.exchange
    with journal.part(whole, part.method, path, operation, part.body) as exchange:
        exchange.query, exchange.writes = split.query, bool(route and route.writes)
        inner = Request(dialect, wsgi, exchange, params)
        inner.operations = request.operations.part(inner, exchange)
        try:
            answer = _attempt(inner, route, stray, whole)
        finally:
            inner.operations.release()
        exchange.status = answer.status
        exchange.response_body = _encoded(dialect, answer)
    return answer


def _attempt(inner: Request, route: Route | None, stray: errors.WireError | None, whole: Exchange) -> Answer:
    dialect, exchange = inner.dialect, inner.operations.exchange
    try:
        if stray is not None or route is None:
            raise stray or errors.UnknownPath("there is nothing here")
        if route.operation == whole.operation:
            raise Invalid("", "choice")
        if inner.behaviour.enforces_rate_limits:
            wait = inner.target.rate_limiter.admit(route.operation)
            if wait is not None:
                exchange.refused_by = "enforces_rate_limits"
                raise errors.TooManyRequests("too many requests", retry_after=wait)
        if not route.open:
            dialect.authenticate(inner)
        return route.view(inner)
    except FaultStrikes as strike:
        if strike.firing.fault.ends_connection:
            raise
        return AnswerFaults(None, inner).in_place(strike.firing)
    except dialect.every_refusal() as refusal:
        exchange.refused_by = dialect.public_flag(getattr(refusal, "flag", None) or exchange.refused_by)
        return dialect.error(inner, refusal)


def _environ(request: Request, part: Part, path: str, query: str) -> dict[str, Any]:
    environ = {
        name: value for name, value in request.wsgi.environ.items() if not name.startswith(("HTTP_", "CONTENT_"))
    }
    if "HTTP_AUTHORIZATION" in request.wsgi.environ:
        environ["HTTP_AUTHORIZATION"] = request.wsgi.environ["HTTP_AUTHORIZATION"]
    for name, value in part.headers.items():
        environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
    environ |= {
        "REQUEST_METHOD": part.method,
        "PATH_INFO": path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": query,
        "CONTENT_TYPE": environ.pop("HTTP_CONTENT_TYPE", "application/json"),
        "CONTENT_LENGTH": str(len(part.body)),
        "wsgi.input": BytesIO(part.body),
    }
    environ.pop("HTTP_CONTENT_LENGTH", None)
    environ.pop("werkzeug.request", None)
    return environ


def _route(
    dialect: RestDialect, path: str, method: str
) -> tuple[Route | None, Mapping[str, Any], errors.WireError | None]:
    rules, routes = dialect.route_table
    try:
        endpoint, params = MapAdapter(rules, "localhost", "/", "", "http", path, method).match()
    except NoSuchMethod as stray:
        allowed = stray.valid_methods or ()
        return None, {}, errors.MethodNotAllowed(f"{method} is not allowed here", allowed=allowed)
    except HTTPException:
        return None, {}, errors.UnknownPath(f"{path} does not exist")
    return routes[endpoint], params, None


def multipart_mixed(request: Request, dialect: RestDialect, *, most: int) -> Answer:
    """Carry out a batch of at most so many requests in the order in which they stand. Raises Invalid."""
    kind, options = parse_options_header(request.header("Content-Type"))
    boundary = options.get("boundary", "")
    if kind != "multipart/mixed" or not boundary or len(boundary) > 200:
        raise Invalid("Content-Type", "format", kind)
    parts = list(_parts(read_body(request.wsgi), boundary.encode("latin-1", "replace"), most))
    if not parts:
        raise Invalid("", "required")
    answers = [(part, run_part(request, dialect, part)) for part in parts]
    mark = f"batch_{request.operations.exchange.seq}_{len(parts)}"
    body = b"".join(_shown(dialect, part, answer, mark) for part, answer in answers)
    kind = f"multipart/mixed; boundary={mark}"
    return Answer(200, body + f"--{mark}--\r\n".encode(), {"Content-Type": kind})


def _parts(body: bytes, boundary: bytes, most: int) -> Iterator[Part]:
    pieces = (b"\n" + body.lstrip(b"\r\n")).split(b"\n--" + boundary)
    if len(pieces) - 2 > most:
        raise Invalid("", "range", len(pieces) - 2)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise Invalid("", "format")
    for piece in pieces[1:-1]:
        head, content = _cut(piece.lstrip(b"\r\n") if piece[:1] in b"\r\n" else piece)
        outer = _headers(head.splitlines())
        lines, inner_body = _cut(content)
        first, _, rest = lines.lstrip(b"\r\n").partition(b"\n")
        asked = _REQUEST_LINE.fullmatch(first.decode("latin-1").strip("\r"))
        if asked is None:
            raise Invalid("", "format", first[:100])
        headers = _headers(rest.splitlines())
        length = headers.get("content-length", "")
        whole = inner_body[: int(length)] if length.isdigit() and len(length) < 9 else inner_body.rstrip(b"\r\n")
        yield Part(asked[1], asked[2], headers, whole, outer.get("content-id", ""))


def _cut(piece: bytes) -> tuple[bytes, bytes]:
    """The head and the body of a part; the blank line between them may be missing where there is no body."""
    blank = _BLANK.search(piece)
    return (piece, b"") if blank is None else (piece[: blank.start()], piece[blank.end() :])


def _headers(lines: list[bytes]) -> dict[str, str]:
    named = (line.decode("latin-1").partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, colon, value in named if colon}


def _encoded(dialect: RestDialect, answer: Answer) -> bytes:
    body = answer.body
    return (body or b"") if body is None or isinstance(body, bytes) else dialect.encode(body)


def _shown(dialect: RestDialect, part: Part, answer: Answer, mark: str) -> bytes:
    """One answer as a part of the batch's; its id is that of the request, marked as a response."""
    body = _encoded(dialect, answer)
    phrase = HTTPStatus(answer.status).phrase if answer.status in set(HTTPStatus) else "Unknown"
    headers = {"Content-Type": dialect.media_type, **answer.headers, "Content-Length": str(len(body))}
    if not body:
        headers.pop("Content-Type")
    lines = [f"--{mark}", "Content-Type: application/http"]
    if part.id:
        lines.append(f"Content-ID: <response-{part.id.strip('<>')}>")
    lines += ["", f"HTTP/1.1 {answer.status} {phrase}", *(f"{name}: {value}" for name, value in headers.items()), ""]
    return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n" + body + b"\r\n"
