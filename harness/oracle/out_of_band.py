"""Keeps the names of accounts and groups that were changed out of band and that no run had to look at since.

A client learns of such a change when the source changes the same user or group, or in a Full Resync; until then target
and journal do not show how it must count them.
"""

from __future__ import annotations

from collections.abc import Iterable

from provcheck.harness.model import Population
from provcheck.harness.model.external_change import ExternalChange, touched


class OutOfBand:
    """The names, case-folded, in `names`."""

    def __init__(self) -> None:
        self.names: frozenset[str] = frozenset()

    def changed(self, changes: Iterable[ExternalChange]) -> None:
        """The target was changed out of band."""
        self.names |= touched(changes)

    def ran(self, before: Population, after: Population, *, full: bool = False) -> None:
        """The client synced. A change of its members is no reason to look at a group itself."""
        if full:
            self.names = frozenset()
        seen = [user.user_name for user in after.users if before.users_by_id.get(user.id, user) != user]
        for group in after.groups:
            was = before.groups_by_id.get(group.id, group).name
            seen += [was, group.name] if was != group.name else []
        self.names -= {name.casefold() for name in seen}
