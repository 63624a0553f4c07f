"""Membership as a relation that can be read from both sides; adding one member costs the same at any size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

Extras = Mapping[str, Any]
_NONE: Mapping[str, Any] = MappingProxyType({})


class Relation:
    """Group id -> its members in order of joining, and member id -> its groups in the same order.

    A member may carry extras (what a client sent along, such as a display name).
    """

    def __init__(self) -> None:
        self._members: dict[str, dict[str, Extras]] = {}
        self._groups: dict[str, dict[str, None]] = {}

    def relate(self, group_id: str, member_id: str, extras: Extras | None = None) -> bool:
        """Add a membership. Return False if it exists; new extras then replace its old ones."""
        members = self._members.setdefault(group_id, {})
        if member_id in members:
            members[member_id] = extras or members[member_id]
            return False
        members[member_id] = extras or _NONE
        self._groups.setdefault(member_id, {})[group_id] = None
        return True

    def unrelate(self, group_id: str, member_id: str) -> bool:
        """Remove a membership. Return False if there is none."""
        if self._members.get(group_id, {}).pop(member_id, None) is None:
            return False
        self._groups[member_id].pop(group_id)
        return True

    def members(self, group_id: str) -> Mapping[str, Extras]:
        """Member ids of a group, each with its extras."""
        return self._members.get(group_id, _NONE)

    def groups(self, member_id: str) -> Iterator[str]:
        """Ids of the groups a resource is in."""
        return iter(self._groups.get(member_id, ()))

    def forget(self, id: str) -> tuple[str, ...]:
        """Remove a resource from both sides. Return the ids of the groups that it was a member of."""
        for member_id in self._members.pop(id, ()):
            self._groups[member_id].pop(id, None)
        left = tuple(self._groups.pop(id, ()))
        for group_id in left:
            self._members[group_id].pop(id, None)
        return left
