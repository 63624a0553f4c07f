"""The source: users and groups as the client is given them. Immutable; a change makes a new population.

Members of a source group are ids of source users; an id that no user has is ignored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from provcheck.harness.model.source import BadPopulation, SourceGroup, SourceUser
from provcheck.harness.model.source_file import read_source

__all__ = ["BadPopulation", "Population", "SourceGroup", "SourceUser"]

Item = TypeVar("Item", SourceUser, SourceGroup)


@dataclass(frozen=True)
class Population:
    """All users and groups of the source, in order. Ids are unique among users and among groups."""

    users: tuple[SourceUser, ...] = ()
    groups: tuple[SourceGroup, ...] = ()

    def __post_init__(self) -> None:
        for what, ids in (("user", [u.id for u in self.users]), ("group", [g.id for g in self.groups])):
            if len(set(ids)) < len(ids):
                twice = next(id for id, times in Counter(ids).items() if times > 1)
                raise BadPopulation(f"two {what}s have the id {twice!r}")

    @cached_property
    def users_by_id(self) -> Mapping[str, SourceUser]:
        """The users, by id."""
        return {user.id: user for user in self.users}

    @cached_property
    def groups_by_id(self) -> Mapping[str, SourceGroup]:
        """The groups, by id."""
        return {group.id: group for group in self.groups}

    def user(self, id: str) -> SourceUser:
        """The user with this id. Raises KeyError."""
        return self.users_by_id[id]

    def group(self, id: str) -> SourceGroup:
        """The group with this id. Raises KeyError."""
        return self.groups_by_id[id]

    def with_user(self, user: SourceUser) -> Population:
        """With this user added, or put in the place of the one with the same id."""
        return replace(self, users=_put(self.users, user))

    def with_group(self, group: SourceGroup) -> Population:
        """With this group added, or put in the place of the one with the same id."""
        return replace(self, groups=_put(self.groups, group))

    def without_user(self, id: str) -> Population:
        """Without this user, who also leaves every group. Raises KeyError."""
        self.user(id)
        groups = tuple(_without_member(group, id) for group in self.groups)
        return Population(tuple(user for user in self.users if user.id != id), groups)

    def without_group(self, id: str) -> Population:
        """Without this group; its members stay. Raises KeyError."""
        self.group(id)
        return replace(self, groups=tuple(group for group in self.groups if group.id != id))

    @staticmethod
    def read(path: str | Path) -> Population:
        """Read a `.json` or `.csv` file. Raises BadPopulation (also when the file cannot be opened)."""
        users, groups = read_source(Path(path))
        try:
            return Population(users, groups)
        except BadPopulation as error:
            raise BadPopulation(f"{path}: {error}") from None


def _put(items: tuple[Item, ...], item: Item) -> tuple[Item, ...]:
    if any(each.id == item.id for each in items):
        return tuple(item if each.id == item.id else each for each in items)
    return items + (item,)  # noqa: RUF005 - unpacking loses the item's type


def _without_member(group: SourceGroup, id: str) -> SourceGroup:
    return replace(group, members=_minus(group.members, id)) if id in group.members else group


def _minus(ids: Iterable[str], id: str) -> tuple[str, ...]:
    return tuple(each for each in ids if each != id)
