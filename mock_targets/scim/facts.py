"""What a SCIM request says: its filter, the operations of a PATCH, the attributes that it names.

A request is read here as it stands, without a schema; one that breaks the rules says as much as can be made out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Any

from provcheck.mock_targets.faults.facts import Filtering, PatchOperation
from provcheck.mock_targets.http.facts import EMPTY, JsonFacts, paths
from provcheck.mock_targets.scim.grammar import OPERATORS
from provcheck.mock_targets.scim.search import SEARCH_URN

_OPERATORS = OPERATORS | {"pr"}
_LOGICAL = frozenset(("and", "or", "not"))


class ScimFacts(JsonFacts):
    """The facts of a SCIM request, of version 2.0 or 1.1."""

    @cached_property
    def query(self) -> Mapping[str, str]:
        """The query, in the URL or in a body of POST .search (RFC 7644 section 3.4.3)."""
        schemas = self.body.get("schemas") if self.method == "POST" else None
        if isinstance(schemas, list) and SEARCH_URN in schemas:
            return {name: str(value) for name, value in self.body.items() if name != "schemas"}
        return self.request.wsgi.args.to_dict()

    @cached_property
    def filtering(self) -> Filtering | None:
        """The filter of a query."""
        text = self.query.get("filter")
        return read_filtering(text) if text else None

    @cached_property
    def patch_operations(self) -> tuple[PatchOperation, ...]:
        """The operations of a PATCH (RFC 7644 section 3.5.2), whatever case their words are in."""
        return tuple(PatchOperation(str(each.get("op", "")), _text(each.get("path"))) for each in self._operations)

    @cached_property
    def attributes(self) -> Collection[str]:
        """The attributes that a resource, or the paths and values of a PATCH, name."""
        if not self._operations:
            return {plain_path(path) for path, _ in paths(self.body)}
        named: set[str] = set()
        for each in self._operations:
            at = plain_path(_text(each.get("path")))
            named |= {at} if at else set()
            named |= {plain_path(path) for path, _ in paths(each.get("value"), at)}
        return named

    @property
    def clears(self) -> bool:
        """Whether a PATCH removes something, or gives an empty value."""
        if self.method != "PATCH":
            return False
        if not self._operations:
            return super().clears or bool(self._meta_attributes)
        return any(
            str(each.get("op")).lower() == "remove"
            or ("value" in each and each["value"] in EMPTY)
            or (isinstance(each.get("value"), dict) and any(value in EMPTY for value in each["value"].values()))
            for each in self._operations
        )

    @property
    def replaces_members(self) -> bool:
        """Whether a PUT has members, or a PATCH replaces them (in 1.1: names them in `meta.attributes`)."""
        if self.method == "PUT":
            return "members" in {name.lower() for name in self.body}
        return "members" in self._meta_attributes or any(_replaces_members(each) for each in self._operations)

    @cached_property
    def _operations(self) -> list[Mapping[str, Any]]:
        if self.method != "PATCH":
            return []
        several = next((value for name, value in self.body.items() if name.lower() == "operations"), None)
        given = several if isinstance(several, list) else []
        return [{name.lower(): value for name, value in each.items()} for each in given if isinstance(each, dict)]

    @property
    def _meta_attributes(self) -> list[str]:
        meta = self.body.get("meta")
        named = meta.get("attributes") if isinstance(meta, dict) and self.method == "PATCH" else None
        return [each.lower() for each in named if isinstance(each, str)] if isinstance(named, list) else []


def read_filtering(text: str) -> Filtering:
    """What a filter is about (RFC 7644 section 3.4.2.2), without knowing whether it is well-formed."""
    words, values = _words(text)
    lower = [word.lower() for word in words]
    attributes = {plain_path(word) for word, following in zip(words, lower[1:]) if following in _OPERATORS}
    used = frozenset(word for word in lower if word in _OPERATORS or word in _LOGICAL)
    return Filtering(text, frozenset(attributes), used, tuple(values))


def plain_path(path: str) -> str:
    """An attribute's path in lower case, without the URN of a schema and without the filter of a value."""
    bare = "".join(_without_brackets(path)).lower()
    return bare.rpartition(":")[2] if bare.startswith("urn:") else bare


def _replaces_members(operation: Mapping[str, Any]) -> bool:
    if str(operation.get("op")).lower() != "replace":
        return False
    path, value = _text(operation.get("path")), operation.get("value")
    if path:
        return path.lower() == "members" or path.lower().endswith(":members")
    return isinstance(value, dict) and "members" in {name.lower() for name in value}


def _words(text: str) -> tuple[list[str], list[str]]:
    """The words of a filter, those in quotes apart; a bracket ends a word."""
    words, values, word = [], [], ""
    place = 0
    while place < len(text):
        sign = text[place]
        if sign == '"':
            value, place = _quoted(text, place + 1)
            values.append(value)
            continue
        place += 1
        if sign.isspace() or sign in "()[]":
            words.append(word)
            word = ""
        else:
            word += sign
    return [each for each in (*words, word) if each], values


def _quoted(text: str, start: int) -> tuple[str, int]:
    """The text up to the closing quote, its escapes as they are, and the place behind it."""
    place = start
    while place < len(text) and text[place] != '"':
        place += 2 if text[place] == "\\" else 1
    return text[start:place], place + 1


def _without_brackets(path: str) -> Iterator[str]:
    depth = 0
    for sign in path:
        depth += (sign == "[") - (sign == "]")
        if depth <= 0 and sign != "]":
            yield sign


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
