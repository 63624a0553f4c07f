"""Reads a text by a LALR(1) grammar into what the methods of a builder make of its rules, at linear cost.

Length and nesting are limited before anything is parsed. Lark is imported at the first text, not at start-up.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

from provcheck.mock_targets.query.errors import BadQuery

MAX_LENGTH = 20_000
"""Characters of one text."""
MAX_NESTING = 50
"""Brackets that may be open at one place."""
_BRACKET = re.compile(r"[()]")


class Language:
    """A grammar, the builder whose methods are named as its rules, and the pattern of its quoted texts."""

    def __init__(self, grammar: str, builder: object, quoted: re.Pattern[str]) -> None:
        self._grammar, self._builder, self._quoted = grammar, builder, quoted

    @cached_property
    def _parse(self) -> Callable[[str], Any]:
        from lark import Lark  # not at the top: most runs of `serve` need no grammar

        return Lark(self._grammar, parser="lalr", transformer=self._builder).parse

    def read(self, text: str) -> Any:
        """What the builder makes of the rule `start`. Raises BadQuery, with the position where one is known."""
        from lark.exceptions import UnexpectedInput

        if not text.strip():
            raise BadQuery("the query is empty", flaw="empty")
        if len(text) > MAX_LENGTH:
            raise BadQuery(f"the query is longer than {MAX_LENGTH} characters", flaw="too_large")
        self._limit_nesting(text)
        try:
            return self._parse(text)
        except UnexpectedInput as error:
            known: object = error.pos_in_stream
            at = known if isinstance(known, int) and known >= 0 else len(text)
            near = text[at : at + 20]
            if not near or getattr(getattr(error, "token", None), "type", "") == "$END":
                raise BadQuery("unexpected end of the query", flaw="incomplete", position=len(text)) from None
            raise BadQuery(f"unexpected {near!r} at position {at}", position=at) from None

    def _limit_nesting(self, text: str) -> None:
        depth = 0
        for bracket in _BRACKET.finditer(self._quoted.sub("", text)):
            depth += 1 if bracket[0] == "(" else -1
            if depth > MAX_NESTING:
                raise BadQuery(f"the query is nested deeper than {MAX_NESTING} levels", flaw="too_large")
