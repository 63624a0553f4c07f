"""One attribute compared with one value: the operators of RFC 7644 section 3.4.2.2 as closures over plain values.

What an attribute cannot be compared with is refused when the closure is made, never when it runs.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from provcheck.mock_targets.query.attributes import Attribute
from provcheck.mock_targets.query.errors import BadQuery, SensitiveQuery
from provcheck.mock_targets.query.text import date_time, exact, fold, well_formed
from provcheck.mock_targets.query.tree import Unquoted

Test = Callable[[Any], bool]

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
_PARTS: dict[str, Callable[[str, str], bool]] = {
    "co": lambda text, part: part in text,
    "sw": lambda text, part: text.startswith(part),
    "ew": lambda text, part: text.endswith(part),
}
_BOOLEANS = {"true": True, "false": False}


def value_test(attribute: Attribute, op: str, expected: Any) -> Test:
    """A test of one (single, maybe missing) value of an attribute.

    Raises BadQuery for a combination that has no meaning, SensitiveQuery for an attribute that must not be compared.
    """
    if attribute.mutability == "writeOnly" or attribute.returned == "never":
        raise SensitiveQuery(f"{attribute.path} cannot be compared")
    if expected is None:
        return _null_test(attribute, op)
    if isinstance(expected, str) and not well_formed(expected):
        raise BadQuery(f"the value compared with {attribute.path} is not valid Unicode", flaw="comparison")
    maker = _MAKERS.get(attribute.type)
    if maker is None:
        raise BadQuery(f"{attribute.path} is complex and can only be compared by a sub-attribute", flaw="comparison")
    return maker(attribute, op, expected)


def present(value: Any) -> bool:
    """Whether `pr` holds: there is a value, and it is not empty. False and 0 are values."""
    if value is None or value == "":
        return False
    if isinstance(value, dict):
        return any(present(item) for item in value.values())
    if isinstance(value, list | tuple):
        return any(present(item) for item in value)
    return True


def _null_test(attribute: Attribute, op: str) -> Test:
    if op == "eq":
        return lambda value: value is None
    if op == "ne":
        return lambda value: value is not None
    raise BadQuery(f"{attribute.path}: null can only be compared with eq or ne", flaw="comparison")


def _string_test(attribute: Attribute, op: str, expected: Any) -> Test:
    if not isinstance(expected, str):
        raise BadQuery(f"{attribute.path} is a {attribute.type} and is compared with a string", flaw="comparison")
    return _keyed(op, exact if attribute.case_exact else fold, expected)


def _keyed(op: str, key: Callable[[str], str], expected: str) -> Test:
    wanted = key(expected)
    if op == "eq":
        return lambda value: isinstance(value, str) and key(value) == wanted
    if op == "ne":
        return lambda value: not isinstance(value, str) or key(value) != wanted
    compare = _PARTS.get(op) or _ORDER[op]
    return lambda value: isinstance(value, str) and compare(key(value), wanted)


def _boolean_test(attribute: Attribute, op: str, expected: Any) -> Test:
    wanted = _BOOLEANS.get(expected.lower()) if isinstance(expected, str) else expected
    if not isinstance(wanted, bool):
        raise BadQuery(f"{attribute.path} is a boolean and is compared with true or false", flaw="comparison")
    return _equality_only(attribute, op, wanted)


def _binary_test(attribute: Attribute, op: str, expected: Any) -> Test:
    if not isinstance(expected, str):
        raise BadQuery(f"{attribute.path} is binary and is compared with a base64 string", flaw="comparison")
    return _equality_only(attribute, op, expected)


def _equality_only(attribute: Attribute, op: str, wanted: Any) -> Test:
    if op == "eq":
        return lambda value: bool(value == wanted)
    if op == "ne":
        return lambda value: bool(value != wanted)
    raise BadQuery(
        f"{attribute.path} is {attribute.type} and can only be compared with eq, ne or pr", flaw="comparison"
    )


def _number_test(attribute: Attribute, op: str, expected: Any) -> Test:
    if isinstance(expected, Unquoted):
        expected = float(expected) if {".", "e", "E"}.intersection(expected) else int(expected)
    if isinstance(expected, bool) or not isinstance(expected, int | float):
        raise BadQuery(f"{attribute.path} is a number and is compared with a number", flaw="comparison")
    if op in _PARTS:
        raise BadQuery(f"{attribute.path} is a number and has no parts to look for", flaw="comparison")
    if op in ("eq", "ne"):
        return _equality_only(attribute, op, expected)
    compare = _ORDER[op]
    return lambda value: value is not None and compare(value, expected)


def _date_time_test(attribute: Attribute, op: str, expected: Any) -> Test:
    if not isinstance(expected, str):
        raise BadQuery(f"{attribute.path} is a dateTime and is compared with a string", flaw="comparison")
    if op in _PARTS:
        return _keyed(op, exact, expected)
    moment = date_time(expected)
    if moment is None:
        raise BadQuery(f"{expected!r:.60} is not a dateTime", flaw="comparison")
    if op == "ne":
        return lambda value: not isinstance(value, str) or date_time(value) != moment
    compare = operator.eq if op == "eq" else _ORDER[op]

    def test(value: Any) -> bool:
        own = date_time(value) if isinstance(value, str) else None
        return own is not None and compare(own, moment)

    return test


_MAKERS: dict[str, Callable[[Attribute, str, Any], Test]] = {
    "string": _string_test,
    "reference": _string_test,
    "boolean": _boolean_test,
    "binary": _binary_test,
    "integer": _number_test,
    "decimal": _number_test,
    "dateTime": _date_time_test,
}
