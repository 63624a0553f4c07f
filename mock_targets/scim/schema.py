"""Attribute tables: what a resource may carry, compiled once and looked up case-insensitively.

A `Place` is where an attribute lives in a document: in the document itself, or in the container named by the URN of
an extension. Every path, filter, sort and projection is resolved to places first, and then works on plain dicts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from provcheck.mock_targets.query.attributes import Attribute, Place, needed
from provcheck.mock_targets.scim.grammar import STRICT, Grammar

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Extension:
    """An extension schema of a resource type."""

    urn: str
    required: bool
    attributes: tuple[Attribute, ...]
    table: Mapping[str, Attribute]
    needed: tuple[Attribute, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "needed", needed(self.attributes))


@dataclass(frozen=True, slots=True)
class Spelling:
    """How clients of a vendor write attributes, beyond RFC 7644 section 3.10.

    `aliases` are other names of attributes (as written, in lower case -> as the schema has it), `urns` other URNs, in
    lower case, of extensions or (None) of the core schema; a dot may stand behind any URN. Paths are read by the
    `grammar`.
    """

    aliases: Mapping[str, str] = field(default_factory=dict)
    urns: Mapping[str, str | None] = field(default_factory=dict)
    grammar: Grammar = STRICT


RFC_SPELLING = Spelling()
"""Nothing beyond the RFC."""


def requalified(path: str, urns: Mapping[str, str]) -> str:
    """A path that begins with one of these URNs (in lower case) and a colon or a dot, by the URN that it stands for."""
    low = path.lower()
    for old, new in urns.items():
        if low == old or (low.startswith(old) and low[len(old)] in ":."):
            rest = path[len(old) + 1 :]
            return f"{new}:{rest}" if rest else new
    return path


@dataclass(frozen=True, slots=True, eq=False)
class ResourceSchema:
    """Everything known about one kind of resource.

    `membership` is the attribute that shows memberships (`members` of a Group, `groups` of a User); `relation` is the
    same name when memberships are written there, and None when that side only shows them.
    """

    kind: str
    urn: str
    endpoint: str
    attributes: tuple[Attribute, ...]
    table: Mapping[str, Attribute]
    extensions: tuple[Extension, ...]
    extension_table: Mapping[str, Extension]
    membership: str
    relation: str | None
    spelling: Spelling = RFC_SPELLING
    needed: tuple[Attribute, ...] = field(init=False)
    urns: frozenset[str] = field(init=False)
    """The URNs of the core schema and of every extension."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "needed", needed(self.attributes))
        object.__setattr__(self, "urns", frozenset((self.urn, *(each.urn for each in self.extensions))))

    def extension(self, urn: str) -> Extension | None:
        """The extension of this URN, in any case."""
        return self.extension_table.get(urn) or self.extension_table.get(urn.lower())

    def attribute(self, name: str) -> Attribute | None:
        """The core or common attribute of this name, in any case."""
        return self.table.get(name) or self.table.get(name.lower())

    def locate(self, path: str) -> Place | None:
        """Where an attribute path without a filter leads; None when no schema has it (RFC 7644 section 3.10)."""
        table: Mapping[str, Attribute] = self.table
        container = None
        if path[:4].lower() == "urn:":
            found = self._qualified(path)
            if found is None:
                return None
            container, table, path = found
            if not path:
                return Place(container, None, None)
        name, dot, sub_name = path.partition(".")
        attribute = table.get(name) or table.get(name.lower())
        if attribute is None:
            return None
        sub = attribute.sub(sub_name) if dot else None
        return None if dot and sub is None else Place(container, attribute, sub)

    def plain_path(self, path: str) -> str:
        """A path as the RFC writes it: qualified by a URN of this schema and a colon, if it is qualified."""
        if self.spelling is RFC_SPELLING:
            return path
        urns = {urn.lower(): urn for urn in (self.urn, *(extension.urn for extension in self.extensions))}
        return requalified(path, urns | {other: urn or self.urn for other, urn in self.spelling.urns.items()})

    def _qualified(self, path: str) -> tuple[str | None, Mapping[str, Attribute], str] | None:
        """Split a URN-qualified path into its container, the table to look in and the rest."""
        low = path.lower()
        schemas: list[tuple[str | None, str, Mapping[str, Attribute]]] = [(None, self.urn, self.table)]
        schemas += [(extension.urn, extension.urn, extension.table) for extension in self.extensions]
        for container, urn, table in schemas:
            if low == urn.lower():
                return container, table, ""
            rest = path[len(urn) + 1 :]
            if rest and low.startswith(urn.lower() + ":"):
                return container, table, rest
        return None
