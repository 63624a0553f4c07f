"""A stable order in which a page costs its own length.

Removed entries leave gaps until the next page is read, which closes all gaps at once.
"""

from __future__ import annotations

from collections.abc import Iterator


class Order:
    """Ids in order of arrival."""

    def __init__(self) -> None:
        self._ids: list[str | None] = []
        self._place: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._place)

    def __iter__(self) -> Iterator[str]:
        return iter(self.slice(0, len(self)))

    def append(self, id: str) -> None:
        """Append an id."""
        self._place[id] = len(self._ids)
        self._ids.append(id)

    def discard(self, id: str) -> None:
        """Remove an id; those after it move up."""
        self._ids[self._place.pop(id)] = None

    def slice(self, start: int, count: int) -> list[str]:
        """At most `count` ids from the 0-based position `start`."""
        if len(self._ids) != len(self._place):
            self._close_gaps()
        return self._ids[start : start + count]  # type: ignore[return-value]  # no gaps are left

    def _close_gaps(self) -> None:
        self._ids = list(self._place)
        self._place = {id: place for place, id in enumerate(self._place)}
