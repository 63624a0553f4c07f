"""Attribute tables of REST resources: one row for each field, from which bodies are checked, merged and queried."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from provcheck.mock_targets.directory import Document
from provcheck.mock_targets.http import json
from provcheck.mock_targets.query.attributes import Attribute, Place, table_of
from provcheck.mock_targets.query.text import date_time, is_email, is_uri, well_formed
from provcheck.mock_targets.rest.errors import Invalid

Type = Literal["string", "boolean", "integer", "object", "list", "any"]
Mutability = Literal["readWrite", "readOnly", "immutable", "writeOnly"]
Attitude = Literal["ignore", "refuse", "keep"]
"""What is done with a field that cannot be written: passed over, refused, or stored all the same."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a resource; `fields` are those of an object, or of the objects in a list.

    `max_length` is in characters for a text, in bytes of JSON for an object or a list. `format` is email, date-time or
    uri. `core` names the core word that the field holds.
    """

    name: str
    type: Type = "string"
    mutability: Mutability = field(default="readWrite", kw_only=True)
    required: bool = field(default=False, kw_only=True)
    format: str = field(default="", kw_only=True)
    max_length: int | None = field(default=None, kw_only=True)
    choices: tuple[str, ...] = field(default=(), kw_only=True)
    core: str | None = field(default=None, kw_only=True)
    case_exact: bool = field(default=False, kw_only=True)
    fields: tuple[Field, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True)
class Table:
    """The fields of one kind of resource.

    `unknown` is what becomes of fields without a row, `read_only` of those that a client cannot write (now). With
    `empty_clears` an empty text stands for null.
    """

    fields: tuple[Field, ...]
    unknown: Attitude = "ignore"
    read_only: Attitude = "ignore"
    empty_clears: bool = False

    def read(self, body: Any, *, creating: bool) -> Document:
        """Return what a body writes: its fields, checked; null clears one. Raises Invalid."""
        if not isinstance(body, dict):
            raise Invalid("", "type", body)
        return self._object(self._by_name, body, "", creating=creating)

    def check_document(self, document: Mapping[str, Any]) -> Document:
        """Return a stored document from outside, after a check of the types of its fields. Raises Invalid."""
        for name, value in document.items():
            known = self._by_name.get(name)
            if known is not None and value is not None:
                _check(known, value, name)
        return {name: value for name, value in document.items() if value is not None}

    @cached_property
    def secrets(self) -> frozenset[str]:
        """The names of fields that no answer shows."""
        return frozenset(each.name for each in self.fields if each.mutability == "writeOnly")

    @cached_property
    def _by_name(self) -> Mapping[str, Field]:
        return {each.name: each for each in self.fields}

    @cached_property
    def _attributes(self) -> Mapping[str, Attribute]:
        return table_of(_attribute(each) for each in (Field("id", case_exact=True), *self.fields))

    def locate(self, path: str, /) -> Place | None:
        """Return the place of a dotted path, for queries; None if there is no such field."""
        first, dot, rest = path.partition(".")
        attribute = self._attributes.get(first) or self._attributes.get(first.lower())
        if attribute is None:
            return None
        sub = attribute.sub(rest) if dot else None
        return None if dot and sub is None else Place(None, attribute, sub)

    def _object(self, fields: Mapping[str, Field], given: Document, at: str, *, creating: bool) -> Document:
        read: Document = {}
        for name, value in given.items():
            known = fields.get(name)
            path = f"{at}{name}"
            attitude = self.unknown if known is None else self._attitude(known, creating=creating)
            if attitude == "refuse":
                raise Invalid(path, "unknown" if known is None else "read_only", value)
            if attitude == "keep":
                read[name] = value if known is None else self._value(known, value, path, creating=creating)
        if creating:
            for each in fields.values():
                if each.required and read.get(each.name) is None:
                    raise Invalid(f"{at}{each.name}", "required")
        return read

    def _attitude(self, field: Field, *, creating: bool) -> Attitude:
        closed = field.mutability == "readOnly" or (field.mutability == "immutable" and not creating)
        return self.read_only if closed else "keep"

    def _value(self, field: Field, value: Any, path: str, *, creating: bool) -> Any:
        if value == "" and self.empty_clears:
            value = None
        if value is None:
            if field.required:
                raise Invalid(path, "required")
            return None
        _check(field, value, path)
        if field.type == "object" and field.fields:
            return self._object({each.name: each for each in field.fields}, value, f"{path}.", creating=creating)
        return value


def merged(before: Document, given: Document, *, keeps: Callable[[str], bool] = lambda name: False) -> Document:
    """Return a document with other values laid over: objects merge, lists and single values are replaced, null clears.

    The documents stay as they are. A null for a name for which `keeps` holds changes nothing.
    """
    after = dict(before)
    for name, value in given.items():
        if value is None:
            if not keeps(name):
                after.pop(name, None)
        elif isinstance(value, dict):
            inside = after.get(name)
            after[name] = merged(inside if isinstance(inside, dict) else {}, value)
        else:
            after[name] = value
    return after


def _check(field: Field, value: Any, path: str) -> None:
    if not _TYPES[field.type](value):
        raise Invalid(path, "type", value)
    if isinstance(value, str):
        _check_text(field, value, path)
    elif isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise Invalid(path, "range", value)
    elif field.max_length is not None and len(json.write(value)) > field.max_length:
        raise Invalid(path, "too_long", value)
    if field.type == "list":
        inner = {each.name: each for each in field.fields}
        for item in value if inner else ():
            if not isinstance(item, dict):
                raise Invalid(path, "type", item)
            for name, part in item.items():
                if name in inner and part is not None:
                    _check(inner[name], part, f"{path}.{name}")


def _check_text(field: Field, value: str, path: str) -> None:
    if field.max_length is not None and len(value) > field.max_length:
        raise Invalid(path, "too_long", value)
    if field.choices and value not in field.choices:
        raise Invalid(path, "choice", value)
    if not well_formed(value) or not _FORMATS[field.format](value):
        raise Invalid(path, "format", value)


_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "list": lambda value: isinstance(value, list),
    "any": lambda value: True,
}
_FORMATS: Mapping[str, Callable[[str], bool]] = {
    "": lambda value: True,
    "email": is_email,
    "uri": is_uri,
    "date-time": lambda value: date_time(value) is not None,
}


def _attribute(field: Field, at: str = "") -> Attribute:
    subs = tuple(_attribute(each, f"{at}{field.name}.") for each in field.fields)
    kind = "dateTime" if field.format == "date-time" else field.type
    return Attribute(
        field.name,
        f"{at}{field.name}",
        {"object": "complex", "any": "complex", "list": "complex" if subs else "string"}.get(kind, kind),
        multi_valued=field.type == "list",
        case_exact=field.case_exact,
        mutability=field.mutability,
        sub_attributes=subs,
        subs=table_of(subs),
    )
