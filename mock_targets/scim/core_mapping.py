"""Where SCIM documents keep the core words (RFC 7643 sections 4.1 to 4.3); vendors take those that they have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from provcheck.mock_targets.directory import Document
from provcheck.mock_targets.scim.catalog import (
    ENTERPRISE_URN,
    GROUP_URN,
    USER_URN,
    Catalog,
    CustomExtension,
    attributes_of,
    make_catalog,
    standard_catalog,
)
from provcheck.mock_targets.scim.errors import ScimError
from provcheck.mock_targets.scim.leniency import Leniency
from provcheck.mock_targets.scim.schema import ResourceSchema
from provcheck.mock_targets.scim.slots import Slots
from provcheck.mock_targets.scim.validate import read_resource
from provcheck.mock_targets.target.core_mapping import At, Core, CoreMapping, Misfit, Place, Words
from provcheck.mock_targets.target.core_words import ADDRESS_PARTS

HIDDEN = frozenset(("password",))
"""Attributes that nobody may read back (RFC 7643 section 4.1.1)."""


def leading(entries: Any) -> int | None:
    """The place of the entry that counts: the primary one, else the one for work, else the first; None without any."""
    if not isinstance(entries, list) or not entries:
        return None
    if entries[0].get("primary") is True:
        return 0  # as most clients send it
    marks = (("primary", True), ("type", "work"))
    return next((n for key, value in marks for n, entry in enumerate(entries) if entry.get(key) == value), 0)


@dataclass(frozen=True, slots=True)
class Leading:
    """A word that is the leading entry of a multi-valued attribute: its `value`, or all of it that is in `parts`.

    `new` is what an entry has beside it when it is the first one.
    """

    attribute: str
    parts: tuple[str, ...] = ()
    new: Mapping[str, Any] = field(default_factory=lambda: {"type": "work", "primary": True})

    def read(self, document: Document) -> Any:
        """The value, or the parts that are there."""
        entries = document.get(self.attribute)
        at = leading(entries)
        if at is None:
            return None
        entry: Mapping[str, Any] = entries[at]  # type: ignore[index]  # there is an entry, so this is a list
        if not self.parts:
            return entry.get("value")
        return {part: entry[part] for part in self.parts if entry.get(part)} or None

    def write(self, document: Document, value: Any) -> None:
        """Put the value into the leading entry, or take that entry out; the others stay. Raises Misfit."""
        unknown = next((part for part in value if part not in self.parts), None) if self.parts and value else None
        if unknown:
            raise Misfit(f"{self.attribute} have no {unknown} here; they have {', '.join(self.parts)}")
        entries = list(document.get(self.attribute) or ())
        at = leading(entries)
        old = self.new if at is None else entries[at]
        kept = {key: item for key, item in old.items() if key not in self.parts}
        new = [{**kept, **self._entry(value)}] if value else []
        entries = [*entries[: at or 0], *new, *entries[(at or 0) + 1 :]] if entries else new
        _set(document, self.attribute, entries)

    def _entry(self, value: Any) -> Mapping[str, Any]:
        return value if self.parts else {"value": value}


@dataclass(frozen=True, slots=True)
class Typed:
    """A word that is all entries of a multi-valued attribute, as value and type."""

    attribute: str

    def read(self, document: Document) -> Any:
        """The entries that have a value."""
        entries = document.get(self.attribute) or ()
        kept = [{key: entry[key] for key in ("value", "type") if entry.get(key)} for entry in entries]
        return [entry for entry in kept if "value" in entry] or None

    def write(self, document: Document, value: Any) -> None:
        """Put these entries in the place of all others."""
        _set(document, self.attribute, [dict(entry) for entry in value or ()])


@dataclass(frozen=True, slots=True)
class InSlots:
    """A word that is the values in the slots of an attribute, each with the type that clients write it with."""

    attribute: str
    slots: Slots
    types: tuple[str, ...]

    def read(self, document: Document) -> Any:
        """The values that are kept."""
        kept = document.get(self.attribute) or ()
        placed = [(item, kind) for slot, kind in zip(self.slots.slots, self.types) for item in kept if slot.holds(item)]
        return [{"value": item["value"], "type": kind} for item, kind in placed] or None

    def write(self, document: Document, value: Any) -> None:
        """Put these values into the slots."""
        _set(document, self.attribute, self.slots.filled((), value or (), replaces=True))


@dataclass(frozen=True, slots=True)
class InExtension:
    """A word of the enterprise extension, which `schemas` names while the document has something of it."""

    way: tuple[str, ...]

    def read(self, document: Document) -> Any:
        """The value that is there."""
        return At((ENTERPRISE_URN, *self.way)).read(document)

    def write(self, document: Document, value: Any) -> None:
        """Put the value into the extension."""
        At((ENTERPRISE_URN, *self.way)).write(document, value)
        named = [urn for urn in document.get("schemas", ()) if urn != ENTERPRISE_URN]
        document["schemas"] = [*named, ENTERPRISE_URN] if ENTERPRISE_URN in document else named


USER_PLACES: Mapping[str, Place] = {
    **{word: At((word,)) for word in ("userName", "externalId")},
    **{word: At(("name", word)) for word in ("givenName", "familyName")},
    "displayName": At(("displayName",)),
    "email": Leading("emails"),
    "active": At(("active",), default=True),
    **{word: At((word,)) for word in ("title", "nickName", "userType", "preferredLanguage", "locale", "timezone")},
    "phoneNumbers": Typed("phoneNumbers"),
    "address": Leading("addresses", ADDRESS_PARTS),
    "department": InExtension(("department",)),
    "employeeNumber": InExtension(("employeeNumber",)),
    "manager": InExtension(("manager", "value")),
}
GROUP_PLACES: Mapping[str, Place] = {word: At((word,)) for word in ("displayName", "externalId")}


def start_user(core: Core) -> Document:
    """A user of whom nothing is known but whether it is active: it is, unless said otherwise."""
    return {"schemas": [USER_URN], "active": core.get("active", True)}


def start_group(core: Core) -> Document:
    """A group of which nothing is known."""
    del core
    return {"schemas": [GROUP_URN]}


def reader(schema: Callable[[], ResourceSchema]) -> Callable[[Document], Document]:
    """Reads documents from outside by a schema, which is made when it is first needed."""

    def read(document: Document) -> Document:
        try:
            return read_resource(document, schema(), leniency=_STORED).document
        except ScimError as error:
            raise Misfit(error.detail) from None

    return read


_STORED = Leniency(missing_schemas=True)


def _set(document: Document, attribute: str, entries: list[Any]) -> None:
    if entries:
        document[attribute] = entries
    else:
        document.pop(attribute, None)


def core_mapping(extensions: Sequence[CustomExtension] = ()) -> CoreMapping:
    """All core words; documents may carry the extensions, and what they say is never returned is hidden."""

    @cache
    def catalog() -> Catalog:
        return make_catalog(extensions=extensions) if extensions else standard_catalog()

    secrets = (each.name for custom in extensions for each in attributes_of(custom) if each.returned == "never")
    hidden = HIDDEN.union(secrets)
    return CoreMapping(
        user=Words(USER_PLACES, start_user, reader(lambda: catalog().schemas["User"]), hidden),
        group=Words(GROUP_PLACES, start_group, reader(lambda: catalog().schemas["Group"]), hidden),
    )


CORE_MAPPING = core_mapping()
"""Of the standard schemas."""
