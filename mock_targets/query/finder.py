"""Finds resources: by an index if the filter requires an equality on an indexed attribute, else by a scan.

A page without a filter costs its own length; it is cut out of the stable order and never walks the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from provcheck.mock_targets.directory import Directory, Record
from provcheck.mock_targets.query.compile import Filter, Readable

ViewOf = Callable[[Record], Readable]
PassesOver = Callable[[Record, Filter | None], bool]
Sorter = Callable[[list[Record]], list[Record]]


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a result: `total` is the size of the whole, `start` is 0-based."""

    records: Sequence[Record]
    total: int
    start: int


@dataclass(frozen=True, slots=True)
class Finder:
    """Runs queries over one kind. `indexes` maps a filter's canonical attribute path to the index that answers it.

    `passes_over` names the resources that match and are left out all the same. `newest_first` turns the order around.
    """

    directory: Directory
    kind: str
    indexes: Mapping[str, str]
    view_of: ViewOf
    passes_over: PassesOver | None = None
    newest_first: bool = False

    def page(self, start: int, count: int, *, where: Filter | None = None, sort: Sorter | None = None) -> Page:
        """Return at most `count` matching resources from the 0-based position `start`, in stable or sorted order."""
        if where is None and sort is None and self.passes_over is None:
            return self._page(start, count)
        found = self.matching(where)
        if sort is not None:
            found = sort(found)
        elif self.newest_first:
            found = found[::-1]
        return Page(found[start : start + count], len(found), start)

    def _page(self, start: int, count: int) -> Page:
        with self.directory.lock:
            total = self.directory.count(self.kind)
            if not self.newest_first:
                return Page(self.directory.page(self.kind, start, count), total, start)
            end = max(0, total - start)
            first = max(0, end - count)
            return Page(self.directory.page(self.kind, first, end - first)[::-1], total, start)

    def matching(self, where: Filter | None) -> list[Record]:
        """Yield every matching resource, in stable order."""
        candidates = self._candidates(where)
        if self.passes_over is not None:
            candidates = [record for record in candidates if not self.passes_over(record, where)]
        if where is None:
            return candidates
        return [record for record in candidates if where.matches(self.view_of(record))]

    def _candidates(self, where: Filter | None) -> list[Record]:
        if where is not None:
            for equality in where.equalities:
                index = self.indexes.get(equality.path)
                if equality.path == "id":
                    record = self.directory.locate(str(equality.value))
                    return [record] if record is not None and record.kind == self.kind else []
                if index is not None and isinstance(equality.value, str):
                    return self.directory.find(self.kind, index, equality.value)
        return list(self.directory.all(self.kind))
