"""What all requests have in common: where users and groups are, masks of fields, lists, and a method in a header."""

from __future__ import annotations

from functools import partial
from typing import Any

from provcheck.mock_targets.http.dialect import Route
from provcheck.mock_targets.http.request import Request, read_body
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.rest.dialect import Resource
from provcheck.mock_targets.rest.errors import Invalid
from provcheck.mock_targets.rest.fields import masked, parse_mask
from provcheck.mock_targets.rest.paging import Following, PageTokens
from provcheck.mock_targets.vendors.google_workspace import render
from provcheck.mock_targets.vendors.google_workspace.schemas import GROUP, USER

ROOT = "/admin/directory/v1"
PAGES = partial(PageTokens, size="maxResults", token="pageToken", next="nextPageToken")
USERS = Resource(
    kind="User", path=f"{ROOT}/users", table=USER, rows="users", indexes={"email": "address"},
    paging=PAGES(default=100, most=500),
)  # fmt: skip
GROUPS = Resource(
    kind="Group", path=f"{ROOT}/groups", table=GROUP, rows="groups", indexes={"email": "address"},
    paging=PAGES(default=200, most=200),
)  # fmt: skip
_CHOICES = {
    "projection": ("basic", "custom", "full"),
    "viewType": ("admin_view", "domain_public"),
    "sortOrder": ("ASCENDING", "DESCENDING"),
}


def overridden(listed: Route, own: Route, request: Request) -> Answer:
    """Answer a POST that says it is a GET: its body is the query. Source: googleapiclient/http.py, HttpRequest."""
    if (request.header("X-HTTP-Method-Override") or "").upper() != "GET":
        return own.view(request)
    exchange = request.operations.exchange
    exchange.operation, exchange.writes = listed.operation, False
    query = read_body(request.wsgi).decode("latin-1")
    environ = {**request.wsgi.environ, "QUERY_STRING": query, "REQUEST_METHOD": "GET"}
    environ.pop("werkzeug.request", None)
    request.wsgi, request.method = type(request.wsgi)(environ), "GET"
    return listed.view(request)


def partial_of(request: Request, body: Any) -> Any:
    """The fields of a body that the parameter `fields` asks for. Raises Invalid."""
    mask = request.argument("fields")
    return body if mask is None else masked(body, parse_mask("fields", mask))


def list_of(request: Request, rows_name: str, rows: list[Any], following: Following) -> Any:
    """The body of a list of anything."""
    tags = "".join(str(each.get("etag")) for each in rows)
    body = {"kind": f"admin#directory#{rows_name}", "etag": render.etag(request, f"{rows_name}{tags}")}
    return partial_of(request, {**body, **({rows_name: rows} if rows else {}), **following.body})


def check_choices(request: Request) -> None:
    """Check the parameters that have a few values. Raises Invalid."""
    for name, values in _CHOICES.items():
        given = request.argument(name)
        if given is not None and given not in values:
            raise Invalid(name, "choice", given)
