"""Whether a directory agrees with itself: resources, order, indexes, and memberships from both sides."""

from __future__ import annotations

from collections.abc import Iterator

from provcheck.mock_targets.directory import MemoryDirectory
from provcheck.mock_targets.target.target import Target


def inconsistencies(target: Target) -> list[str]:
    """Whatever does not agree in the directory of a target, in words; empty when all does."""
    directory = target.directory
    assert isinstance(directory, MemoryDirectory)
    with directory.lock:
        found = [text for kind in target.spec.kinds for text in _of_shelf(directory, kind)]
        return found + list(_of_relation(directory))


def _of_shelf(directory: MemoryDirectory, kind: str) -> Iterator[str]:
    shelf = directory._shelves[kind]
    ordered = shelf.order.slice(0, len(shelf.order))
    if sorted(ordered) != sorted(shelf.records):
        yield f"{kind}: the order has {len(ordered)} ids, the shelf {len(shelf.records)} resources"
    for id, record in shelf.records.items():
        if (record.id, record.kind) != (id, kind):
            yield f"{kind} {id} is {record.kind} {record.id}"
    for name, index in shelf.indexes.items():
        wanted: dict[str, set[str]] = {}
        for id, record in shelf.records.items():
            for key in index.keys_of(record.document):
                wanted.setdefault(key, set()).add(id)
        held = {key: {ids} if isinstance(ids, str) else set(ids) for key, ids in index.holders.items()}
        if held != wanted:
            yield f"{kind}: index {name} holds {held}, the documents say {wanted}"
        if index.spec.unique and any(len(ids) > 1 for ids in held.values()):
            yield f"{kind}: {name} is not unique"


def _of_relation(directory: MemoryDirectory) -> Iterator[str]:
    relation = directory._relation
    from_groups = {(group, member) for group, members in relation._members.items() for member in members}
    from_members = {(group, member) for member, groups in relation._groups.items() for group in groups}
    if from_groups != from_members:
        yield f"memberships differ by side: {from_groups ^ from_members}"
    for ends in from_groups:
        for id in ends:
            if directory.locate(id) is None:
                yield f"a membership names {id}, which nothing has"
