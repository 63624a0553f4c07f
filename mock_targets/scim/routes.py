"""The routes of a SCIM service provider, relative to the root of its API."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from provcheck.mock_targets.http.dialect import Route
from provcheck.mock_targets.http.errors import UnsupportedMediaType
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.scim.bulk import bulk
from provcheck.mock_targets.scim.dialect import ScimDialect
from provcheck.mock_targets.scim.discovery import Discovery
from provcheck.mock_targets.scim.discovery1 import Discovery1
from provcheck.mock_targets.scim.errors import NotFound, NotOffered
from provcheck.mock_targets.scim.listing import list_response
from provcheck.mock_targets.scim.resources import Resources
from provcheck.mock_targets.scim.search import from_body

SUFFIX = ".scim"
"""Behind a path: asks for JSON (RFC 7644 section 3.8)."""
JSON_TYPES = {"application/scim+json", "application/json"}


def routes(dialect: ScimDialect) -> Iterable[Route]:
    """Every route of RFC 7644 section 3.2 that a dialect offers, with and without the suffix of section 3.8."""
    has_suffix = bool(dialect.fixed.get("accepts_scim_suffix", True))
    for route in _plain_routes(dialect):
        yield route
        if has_suffix and not route.rule.endswith(("/", "/.search")):
            yield replace(route, rule=f"{route.rule}{SUFFIX}", view=_suffixed(route.view))


def _suffixed(view: Callable[[Request], Answer]) -> Callable[[Request], Answer]:
    def view_if_read(request: Request) -> Answer:
        if not request.behaviour.accepts_scim_suffix:
            raise NotFound(f"{request.path:.200} does not exist", flag="accepts_scim_suffix")
        return view(request)

    return view_if_read


def _plain_routes(dialect: ScimDialect) -> Iterable[Route]:
    resources, offers = Resources(dialect), dialect.offers
    if "discovery" in offers:
        yield from (dialect.discovery or Discovery)(dialect).routes()
    if "bulk" in offers:
        yield Route("POST", "/Bulk", "bulk", checked(lambda request: bulk(request, resources)), writes=True)
    if "search" in offers:
        yield Route("POST", "/.search", "search", checked(_searched(dialect)))
        yield Route("GET", "/", "search", lambda request: _list_all(dialect, request))
    for kind in dialect.endpoints:
        yield from resource_routes(resources, kind)
        if "search" in offers:
            at, word = f"/{dialect.endpoints[kind]}/.search", f"{dialect.prefix(kind)}.list"
            yield Route("POST", at, word, checked(_searched(dialect, kind)))
    if "me" in offers:
        yield from _me_routes(resources)


def routes_1(dialect: ScimDialect) -> Iterable[Route]:
    """Every route of SCIM 1.1 section 3."""
    resources = Resources(dialect)

    def no_bulk(_: Request) -> Answer:
        raise NotOffered("bulk requests are offered in SCIM 2.0 only")

    yield from (dialect.discovery or Discovery1)(dialect).routes()
    yield Route("POST", "/Bulk", "bulk", no_bulk, writes=True)
    for kind in dialect.endpoints:
        yield from resource_routes(resources, kind)


def resource_routes(resources: Resources, kind: str) -> Iterable[Route]:
    """List, create, read, replace, change and delete resources of a kind."""
    at, word = f"/{resources.dialect.endpoints[kind]}", resources.dialect.prefix(kind)
    one = f"{at}/<id>"

    def on_one(view: Callable[[Request, str, str], Answer]) -> Callable[[Request], Answer]:
        return lambda request: view(request, kind, request.params["id"])

    yield Route("GET", at, f"{word}.list", lambda request: resources.list(request, kind))
    yield Route("POST", at, f"{word}.create", checked(lambda request: resources.create(request, kind)), writes=True)
    yield Route("GET", one, f"{word}.get", on_one(resources.read))
    yield Route("PUT", one, f"{word}.replace", checked(on_one(resources.replace)), writes=True)
    yield Route("PATCH", one, f"{word}.update", checked(on_one(resources.modify)), writes=True)
    yield Route("DELETE", one, f"{word}.delete", on_one(resources.delete), writes=True)


def checked(view: Callable[[Request], Answer]) -> Callable[[Request], Answer]:
    """The view, for bodies of a type that SCIM knows (RFC 7644 section 3.8)."""

    def check(request: Request) -> Answer:
        if request.wsgi.environ.get("CONTENT_TYPE") not in JSON_TYPES:
            _check_type(request, request.wsgi.mimetype)
        return view(request)

    return check


def _check_type(request: Request, given: str) -> None:
    if given and given not in JSON_TYPES and request.behaviour.checks_content_type:
        raise UnsupportedMediaType(f"the body is application/scim+json, not {given:.80}")


def _searched(dialect: ScimDialect, kind: str | None = None) -> Callable[[Request], Answer]:
    """A search by POST over one kind, or over all of them (RFC 7644 section 3.4.3)."""

    def searched(request: Request) -> Answer:
        if not request.behaviour.supports_search:
            raise NotOffered("a search by POST is not supported", flag="supports_search")
        kinds = [kind] if kind else dialect.rules(request).kinds
        return request.answer(200, list_response(request, dialect, kinds, from_body(request)))

    return searched


def _me_routes(resources: Resources) -> Iterable[Route]:
    def as_subject(view: Callable[[Request, str, str], Answer]) -> Callable[[Request], Answer]:
        return lambda request: view(request, "User", resources.subject(request))

    def create(request: Request) -> Answer:
        resources.subject(request)
        return resources.create(request, "User")

    yield Route("GET", "/Me", "me", as_subject(resources.read))
    yield Route("POST", "/Me", "me", checked(create), writes=True)
    yield Route("PUT", "/Me", "me", checked(as_subject(resources.replace)), writes=True)
    yield Route("PATCH", "/Me", "me", checked(as_subject(resources.modify)), writes=True)
    yield Route("DELETE", "/Me", "me", as_subject(resources.delete), writes=True)


def _list_all(dialect: ScimDialect, request: Request) -> Answer:
    return request.answer(200, list_response(request, dialect, dialect.rules(request).kinds, dialect.query(request)))
