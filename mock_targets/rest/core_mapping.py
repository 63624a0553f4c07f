"""Core words drawn from an attribute table: a row with `core` holds the word, and a place says the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from provcheck.mock_targets.directory import Document
from provcheck.mock_targets.rest.attributes import Field, Table
from provcheck.mock_targets.rest.errors import Invalid
from provcheck.mock_targets.target.core_mapping import At, Core, Misfit, Place, Words


def words_of(
    table: Table,
    *,
    places: Mapping[str, Place] | None = None,
    defaults: Mapping[str, Any] | None = None,
    start: Callable[[Core], Document] = lambda core: {},
) -> Words:
    """Return the core words of a table; `places` are those that no single field holds.

    `defaults` are the values of words that a document does not state.
    """
    found = {word: At(way, (defaults or {}).get(word)) for word, way in _ways(table.fields, ())}

    def read_document(document: Document) -> Document:
        try:
            return table.check_document(document)
        except Invalid as error:
            raise Misfit(str(error)) from None

    return Words({**found, **(places or {})}, start, read_document, table.secrets)


def _ways(fields: Iterable[Field], at: tuple[str, ...]) -> Iterable[tuple[str, tuple[str, ...]]]:
    for each in fields:
        if each.core:
            yield each.core, (*at, each.name)
        if each.type == "object":
            yield from _ways(each.fields, (*at, each.name))


@dataclass(frozen=True, slots=True)
class InEntry:
    """A word that is one value (`key`) of one object in a list: the first that has all of `marks`.

    A new entry is made of `marks` and `new`; one without further values goes with its last.
    """

    name: str
    key: str
    marks: Mapping[str, Any] = field(default_factory=dict)
    new: Mapping[str, Any] = field(default_factory=dict)

    def read(self, document: Document) -> Any:
        """The value that is there."""
        at = self._at(document)
        return None if at is None else document[self.name][at].get(self.key)

    def write(self, document: Document, value: Any) -> None:
        """Put the value there, or take it away."""
        entries, at = list(document.get(self.name) or ()), self._at(document)
        entry = {**self.marks, **self.new} if at is None else dict(entries[at])
        entry = {name: part for name, part in entry.items() if name != self.key}
        if value not in (None, ""):
            entry[self.key] = value
        is_kept = bool(entry.keys() - self.marks.keys() - self.new.keys())
        entries[len(entries) if at is None else at : (len(entries) if at is None else at + 1)] = [entry] * is_kept
        if entries:
            document[self.name] = entries
        else:
            document.pop(self.name, None)

    def _at(self, document: Document) -> int | None:
        for at, entry in enumerate(document.get(self.name) or ()):
            if isinstance(entry, dict) and all(entry.get(name) == value for name, value in self.marks.items()):
                return at
        return None


@dataclass(frozen=True, slots=True)
class Entries:
    """A word that is a whole list of objects: `keys` maps the members of an entry to the API's own."""

    name: str
    keys: Mapping[str, str]

    def read(self, document: Document) -> Any:
        """The entries that are there, in core words; None without any."""
        found = [
            {word: entry[key] for word, key in self.keys.items() if entry.get(key)}
            for entry in document.get(self.name) or ()
            if isinstance(entry, dict)
        ]
        return [each for each in found if each] or None

    def write(self, document: Document, value: Any) -> None:
        """Replace all entries."""
        if value:
            document[self.name] = [{self.keys[word]: part for word, part in entry.items()} for entry in value]
        else:
            document.pop(self.name, None)


@dataclass(frozen=True, slots=True)
class Parts:
    """A word that is an object of parts, kept as one object of a list: the first that has all of `marks`."""

    name: str
    keys: Mapping[str, str]
    marks: Mapping[str, Any] = field(default_factory=dict)

    def read(self, document: Document) -> Any:
        """The parts that are there; None without any."""
        for entry in document.get(self.name) or ():
            if isinstance(entry, dict) and self.marks.items() <= entry.items():
                return {word: entry[key] for word, key in self.keys.items() if entry.get(key)} or None
        return None

    def write(self, document: Document, value: Any) -> None:
        """Replace that object."""
        marked = [each for each in document.get(self.name) or () if self.marks.items() <= each.items()]
        others = [each for each in document.get(self.name) or () if each not in marked[:1]]
        new = {self.keys[word]: part for word, part in (value or {}).items() if part}
        entries = [*([{**self.marks, **new}] if new else []), *others]
        if entries:
            document[self.name] = entries
        else:
            document.pop(self.name, None)


@dataclass(frozen=True, slots=True)
class Negated:
    """A switch that the document keeps the other way round; absent is false there, and true here."""

    way: tuple[str, ...]

    def read(self, document: Document) -> bool:
        """The switch."""
        return not At(self.way).read(document)

    def write(self, document: Document, value: Any) -> None:
        """Set the opposite; what is true needs no value."""
        At(self.way).write(document, None if value is None or value else True)
