"""Reads SCIM filters and PATCH paths (RFC 7644 figures 1 and 7) into the query tree, in time linear to the text.

Lenient spellings are asked for one by one: what real senders and targets write beyond the grammar.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from provcheck.mock_targets.query.errors import BadQuery, Flaw
from provcheck.mock_targets.query.tree import And, AnyOf, Comparison, Not, Or, Present, Query, Unquoted, Value

OPERATORS = frozenset(("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"))
MAX_TERMS = 200
"""Most comparisons that one filter may make."""
MAX_NESTING = 32
"""Most groups and brackets inside one another."""
_ENDS = frozenset(" \t\r\n()[]\"'")
_CONSTANTS: dict[str, Value] = {"true": True, "false": False, "null": None}
_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-$:.")


class Token(NamedTuple):
    """A mark, a bare word or a quoted text, and where it begins."""

    kind: str
    """`(`, `)`, `[`, `]`, `word`, `text`, or `end`."""
    text: str
    place: int


class Selection(NamedTuple):
    """A path of PATCH: the attribute, a selection among its values, and a sub-attribute behind it."""

    path: str
    query: Query | None
    sub: str | None


@dataclass(frozen=True, slots=True)
class Grammar:
    """SCIM's grammar with what is read beyond it.

    `single_quotes` and `bare_values` are values written like that; with `typed` off every value is a text.
    `operators` are those that are known; `has_not` and `has_brackets` say whether negation and selections in brackets
    are. The limits are in comparisons and in groups inside one another.
    """

    single_quotes: bool = False
    bare_values: bool = False
    typed: bool = True
    operators: frozenset[str] = OPERATORS
    has_not: bool = True
    has_brackets: bool = True
    max_terms: int = MAX_TERMS
    max_nesting: int = MAX_NESTING

    def filter(self, text: str) -> Query:
        """The tree of a filter. Raises BadQuery."""
        reader = _Reader(self, _tokens(text, self))
        if reader.next.kind == "end":
            raise BadQuery("the filter is empty", flaw="empty")
        query = reader.either(0)
        reader.finish()
        return query

    def path(self, text: str) -> Selection:
        """The parts of a path of PATCH. Raises BadQuery."""
        reader = _Reader(self, _tokens(text, self))
        path = reader.attribute()
        query = reader.bracket(0) if reader.next.kind == "[" else None
        sub: str | None = None
        if query is not None and reader.next.kind == "word" and reader.next.text.startswith("."):
            sub = _name(reader.take().text[1:])
        reader.finish()
        return Selection(path, query, sub)


STRICT = Grammar()
"""The grammar of RFC 7644, and nothing beyond it."""


def _tokens(text: str, grammar: Grammar) -> list[Token]:
    tokens, place, end = [], 0, len(text)
    while place < end:
        letter = text[place]
        if letter in " \t\r\n":
            place += 1
        elif letter in "()[]":
            tokens.append(Token(letter, letter, place))
            place += 1
        elif letter == '"' or (letter == "'" and grammar.single_quotes):
            value, after = _quoted(text, place)
            tokens.append(Token("text", value, place))
            place = after
        else:
            after = place + 1
            while after < end and text[after] not in _ENDS:
                after += 1
            tokens.append(Token("word", text[place:after], place))
            place = after
    tokens.append(Token("end", "", end))
    return tokens


def _quoted(text: str, start: int) -> tuple[str, int]:
    """The value of a quoted text, and the place behind it."""
    quote, place = text[start], start + 1
    while True:
        place = text.find(quote, place)
        if place < 0:
            raise BadQuery(f"the quote at character {start + 1} is never closed", flaw="syntax")
        escapes = place - 1
        while quote == '"' and text[escapes] == "\\" and escapes > start:
            escapes -= 1
        if quote == "'" or (place - escapes) % 2:
            break
        place += 1
    if quote == "'":
        return text[start + 1 : place], place + 1
    try:
        return json.loads(text[start : place + 1]), place + 1
    except ValueError:
        raise BadQuery(f"the text at character {start + 1} is no JSON string", flaw="syntax") from None


def _name(text: str) -> str:
    """An attribute path, checked letter by letter."""
    head = text.rpartition(":")[2]
    if not head or not (head[0].isalpha() or head[0] == "$") or not _NAME.issuperset(text) or ".." in text:
        raise BadQuery(f"{text!r:.100} is no attribute path", flaw="syntax")
    if head.endswith(".") or head.count(".") > 1:
        raise BadQuery(f"{text!r:.100} is no attribute path", flaw="syntax")
    return text


class _Reader:
    """Reads tokens from left to right, one token ahead."""

    def __init__(self, grammar: Grammar, tokens: list[Token]) -> None:
        self._grammar, self._tokens, self._place, self._terms = grammar, tokens, 0, 0

    @property
    def next(self) -> Token:
        return self._tokens[self._place]

    def take(self) -> Token:
        token = self._tokens[self._place]
        self._place += token.kind != "end"
        return token

    def finish(self) -> None:
        token = self.next
        if token.kind != "end":
            flaw: Flaw = "group" if token.kind in ")]" else "syntax"
            raise BadQuery(f"{token.text!r:.60} at character {token.place + 1} does not belong there", flaw=flaw)

    def either(self, depth: int) -> Query:
        """Terms joined by `or`, which binds less than `and`."""
        return self._joined("or", Or, lambda: self._joined("and", And, lambda: self._term(depth)))

    def bracket(self, depth: int) -> Query:
        """A selection in brackets."""
        self.take()
        query = self.either(self._deeper(depth))
        self._close("]")
        return query

    def attribute(self) -> str:
        token = self.take()
        if token.kind != "word":
            raise BadQuery(f"an attribute is missing at character {token.place + 1}", flaw=self._broken_off(token))
        return _name(token.text)

    def _broken_off(self, token: Token) -> Flaw:
        """The flaw of a query that breaks off: one that ends before any comparison says nothing."""
        return "empty" if token.kind == "end" and self._terms < 2 else "incomplete"

    def _joined(self, word: str, join: type[And | Or], read: Callable[[], Query]) -> Query:
        terms = [read()]
        while self._takes(word):
            terms.append(read())
        return terms[0] if len(terms) == 1 else join(tuple(terms))

    def _term(self, depth: int) -> Query:
        if self._grammar.has_not and self._is_negation():
            self.take()
            return Not(self._group(depth))
        return self._group(depth) if self.next.kind == "(" else self._comparison(depth)

    def _is_negation(self) -> bool:
        token = self.next
        return token.kind == "word" and token.text.lower() == "not" and self._tokens[self._place + 1].kind == "("

    def _group(self, depth: int) -> Query:
        self.take()
        query = self.either(self._deeper(depth))
        self._close(")")
        return query

    def _comparison(self, depth: int) -> Query:
        self._terms += 1
        if self._terms > self._grammar.max_terms:
            raise BadQuery(f"more than {self._grammar.max_terms} comparisons", flaw="too_large")
        path = self.attribute()
        if self.next.kind == "[" and self._grammar.has_brackets:
            query = self.bracket(depth)
            if self.next.kind == "word" and self.next.text.startswith("."):
                query = And((query, self._test(_name(self.take().text[1:]))))  # attribute[selection].sub op value
            return AnyOf(path, query)
        return self._test(path)

    def _test(self, path: str) -> Query:
        """What is asked of an attribute, behind its name."""
        token = self.take()
        if token.kind != "word":
            raise BadQuery(f"an operator is missing at character {token.place + 1}", flaw=self._broken_off(token))
        operator = token.text.lower()
        if operator == "pr":
            return Present(path)
        if operator not in self._grammar.operators:
            raise BadQuery(f"there is no operator {token.text!r:.40}", flaw="syntax")
        return Comparison(path, operator, self._value())

    def _value(self) -> Value:
        token = self.take()
        if token.kind == "text":
            return token.text
        if token.kind != "word":
            raise BadQuery(f"a value is missing at character {token.place + 1}", flaw="incomplete")
        if self._grammar.typed and token.text in _CONSTANTS:
            return _CONSTANTS[token.text]
        number = _number(token.text) if self._grammar.typed else None
        if number is not None:
            return Unquoted(token.text) if self._grammar.bare_values else number
        if not self._grammar.bare_values:
            raise BadQuery(f"{token.text!r:.60} is no JSON value", flaw="syntax")
        return token.text

    def _deeper(self, depth: int) -> int:
        if depth >= self._grammar.max_nesting:
            raise BadQuery(f"more than {self._grammar.max_nesting} groups inside one another", flaw="group")
        return depth + 1

    def _close(self, mark: str) -> None:
        token = self.take()
        if token.kind != mark:
            raise BadQuery(f"{mark!r} is missing at character {token.place + 1}", flaw="group")

    def _takes(self, word: str) -> bool:
        token = self.next
        if token.kind != "word" or token.text.lower() != word:
            return False
        self.take()
        return True


def _number(text: str) -> int | float | None:
    """The number that a text is in JSON; None when it is none."""
    if len(text) > 40 or not (text[0].isdigit() or text[0] == "-"):
        return None
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
