"""Generates the OpenAPI 3.1 document of the control API from its table of routes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from provcheck.mock_targets.control_api.problem import CONTENT_TYPE
from provcheck.mock_targets.control_api.routes import ROUTES, Route
from provcheck.mock_targets.control_api.schemas import NAMED, shapes_read
from provcheck.mock_targets.control_api.seed_schemas import seed_shapes
from provcheck.mock_targets.control_api.shapes import Schema, ref
from provcheck.mock_targets.control_api.views import Ask, Reply
from provcheck.mock_targets.target.target import TargetSpec

_PARAMETER = re.compile(r"<(\w+)>")
_REFUSALS = {
    400: "The body is not JSON",
    401: "The bearer token is missing or wrong",
    403: "The request comes from another site",
    404: "Unknown target or fault",
    405: "The method is not allowed here",
    413: "The body is too large",
    415: "The body is not declared as JSON",
    421: "The Host header does not name this server",
    422: "The body or a parameter is invalid",
}


def document(url: str, targets: Mapping[str, TargetSpec]) -> dict[str, Any]:
    """The document of the API at `url`, over these targets."""
    lists = dict.fromkeys(name for spec in targets.values() for name in spec.core_mapping.lists)
    paths: dict[str, dict[str, Any]] = {}
    for route in TABLE:
        paths.setdefault(_PARAMETER.sub(r"{\1}", route.rule), {})[route.method.lower()] = _operation(route, targets)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "provcheck control API",
            "version": "1",
            "description": "Controls mock provisioning targets: flags, faults, seeds, snapshots and journals.",
        },
        "servers": [{"url": url}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": _shapes(tuple(lists)),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


@cache  # to draw them takes a quarter of a second
def _shapes(lists: tuple[str, ...]) -> Mapping[str, Any]:
    return NAMED | shapes_read() | seed_shapes(lists)


def _operation(route: Route, targets: Collection[str]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.doc,
        "parameters": [_in_path(name, targets) for name in _PARAMETER.findall(route.rule)]
        + [{"name": name, "in": "query", "schema": schema} for name, schema in route.query.items()],
        "responses": {str(route.status): _answer(route.doc, route.gives, "application/json")}
        | {str(status): _answer(doc, ref("Problem"), CONTENT_TYPE) for status, doc in _REFUSALS.items()},
    }
    if route.body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": route.body}}}
    if route.open:
        operation["security"] = []
    return operation


def _in_path(name: str, targets: Collection[str]) -> dict[str, Any]:
    schema: Schema = {"type": "string", "enum": list(targets)} if name == "target" else {"type": "string"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _answer(doc: str, schema: Schema | None, content_type: str) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": doc}
    if schema is not None:
        answer["content"] = {content_type: {"schema": schema}}
    return answer


def _draw(ask: Ask) -> Reply:
    return 200, document(ask.url, {name: target.spec for name, target in ask.targets.items()})


TABLE = (
    *ROUTES,
    Route(
        method="GET",
        rule="/openapi.json",
        name="describeApi",
        doc="This document",
        view=_draw,
        gives={"type": "object"},
    ),
)
"""Every route, this document's own included."""
