"""Compiles a query tree against an attribute table into a predicate over documents.

A predicate reads from anything with `get(name)`: the stored document itself when the query names nothing else, or a
`View` that makes what is kept beside the document when (and only when) it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from provcheck.mock_targets.query.attributes import Attribute, AttributeTable, Place
from provcheck.mock_targets.query.comparison import Test, present, value_test
from provcheck.mock_targets.query.errors import BadQuery
from provcheck.mock_targets.query.tree import And, AnyOf, Comparison, Not, Or, Present, Query, conjunction


class Readable(Protocol):
    """A document that a predicate can read, such as a dict."""

    def get(self, name: str, /) -> Any:
        """The top-level value of this name, or None."""


class View:
    """A document with computed top-level values; each function in `lazily` is called at most once, on first use."""

    __slots__ = ("_document", "_lazily", "_made")

    def __init__(self, document: Mapping[str, Any], **lazily: Callable[[], Any]) -> None:
        self._document = document
        self._lazily = lazily
        self._made: dict[str, Any] = {}

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
    """A query ready to run.

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


def compile_query(query: Query, table: AttributeTable, *, text: str = "", strict: bool = True) -> Filter:
    """A query ready to run.

    Under `strict` an attribute that the table does not have is refused; otherwise a comparison with it is false (RFC
    7644 section 3.4.2.1). Raises BadQuery and SensitiveQuery.
    """
    compiler = _Compiler(table.locate, strict=strict)
    matches = compiler.compile(query)
    equalities = tuple(_equalities(query, table))
    return Filter(text, matches, frozenset(compiler.names), frozenset(compiler.unknown), equalities)


def compile_selection(query: Query, attribute: Attribute) -> Test:
    """Compile a query over the sub-attributes of one value of a multi-valued attribute. Raises BadQuery."""
    return _selection(query, attribute, strict=True)


class _Compiler:
    """Compiles queries to closures; `locate` gives the place of an attribute path."""

    def __init__(self, locate: Callable[[str], Place | None], *, strict: bool) -> None:
        self._locate = locate
        self._strict = strict
        self.names: set[str] = set()
        self.unknown: set[str] = set()

    def compile(self, query: Query) -> Callable[[Readable], bool]:
        match query:
            case Comparison():
                return self._comparison(query)
            case Present(path):
                return self._present(path)
            case AnyOf():
                return self._any_of(query)
            case Not(inner):
                holds = self.compile(inner)
                return lambda view: not holds(view)
            case And(terms):
                every = tuple(self.compile(term) for term in terms)
                return lambda view: all(term(view) for term in every)
            case Or(terms):
                some = tuple(self.compile(term) for term in terms)
                return lambda view: any(term(view) for term in some)

    def _place(self, path: str) -> Place | None:
        place = self._locate(path)
        if place is None:
            if self._strict:
                raise BadQuery(f"no schema has the attribute {path:.200}", flaw="attribute")
            self.unknown.add(path.lower())
            return None
        self.names.add(place.container or (place.attribute.name if place.attribute else ""))
        return place

    def _comparison(self, node: Comparison) -> Callable[[Readable], bool]:
        place = self._place(node.path)
        if place is None:
            return _never
        op = node.operator
        place = _compared(place) if node.value is not None else place
        if place.leaf is None:
            raise BadQuery(f"{node.path} is a whole schema and cannot be compared", flaw="comparison")
        if node.value is None and place.leaf.type == "complex":
            test: Test = (lambda value: not present(value)) if op == "eq" else present
        else:
            test = value_test(place.leaf, op, node.value)
        return _over_values(_reader(place), test, every=op == "ne")

    def _present(self, path: str) -> Callable[[Readable], bool]:
        place = self._place(path)
        if place is None:
            return _never
        if place.leaf is not None and place.leaf.mutability == "writeOnly":
            value_test(place.leaf, "eq", "")  # raises: a query must not reveal whether a secret is set
        read = _reader(place)
        return lambda view: present(read(view))

    def _any_of(self, node: AnyOf) -> Callable[[Readable], bool]:
        place = self._place(node.path)
        if place is None:
            return _never
        if place.attribute is None or place.sub is not None or not place.attribute.multi_valued:
            detail = f"{node.path} is not multi-valued and holds no values to select from"
            raise BadQuery(detail, flaw="comparison")
        test = _selection(node.query, place.attribute, strict=self._strict)
        read = _reader(place)
        return lambda view: any(test(item) for item in read(view) or ())


def _selection(query: Query, attribute: Attribute, *, strict: bool) -> Test:
    def locate(name: str) -> Place | None:
        sub = attribute.sub(name)
        return None if sub is None else Place(None, sub, None)

    if attribute.type == "complex":
        return _Compiler(locate, strict=strict).compile(query)
    scalar = Place(None, Attribute("value", attribute.path, attribute.type, case_exact=attribute.case_exact), None)
    matches = _Compiler(lambda name: scalar if name.lower() == "value" else None, strict=strict).compile(query)
    return lambda value: matches({"value": value})


def _compared(place: Place) -> Place:
    """A complex attribute stands for its `value` when it is compared (RFC 7644 section 3.4.2.2)."""
    if place.attribute is not None and place.sub is None and place.attribute.type == "complex":
        value = place.attribute.sub("value")
        if value is not None:
            return Place(place.container, place.attribute, value)
    return place


def _reader(place: Place) -> Callable[[Readable], Any]:
    """Return a reader of a place: gives a value, None, or a list of values for a multi-valued attribute."""
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


def _equalities(query: Query, table: AttributeTable) -> Iterable[Equality]:
    for term in conjunction(query):
        inner: Iterable[tuple[str, Comparison]] = ()
        if isinstance(term, AnyOf):
            parts = conjunction(term.query)
            inner = ((f"{term.path}.{part.path}", part) for part in parts if isinstance(part, Comparison))
        elif isinstance(term, Comparison):
            inner = ((term.path, term),)
        for path, comparison in inner:
            place = table.locate(path)
            if comparison.operator == "eq" and comparison.value is not None and place is not None:
                leaf = _compared(place).leaf
                if leaf is not None:
                    yield Equality(leaf.path, comparison.value)
