"""Replication lag: resources that exist but are hidden for a while, by their id, in lists, or both; old states shown.

Many directories answer a create before it has reached all their replicas.
"""

from __future__ import annotations

from typing import Any

from provcheck.mock_targets.clock import Clock
from provcheck.mock_targets.query.list_view import ListView, read_path


class ReplicationLag:
    """The resources of a target that are hidden for a while."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_id: dict[str, float] = {}
        self._in_lists: dict[str, float] = {}
        self._as_active: dict[str, float] = {}

    @property
    def hides_any(self) -> bool:
        """Whether any resource may be hidden from lists."""
        return bool(self._in_lists)

    def hide(self, id: str, *, by_id: float = 0.0, by_filter: float = 0.0) -> None:
        """Hide a resource from reads by its id, and from lists, for so many seconds from now."""
        now = self._clock.monotonic()
        for until, seconds in ((self._by_id, by_id), (self._in_lists, by_filter)):
            if seconds > 0:
                until[id] = now + seconds

    def show_as_active(self, id: str, seconds: float) -> None:
        """Show a user that was turned off as active for so many seconds from now."""
        self._as_active[id] = self._clock.monotonic() + seconds

    def shows_as_active(self, id: str) -> bool:
        """Return True if a user that was turned off is still shown as active."""
        return self._is_waiting(self._as_active, id)

    def hides_by_id(self, id: str) -> bool:
        """Return True if a resource is hidden from requests by its id."""
        return self._is_waiting(self._by_id, id)

    def hides_from_lists(self, id: str) -> bool:
        """Return True if a resource is hidden from lists."""
        return self._is_waiting(self._in_lists, id)

    def without_hidden(self, view: ListView, body: Any) -> Any:
        """Return a list answer without hidden rows, with its counts adjusted; any other body unchanged."""
        rows = view.rows_of(body)
        if rows is None or not self._in_lists:
            return body
        shown = [row for row in rows if not self.hides_from_lists(str(read_path(row, view.id)))]
        if len(shown) == len(rows):
            return body
        total = view.total_of(body)
        return view.with_rows(body, shown, None if total is None else max(0, total - len(rows) + len(shown)))

    def clear(self) -> None:
        """Show all resources."""
        self._by_id.clear()
        self._in_lists.clear()
        self._as_active.clear()

    def _is_waiting(self, until: dict[str, float], id: str) -> bool:
        if not until or id not in until:
            return False
        if self._clock.monotonic() < until[id]:
            return True
        until.pop(id, None)
        return False
