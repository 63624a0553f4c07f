"""The paths of a PATCH as clients of GitHub write them, brought into the grammar of RFC 7644.

The page itself quotes with apostrophes (`emails[type eq 'work'].value`), and Entra ID writes booleans as strings.
A body of any other shape passes through unchanged, for the PATCH to refuse.
"""

from __future__ import annotations

import re
from typing import Any

_APOSTROPHES = re.compile(r"'([^'\"\\]*)'")
_STRING_BOOLEAN = re.compile(r'(primary\s+eq\s+)"(true|false)"', re.IGNORECASE)


def readable(body: Any) -> Any:
    """The message with readable paths; the given one is not changed."""
    return _mapped(body, lambda operation: [_with_path(operation)])


def without_filtered_paths(body: Any) -> tuple[Any, bool]:
    """The message without the operations whose path has a filter, and whether that leaves none of those it had."""
    left = _mapped(body, lambda operation: [] if _has_filter(operation) else [operation])
    return left, left is not body and not left["Operations"] and bool(body["Operations"])


def has_filtered_path(body: Any) -> bool:
    """Whether an operation's path has a filter."""
    return any(_has_filter(operation) for operation in _operations(body))


def touches(body: Any, name: str) -> bool:
    """Whether an operation is about an attribute, by its path or as a key of its value."""
    return any(
        _names(operation.get("path"), name)
        or (operation.get("path") is None and any(_names(key, name) for key in _keys(operation.get("value"))))
        for operation in _operations(body)
    )


def _mapped(body: Any, change: Any) -> Any:
    operations = _operations(body)
    if not operations or len(operations) != len(body["Operations"]):
        return body
    return {**body, "Operations": [new for operation in operations for new in change(operation)]}


def _operations(body: Any) -> list[dict[str, Any]]:
    items = body.get("Operations") if isinstance(body, dict) else None
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _with_path(operation: dict[str, Any]) -> dict[str, Any]:
    if not _has_filter(operation):
        return operation
    path = _APOSTROPHES.sub(r'"\1"', operation["path"])
    return {**operation, "path": _STRING_BOOLEAN.sub(lambda found: found[1] + found[2].lower(), path)}


def _has_filter(operation: dict[str, Any]) -> bool:
    path = operation.get("path")
    return isinstance(path, str) and "[" in path


def _names(text: Any, name: str) -> bool:
    found = re.match(r"\s*/?(?:urn:[\w.:-]+:)?([A-Za-z$]+)", text) if isinstance(text, str) else None
    return found is not None and found[1].lower() == name.lower()


def _keys(value: Any) -> list[str]:
    return list(value) if isinstance(value, dict) else []
