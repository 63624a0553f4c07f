"""The building blocks of the shapes that the control API takes and gives, as JSON Schema (2020-12)."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
MAYBE_NUMBER: Schema = {"type": ["integer", "null"], "minimum": 0}
TEXTS: Schema = {"type": "array", "items": TEXT}
FLAG_VALUE: Schema = {"type": ["boolean", "integer", "string", "null"]}


def object_of(required: dict[str, Schema], optional: dict[str, Schema] | None = None, **more: Any) -> Schema:
    """An object with these members and no others, unless `more` says so."""
    properties = {**required, **(optional or {})}
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
        **more,
    }


def list_of(items: Schema) -> Schema:
    """An array of one shape."""
    return {"type": "array", "items": items}


def ref(name: str) -> Schema:
    """One of the named shapes below."""
    return {"$ref": f"#/components/schemas/{name}"}
