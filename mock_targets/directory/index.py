"""Indexes over documents: equality on an indexed attribute is one look-up, whatever the size of the directory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from provcheck.mock_targets.directory.record import Document

KeyRule = Callable[[str], str]


def exact(value: str) -> str:
    """Compare as written (caseExact true, RFC 7643 section 2.2)."""
    return value


def folded(value: str) -> str:
    """Compare without regard to case (caseExact false, RFC 7643 section 2.2)."""
    return value.casefold()


@dataclass(frozen=True, slots=True)
class IndexSpec:
    """An index to keep: which values of a document are indexed, how they compare, and whether they must be unique."""

    name: str
    values: Callable[[Document], Iterable[str]]
    key: KeyRule = exact
    unique: bool = False


@dataclass(slots=True)
class Index:
    """Key -> ids, in the order of arrival. One id is stored bare, because most keys have one holder."""

    spec: IndexSpec
    holders: dict[str, str | dict[str, None]] = field(default_factory=dict)

    def keys_of(self, document: Document) -> set[str]:
        """The keys under which this document is found."""
        return {self.spec.key(value) for value in self.spec.values(document)}

    def tells_apart(self, one: Document, other: Document) -> bool:
        """Whether two documents may be found under different keys."""
        return list(self.spec.values(one)) != list(self.spec.values(other))

    def ids(self, value: str) -> Iterable[str]:
        """The ids of all resources that hold this value."""
        held = self.holders.get(self.spec.key(value))
        if held is None:
            return ()
        return (held,) if isinstance(held, str) else tuple(held)

    def put(self, key: str, id: str) -> None:
        """Add a key of a resource."""
        held = self.holders.get(key)
        if held is None:
            self.holders[key] = id
        elif isinstance(held, str):
            self.holders[key] = {held: None, id: None}
        else:
            held[id] = None

    def drop(self, key: str, id: str) -> None:
        """Remove a key of a resource."""
        held = self.holders.get(key)
        if isinstance(held, dict):
            held.pop(id, None)
            if not held:
                del self.holders[key]
        elif held == id:
            del self.holders[key]
