"""Whom a request asks for, where the target does not say: by its filter, its body and its path."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, unquote

IDENTIFYING: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "user": frozenset({"id", "username", "externalid", "email", "emails", "emails.value"}),
        "group": frozenset({"id", "displayname", "externalid"}),
    }
)
"""Kind -> the attributes, folded, by which one of it is asked for."""
_MEMBERSHIPS = {
    "group.update": re.compile(r"members\b", re.IGNORECASE),
    "user.update": re.compile(r"groups\b", re.IGNORECASE),
}
_ONE_VALUE = re.compile(r'value eq "([^"\\]*)"', re.IGNORECASE)
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


def named_in_request(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a request that the target refused before reading it was about; `asked`: the names are the client's wish."""
    body, names = read_json((entry.get("request") or {}).get("body")), []
    if isinstance(body, dict):
        names = [body[word] for word in ("userName", "displayName", "externalId") if isinstance(body.get(word), str)]
    last = unquote(str(entry.get("path", "")).rpartition("/")[2])
    about_one = str(entry.get("operation")).rpartition(".")[2] not in ("create", "list")
    if about_one and last.startswith("bulkId:"):
        return {}  # its batch request was to create it, and says itself what became of that
    return {"operation": entry.get("operation"), "names": names, "id": last if about_one else None, "asked": True}


def removals(entry: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The memberships that a PATCH of a group or user was to remove, if that was all (RFC 7644, 3.5.2.2)."""
    body, kind = read_json((entry.get("request") or {}).get("body")), str(entry.get("operation"))
    operations = body.get("Operations") if isinstance(body, dict) else None
    if kind not in _MEMBERSHIPS or not isinstance(operations, list):
        return ()
    one, others = unquote(str(entry.get("path", "")).rpartition("/")[2]), list[str]()
    for each in operations:
        path = str(each.get("path")) if isinstance(each, dict) else ""
        if str(each.get("op") if path else "").casefold() != "remove" or not _MEMBERSHIPS[kind].match(path):
            return ()
        value = each.get("value")
        others += [str(row.get("value")) for row in (value if isinstance(value, list) else []) if isinstance(row, dict)]
        others += _ONE_VALUE.findall(path)
    pairs = [f"{one}/{other}" if kind == "group.update" else f"{other}/{one}" for other in others]
    return [{"operation": "member.remove", "id": pair, "applied": False} for pair in pairs]


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


def texts(document: Any) -> Iterator[str]:
    """Every text within a JSON document, but for the names of members."""
    pending = [document]
    while pending:
        match pending.pop():
            case str(text):
                yield text
            case dict(members):
                pending += members.values()
            case list(items):
                pending += items
