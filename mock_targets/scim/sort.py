"""The order of a query's results (RFC 7644 section 3.4.2.3).

Values compare as filters compare them: by case only when caseExact, dates as moments. A resource without a value
comes last when ascending and first when descending.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from provcheck.mock_targets.query.attributes import Attribute, Place
from provcheck.mock_targets.query.compile import Readable
from provcheck.mock_targets.query.text import date_time, exact, fold
from provcheck.mock_targets.scim.errors import InvalidValue, Sensitive
from provcheck.mock_targets.scim.schema import ResourceSchema

SortKey = Callable[[Readable], tuple[Any, ...]]

_MISSING = (1,)
_ORDERS = {"ascending": False, "descending": True}


class OfAKind(Protocol):
    """Anything that says which kind of resource it is."""

    @property
    def kind(self) -> str:
        """`User` or `Group`."""


T = TypeVar("T", bound=OfAKind)


def compile_sort(
    sort_by: str, schemas: Sequence[ResourceSchema], *, view_of: Callable[[T], Readable], descending: bool = False
) -> Callable[[list[T]], list[T]]:
    """How to bring resources of these kinds in order; a kind that lacks the attribute counts as without a value.

    Raises InvalidValue when no schema has the attribute or nothing can be sorted by it, and Sensitive.
    """
    known = [schema for schema in schemas if schema.locate(sort_by) is not None]
    keys = {schema.kind: sort_key(schema, sort_by) for schema in known or schemas}

    def key(item: T) -> tuple[Any, ...]:
        own = keys.get(item.kind)
        return _MISSING if own is None else own(view_of(item))

    return lambda items: sorted(items, key=key, reverse=descending)


def is_descending(order: str | None) -> bool:
    """Whether `sortOrder` asks for descending order; None means ascending. Raises InvalidValue for another word."""
    descending = _ORDERS.get(order.lower()) if order else False
    if descending is None:
        raise InvalidValue("sortOrder is ascending or descending")
    return descending


def sort_key(schema: ResourceSchema, sort_by: str) -> SortKey:
    """How resources compare by an attribute. Raises InvalidValue for one that nothing can be sorted by."""
    place = schema.locate(sort_by)
    if place is None or place.attribute is None:
        raise InvalidValue(f"sortBy: no schema has the attribute {sort_by:.100}")
    leaf = _sorted_leaf(place)
    if leaf.mutability == "writeOnly" or leaf.returned == "never":
        raise Sensitive(f"{leaf.path} cannot be sorted by")
    read, convert = _reader(place, leaf), _converter(leaf)

    def key(view: Readable) -> tuple[Any, ...]:
        value = read(view)
        value = None if value is None else convert(value)
        return _MISSING if value is None else (0, value)

    return key


def _sorted_leaf(place: Place) -> Attribute:
    leaf = place.leaf
    assert leaf is not None
    if leaf.type == "complex":
        value = leaf.sub("value")
        if value is None:
            raise InvalidValue(f"sortBy: {leaf.path} is complex; name one of its sub-attributes")
        return value
    return leaf


def _reader(place: Place, leaf: Attribute) -> Callable[[Readable], Any]:
    container, attribute = place.container, place.attribute
    assert attribute is not None
    nested = leaf is not attribute

    def read(view: Readable) -> Any:
        value = (view.get(container) or {}).get(attribute.name) if container else view.get(attribute.name)
        if isinstance(value, list | tuple):
            value = _first(value)
        return value.get(leaf.name) if nested and isinstance(value, dict) else value

    return read


def _first(values: list[Any] | tuple[Any, ...]) -> Any:
    """The primary value, or else the first one."""
    for value in values:
        if isinstance(value, dict) and value.get("primary") is True:
            return value
    return values[0] if values else None


def _converter(leaf: Attribute) -> Callable[[Any], Any]:
    if leaf.type == "dateTime":
        return date_time
    if leaf.type in ("boolean", "integer", "decimal"):
        return lambda value: value
    return exact if leaf.case_exact else fold
