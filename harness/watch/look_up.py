"""What a list asks for: the names that its filter compares for equality with an attribute that identifies somebody."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs

IDENTIFYING: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "user": frozenset({"id", "username", "externalid", "email", "emails", "emails.value"}),
        "group": frozenset({"id", "displayname", "externalid"}),
    }
)
"""Kind -> the attributes, folded, by which one of it is asked for."""
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]()]|[^\s"\[\]()]+', re.DOTALL)


def filter_of(entry: Mapping[str, Any]) -> str:
    """The filter of a list or search; empty if it has none."""
    asked = parse_qs(str(entry.get("query") or "")).get("filter", [])
    body = read_json((entry.get("request") or {}).get("body"))
    asked += [body["filter"]] if isinstance(body, dict) and isinstance(body.get("filter"), str) else []
    return " ".join(asked)


def names_asked_for(text: str, kind: str) -> list[str]:
    """The values that a filter compares with an attribute that identifies a user or group."""
    found, within, tokens = [], "", _TOKEN.findall(text)
    for place, token in enumerate(tokens):
        if token == "[":
            within = f"{_attribute(tokens[place - 1])}." if place else ""
        elif token == "]":
            within = ""
        elif token.casefold() == "eq" and 0 < place < len(tokens) - 1:
            identifies = within + _attribute(tokens[place - 1]) in IDENTIFYING.get(kind, ())
            found += [_value(tokens[place + 1])] if identifies else []
    return found


def _attribute(path: str) -> str:
    """An attribute as it is compared: folded, without the URN of its schema."""
    return path.casefold().rpartition(":")[2]


def _value(token: str) -> str:
    text = read_json(token) if token.startswith('"') else token
    return text if isinstance(text, str) else token.strip('"')


def read_json(text: Any) -> Any:
    """A text as JSON; None if it is none."""
    try:
        return json.loads(text or "null")
    except (ValueError, RecursionError):
        return None
