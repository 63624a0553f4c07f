"""The table of routes of a SCIM service provider, and the app around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from flask import Flask

from provcheck.mock_targets.directory import DirectoryError
from provcheck.mock_targets.http.call import Call
from provcheck.mock_targets.http.errors import UnsupportedMediaType, WireError
from provcheck.mock_targets.http.pipeline import Route, build_app
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.scim.bulk import Bulk
from provcheck.mock_targets.scim.bulk_request import read_bulk
from provcheck.mock_targets.scim.catalog import CustomExtension
from provcheck.mock_targets.scim.dialect import Dialect
from provcheck.mock_targets.scim.discovery import Discovery
from provcheck.mock_targets.scim.discovery1 import Discovery1
from provcheck.mock_targets.scim.error_format import ScimErrorFormat
from provcheck.mock_targets.scim.errors import NotOffered
from provcheck.mock_targets.scim.listing import list_response
from provcheck.mock_targets.scim.render import ENDPOINTS
from provcheck.mock_targets.scim.resources import Resources
from provcheck.mock_targets.scim.search import from_body
from provcheck.mock_targets.scim.version import VERSION_1, VERSION_2
from provcheck.mock_targets.target.target import Target

JSON_TYPES = {"application/scim+json", "application/json"}


def scim_app(target: Target, *, extensions: Iterable[CustomExtension] = ()) -> Flask:
    """The Flask app of a service provider that speaks SCIM 2.0 below /v2 and SCIM 1.1 below /v1, over one state."""
    error_format, own = ScimErrorFormat(), tuple(extensions)
    routes = [
        *scim_routes(Dialect(target, version=VERSION_2, extensions=own), error_format),
        *scim_1_routes(Dialect(target, version=VERSION_1, extensions=own)),
    ]
    return build_app(target, error_format, routes)


def scim_routes(dialect: Dialect, error_format: ScimErrorFormat) -> list[Route]:
    """Every route of RFC 7644 section 3.2."""
    root, resources = f"/{dialect.version.segment}", Resources(dialect)
    routes = [
        *_discovery(Discovery(dialect), root),
        Route("POST", f"{root}/Bulk", "bulk", _checked(partial(_bulk, resources, error_format)), writes=True),
        Route("POST", f"{root}/.search", "search", _checked(partial(_search_all, dialect))),
        Route("GET", f"{root}/", "search", partial(_list_all, dialect)),
    ]
    for kind, endpoint in ENDPOINTS.items():
        routes += _resource_routes(resources, kind, f"{root}/{endpoint}")
        routes.append(_search_route(dialect, kind, f"{root}/{endpoint}/.search"))
    return [*routes, *_me_routes(resources, f"{root}/Me")]


def scim_1_routes(dialect: Dialect) -> list[Route]:
    """Every route of SCIM 1.1 section 3, but for bulk requests, which are optional there (section 3.5)."""
    root, resources, discovery = f"/{dialect.version.segment}", Resources(dialect), Discovery1(dialect)

    def no_bulk(_: Call) -> Answer:
        raise NotOffered("bulk requests are offered in SCIM 2.0 only")

    routes = [
        Route("GET", f"{root}/ServiceProviderConfigs", "discovery", discovery.config),
        Route("GET", f"{root}/Schemas", "discovery", discovery.schemas),
        Route("GET", f"{root}/Schemas/<name>", "discovery", lambda call: discovery.schema(call, call.params["name"])),
        Route("POST", f"{root}/Bulk", "bulk", no_bulk, writes=True),
    ]
    for kind, endpoint in ENDPOINTS.items():
        routes += _resource_routes(resources, kind, f"{root}/{endpoint}")
    return routes


def _discovery(discovery: Discovery, root: str) -> Iterable[Route]:
    def one(view: Callable[[Call, str], Answer]) -> Callable[[Call], Answer]:
        return lambda call: view(call, call.params["name"])

    yield Route("GET", f"{root}/ServiceProviderConfig", "discovery", discovery.config)
    yield Route("GET", f"{root}/ResourceTypes", "discovery", discovery.resource_types)
    yield Route("GET", f"{root}/ResourceTypes/<name>", "discovery", one(discovery.resource_type))
    yield Route("GET", f"{root}/Schemas", "discovery", discovery.schemas)
    yield Route("GET", f"{root}/Schemas/<name>", "discovery", one(discovery.schema))


def _resource_routes(resources: Resources, kind: str, at: str) -> Iterable[Route]:
    dialect, one, word = resources.dialect, f"{at}/<id>", kind.lower()

    def listed(call: Call) -> Answer:
        return call.answer(200, list_response(call, dialect, [kind], dialect.query(call)))

    def on_one(view: Callable[[Call, str, str], Answer]) -> Callable[[Call], Answer]:
        return lambda call: view(call, kind, call.params["id"])

    yield Route("GET", at, f"{word}.list", listed)
    yield Route("POST", at, f"{word}.create", _checked(lambda call: resources.create(call, kind)), writes=True)
    yield Route("GET", one, f"{word}.get", on_one(resources.read))
    yield Route("PUT", one, f"{word}.replace", _checked(on_one(resources.replace)), writes=True)
    yield Route("PATCH", one, f"{word}.update", _checked(on_one(resources.modify)), writes=True)
    yield Route("DELETE", one, f"{word}.delete", on_one(resources.delete), writes=True)


def _search_route(dialect: Dialect, kind: str, at: str) -> Route:
    def searched(call: Call) -> Answer:
        return call.answer(200, list_response(call, dialect, [kind], from_body(call)))

    return Route("POST", at, f"{kind.lower()}.list", _checked(searched))


def _me_routes(resources: Resources, at: str) -> Iterable[Route]:
    def as_subject(view: Callable[[Call, str, str], Answer]) -> Callable[[Call], Answer]:
        return lambda call: view(call, "User", resources.subject(call))

    def create(call: Call) -> Answer:
        resources.subject(call)
        return resources.create(call, "User")

    yield Route("GET", at, "me", as_subject(resources.read))
    yield Route("POST", at, "me", _checked(create), writes=True)
    yield Route("PUT", at, "me", _checked(as_subject(resources.replace)), writes=True)
    yield Route("PATCH", at, "me", _checked(as_subject(resources.modify)), writes=True)
    yield Route("DELETE", at, "me", as_subject(resources.delete), writes=True)


def _checked(view: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
    """The view, for bodies of a type that SCIM knows (RFC 7644 section 3.8)."""

    def check(call: Call) -> Answer:
        if call.request.environ.get("CONTENT_TYPE") not in JSON_TYPES:
            _check_type(call, call.request.mimetype)
        return view(call)

    return check


def _check_type(call: Call, given: str) -> None:
    if given and given not in JSON_TYPES and call.behaviour.checks_content_type:
        raise UnsupportedMediaType(f"the body is application/scim+json, not {given:.80}")


def _search_all(dialect: Dialect, call: Call) -> Answer:
    return call.answer(200, list_response(call, dialect, dialect.spoken(call.behaviour).kinds, from_body(call)))


def _list_all(dialect: Dialect, call: Call) -> Answer:
    return call.answer(200, list_response(call, dialect, dialect.spoken(call.behaviour).kinds, dialect.query(call)))


def _bulk(resources: Resources, error_format: ScimErrorFormat, call: Call) -> Answer:
    operations, fail_on_errors = read_bulk(call)

    def perform(part: Call, method: str, kind: str, id: str | None) -> Answer:
        if id is None:
            return resources.create(part, kind)
        views = {"PUT": resources.replace, "PATCH": resources.modify, "DELETE": resources.delete}
        return views[method](part, kind, id)

    bulk = Bulk(
        call,
        perform,
        refuse=lambda error: error_format.error(call, error),
        root=resources.dialect.root,
        refusals=(WireError, DirectoryError, *error_format.refusals),
    )
    return call.answer(200, bulk.run(operations, fail_on_errors))
