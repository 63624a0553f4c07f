"""Where Google's user keeps the core words, how each is written, and in which form it is compared.

Source: the discovery document admin directory_v1, User; PingFederate's attribute reference of its Google connector.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from typing import Any

from provcheck.harness.client.connectors.attribute_mapping import canonical
from provcheck.harness.client.outcome import Json
from provcheck.harness.model.core_words import ADDRESS_PARTS

SINGLE = {
    "givenName": ("name", "givenName"),
    "familyName": ("name", "familyName"),
    "displayName": ("name", "displayName"),
}
IN_LISTS: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "email": ("emails", "address", {"type": "work"}),
    "externalId": ("externalIds", "value", {"type": "account"}),
    "employeeNumber": ("externalIds", "value", {"type": "organization"}),
    "title": ("organizations", "title", {}),
    "department": ("organizations", "department", {}),
    "preferredLanguage": ("languages", "languageCode", {}),
}
"""Word -> the list, the member of an entry that holds it, and what marks the entry. A list is written whole."""
WHOLE_LISTS = {"phoneNumbers": "phones", "address": "addresses"}
MADE_BY_GOOGLE = ".test-google-a.com"


def address_of(name: str, domain: str) -> str:
    """A user name as a primary address."""
    return name if "@" in name else f"{name}@{domain}"


def group_addresses(name: str, domain: str) -> tuple[str, str]:
    """The address for a group of this name, and the one to take where another group has it.

    How PingOne forms it is not documented: inferred is the name in small letters, digits and dashes.
    """
    mark = f"{zlib.crc32(name.encode('utf-8', 'replace')):08x}"
    local = re.sub(r"[^a-z0-9._-]+", "-", name.casefold()).strip("-.")[:50]
    return f"{local or f'group-{mark}'}@{domain}", f"{local or 'group'}-{mark}@{domain}"


class UserMapping:
    """The words of one connection; user names without a domain are in `domain`."""

    def __init__(self, domain: str) -> None:
        self.domain = domain

    def canonical(self, word: str, value: Any) -> Any:
        """The form in which a word is compared."""
        if word == "userName" and isinstance(value, str) and value:
            value = address_of(value, self.domain)
        return canonical(word, value)

    def read(self, document: Json, word: str) -> Any:
        """The value of a word in a user, or None."""
        if word == "userName":
            return document.get("primaryEmail")
        if word == "active":
            return not document.get("suspended", False)
        if word in SINGLE:
            name = document.get("name")
            return name.get(SINGLE[word][1]) if isinstance(name, dict) else None
        if word in IN_LISTS:
            at, key, marks = IN_LISTS[word]
            entry = next((each for each in _entries(document, at) if marks.items() <= each.items()), {})
            return entry.get(key)
        if word == "phoneNumbers":
            kept = [
                {key: each[key] for key in ("value", "type") if each.get(key)} for each in _entries(document, "phones")
            ]
            return kept or None
        if word == "address":
            home = next((each for each in _entries(document, "addresses") if each.get("type") == "work"), {})
            return {part: home[part] for part in ADDRESS_PARTS if home.get(part)} or None
        return None

    def put(self, document: Json, word: str, value: Any, before: Json) -> None:
        """Write a word (None clears it) into the body of a request; `before` is the user as it was read."""
        if word == "userName":
            document["primaryEmail"] = address_of(str(value), self.domain)
        elif word == "active":
            document["suspended"] = not value
        elif word in SINGLE:
            document.setdefault("name", {})[SINGLE[word][1]] = value if value is not None else ""
        elif word in IN_LISTS:
            at, key, marks = IN_LISTS[word]
            document[at] = _changed(_kept(document, before, at), key, marks, value) or None
        elif word == "phoneNumbers":
            document["phones"] = value or None
        elif word == "address":
            others = [each for each in _kept(document, before, "addresses") if each.get("type") != "work"]
            document["addresses"] = [*([{**value, "type": "work"}] if value else []), *others] or None


def _entries(document: Json, name: str) -> list[Json]:
    items = document.get(name)
    return [each for each in items if isinstance(each, dict)] if isinstance(items, list) else []


def _kept(document: Json, before: Json, name: str) -> list[Json]:
    """The entries to start from: those of the request so far, or those that are there, but for what Google makes."""
    if name in document:
        return _entries(document, name)
    own = {before.get("primaryEmail"), *(before.get("aliases") or ())}
    return [
        each
        for each in _entries(before, name)
        if name != "emails"
        or "type" in each
        or (each.get("address") not in own and not str(each.get("address")).endswith(MADE_BY_GOOGLE))
    ]


def _changed(entries: list[Json], key: str, marks: Mapping[str, str], value: Any) -> list[Json]:
    at = next((n for n, each in enumerate(entries) if marks.items() <= each.items()), len(entries))
    entry = {**marks, **(entries[at] if at < len(entries) else {})}
    entry.pop(key, None)
    if value is not None:
        entry[key] = value
    is_kept = value is not None or bool(entry.keys() - marks.keys() - {"primary"})
    return [*entries[:at], *([entry] if is_kept else []), *entries[at + 1 :]]
