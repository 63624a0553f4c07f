"""The values of a multi-valued attribute as a whole: adding, listing away, and who is the primary one.

Nothing here changes a list or a value it was given.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from provcheck.mock_targets.query.attributes import Attribute
from provcheck.mock_targets.scim.errors import InvalidValue
from provcheck.mock_targets.scim.schema import Json


def joined(attribute: Attribute, old: list[Any], fresh: list[Any]) -> list[Any]:
    """The old values and the fresh ones; one that is there already is not added again (RFC 7644 section 3.5.2.1).

    Complex values are the same when `value` and `type` agree (RFC 7643 section 2.4); the rest is brought up to date.
    """
    new = list(old)
    places = {_key(item): index for index, item in enumerate(old)}
    touched = []
    for item in fresh:
        index = places.setdefault(_key(item), len(new))
        if index == len(new):
            new.append(item)
        elif isinstance(item, dict):
            new[index] = {**new[index], **item}
        touched.append(index)
    return settle_primary(attribute, new, touched)


def settle_primary(attribute: Attribute, values: list[Any], touched: Iterable[int]) -> list[Any]:
    """Let a value that was just made the primary one be the only one (RFC 7644 section 3.5.2)."""
    if attribute.type != "complex" or "primary" not in attribute.subs:
        return values
    chosen = {index for index in touched if values[index] and values[index].get("primary") is True}
    if len(chosen) > 1:
        raise InvalidValue(f"only one value of {attribute.path} can be the primary one")
    if not chosen:
        return values
    return [
        {**value, "primary": False} if value and value.get("primary") is True and index not in chosen else value
        for index, value in enumerate(values)
    ]


def without_listed(attribute: Attribute, old: list[Any], listed: list[Any]) -> list[Any]:
    """The values that no entry of a list describes; an entry describes a value by the parts it names."""
    by_value: dict[Hashable, list[Json]] = {}
    others: list[Json] = []
    plain: set[Hashable] = set()
    for entry in listed:
        parts = _parts(attribute, entry)
        if "value" not in parts:
            others.extend([parts] if parts else [])
        elif attribute.type == "complex":
            by_value.setdefault(parts["value"], []).append(parts)
        else:
            plain.add(parts["value"])
    if attribute.type != "complex":
        return [item for item in old if item not in plain]
    return [
        item for item in old if not any(_fits(item, parts) for parts in (*by_value.get(item.get("value"), ()), *others))
    ]


def _parts(attribute: Attribute, entry: Any) -> Json:
    if not isinstance(entry, dict):
        entry = {"value": entry}
    parts: Json = {}
    for key, part in entry.items():
        if isinstance(part, dict | list):
            raise InvalidValue(f"{attribute.path}: {key!r:.60} of a value to remove must be a plain value")
        sub = attribute.sub(key)
        if part is not None and (sub is not None or key == "value"):
            parts[sub.name if sub else key] = part
    return parts


def _fits(item: Json, parts: Json) -> bool:
    return all(item.get(name) == part for name, part in parts.items())


def _key(item: Any) -> Hashable:
    if not isinstance(item, dict):
        return item  # type: ignore[no-any-return]  # a text, a number, true or false
    if "value" in item:
        return item["value"], item.get("type")
    return tuple(sorted(item.items()))
