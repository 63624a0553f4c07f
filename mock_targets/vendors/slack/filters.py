"""Slack's filters: text -> a small tree -> a test over what a resource offers for a name.

More is read than the RFC knows: values in single quotes or bare, `restricted eq 1`; less is known: no `not`, no `ne`.
Source: https://docs.slack.dev/reference/scim-api#filter; a junk filter was seen answered with `no_filters`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from provcheck.mock_targets.vendors.slack.errors import SlackError

MAX_LENGTH = 8192
MAX_TERMS = 100
MAX_NESTING = 20
_OPERATORS = frozenset(("eq", "co", "sw", "gt", "ge", "lt", "le"))
_TOKEN = re.compile(
    r"""\s*(?:(?P<mark>[()])|"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>[^']*)'|(?P<bare>[^\s()"'][^\s()]*))"""
)

Offers = Callable[[str], Sequence[str]]
"""The values that a resource offers for a name (in lower case)."""


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison; `value` is None for `pr`."""

    name: str
    operator: str
    value: str | None

    def matches(self, offers: Offers) -> bool:
        """Whether a resource fulfils it; case does not count."""
        values = [value.casefold() for value in offers(self.name)]
        if self.value is None:
            return any(values)
        return any(_compare(self.operator, value, self.value.casefold()) for value in values)

    def names(self) -> set[str]:
        """The attribute it names, in lower case."""
        return {self.name}

    def equalities(self) -> tuple[Term, ...]:
        """The equalities that hold for every match."""
        return (self,) if self.operator == "eq" else ()


@dataclass(frozen=True, slots=True)
class Terms:
    """Several filters joined by one word."""

    word: str
    terms: tuple[Filter, ...]

    def matches(self, offers: Offers) -> bool:
        """Whether all (`and`) or any (`or`) of them are fulfilled."""
        combine = all if self.word == "and" else any
        return combine(term.matches(offers) for term in self.terms)

    def names(self) -> set[str]:
        """The attributes they name."""
        return {name for term in self.terms for name in term.names()}

    def equalities(self) -> tuple[Term, ...]:
        """The equalities that hold for every match."""
        return tuple(found for term in self.terms for found in term.equalities()) if self.word == "and" else ()


Filter = Term | Terms


def no_filters() -> SlackError:
    """What a filter without any comparison is answered with, note included."""
    return SlackError("no_filters", is_aggregate_call=1)


@lru_cache(maxsize=512)
def read_filter(text: str) -> Filter:
    """The tree of a filter.

    Raises SlackError: no_filters, incomplete_filter, invalid_filter_group, invalid_query, query_building_failed.
    """
    if len(text) > MAX_LENGTH:
        raise SlackError("query_building_failed")
    reader = _Reader(_tokens(text))
    found = reader.either(0)
    if reader.peek() is not None:
        raise SlackError("invalid_filter_group" if reader.peek() == (")", True) else "invalid_query")
    return found


_Token = tuple[str, bool]
"""A word or a value, and whether it is a mark or a bare word (not quoted)."""


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    place = 0
    text = text.rstrip()
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            raise SlackError("invalid_query")
        place = token.end()
        if token["double"] is not None:
            found.append((_unescaped(token["double"]), False))
        elif token["single"] is not None:
            found.append((token["single"], False))
        else:
            found.append((token["mark"] or token["bare"], True))
    return found


def _unescaped(inner: str) -> str:
    if "\\" not in inner:
        return inner
    try:
        return str(json.loads(f'"{inner}"'))
    except ValueError:
        raise SlackError("invalid_query") from None


class _Reader:
    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens, self._place, self._terms = tokens, 0, 0

    def peek(self) -> _Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def either(self, depth: int) -> Filter:
        """Terms joined by `or`, which binds less than `and`."""
        return self._joined("or", lambda: self._joined("and", lambda: self._term(depth)))

    def _joined(self, word: str, read: Callable[[], Filter]) -> Filter:
        terms = [read()]
        while self._takes(word):
            terms.append(read())
        return terms[0] if len(terms) == 1 else Terms(word, tuple(terms))

    def _term(self, depth: int) -> Filter:
        if not self._takes("("):
            return self._comparison()
        if depth >= MAX_NESTING:
            raise SlackError("invalid_filter_group")
        inner = self.either(depth + 1)
        if not self._takes(")"):
            raise SlackError("invalid_filter_group")
        return inner

    def _comparison(self) -> Term:
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise SlackError("query_building_failed")
        name = self._bare()
        if name is None:
            raise no_filters() if self._terms == 1 and not self._place else SlackError("incomplete_filter")
        operator = self._bare()
        if operator is None:
            raise no_filters() if len(self._tokens) == 1 else SlackError("incomplete_filter")
        if operator.lower() == "pr":
            return Term(name.lower(), "pr", None)
        if operator.lower() not in _OPERATORS:
            raise SlackError("invalid_query")
        value = self.peek()
        if value is None or value in (("(", True), (")", True)):
            raise SlackError("incomplete_filter")
        self._place += 1
        return Term(name.lower(), operator.lower(), value[0])

    def _bare(self) -> str | None:
        token = self.peek()
        if token is None or not token[1] or token[0] in "()":
            return None
        self._place += 1
        return token[0]

    def _takes(self, word: str) -> bool:
        token = self.peek()
        if token is None or not token[1] or token[0].lower() != word:
            return False
        self._place += 1
        return True


def _compare(operator: str, value: str, wanted: str) -> bool:
    if operator == "eq":
        return value == wanted
    if operator == "co":
        return wanted in value
    if operator == "sw":
        return value.startswith(wanted)
    return {"gt": value > wanted, "ge": value >= wanted, "lt": value < wanted, "le": value <= wanted}[operator]
