"""Between core words and the JSON of a target: where each word lives, how to write it and how to read it back.

Only mapped words are ever written, read or compared; everything else in a document stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provcheck.harness.client.outcome import Json
from provcheck.harness.model.core_words import ADDRESS_PARTS, WORDS, comparable

Wanted = Mapping[str, Any]
"""Core words and the values they shall have; a `manager` is the remote id of an account."""

CORE_2 = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE_2 = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CORE_1 = "urn:scim:schemas:core:1.0"
ENTERPRISE_1 = "urn:scim:schemas:extension:enterprise:1.0"

ENTERPRISE_WORDS = (
    *(word.name for word in WORDS.values() if word.enterprise),
    *("costCenter", "organization", "division"),
)
"""Words of the enterprise extension (RFC 7643 section 4.3)."""
PLACES = {"givenName": ("name", "givenName"), "familyName": ("name", "familyName")}
LISTS = {"email": "emails", "phone": "phoneNumbers", "role": "roles", "address": "addresses"}
"""Words that are the leading entry of a multi-valued attribute: its value, or the parts of an address."""
READ_ONLY = ("id", "meta", "groups")


class AttributeMapping:
    """One dialect's places of the core words."""

    def __init__(self, core: str = CORE_2, enterprise: str = ENTERPRISE_2, *, manager_id: str = "value") -> None:
        """`manager_id` is the part of a manager that holds the id (`managerId` in SCIM 1.1)."""
        self.core = core
        self.enterprise = enterprise
        self.manager_id = manager_id

    def place(self, word: str) -> tuple[str, ...]:
        """Where a word lives: the keys to follow from the top of the document."""
        if word in PLACES:
            return PLACES[word]
        if word in ENTERPRISE_WORDS:
            return (self.enterprise, word)
        if word.startswith("urn:"):
            schema, _, name = word.rpartition(":")
            return (schema, *name.split("."))
        return tuple(word.split("."))

    def path(self, word: str) -> str:
        """The attribute path of a word as PATCH spells it (RFC 7644 section 3.5.2)."""
        if word in LISTS:
            return LISTS[word]
        place = self.place(word)
        return f"{place[0]}:{'.'.join(place[1:])}" if place[0].startswith("urn:") else ".".join(place)

    def build(self, wanted: Wanted) -> Json:
        """A new document that says what is wanted."""
        document: Json = {"schemas": [self.core]}
        for word, value in wanted.items():
            self.put(document, word, value)
        return document

    def put(self, document: Json, word: str, value: Any) -> None:
        """Set one word in a document (or clear it, for None), leaving everything around it alone."""
        if word in LISTS:
            document[LISTS[word]] = with_leading(document.get(LISTS[word]), value)
            return
        value = self.written(word, value)
        *way, last = self.place(word)
        target = document
        for step in way:
            inside = target.get(step)
            if not isinstance(inside, dict):
                inside = target[step] = {}
            target = inside
        if value is None:
            target.pop(last, None)
            return
        target[last] = value
        self._announce(document, word)

    def written(self, word: str, value: Any) -> Any:
        """The value of a word that is no leading entry, as a document holds it."""
        return {self.manager_id: value} if word == "manager" and value is not None else value

    def _announce(self, document: Json, word: str) -> None:
        schema = self.place(word)[0]
        schemas = document.get("schemas")
        if schema.startswith("urn:") and isinstance(schemas, list) and schema not in schemas:
            schemas.append(schema)

    def read(self, document: Json, word: str) -> Any:
        """The value of a word in a document, or None."""
        if word == "address":
            return leading_parts(document.get(LISTS[word]))
        if word in LISTS:
            return leading(document.get(LISTS[word]))
        value: Any = document
        for step in self.place(word):
            value = value.get(step) if isinstance(value, dict) else None
        if word == "manager" and isinstance(value, dict):
            return value.get(self.manager_id)
        return self.phone_numbers(value) if word == "phoneNumbers" else value

    def phone_numbers(self, items: Any) -> list[dict[str, str]] | None:
        """The entries of the attribute that have a value, with their types."""
        entries = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        kept = [{key: item[key] for key in ("value", "type") if item.get(key)} for item in entries]
        return [entry for entry in kept if "value" in entry] or None


def values_of(items: Any) -> list[str]:
    """All values of a multi-valued attribute; bare strings count as values."""
    if not isinstance(items, list):
        return []
    found = [item.get("value") if isinstance(item, dict) else item for item in items]
    return [value for value in found if isinstance(value, str) and value]


def leading(items: Any) -> str | None:
    """The value that counts: the primary one, else the one for work, else the first."""
    at = _leading_index(items)
    return None if at is None else next(iter(values_of([items[at]])), None)


def leading_parts(items: Any) -> dict[str, str] | None:
    """The parts of the address that counts."""
    at = _leading_index(items)
    entry = None if at is None else items[at]
    return {part: entry[part] for part in ADDRESS_PARTS if entry.get(part)} if isinstance(entry, dict) else None


def with_leading(items: Any, value: str | Mapping[str, str] | None) -> list[Any]:
    """The list with its leading entry changed (removed, for None), the other entries untouched."""
    kept = list(items) if isinstance(items, list) else []
    at = _leading_index(kept)
    if value is None:
        return kept if at is None else kept[:at] + kept[at + 1 :]
    new = {"value": value} if isinstance(value, str) else value
    if at is None:
        return [*kept, {**new, "type": "work", "primary": True}]
    entry = kept[at] if isinstance(kept[at], dict) else {}
    replaced = {"value"} if isinstance(value, str) else set(ADDRESS_PARTS)
    kept[at] = {**{key: part for key, part in entry.items() if key not in replaced}, **new}
    return kept


def _leading_index(items: Any) -> int | None:
    if not isinstance(items, list) or not items:
        return None
    for test in (lambda item: item.get("primary") is True, lambda item: item.get("type") == "work"):
        for at, item in enumerate(items):
            if isinstance(item, dict) and test(item):
                return at
    return 0


def canonical(word: str, value: Any) -> Any:
    """A value in the form in which it is compared: absent and empty are one, names of people's accounts ignore case."""
    if word == "active":
        return None if value is None or value == "" else _truth(value)
    if word == "manager":
        return value or None  # an id of the target, which is opaque
    plain = comparable(word, value)
    return str(plain) if isinstance(plain, bool | int | float | dict | list) else plain


def _truth(value: Any) -> bool:
    return value.casefold() == "true" if isinstance(value, str) else bool(value)
