"""Encoded queries: conditions joined by `^` (and), `^OR` (or) and `^NQ` (a new query, or), ordered by ORDERBY.

`^OR` binds closer than `^`, and `^^` is the sign itself. A part that cannot be read is no error of the language: it
is listed in `ignored`, because whether it is left out or refused is a setting of the server.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from provcheck.mock_targets.query.lalr import Language
from provcheck.mock_targets.query.tree import And, Comparison, Not, Or, Present, Query, any_value

_GRAMMAR = r"""
start: query (_NEW query)*
query: either (_AND either)*
either: PART? (_OR PART?)*
_NEW.3: "^NQ"
_OR.2: /\^OR(?!DERBY)/
_AND.1: /\^(?!\^)/
PART: /([^^]|\^\^)+/
"""
_CONDITION = re.compile(
    r"(?P<name>[a-z_0-9.]+)"
    r"(?P<operator>NOT ?LIKE|LIKE|STARTSWITH|ENDSWITH|ISEMPTY|ISNOTEMPTY|NOT IN|IN|!=|>=|<=|=|>|<|\*|%)(?P<value>.*)",
    re.DOTALL,
)
_ORDER = re.compile(r"ORDERBY(DESC)?([a-z_0-9.]+)")
_OPERATORS = {"=": "eq", "!=": "ne", ">": "gt", "<": "lt", ">=": "ge", "<=": "le", "LIKE": "co", "*": "co",
              "STARTSWITH": "sw", "ENDSWITH": "ew", "%": "ew"}  # fmt: skip


class Order(NamedTuple):
    """A column to order by."""

    path: str
    descending: bool


@dataclass(frozen=True, slots=True)
class EncodedQuery:
    """What an encoded query asks for; `where` is None when it names no condition that can be read."""

    where: Query | None
    order: tuple[Order, ...] = ()
    ignored: tuple[str, ...] = ()


def _condition(part: str) -> Query | None:
    found = _CONDITION.fullmatch(part)
    if found is None:
        return None
    name, operator, value = found["name"], found["operator"], found["value"].replace("^^", "^")
    match operator:
        case "ISEMPTY":
            return Not(Present(name))
        case "ISNOTEMPTY":
            return Present(name)
        case "IN":
            return any_value(name, value.split(","))
        case "NOT IN":
            return Not(any_value(name, value.split(",")))
        case "NOT LIKE" | "NOTLIKE":
            return Not(Comparison(name, "co", value))
        case "=" | "!=" if not value:
            return Not(Present(name)) if operator == "=" else Present(name)
    return Comparison(name, _OPERATORS[operator], value)


class _Builder:
    """What each rule of the grammar becomes: three levels of `EncodedQuery`, each joined with its own word."""

    def either(self, found: list[Any]) -> EncodedQuery:
        return _joined([_part(str(part)) for part in found], Or)

    def query(self, found: list[Any]) -> EncodedQuery:
        return _joined(found, And)

    def start(self, found: list[Any]) -> EncodedQuery:
        return _joined(found, Or)


def _part(part: str) -> EncodedQuery:
    order = _ORDER.fullmatch(part)
    if order is not None:
        return EncodedQuery(None, (Order(order[2], order[1] is not None),))
    condition = _condition(part)
    return EncodedQuery(condition, ignored=() if condition is not None else (part,))


def _joined(found: list[EncodedQuery], join: type[And | Or]) -> EncodedQuery:
    terms = tuple(each.where for each in found if each.where is not None)
    where = None if not terms else terms[0] if len(terms) == 1 else join(terms)
    order = tuple(each for part in found for each in part.order)
    return EncodedQuery(where, order, tuple(each for part in found for each in part.ignored))


_LANGUAGE = Language(_GRAMMAR, _Builder(), re.compile(r"[^^]+"))


def read_query(text: str) -> EncodedQuery:
    """Read an encoded query. Raises BadQuery for one that is too long."""
    if not text.strip():
        return EncodedQuery(None)
    found: EncodedQuery = _LANGUAGE.read(text)
    return found
