"""Resources that exist and cannot be seen yet: by their id, in lists, or both, until a moment of the clock.

Many directories answer a create before every one of their replicas knows of it.
"""

from __future__ import annotations

from provcheck.mock_targets.clock import Clock


class ReplicationLag:
    """What a target keeps out of sight."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_id: dict[str, float] = {}
        self._in_lists: dict[str, float] = {}

    @property
    def hides_any(self) -> bool:
        """Whether something may be hidden from lists."""
        return bool(self._in_lists)

    def hide(self, id: str, *, by_id: float = 0.0, by_filter: float = 0.0) -> None:
        """Keep a resource from being read by its id, and from being found, for so many seconds from now."""
        now = self._clock.monotonic()
        for until, seconds in ((self._by_id, by_id), (self._in_lists, by_filter)):
            if seconds > 0:
                until[id] = now + seconds

    def hides_by_id(self, id: str) -> bool:
        """Whether a resource cannot be reached by its id yet."""
        return self._is_waiting(self._by_id, id)

    def hides_from_lists(self, id: str) -> bool:
        """Whether a resource does not show in lists yet."""
        return self._is_waiting(self._in_lists, id)

    def clear(self) -> None:
        """Show everything."""
        self._by_id.clear()
        self._in_lists.clear()

    def _is_waiting(self, until: dict[str, float], id: str) -> bool:
        if not until or id not in until:
            return False
        if self._clock.monotonic() < until[id]:
            return True
        until.pop(id, None)
        return False
