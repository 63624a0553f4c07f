"""Skeletons of recorded exchanges: a request is made from its types, and an answer is compared with them.

A line of `recorded/*.jsonl` has the request as types ("email", "bool false"), constants ("const work"), the status, and
the answer in the same words. Each names its source and how real it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

HERE = Path(__file__).parent / "recorded"
PATCH_2 = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@dataclass(frozen=True, slots=True)
class Recorded:
    """One exchange."""

    id: str
    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    status: int
    shape: Any
    error: Mapping[str, Any] | None

    @property
    def kind(self) -> str:
        """The kind of resource that it is about."""
        return "Group" if "/Groups" in self.path else "User"

    @property
    def endpoint(self) -> str:
        """The path below the base URL of the API, `{id}` where the id of a resource stands."""
        return self.path[self.path.index(f"/{self.kind}s") :]


def recorded(vendor: str) -> list[Recorded]:
    """The exchanges of a vendor."""
    lines = map(json.loads, (HERE / f"{vendor}.jsonl").read_text(encoding="utf-8").splitlines())
    return [
        Recorded(
            each["id"],
            each["method"],
            each["path"],
            each["query"],
            each["request_keys"],
            each["status"],
            each["response_shape"],
            each.get("error"),
        )
        for each in lines
    ]


def query_string(exchange: Recorded, values: Mapping[str, str]) -> str:
    """The query of an exchange, with `{value}` and such filled in."""
    filled = {name: text.removesuffix(" (unquoted)") for name, text in exchange.query.items()}
    return "&".join(f"{name}={quote(_filled(text, values))}" for name, text in filled.items())


def request_body(exchange: Recorded, values: Mapping[str, str], schemas: list[str]) -> Any:
    """A body that fits the skeleton; `values` are ids and names by the word that stands for them."""
    shape = exchange.body
    if shape is None and exchange.method == "PUT":
        shape = {"schemas": [], "displayName": "string", "members": []}  # nothing is known of what was sent
    if shape is None:
        return None
    body = _made(shape, values)
    body |= {"members": [{**each, "value": values["member"]} for each in body["members"]]} if "members" in body else {}
    if "Operations" in body:
        body["schemas"] = [PATCH_2]  # skeletons of PATCH messages leave it out where their sources have it
    elif body.get("schemas") == []:
        body["schemas"] = schemas
    email = {"value": values["email"], "type": "work", "primary": True}
    whole = {"name": {"givenName": "Zoe", "familyName": "Berg"}, "emails": [email]}
    return {name: whole[name] if value in ({}, [{}], ["…"]) else value for name, value in body.items()}


def _made(shape: Any, values: Mapping[str, str]) -> Any:
    if isinstance(shape, dict):
        return {name: _made(value, values) for name, value in shape.items()}
    if isinstance(shape, list):
        return [_made(each, values) for each in shape]
    if str(shape).startswith("datetime"):
        return "2026-01-01T00:00:00Z"
    word, _, rest = str(shape).partition(" ")
    if word == "const":
        return _filled(rest, values)
    if word == "bool":
        return rest != "false"
    return values.get(word.partition("(")[0]) or _filled(str(shape), values)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), text)


def differences(shape: Any, answer: Any, where: str = "") -> Iterator[str]:
    """In what an answer does not fit a skeleton. It may hold more."""
    if isinstance(shape, dict):
        if not isinstance(answer, dict):
            yield f"{where or 'the answer'} is {answer!r:.60}"
            return
        for name, value in shape.items():
            if name not in answer:
                yield f"{where}.{name} is missing"
            else:
                yield from differences(value, answer[name], f"{where}.{name}")
    elif isinstance(shape, list):
        if not isinstance(answer, list) or (shape and len(answer) < len(shape)):
            yield f"{where} is {answer!r:.60}"
        else:
            for number, each in enumerate(answer if shape else ()):
                yield from differences(shape[min(number, len(shape) - 1)], each, f"{where}[{number}]")
    elif not _fits(shape, answer):
        yield f"{where} is {answer!r:.60}, not {shape}"


def _fits(shape: str | None, value: Any) -> bool:
    if shape is None:
        return value is None
    word, _, rest = shape.partition(" ")
    if shape == "empty string":
        return bool(value == "")
    match word:
        case "const":
            return str(value) == rest
        case "int":
            return isinstance(value, int) and (not rest.isdecimal() or value == int(rest) or int(rest) > 1)
        case "bool":
            return isinstance(value, bool) and (not rest or value is (rest == "true"))
        case "datetime":
            return bool(datetime.fromisoformat(value))
        case "url":
            return isinstance(value, str) and value.startswith("http")
        case "email":
            return isinstance(value, str) and "@" in value
        case _:
            return isinstance(value, str) and (word == "string" or bool(value))
