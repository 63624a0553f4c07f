"""The tree that every query language is read into. Paths are attribute paths in the words of the attribute table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

Value = str | bool | int | float | None


class Unquoted(str):
    """A number that stands where texts need no quotes: the attribute says which of the two is meant."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """An attribute compared with a value; `operator` is one of eq, ne, co, sw, ew, gt, ge, lt, le."""

    path: str
    operator: str
    value: Value


@dataclass(frozen=True, slots=True)
class Present:
    """An attribute has a value."""

    path: str


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One value of a multi-valued attribute fulfils a query over its sub-attributes."""

    path: str
    query: Query


@dataclass(frozen=True, slots=True)
class Not:
    """A query does not hold."""

    query: Query


@dataclass(frozen=True, slots=True)
class And:
    """Every one of several queries holds."""

    terms: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of several queries holds."""

    terms: tuple[Query, ...]


Query = Comparison | Present | AnyOf | Not | And | Or


def any_value(path: str, values: Iterable[Value]) -> Query:
    """An attribute that equals one of several values."""
    terms = tuple(Comparison(path, "eq", value) for value in values)
    return terms[0] if len(terms) == 1 else Or(terms)


def conjunction(query: Query) -> tuple[Query, ...]:
    """The queries that must all hold: the terms of an `and`, or the query alone."""
    return query.terms if isinstance(query, And) else (query,)


def renamed(query: Query, rename: Callable[[str], str]) -> Query:
    """The same query with other attribute paths; those inside of `AnyOf` stay."""
    match query:
        case And(terms):
            return And(tuple(renamed(term, rename) for term in terms))
        case Or(terms):
            return Or(tuple(renamed(term, rename) for term in terms))
        case Not(inner):
            return Not(renamed(inner, rename))
        case _:
            return replace(query, path=rename(query.path))


def paths(query: Query) -> frozenset[str]:
    """Every attribute path that a query names, those inside of `AnyOf` without their sub-attributes."""
    match query:
        case And(terms) | Or(terms):
            return frozenset[str]().union(*(paths(term) for term in terms))
        case Not(inner):
            return paths(inner)
        case _:
            return frozenset((query.path,))


def described_values(query: Query) -> dict[str, Value] | None:
    """The value that a query describes: its equalities joined with `and`; None if it is anything else."""
    values: dict[str, Value] = {}
    for term in conjunction(query):
        if not isinstance(term, Comparison) or term.operator != "eq" or "." in term.path or term.value is None:
            return None
        values[term.path] = term.value
    return values


def selected_values(query: Query, path: str = "value") -> tuple[str, ...] | None:
    """The texts that a query names one by one for a path (`value eq "a" or value eq "b"`); None for anything else."""
    found = []
    for term in query.terms if isinstance(query, Or) else (query,):
        if not isinstance(term, Comparison) or term.operator != "eq" or not isinstance(term.value, str):
            return None
        if term.path.lower() != path:
            return None
        found.append(term.value)
    return tuple(found)
