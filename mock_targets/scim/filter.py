"""Filters: text -> syntax tree (scim2-models) -> a predicate over a view of a resource.

A view is anything with `get(name)`: the stored document itself when the filter names nothing else, or a `View` that
makes `id`, `meta` and memberships when (and only when) they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from scim2_models import ScimFilter
from scim2_models.exceptions import SCIMException
from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterNode,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

from provcheck.mock_targets.scim.comparison import Test, present, value_test
from provcheck.mock_targets.scim.errors import InvalidFilter
from provcheck.mock_targets.scim.schema import Attribute, Json, Place, ResourceSchema
from provcheck.mock_targets.scim.text import well_formed

MAX_LENGTH = 8192
"""Longest filter that is read, in characters."""

MAX_TERMS = 200
"""Most comparisons one filter may make."""

# The filter nearly every client sends, read without the parser: one name, eq, one string without escapes.
_SIMPLE = re.compile(r'\s*([A-Za-z][\w.-]*)\s+eq\s+"([^"\\\x00-\x1f]*)"\s*', re.IGNORECASE | re.ASCII)
_EQ = CompareOperator("eq")


class Readable(Protocol):
    """What a predicate reads from; a plain dict is one."""

    def get(self, name: str, /) -> Any:
        """The top-level value of this name, or None."""


class View:
    """A document seen together with what is kept beside it. Each maker in `lazily` runs at most once, when asked."""

    __slots__ = ("_document", "_lazily", "_made")

    def __init__(self, document: Json, **lazily: Callable[[], Any]) -> None:
        self._document = document
        self._lazily = lazily
        self._made: Json = {}

    def get(self, name: str, /) -> Any:
        """The top-level value of this name, or None."""
        if name not in self._lazily:
            return self._document.get(name)
        if name not in self._made:
            self._made[name] = self._lazily[name]()
        return self._made[name]


class Equality(NamedTuple):
    """A term that must hold: the attribute (full canonical path, `userName`, `members.value`) equals this value."""

    path: str
    value: Any


@dataclass(frozen=True, slots=True, eq=False)
class Filter:
    """A filter ready to run.

    `names` are the top-level names it reads, `unknown` the attributes it names that the schema does not have,
    `equalities` the comparisons with `eq` that every match fulfils: look one up in an index, then run `matches`.
    """

    text: str
    matches: Callable[[Readable], bool]
    names: frozenset[str]
    unknown: frozenset[str]
    equalities: tuple[Equality, ...]

    def equality(self, *paths: str) -> Equality | None:
        """The first equality on one of these attributes."""
        return next((equality for equality in self.equalities if equality.path in paths), None)


def compile_filter(text: str, schema: ResourceSchema, *, strict: bool = True) -> Filter:
    """Read a filter for one kind of resource.

    Under `strict` an attribute that no schema has is refused; otherwise a comparison with it is false (RFC 7644
    section 3.4.2.1). Raises InvalidFilter and Sensitive.
    """
    if len(text) > MAX_LENGTH:
        raise InvalidFilter(f"the filter is longer than {MAX_LENGTH} characters")
    return _compile(text, schema, strict)


def compile_filters(text: str, schemas: Iterable[ResourceSchema]) -> dict[str, Filter]:
    """Read a filter for a query over several kinds: an attribute must be known to one of them at least."""
    filters = {schema.kind: compile_filter(text, schema, strict=False) for schema in schemas}
    unknown = frozenset.intersection(*(found.unknown for found in filters.values()))
    if unknown:
        raise InvalidFilter(f"no schema has the attribute {min(unknown)}")
    return filters


def parse_filter(text: str) -> FilterNode:
    """The syntax tree of a filter, at most MAX_TERMS comparisons. Raises InvalidFilter."""
    if len(text) > MAX_LENGTH:
        raise InvalidFilter(f"the filter is longer than {MAX_LENGTH} characters")
    simple = _SIMPLE.fullmatch(text)
    if simple:
        name, _, sub = simple[1].partition(".")
        try:
            return Comparison(AttrPath(name, sub or None), _EQ, simple[2])
        except ValueError as error:
            raise InvalidFilter(str(error)) from None
    if not well_formed(text):
        raise InvalidFilter("the filter is not valid Unicode")
    try:
        node: FilterNode = ScimFilter(text).ast
    except (SCIMException, ValueError) as error:
        raise InvalidFilter(f"the filter cannot be read: {error}") from None
    if _terms(node) > MAX_TERMS:
        raise InvalidFilter(f"the filter makes more than {MAX_TERMS} comparisons")
    return node


def compile_node(node: FilterNode, schema: ResourceSchema, *, text: str = "", strict: bool = True) -> Filter:
    """A filter from its syntax tree. Raises InvalidFilter and Sensitive."""
    compiler = _Compiler(schema.locate, strict=strict)
    matches = compiler.compile(node)
    equalities = tuple(_equalities(node, schema))
    return Filter(text, matches, frozenset(compiler.names), frozenset(compiler.unknown), equalities)


def compile_selection(node: FilterNode, attribute: Attribute) -> Test:
    """The test a filter in brackets makes of one value of a multi-valued attribute. Raises InvalidFilter."""
    return _selection(node, attribute, strict=True)


def described_values(node: FilterNode) -> Json | None:
    """The value a selection describes: its `eq` comparisons joined with `and`; None if it is anything else."""
    values: Json = {}
    for term in _conjunction(node):
        if not isinstance(term, Comparison) or term.op != _EQ or term.attr_path.sub_attr or term.value is None:
            return None
        values[term.attr_path.attr] = term.value
    return values


def selected_ids(node: FilterNode) -> tuple[str, ...] | None:
    """The values a selection names one by one (`value eq "a" or value eq "b"`); None if it is anything else."""
    terms = node.terms if isinstance(node, LogicalExpr) and node.op == LogicalOperator.or_ else (node,)
    ids = []
    for term in terms:
        if not isinstance(term, Comparison) or term.op != _EQ or not isinstance(term.value, str):
            return None
        if term.attr_path.attr.lower() != "value" or term.attr_path.sub_attr:
            return None
        ids.append(term.value)
    return tuple(ids)


@lru_cache(maxsize=512)
def _compile(text: str, schema: ResourceSchema, strict: bool) -> Filter:  # noqa: FBT001  # a cache key is positional
    return compile_node(parse_filter(text), schema, text=text, strict=strict)


class _Compiler:
    """Turns nodes into closures; `locate` says where a name leads."""

    def __init__(self, locate: Callable[[str], Place | None], *, strict: bool) -> None:
        self._locate = locate
        self._strict = strict
        self.names: set[str] = set()
        self.unknown: set[str] = set()

    def compile(self, node: FilterNode) -> Callable[[Readable], bool]:
        if isinstance(node, Comparison):
            return self._comparison(node)
        if isinstance(node, Present):
            return self._present(node)
        if isinstance(node, ValuePath):
            return self._value_path(node)
        if isinstance(node, Not):
            inner = self.compile(node.expr)
            return lambda view: not inner(view)
        assert isinstance(node, LogicalExpr)
        terms = tuple(self.compile(term) for term in node.terms)
        if node.op == LogicalOperator.and_:
            return lambda view: all(term(view) for term in terms)
        return lambda view: any(term(view) for term in terms)

    def _place(self, path: AttrPath) -> Place | None:
        place = self._locate(str(path))
        if place is None:
            if self._strict:
                raise InvalidFilter(f"no schema has the attribute {path}")
            self.unknown.add(str(path).lower())
            return None
        self.names.add(place.container or (place.attribute.name if place.attribute else ""))
        return place

    def _comparison(self, node: Comparison) -> Callable[[Readable], bool]:
        place = self._place(node.attr_path)
        if place is None:
            return _never
        op = node.op.value
        place = _compared(place) if node.value is not None else place
        if place.leaf is None:
            raise InvalidFilter(f"{node.attr_path} is a whole schema and cannot be compared")
        if node.value is None and place.leaf.type == "complex":
            test: Test = (lambda value: not present(value)) if op == "eq" else present
        else:
            test = value_test(place.leaf, op, node.value)
        return _over_values(_reader(place), test, every=op == "ne")

    def _present(self, node: Present) -> Callable[[Readable], bool]:
        place = self._place(node.attr_path)
        if place is None:
            return _never
        if place.leaf is not None and place.leaf.mutability == "writeOnly":
            value_test(place.leaf, "eq", "")  # refuses: whether a secret is set is nobody's business either
        read = _reader(place)
        return lambda view: present(read(view))

    def _value_path(self, node: ValuePath) -> Callable[[Readable], bool]:
        place = self._place(node.attr_path)
        if place is None:
            return _never
        if place.attribute is None or place.sub is not None or not place.attribute.multi_valued:
            raise InvalidFilter(f"{node.attr_path} is not multi-valued and holds no values to select from")
        test = _selection(node.val_filter, place.attribute, strict=self._strict)
        read = _reader(place)
        return lambda view: any(test(item) for item in read(view) or ())


def _selection(node: FilterNode, attribute: Attribute, *, strict: bool) -> Test:
    def locate(name: str) -> Place | None:
        sub = attribute.sub(name)
        return None if sub is None else Place(None, sub, None)

    if attribute.type == "complex":
        return _Compiler(locate, strict=strict).compile(node)
    scalar = Place(None, Attribute("value", attribute.path, attribute.type, case_exact=attribute.case_exact), None)
    matches = _Compiler(lambda name: scalar if name.lower() == "value" else None, strict=strict).compile(node)
    return lambda value: matches({"value": value})


def _compared(place: Place) -> Place:
    """A complex attribute stands for its `value` when it is compared (RFC 7644 section 3.4.2.2)."""
    if place.attribute is not None and place.sub is None and place.attribute.type == "complex":
        value = place.attribute.sub("value")
        if value is not None:
            return Place(place.container, place.attribute, value)
    return place


def _reader(place: Place) -> Callable[[Readable], Any]:
    """Reads what a place holds: a value, None, or a list of values for a multi-valued attribute."""
    container = place.container
    name = place.attribute.name if place.attribute else None
    if name is None:
        return lambda view: view.get(container) if container else None
    if container is None:
        return _sub_reader(lambda view: view.get(name), place.sub)
    return _sub_reader(lambda view: (view.get(container) or {}).get(name), place.sub)


def _sub_reader(read: Callable[[Readable], Any], sub: Attribute | None) -> Callable[[Readable], Any]:
    if sub is None:
        return read
    key = sub.name

    def read_sub(view: Readable) -> Any:
        value = read(view)
        if isinstance(value, dict):
            return value.get(key)
        return None if value is None else [item.get(key) for item in value]

    return read_sub


def _over_values(read: Callable[[Readable], Any], test: Test, *, every: bool) -> Callable[[Readable], bool]:
    """A test over one value or several: one match is enough, but `ne` must hold for every value."""
    combine = all if every else any

    def matches(view: Readable) -> bool:
        value = read(view)
        return combine(map(test, value)) if isinstance(value, list) else test(value)

    return matches


def _never(_view: Readable) -> bool:
    return False


def _conjunction(node: FilterNode) -> tuple[FilterNode, ...]:
    return node.terms if isinstance(node, LogicalExpr) and node.op == LogicalOperator.and_ else (node,)


def _equalities(node: FilterNode, schema: ResourceSchema) -> Iterable[Equality]:
    inner: Iterable[tuple[str, Comparison]]
    for term in _conjunction(node):
        if isinstance(term, ValuePath):
            inner = (
                (f"{term.attr_path}.{part.attr_path}", part)
                for part in _conjunction(term.val_filter)
                if isinstance(part, Comparison)
            )
        else:
            inner = ((str(term.attr_path), term),) if isinstance(term, Comparison) else ()
        for path, comparison in inner:
            place = schema.locate(path)
            if comparison.op == _EQ and comparison.value is not None and place is not None:
                leaf = _compared(place).leaf
                if leaf is not None:
                    yield Equality(leaf.path, comparison.value)


def _terms(node: FilterNode) -> int:
    if isinstance(node, LogicalExpr):
        return sum(_terms(term) for term in node.terms)
    if isinstance(node, Not):
        return _terms(node.expr)
    return 1 + (_terms(node.val_filter) if isinstance(node, ValuePath) else 0)
