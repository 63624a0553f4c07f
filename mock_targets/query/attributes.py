"""Attribute tables: the attributes of a resource, and the place of each in its document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol


@dataclass(frozen=True, slots=True, eq=False)
class Attribute:
    """One attribute, with the characteristics of RFC 7643 section 7.

    `path` is the full canonical name (`name.familyName`, `urn:...:User:manager.value`), good for messages and as a
    key. `subs` finds a sub-attribute by its name in canonical or in lower case.
    """

    name: str
    path: str
    type: str = "string"
    multi_valued: bool = False
    required: bool = False
    case_exact: bool = False
    mutability: str = "readWrite"
    returned: str = "default"
    uniqueness: str = "none"
    canonical_values: tuple[str, ...] = ()
    reference_types: tuple[str, ...] = ()
    sub_attributes: tuple[Attribute, ...] = ()
    subs: Mapping[str, Attribute] = field(default_factory=dict)
    is_text: bool = field(init=False)
    """One plain string, kept as it comes: what most attributes are."""
    is_open_text: bool = field(init=False)
    """One that a client may write at any time."""
    is_open_boolean: bool = field(init=False)
    """One single boolean that a client may write at any time."""
    needed: tuple[Attribute, ...] = field(init=False)
    """The sub-attributes that a client has to give."""

    def __post_init__(self) -> None:
        text = self.type == "string" and not self.multi_valued and self.mutability != "writeOnly"
        object.__setattr__(self, "is_text", text)
        object.__setattr__(self, "is_open_text", text and self.mutability == "readWrite")
        boolean = self.type == "boolean" and not self.multi_valued and self.mutability == "readWrite"
        object.__setattr__(self, "is_open_boolean", boolean)
        object.__setattr__(self, "needed", needed(self.sub_attributes))

    def sub(self, name: str) -> Attribute | None:
        """The sub-attribute of this name, in any case."""
        return self.subs.get(name) or self.subs.get(name.lower())


class Place(NamedTuple):
    """Where a path leads: `container` is the URN of an extension or None, `attribute` None means the whole of it."""

    container: str | None
    attribute: Attribute | None
    sub: Attribute | None

    @property
    def leaf(self) -> Attribute | None:
        """The attribute to compare: the sub-attribute if the path has one."""
        return self.sub or self.attribute


class AttributeTable(Protocol):
    """An attribute table, against which queries are compiled."""

    def locate(self, path: str, /) -> Place | None:
        """Return the place of an attribute path; None if there is no such attribute."""


def needed(attributes: Iterable[Attribute]) -> tuple[Attribute, ...]:
    """Those of the attributes that a client has to give."""
    return tuple(each for each in attributes if each.required and each.mutability != "readOnly")


def table_of(attributes: Iterable[Attribute]) -> dict[str, Attribute]:
    """Attributes by their name, in canonical and in lower case."""
    table: dict[str, Attribute] = {}
    for attribute in attributes:
        table[attribute.name] = attribute
        table[attribute.name.lower()] = attribute
    return table
