"""The reference of the control API, drawn from its OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provcheck.harness.reference import markdown
from provcheck.harness.reference.markdown import cell, table

INTRODUCTION = """\
The API that `provcheck serve` puts beside the targets, at `/_control`; it takes and answers JSON. All requests but
`/health` carry the control token as a bearer token. Refusals are problem details (RFC 9457). A tenant made by
`--spaces` has its own control API below `/~NAME/_control`. The document behind this page is served at
`/_control/openapi.json`."""


def page() -> str:
    """The page of the control API."""
    from provcheck.harness.testbed.catalog import control_api

    return markdown.page("Control API", INTRODUCTION, _sections(control_api()))


def _sections(document: Mapping[str, Any]) -> Iterator[str]:
    yield from ("## Routes", "")
    yield from table(("method", "path", "does", "query parameters", "takes", "answers"), _routes(document["paths"]))
    for name, schema in document["components"]["schemas"].items():
        yield from (f"## {name}", "")
        if "description" in schema:
            yield from (f"{cell(schema['description']).rstrip('.')}.", "")
        yield from _fields(schema)


def _routes(paths: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    for path, methods in paths.items():
        for method, operation in methods.items():
            query = (each["name"] for each in operation["parameters"] if each["in"] == "query")
            status, answer = next(iter(operation["responses"].items()))
            yield (
                method.upper(),
                f"`{path}`",
                cell(operation["summary"]),
                ", ".join(f"`{name}`" for name in query) or "-",
                _content(operation.get("requestBody", {})) or "-",
                " ".join((status, _content(answer))).strip(),
            )


def _content(message: Mapping[str, Any]) -> str:
    """The type of a request body or an answer; empty when it has none."""
    return ", ".join(map(_outlined, (each["schema"] for each in message.get("content", {}).values())))


def _outlined(schema: Mapping[str, Any]) -> str:
    """The type of a value; of an object without a name, also its fields."""
    fields = ", ".join(f"`{name}`: {_type(each)}" for name, each in schema.get("properties", {}).items())
    return f"{_type(schema)} with {fields}" if fields else _type(schema)


def _fields(schema: Mapping[str, Any]) -> Iterator[str]:
    if properties := schema.get("properties"):
        needed = set(schema.get("required", ()))
        rows = (
            (f"`{name}`", _type(each), "yes" if name in needed else "no", cell(each.get("description", "")))
            for name, each in properties.items()
        )
        yield from table(("field", "type", "required", "meaning"), rows)
    if isinstance(other := schema.get("additionalProperties"), dict):
        yield from (f"Any other name: {_type(other)}.", "")
    for name, each in schema.get("properties", {}).items():
        inner = each.get("items", each)
        if "properties" in inner:
            yield from (f"Each of `{name}`:" if inner is not each else f"In `{name}`:", "")
            yield from _fields(inner)


def _type(schema: Mapping[str, Any]) -> str:
    """The type of a value in words, with a link where a schema has a name."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "enum" in schema:
        return " or ".join("null" if value is None else f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return " or ".join(_type(each) for each in schema[choice])
    kinds = schema.get("type", "any value")
    return " or ".join(_kind(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds))


def _kind(kind: str, schema: Mapping[str, Any]) -> str:
    return f"list of {_type(schema['items'])}" if kind == "array" and "items" in schema else kind
