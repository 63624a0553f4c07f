"""A lens reads and writes any target in core words, so that seeds, snapshots and judges need not know its dialect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from provcheck.mock_targets.directory import Document, Record

Core = Mapping[str, Any]

USER_WORDS: dict[str, type] = {
    "userName": str,
    "externalId": str,
    "givenName": str,
    "familyName": str,
    "displayName": str,
    "email": str,
    "active": bool,
}
GROUP_WORDS: dict[str, type] = {"displayName": str, "externalId": str, "members": list}


@dataclass(frozen=True, slots=True)
class CoreMapping:
    """Core words <-> the target's own words.

    The two writers turn core words into a document as the target would store it after its own create; the two readers
    give back the core words that a document holds (absent ones left out, `active` always there for users).
    """

    write_user: Callable[[Core], Document]
    read_user: Callable[[Document], dict[str, Any]]
    write_group: Callable[[Core], Document]
    read_group: Callable[[Document], dict[str, Any]]

    def names(self, kind: str, document: Document) -> tuple[str, ...]:
        """The names by which faults and the journal know a resource: names, e-mail address and externalId."""
        core = (self.read_user if kind == "User" else self.read_group)(document)
        words = ("userName", "externalId", "email") if kind == "User" else ("displayName", "externalId")
        return tuple(value for word in words if isinstance(value := core.get(word), str) and value)

    def names_of(self, record: Record) -> tuple[str, ...]:
        """The same, for a stored resource."""
        return self.names(record.kind, record.document)
