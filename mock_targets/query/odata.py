"""OData `$filter` and `$orderby` (OData 4.01 URL conventions, section 5.1.1) as query trees.

Read are eq, ne, gt, ge, lt, le, in, and, or, not, startswith, endswith, contains and lambdas with `any`; functions and
keywords in either case. `a/b` becomes the path `a.b`, the variable of a lambda alone the path `value`.
"""

from __future__ import annotations

import re
from typing import Any

from provcheck.mock_targets.query.errors import BadQuery
from provcheck.mock_targets.query.lalr import Language
from provcheck.mock_targets.query.tree import And, AnyOf, Comparison, Not, Or, Query, Value, any_value, renamed

_GRAMMAR = r"""
start: either
?either: both (_OR both)*
?both: negation (_AND negation)*
?negation: _NOT atom -> negated
    | atom
?atom: "(" either ")"
    | PATH OPERATOR value -> compared
    | PATH _IN "(" value ("," value)* ")" -> among
    | FUNCTION "(" PATH "," value ")" -> called
    | ANY "(" NAME ":" either ")" -> lambda_any
value: QUOTED -> quoted
    | WORD -> word
_OR.3: /or\b/i
_AND.3: /and\b/i
_NOT.3: /not\b/i
_IN.3: /in\b/i
OPERATOR.3: /(eq|ne|gt|ge|lt|le)\b/i
FUNCTION.3: /(startswith|endswith|contains)(?=\s*\()/i
ANY.3: /[a-z_]\w*(\/[a-z_]\w*)*\/any(?=\s*\()/i
PATH: /[a-z_]\w*([.\/][a-z_]\w*)*/i
NAME.2: /[a-z_]\w*(?=\s*:)/i
QUOTED: /'([^']|'')*'/
WORD: /[\w.:+-]+/
%ignore /\s+/
"""
_FUNCTIONS = {"startswith": "sw", "endswith": "ew", "contains": "co"}
_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None}
_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,18})?")
_ORDER = re.compile(r"([A-Za-z_][\w/]*)(?:\s+(asc|desc))?", re.IGNORECASE)


class _Builder:
    """What each rule of the grammar becomes."""

    def start(self, found: list[Any]) -> Query:
        query: Query = found[0]
        return query

    def either(self, found: list[Any]) -> Query:
        return Or(tuple(found))

    def both(self, found: list[Any]) -> Query:
        return And(tuple(found))

    def negated(self, found: list[Any]) -> Query:
        return Not(found[0])

    def compared(self, found: list[Any]) -> Query:
        path, operator, value = found
        return Comparison(_dotted(path), operator.lower(), value)

    def among(self, found: list[Any]) -> Query:
        return any_value(_dotted(found[0]), found[1:])

    def called(self, found: list[Any]) -> Query:
        function, path, value = found
        return Comparison(_dotted(path), _FUNCTIONS[function.lower()], value)

    def lambda_any(self, found: list[Any]) -> Query:
        collection, variable, query = found

        def inside(path: str) -> str:
            if path == variable:
                return "value"
            if not path.startswith(f"{variable}."):
                detail = f"{path} does not begin with the variable {variable}"
                raise BadQuery(detail, flaw="attribute", position=variable.start_pos)
            return path[len(variable) + 1 :]

        return AnyOf(_dotted(collection[:-4]), renamed(query, inside))

    def quoted(self, found: list[Any]) -> Value:
        return str(found[0])[1:-1].replace("''", "'")

    def word(self, found: list[Any]) -> Value:
        text = str(found[0])
        if text.lower() in _WORDS:
            return _WORDS[text.lower()]
        if _NUMBER.fullmatch(text):
            return float(text) if "." in text else int(text)
        return text


_LANGUAGE = Language(_GRAMMAR, _Builder(), re.compile("'[^']*'"))


def read_filter(text: str) -> Query:
    """Read a `$filter`. Raises BadQuery."""
    query: Query = _LANGUAGE.read(text)
    return query


def read_order(text: str) -> tuple[tuple[str, bool], ...]:
    """Read an `$orderby`: paths, each with True where it is descending. Raises BadQuery."""
    found = [_ORDER.fullmatch(part.strip()) for part in text.split(",")]
    if not all(found):
        raise BadQuery(f"cannot order by {text!r:.60}")
    return tuple((_dotted(each[1]), (each[2] or "").lower() == "desc") for each in found if each)


def _dotted(path: str) -> str:
    return str(path).replace("/", ".")
