"""Where a PATCH operation acts: a place, and maybe a selection among the values there (RFC 7644 section 3.5.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from provcheck.mock_targets.query.attributes import Place
from provcheck.mock_targets.query.comparison import Test
from provcheck.mock_targets.query.compile import compile_selection
from provcheck.mock_targets.query.errors import BadQuery
from provcheck.mock_targets.query.text import well_formed
from provcheck.mock_targets.query.tree import Query
from provcheck.mock_targets.scim.errors import InvalidFilter, InvalidPath
from provcheck.mock_targets.scim.grammar import Selection
from provcheck.mock_targets.scim.schema import ResourceSchema
from provcheck.mock_targets.short_cache import cached_if_short

MAX_LENGTH = 2048
"""Longest path that is read, in characters."""

# A selection with single quotes or none around its value; a boolean stays what it is.
_LOOSE = re.compile(
    r"(.{1,300}?\[\s*[\w$-]{1,100}\s+eq\s+)(?!(?:true|false|null)\s*\])(?:'([^'\\]*)'|([\w@.+-]+))(\s*\].*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, eq=False)
class PatchPath:
    """A resolved path. `query` and `test` are the selection in brackets, as a tree and ready to run."""

    text: str
    place: Place
    query: Query | None = None
    test: Test | None = None


MISSING: Any = object()
"""The operation has no value at all (null is a value: it means unassigned)."""


class Operation(NamedTuple):
    """One operation on one resolved path. `value` may be MISSING."""

    op: str
    path: PatchPath
    value: Any


class UnknownAttribute(InvalidPath):
    """The path is well formed but leads nowhere. `foreign`: it is qualified by a URN that no schema has."""

    def __init__(self, path: str, *, foreign: bool) -> None:
        super().__init__(f"no schema has the attribute {path}")
        self.foreign = foreign


@cached_if_short(maxsize=1024)
def resolve_path(text: str, schema: ResourceSchema) -> PatchPath:
    """What a path means for this kind of resource. Raises InvalidPath (UnknownAttribute) and InvalidFilter."""
    selection = _parse(text, schema)
    place = _place(selection.path, schema)
    if selection.query is None:
        return PatchPath(text, place)
    if place.attribute is None or place.sub is not None or not place.attribute.multi_valued:
        raise InvalidPath(f"{selection.path} is not multi-valued and holds no values to select from")
    try:
        test = compile_selection(selection.query, place.attribute)
    except BadQuery as error:
        raise InvalidFilter(f"{text}: {error.detail}", flaw=error.flaw) from None
    if selection.sub is None:
        return PatchPath(text, place, selection.query, test)
    sub = place.attribute.sub(selection.sub)
    if sub is None:
        raise UnknownAttribute(text, foreign=False)
    return PatchPath(text, place._replace(sub=sub), selection.query, test)


def with_quotes(text: str) -> str:
    """The path with its one comparison value in double quotes, if single ones or none stood there."""
    if len(text) > MAX_LENGTH:
        return text  # it is refused for its length
    loose = _LOOSE.fullmatch(text)
    return f'{loose[1]}"{loose[2] or loose[3] or ""}"{loose[4]}' if loose else text


def with_colon(text: str, schema: ResourceSchema) -> str:
    """The path with a colon between the URN of an extension and its attribute, if a dot stood there."""
    for extension in schema.extensions:
        length = len(extension.urn)
        if text[length : length + 1] == "." and text[:length].lower() == extension.urn.lower():
            return f"{text[:length]}:{text[length + 1 :]}"
    return text


def _place(text: str, schema: ResourceSchema) -> Place:
    place = schema.locate(text)
    if place is None:
        if text[:4].lower() != "urn:":
            raise UnknownAttribute(text, foreign=False)
        known = (schema.urn, *(extension.urn for extension in schema.extensions))
        raise UnknownAttribute(text, foreign=not any(text.lower().startswith(urn.lower()) for urn in known))
    return place


def _parse(text: str, schema: ResourceSchema) -> Selection:
    if len(text) > MAX_LENGTH:
        raise InvalidPath(f"the path is longer than {MAX_LENGTH} characters")
    if not well_formed(text):
        raise InvalidPath("the path is not valid Unicode")
    try:
        return schema.spelling.grammar.path(schema.plain_path(text))
    except BadQuery as error:
        raise InvalidPath(f"the path cannot be read: {error.detail}") from None
