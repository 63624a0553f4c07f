"""SOQL statements: SELECT with parent fields, sub-selects and COUNT, WHERE, ORDER BY, LIMIT and OFFSET.

Operators are = != <> < <= > >= LIKE, IN and NOT IN; a pattern of LIKE may have `%` at its ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from provcheck.mock_targets.query.errors import BadQuery
from provcheck.mock_targets.query.lalr import Language
from provcheck.mock_targets.query.tree import And, Comparison, Not, Or, Present, Query, Value, any_value

_GRAMMAR = r"""
start: statement
statement: _SELECT columns _FROM NAME [where] [order] [limit] [offset]
columns: column ("," column)*
?column: NAME -> named
    | COUNT "(" [NAME] ")" -> counted
    | "(" statement ")"
where: _WHERE either
order: _ORDER_BY ordering ("," ordering)*
ordering: NAME [DIRECTION] [_NULLS]
limit: _LIMIT WORD
offset: _OFFSET WORD
?either: both (_OR both)*
?both: negation (_AND negation)*
?negation: _NOT atom -> negated
    | atom
?atom: "(" either ")"
    | NAME OPERATOR value -> compared
    | NAME _IN "(" value ("," value)* [","] ")" -> among
    | NAME _NOT _IN "(" value ("," value)* [","] ")" -> not_among
value: QUOTED -> quoted
    | WORD -> word
_SELECT.4: /select\b/i
_FROM.4: /from\b/i
_WHERE.4: /where\b/i
_ORDER_BY.4: /order\s+by\b/i
_NULLS.4: /nulls\s+(first|last)\b/i
_LIMIT.4: /limit\b/i
_OFFSET.4: /offset\b/i
_OR.4: /or\b/i
_AND.4: /and\b/i
_NOT.4: /not\b/i
_IN.4: /in\b/i
DIRECTION.4: /(asc|desc)\b/i
COUNT.4: /count(?=\s*\()/i
OPERATOR.4: /<=|>=|!=|<>|=|<|>|like\b/i
NAME: /[a-z]\w*(\.[a-z]\w*)*/i
QUOTED: /'([^'\\]|\\.)*'/s
WORD: /[\w.:+-]+/
%ignore /\s+/
"""
_OPERATORS = {"=": "eq", "!=": "ne", "<>": "ne", "<": "lt", ">": "gt", "<=": "le", ">=": "ge"}
_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None}
_NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{1,18})?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ENDS = re.compile(r"(%?)([^%_]*)(%?)", re.DOTALL)


class Count(NamedTuple):
    """COUNT() or COUNT(field): how many rows there are, or how many have the field."""

    path: str | None


class Order(NamedTuple):
    """A field to order by."""

    path: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A SELECT; `columns` holds paths, counts and the statements of sub-selects, in the order of the text."""

    columns: tuple[str | Count | Statement, ...]
    source: str
    where: Query | None = None
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0


def _like(path: str, pattern: Value) -> Query:
    found = _ENDS.fullmatch(pattern) if isinstance(pattern, str) else None
    if found is None:
        raise BadQuery(f"{path}: LIKE takes a text with % at its ends", flaw="comparison")
    before, text, after = found.groups()
    if not text and (before or after):
        return Present(path)
    return Comparison(path, {"": {"": "eq", "%": "sw"}, "%": {"": "ew", "%": "co"}}[before][after], text)


def _natural(word: str) -> int:
    if not (word.isascii() and word.isdigit()) or len(word) > 9:
        raise BadQuery(f"{word!r:.40} is not a number of rows", position=getattr(word, "start_pos", None))
    return int(word)


class _Builder:
    """What each rule of the grammar becomes."""

    def start(self, found: list[Any]) -> Statement:
        statement: Statement = found[0]
        return statement

    def statement(self, found: list[Any]) -> Statement:
        columns, source, where, order, limit, offset = found
        return Statement(columns, str(source), where, order or (), limit, offset or 0)

    def columns(self, found: list[Any]) -> tuple[Any, ...]:
        return tuple(found)

    def named(self, found: list[Any]) -> str:
        return str(found[0])

    def counted(self, found: list[Any]) -> Count:
        return Count(None if found[1] is None else str(found[1]))

    def where(self, found: list[Any]) -> Query:
        query: Query = found[0]
        return query

    def order(self, found: list[Any]) -> tuple[Order, ...]:
        return tuple(found)

    def ordering(self, found: list[Any]) -> Order:
        return Order(str(found[0]), (found[1] or "").lower() == "desc")

    def limit(self, found: list[Any]) -> int:
        return _natural(found[0])

    offset = limit

    def either(self, found: list[Any]) -> Query:
        return Or(tuple(found))

    def both(self, found: list[Any]) -> Query:
        return And(tuple(found))

    def negated(self, found: list[Any]) -> Query:
        return Not(found[0])

    def compared(self, found: list[Any]) -> Query:
        path, operator, value = str(found[0]), found[1].lower(), found[2]
        return _like(path, value) if operator == "like" else Comparison(path, _OPERATORS[operator], value)

    def among(self, found: list[Any]) -> Query:
        return any_value(str(found[0]), found[1:])

    def not_among(self, found: list[Any]) -> Query:
        return Not(self.among(found))

    def quoted(self, found: list[Any]) -> Value:
        return _ESCAPED.sub(r"\1", str(found[0])[1:-1])

    def word(self, found: list[Any]) -> Value:
        word = found[0]
        if word.lower() in _WORDS:
            return _WORDS[word.lower()]
        if _NUMBER.fullmatch(word):
            return float(word) if "." in word else int(word)
        if _MOMENT.fullmatch(word):
            return str(word)
        raise BadQuery(f"unexpected {word!s:.40} where a value belongs", position=word.start_pos)


_LANGUAGE = Language(_GRAMMAR, _Builder(), re.compile(r"'(?:[^'\\]|\\.)*+'", re.DOTALL))


def read_statement(text: str) -> Statement:
    """Read one SELECT. Raises BadQuery."""
    statement: Statement = _LANGUAGE.read(text)
    return statement
