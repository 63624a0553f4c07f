"""Where a PATCH operation acts: a place, and maybe a selection among the values there (RFC 7644 section 3.5.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from scim2_models import Path
from scim2_models.exceptions import SCIMException
from scim2_models.path import AttrPath, CompareOperator, Comparison, FilterNode, PathNode, ValuePath

from provcheck.mock_targets.scim.comparison import Test
from provcheck.mock_targets.scim.errors import InvalidFilter, InvalidPath
from provcheck.mock_targets.scim.filter import compile_selection
from provcheck.mock_targets.scim.schema import Place, ResourceSchema
from provcheck.mock_targets.scim.text import well_formed

MAX_LENGTH = 2048
"""Longest path that is read, in characters."""

_PLAIN = re.compile(r"[A-Za-z$][\w:.$-]*", re.ASCII)
# What most clients send, read without the parser: attribute[sub eq "value"] and maybe a sub-attribute behind it.
_SIMPLE = re.compile(
    r'((?:urn:[\w.:-]+:)?[A-Za-z][\w-]*)\[\s*([A-Za-z][\w-]*) eq "([^"\\\x00-\x1f]*)"\s*\](?:\.(\$?[A-Za-z][\w-]*))?',
    re.ASCII,
)
# The same with single quotes or none around the value; a boolean stays what it is.
_LOOSE = re.compile(
    r"(.{1,300}?\[\s*[\w$-]{1,100}\s+eq\s+)(?!(?:true|false|null)\s*\])(?:'([^'\\]*)'|([\w@.+-]+))(\s*\].*)",
    re.IGNORECASE,
)
_EQ = CompareOperator("eq")


@dataclass(frozen=True, slots=True, eq=False)
class PatchPath:
    """A resolved path. `node` and `test` are the selection in brackets, as a tree and ready to run."""

    text: str
    place: Place
    node: FilterNode | None = None
    test: Test | None = None


class UnknownAttribute(InvalidPath):
    """The path is well formed but leads nowhere. `foreign`: it is qualified by a URN that no schema has."""

    def __init__(self, path: str, *, foreign: bool) -> None:
        super().__init__(f"no schema has the attribute {path}")
        self.foreign = foreign


@lru_cache(maxsize=1024)
def resolve_path(text: str, schema: ResourceSchema) -> PatchPath:
    """What a path means for this kind of resource. Raises InvalidPath (UnknownAttribute) and InvalidFilter."""
    if _PLAIN.fullmatch(text) and len(text) <= MAX_LENGTH:
        return PatchPath(text, _place(text, schema))
    node = _parse(text)
    if isinstance(node, AttrPath):
        return PatchPath(text, _place(str(node), schema))
    if not isinstance(node, ValuePath):
        raise InvalidPath(f"{text} compares an attribute but selects no value")
    place = _place(str(node.attr_path), schema)
    if place.attribute is None or place.sub is not None or not place.attribute.multi_valued:
        raise InvalidPath(f"{node.attr_path} is not multi-valued and holds no values to select from")
    try:
        test = compile_selection(node.val_filter, place.attribute)
    except InvalidFilter as error:
        raise InvalidFilter(f"{text}: {error.detail}") from None
    if node.sub_attr is None:
        return PatchPath(text, place, node.val_filter, test)
    sub = place.attribute.sub(node.sub_attr)
    if sub is None:
        raise UnknownAttribute(text, foreign=False)
    return PatchPath(text, place._replace(sub=sub), node.val_filter, test)


def with_quotes(text: str) -> str:
    """The path with its one comparison value in double quotes, if single ones or none stood there."""
    loose = _LOOSE.fullmatch(text)
    return f'{loose[1]}"{loose[2] or loose[3] or ""}"{loose[4]}' if loose else text


def _place(text: str, schema: ResourceSchema) -> Place:
    place = schema.locate(text)
    if place is None:
        if text[:4].lower() != "urn:":
            raise UnknownAttribute(text, foreign=False)
        known = (schema.urn, *(extension.urn for extension in schema.extensions))
        raise UnknownAttribute(text, foreign=not any(text.lower().startswith(urn.lower()) for urn in known))
    return place


def _parse(text: str) -> PathNode:
    if len(text) > MAX_LENGTH:
        raise InvalidPath(f"the path is longer than {MAX_LENGTH} characters")
    if not well_formed(text):
        raise InvalidPath("the path is not valid Unicode")
    simple = _SIMPLE.fullmatch(text)
    if simple:
        uri, _, name = simple[1].rpartition(":")
        return ValuePath(AttrPath(name, None, uri or None), Comparison(AttrPath(simple[2]), _EQ, simple[3]), simple[4])
    try:
        node = Path(text).ast
    except (SCIMException, ValueError) as error:
        raise InvalidPath(f"the path cannot be read: {error}") from None
    if node is None:
        raise InvalidPath("the path is empty")
    return node
