"""The directory kept in memory. One lock guards it; documents are shared, never copied, never mutated."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from provcheck.mock_targets.directory.errors import Conflict, NotFound, UnknownMember
from provcheck.mock_targets.directory.index import Index, IndexSpec
from provcheck.mock_targets.directory.order import Order
from provcheck.mock_targets.directory.record import Document, Record
from provcheck.mock_targets.directory.relation import Relation


class _Shelf:
    """The resources of one kind: by id, in order, and by every index."""

    def __init__(self, specs: Sequence[IndexSpec]) -> None:
        self.records: dict[str, Record] = {}
        self.order = Order()
        self.indexes = {spec.name: Index(spec) for spec in specs}


class MemoryDirectory:
    """A `Directory` in memory.

    `kinds` names the kinds of resource and the indexes of each; `now` gives the time of a change and `make_id` a
    fresh id for a kind.
    """

    def __init__(
        self,
        kinds: Mapping[str, Sequence[IndexSpec]],
        *,
        now: Callable[[], datetime],
        make_id: Callable[[str], str],
    ) -> None:
        self.lock = threading.RLock()
        self._kinds = dict(kinds)
        self._now = now
        self._make_id = make_id
        self.reset()

    def reset(self) -> None:
        """Remove everything."""
        with self.lock:
            self._shelves = {kind: _Shelf(specs) for kind, specs in self._kinds.items()}
            self._relation = Relation()

    def add(self, kind: str, document: Document, *, id: str | None = None) -> Record:
        """Store a new resource. Raises Conflict when a unique value (or the id itself) is taken."""
        with self.lock:
            shelf = self._shelves[kind]
            id = id or self._free_id(kind)
            if self.locate(id) is not None:
                raise Conflict(kind, "id", id, id)
            keys = self._free_keys(shelf, kind, id, document)
            now = self._now()
            record = shelf.records[id] = Record(kind, id, document, 1, now, now)
            shelf.order.append(id)
            for index, own in keys:
                for key in own:
                    index.put(key, id)
            return record

    def _free_id(self, kind: str) -> str:
        """A new id that no resource has, not even one that was added with an id of its own."""
        while True:
            id = self._make_id(kind)
            if self.locate(id) is None:
                return id

    def get(self, kind: str, id: str) -> Record:
        """The resource with this id. Raises NotFound."""
        try:
            return self._shelves[kind].records[id]
        except KeyError:
            raise NotFound(kind, id) from None

    def find(self, kind: str, index: str, value: str) -> list[Record]:
        """The resources that hold a value, by the index's own case rule."""
        with self.lock:
            shelf = self._shelves[kind]
            return [shelf.records[id] for id in shelf.indexes[index].ids(value)]

    def change(self, kind: str, id: str, document: Document) -> Record:
        """Replace the document. Raises NotFound or Conflict; an equal document makes no new version."""
        with self.lock:
            shelf, old = self._shelves[kind], self.get(kind, id)
            if old.document == document:
                return old
            for index, own in self._free_keys(shelf, kind, id, document, old.document):
                before = index.keys_of(old.document)
                for key in before - own:
                    index.drop(key, id)
                for key in own - before:
                    index.put(key, id)
            record = Record(kind, id, document, old.version + 1, old.created, self._now())
            shelf.records[id] = record
            return record

    def touch(self, kind: str, id: str) -> Record:
        """Increment the version of a resource without changing its document. Raises NotFound."""
        with self.lock:
            old = self.get(kind, id)
            record = Record(kind, id, old.document, old.version + 1, old.created, self._now())
            self._shelves[kind].records[id] = record
            return record

    def _touch(self, id: str) -> None:
        record = self.locate(id)
        if record is not None:
            self.touch(record.kind, id)

    def remove(self, kind: str, id: str) -> Record:
        """Delete a resource and all its memberships. Raises NotFound."""
        with self.lock:
            shelf, record = self._shelves[kind], self.get(kind, id)
            for index in shelf.indexes.values():
                for key in index.keys_of(record.document):
                    index.drop(key, id)
            shelf.order.discard(id)
            del shelf.records[id]
            for group_id in self._relation.forget(id):
                self._touch(group_id)
            return record

    def relate(
        self,
        group_id: str,
        member_id: str,
        extras: Mapping[str, Any] | None = None,
        *,
        checks_member: bool = True,
    ) -> bool:
        """Add a membership. Return False if it exists. Raises UnknownMember for an id that no resource has."""
        with self.lock:
            for id in (group_id, member_id) if checks_member else (group_id,):
                if self.locate(id) is None:
                    raise UnknownMember(id)
            return self._relation.relate(group_id, member_id, extras)

    def unrelate(self, group_id: str, member_id: str) -> bool:
        """Remove a membership. Return False if there is none."""
        with self.lock:
            return self._relation.unrelate(group_id, member_id)

    def members(self, group_id: str) -> Mapping[str, Mapping[str, Any]]:
        """Member ids of a group with their extras. A live view: hold `lock` while iterating."""
        return self._relation.members(group_id)

    def groups(self, member_id: str) -> list[Record]:
        """The groups a resource is in."""
        with self.lock:
            return [record for id in self._relation.groups(member_id) if (record := self.locate(id)) is not None]

    def locate(self, id: str) -> Record | None:
        """A resource of any kind by its id."""
        for shelf in self._shelves.values():
            record = shelf.records.get(id)
            if record is not None:
                return record
        return None

    def count(self, kind: str) -> int:
        """How many resources of a kind there are."""
        return len(self._shelves[kind].records)

    def page(self, kind: str, start: int, count: int) -> list[Record]:
        """At most `count` resources from the 0-based position `start`, in order of arrival."""
        with self.lock:
            shelf = self._shelves[kind]
            return [shelf.records[id] for id in shelf.order.slice(start, count)]

    def all(self, kind: str) -> Iterator[Record]:
        """Every resource of a kind, in order of arrival, as it stands now."""
        return iter(self.page(kind, 0, self.count(kind)))

    def _free_keys(
        self, shelf: _Shelf, kind: str, id: str, document: Document, old: Document | None = None
    ) -> list[tuple[Index, set[str]]]:
        """The keys of a document in every index for which it differs from the old one.

        Raises Conflict before anything is changed.
        """
        indexes = [each for each in shelf.indexes.values() if old is None or each.tells_apart(old, document)]
        keys = [(index, index.keys_of(document)) for index in indexes]
        for index, own in keys:
            if index.spec.unique:
                for key in own:
                    holder = index.holders.get(key)
                    if isinstance(holder, str) and holder != id:
                        raise Conflict(kind, index.spec.name, _spelling(index.spec, document, key), holder)
        return keys


def _spelling(spec: IndexSpec, document: Document, key: str) -> str:
    """The value as the document spells it, for the message."""
    return next((value for value in spec.values(document) if spec.key(value) == key), key)
