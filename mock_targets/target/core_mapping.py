"""Reads and writes any target in core words, so that seeds, snapshots and judges need not know its dialect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from provcheck.mock_targets.directory import Document, Record

Core = Mapping[str, Any]
"""Core words (see `core_words`) and their values."""


class Misfit(ValueError):
    """A value or a document that the target cannot keep; the message is one line that says why."""


class Place(Protocol):
    """Where and how documents of a target keep one core word."""

    def read(self, document: Document) -> Any:
        """The value in core form; None when there is none."""

    def write(self, document: Document, value: Any) -> None:
        """Set the value (None and "" clear it). Replaces what it changes inside the document. Raises Misfit."""


@dataclass(frozen=True, slots=True)
class At:
    """A word that is one value of the document: the keys to follow from its top.

    `default` is what an absent one is; with `keeps_empty` an empty text is kept as a value like any other. `form` gives
    a value as it is kept.
    """

    way: tuple[str, ...]
    default: Any = None
    keeps_empty: bool = False
    form: Callable[[Any], Any] = lambda value: value

    def read(self, document: Document) -> Any:
        """The value that is there."""
        value: Any = document.get(self.way[0])
        for step in self.way[1:]:
            value = value.get(step) if isinstance(value, dict) else None
        return self.default if value is None else value

    def write(self, document: Document, value: Any) -> None:
        """Put the value there; objects on the way are made, and go with their last value."""
        _put(document, self.way, None if value is None or (value == "" and not self.keeps_empty) else self.form(value))


@dataclass(frozen=True, slots=True)
class Words:
    """How one kind of resource keeps its core words: the place of each that it keeps.

    `start` gives the document of a new resource before its words are written; `read_document` checks a document from
    outside and gives it as the target would store it (raises Misfit). Attributes called as in `hidden` are secrets:
    no snapshot shows them.
    """

    places: Mapping[str, Place]
    start: Callable[[Core], Document] = lambda core: {}
    read_document: Callable[[Document], Document] = lambda document: document
    hidden: frozenset[str] = frozenset()

    def read(self, document: Document) -> dict[str, Any]:
        """The core words that a document holds; absent ones are left out."""
        values = {word: place.read(document) for word, place in self.places.items()}
        return {word: value for word, value in values.items() if value is not None}

    def write(self, core: Core, document: Document | None = None) -> Document:
        """A new document that says this, or the given one with only those words changed that say otherwise.

        The given document stays as it is. Raises Misfit.
        """
        written: Document = self.start(core) if document is None else dict(document)
        for word, value in core.items():
            if document is None or self.places[word].read(document) != value:
                self.places[word].write(written, value)
        return written

    def shown(self, document: Document) -> Document:
        """A copy of a document without its secrets."""
        copied: Document = _copy(document, self.hidden)
        return copied


@dataclass(frozen=True, slots=True)
class CoreMapping:
    """Core words <-> the target's own words, for its users and groups.

    `others` are lists of users that a seed or snapshot has beside `users`: name -> the kind of resource and its words.
    """

    user: Words
    group: Words
    others: Mapping[str, tuple[str, Words]] = field(default_factory=dict)

    @property
    def lists(self) -> dict[str, tuple[str, Words]]:
        """Every list of a seed or snapshot: its name, the kind of its resources and their words."""
        return {"users": ("User", self.user), "groups": ("Group", self.group), **self.others}

    def write_user(self, core: Core) -> Document:
        """A user as the target would store it after its own create. Raises Misfit."""
        return self.user.write(core)

    def read_user(self, document: Document) -> dict[str, Any]:
        """A user in core words."""
        return self.user.read(document)

    def is_active(self, document: Document) -> bool:
        """Whether a user is active."""
        return bool(self.user.places["active"].read(document))

    def write_group(self, core: Core) -> Document:
        """A group as the target would store it after its own create. Raises Misfit."""
        return self.group.write(core)

    def read_group(self, document: Document) -> dict[str, Any]:
        """A group in core words."""
        return self.group.read(document)

    def names(self, kind: str, document: Document) -> tuple[str, ...]:
        """The names by which faults and the journal know a resource: names, e-mail address and externalId."""
        words = ("displayName", "externalId") if kind == "Group" else ("userName", "externalId", "email")
        places = self.group.places if kind == "Group" else self.user.places
        values = (places[word].read(document) for word in words if word in places)
        return tuple(value for value in values if isinstance(value, str) and value)

    def names_of(self, record: Record) -> tuple[str, ...]:
        """The same, for a stored resource."""
        return self.names(record.kind, record.document)


def _put(document: Document, way: tuple[str, ...], value: Any) -> None:
    """Set a value inside a document; objects that change are replaced, never changed, as other documents share them."""
    first, *rest = way
    if rest:
        inside = dict(document[first]) if isinstance(document.get(first), dict) else {}
        _put(inside, tuple(rest), value)
        value = inside or None
    if value is None:
        document.pop(first, None)
    else:
        document[first] = value


def _copy(value: Any, hidden: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {key: _copy(item, hidden) for key, item in value.items() if key not in hidden}
    return [_copy(item, hidden) for item in value] if isinstance(value, list) else value
