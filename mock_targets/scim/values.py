"""One value for one attribute: checked against its type, brought into canonical form.

None means unassigned everywhere: a client says so with null or an empty list (RFC 7643 section 2.5). What comes out
shares no dict or list with what came in.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from provcheck.mock_targets.query.attributes import Attribute
from provcheck.mock_targets.query.text import date_time, is_plain, is_uri, shared, well_formed
from provcheck.mock_targets.scim.errors import InvalidSyntax, InvalidValue, Mutability
from provcheck.mock_targets.scim.leniency import Leniency
from provcheck.mock_targets.scim.schema import Json

HIDDEN = "(set)"
"""What is kept in place of a value that nobody may read back, such as a password."""

_INTEGERS = range(-(2**63), 2**63)
_BOOLEANS = {"true": True, "false": False}


def read_value(attribute: Attribute, value: Any, leniency: Leniency) -> Any:
    """The canonical value, or None for unassigned. Raises InvalidValue and InvalidSyntax."""
    if attribute.is_text and is_plain(value):
        return shared(value)
    if value is None:
        return None
    return read_values(attribute, value, leniency) if attribute.multi_valued else read_one(attribute, value, leniency)


def without_blanks(value: Any) -> Any:
    """The value as it was sent, with texts of blanks alone made empty."""
    if isinstance(value, list):
        return [without_blanks(item) for item in value]
    if isinstance(value, dict):
        return {key: without_blanks(item) for key, item in value.items()}
    return "" if isinstance(value, str) and value.isspace() else value


def check_time(value: Any) -> None:
    """Raise InvalidValue unless this is a time in one of the forms of ISO 8601, or nothing."""
    try:
        datetime.fromisoformat(str(value or "").strip() or "2000-01-01")
    except ValueError:
        raise InvalidValue("a time is given as in ISO 8601") from None


def read_values(attribute: Attribute, value: Any, leniency: Leniency) -> list[Any] | None:
    """The values of a multi-valued attribute; None when there are none."""
    if not isinstance(value, list):
        if not leniency.single_for_list:
            raise InvalidValue(f"{attribute.path} is a list of values")
        value = [value]
    read = [item for item in (read_one(attribute, item, leniency) for item in value) if item is not None]
    if attribute.type == "complex":
        if leniency.merges_duplicate_values and len(read) > 1:
            read = merged(read)
        check_primary(attribute, read)
    return read or None


def merged(values: list[Json]) -> list[Json]:
    """Complex values, those with the same `value` and `type` as one (RFC 7643 section 2.4); the later one wins."""
    kept: dict[Any, Json] = {}
    for number, each in enumerate(values):
        key = (each["value"], each.get("type")) if "value" in each else number
        kept[key] = {**kept.get(key, {}), **each}
    return list(kept.values())


def read_one(attribute: Attribute, value: Any, leniency: Leniency) -> Any:
    """One single value, whether or not the attribute may have several; None when it is empty."""
    if value is None:
        return None
    if attribute.type == "complex":
        return read_complex(attribute, value, leniency)
    if isinstance(value, list | dict):
        value = _unwrap(attribute, value, leniency)
        if value is None:
            return None
    if value == "" and leniency.clears_with_empty_string:
        return None
    read = _READERS[attribute.type](attribute, value, leniency)
    return HIDDEN if attribute.mutability == "writeOnly" else read


def read_complex(attribute: Attribute, value: Any, leniency: Leniency) -> Json | None:
    """A complex value with all its required sub-attributes; None when nothing in it is assigned."""
    read = _plain_texts(attribute.subs, value) or merge_complex(attribute, {}, value, leniency)
    if read:
        check_required(attribute, read)
    return read or None


def _plain_texts(subs: Mapping[str, Attribute], value: Any) -> Json | None:
    """A new complex value that consists of plain texts and booleans by their canonical names, as most do; else None."""
    if type(value) is not dict:
        return None
    read: Json = {}
    for name, item in value.items():
        sub = subs.get(name)
        if sub is None or sub.name != name:
            return None
        if sub.is_open_text and is_plain(item):
            read[name] = shared(item)
        elif sub.is_open_boolean and (item is True or item is False):
            read[name] = item
        else:
            return None
    return read


def merge_complex(attribute: Attribute, old: Mapping[str, Any], value: Any, leniency: Leniency) -> Json:
    """The old complex value with the given sub-attributes put over it; null takes one away.

    Read-only sub-attributes are passed over (RFC 7644 section 3.3); an immutable one that is set must stay.
    """
    new = dict(old)
    for sub, item in _sub_values(attribute, value, leniency):
        if sub.is_open_text and is_plain(item):
            new[sub.name] = shared(item)
            continue
        if sub.mutability == "readOnly":
            continue
        read = read_value(sub, item, leniency)
        if sub.mutability == "immutable" and sub.name in old and old[sub.name] != read:
            raise Mutability(f"{sub.path} cannot change once it is set")
        if read is None:
            new.pop(sub.name, None)
        else:
            new[sub.name] = read
    if "$ref" in old and new.get("$ref") == old["$ref"] and new.get("value") != old.get("value"):
        del new["$ref"]  # it pointed to the old value
    return new


def check_required(attribute: Attribute, value: Mapping[str, Any]) -> None:
    """Raise InvalidValue when a required sub-attribute is missing."""
    for sub in attribute.needed:
        if sub.name not in value:
            raise InvalidValue(f"{sub.path} is required")


def check_primary(attribute: Attribute, values: list[Any]) -> None:
    """Raise InvalidValue when more than one value is the primary one (RFC 7643 section 2.4)."""
    if sum(1 for value in values if value.get("primary") is True) > 1:
        raise InvalidValue(f"only one value of {attribute.path} can be the primary one")


def _sub_values(attribute: Attribute, value: Any, leniency: Leniency) -> Iterable[tuple[Attribute, Any]]:
    subs = attribute.subs
    given = value if type(value) is dict else _as_object(attribute, value, leniency)
    found = [(sub, item) for key, item in given.items() if (sub := subs.get(key)) is not None and sub.name == key]
    return found if len(found) == len(given) else _spelt_otherwise(attribute, given, leniency)


def _spelt_otherwise(
    attribute: Attribute, given: Mapping[str, Any], leniency: Leniency
) -> Iterable[tuple[Attribute, Any]]:
    """Sub-attributes whose names are not all as the schema writes them: two of them may mean the same."""
    found: dict[str, tuple[Attribute, Any]] = {}
    for key, item in given.items():
        sub = attribute.sub(key)
        if sub is None:
            if leniency.ignores_unknown_attributes:
                continue
            raise InvalidSyntax(f"{attribute.path} has no sub-attribute {key!r:.80}")
        if sub.name in found:
            raise InvalidSyntax(f"{sub.path} is given twice")
        found[sub.name] = sub, item
    return found.values()


def _as_object(attribute: Attribute, value: Any, leniency: Leniency) -> Mapping[str, Any]:
    if isinstance(value, list) and leniency.list_for_single and len(value) <= 1:
        value = value[0] if value else {}
        if value is None:
            return {}
    if isinstance(value, dict):
        return value
    if leniency.bare_complex_values and "value" in attribute.subs and not isinstance(value, list):
        return {"value": value}
    raise InvalidValue(f"{attribute.path} is complex: its value is an object")


def _unwrap(attribute: Attribute, value: Any, leniency: Leniency) -> Any:
    """The plain value in a list of one or in a value object; None when there is none."""
    if isinstance(value, list) and leniency.list_for_single and len(value) <= 1:
        value = value[0] if value else None
    if isinstance(value, dict) and leniency.value_objects and "value" in value:
        value = value["value"]
    if isinstance(value, list | dict):
        raise InvalidValue(f"{attribute.path} takes a {attribute.type}")
    return value


def _string(attribute: Attribute, value: Any, leniency: Leniency) -> str:
    if not isinstance(value, str):
        if not leniency.loose_types:
            raise InvalidValue(f"{attribute.path} takes a string")
        return str(value).lower() if isinstance(value, bool) else str(value)
    if not well_formed(value):
        raise InvalidValue(f"{attribute.path} is not valid Unicode")
    return value


def _reference(attribute: Attribute, value: Any, leniency: Leniency) -> str:
    """A string; a URI as well where the schema says that it leads outside (RFC 7643 section 2.3.7)."""
    read = _string(attribute, value, leniency)
    leads_outside = "external" in attribute.reference_types or "uri" in attribute.reference_types
    if leads_outside and not leniency.loose_types and not is_uri(read):
        raise InvalidValue(f"{attribute.path} takes a URI such as https://example.com/people/26")
    return read


def _boolean(attribute: Attribute, value: Any, leniency: Leniency) -> bool:
    if isinstance(value, bool):
        return value
    if leniency.string_booleans and isinstance(value, str) and value.lower() in _BOOLEANS:
        return _BOOLEANS[value.lower()]
    raise InvalidValue(f"{attribute.path} takes true or false")


def _integer(attribute: Attribute, value: Any, leniency: Leniency) -> int:
    if isinstance(value, str) and leniency.loose_types and len(value) < 20:
        digits = value.strip().removeprefix("-")
        value = int(value) if digits.isascii() and digits.isdigit() else value
    if isinstance(value, bool) or not isinstance(value, int) or value not in _INTEGERS:
        raise InvalidValue(f"{attribute.path} takes an integer of at most 64 bits")
    return value


def _decimal(attribute: Attribute, value: Any, leniency: Leniency) -> int | float:
    if isinstance(value, str) and leniency.loose_types and len(value) < 40:
        try:
            value = float(value)
        except ValueError:
            value = None
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, bool) or not isinstance(value, int) or value not in _INTEGERS:
        raise InvalidValue(f"{attribute.path} takes a number")
    return value


def _date_time(attribute: Attribute, value: Any, leniency: Leniency) -> str:
    if not isinstance(value, str) or date_time(value) is None:
        raise InvalidValue(f"{attribute.path} takes a dateTime such as 2008-01-23T04:56:22Z")
    return value


def _binary(attribute: Attribute, value: Any, leniency: Leniency) -> str:
    try:
        # Both alphabets are allowed (RFC 7643 section 2.3.6), and padding may be left out of the URL-safe one.
        plain = value.translate(str.maketrans("-_", "+/")).rstrip("=")
        base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (AttributeError, ValueError, binascii.Error):
        raise InvalidValue(f"{attribute.path} takes base64") from None
    return str(value)


_READERS: dict[str, Callable[[Attribute, Any, Leniency], Any]] = {
    "string": _string,
    "reference": _reference,
    "boolean": _boolean,
    "integer": _integer,
    "decimal": _decimal,
    "dateTime": _date_time,
    "binary": _binary,
}
