"""What can change at the source. Each edit turns one population into the next, and says itself in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from provcheck.harness.model.population import Population, SourceGroup, SourceUser


class Edit(Protocol):
    """A change at the source."""

    def on(self, population: Population) -> Population:
        """The population after the change. Raises KeyError when who is meant is not there."""

    def describe(self) -> str:
        """The change in words."""


@dataclass(frozen=True, slots=True)
class PutUser:
    """A user appears (or is replaced as a whole)."""

    user: SourceUser

    def on(self, population: Population) -> Population:
        """The population with the user."""
        return population.with_user(self.user)

    def describe(self) -> str:
        """The change in words."""
        return f"user {self.user.user_name} is added"


@dataclass(frozen=True, slots=True)
class ChangeUser:
    """Some fields of a user change, by the names of SourceUser's fields."""

    id: str
    changes: Mapping[str, Any]

    def on(self, population: Population) -> Population:
        """The population with the user changed."""
        return population.with_user(replace(population.user(self.id), **self.changes))

    def describe(self) -> str:
        """The change in words."""
        if dict(self.changes) == {"active": False}:
            return f"user {self.id} is disabled"
        if dict(self.changes) == {"active": True}:
            return f"user {self.id} is enabled again"
        return f"user {self.id} changes: {', '.join(f'{k} becomes {v!r}' for k, v in self.changes.items())}"


@dataclass(frozen=True, slots=True)
class RemoveUser:
    """A user is deleted."""

    id: str

    def on(self, population: Population) -> Population:
        """The population without the user."""
        return population.without_user(self.id)

    def describe(self) -> str:
        """The change in words."""
        return f"user {self.id} is deleted"


@dataclass(frozen=True, slots=True)
class PutGroup:
    """A group appears (or is replaced as a whole)."""

    group: SourceGroup

    def on(self, population: Population) -> Population:
        """The population with the group."""
        return population.with_group(self.group)

    def describe(self) -> str:
        """The change in words."""
        return f"group {self.group.name} is added"


@dataclass(frozen=True, slots=True)
class RenameGroup:
    """A group gets another name."""

    id: str
    name: str

    def on(self, population: Population) -> Population:
        """The population with the group renamed."""
        return population.with_group(replace(population.group(self.id), name=self.name))

    def describe(self) -> str:
        """The change in words."""
        return f"group {self.id} is renamed to {self.name}"


@dataclass(frozen=True, slots=True)
class RemoveGroup:
    """A group is deleted."""

    id: str

    def on(self, population: Population) -> Population:
        """The population without the group."""
        return population.without_group(self.id)

    def describe(self) -> str:
        """The change in words."""
        return f"group {self.id} is deleted"


@dataclass(frozen=True, slots=True)
class Join:
    """A user joins a group."""

    group: str
    user: str

    def on(self, population: Population) -> Population:
        """The population with the membership."""
        group = population.group(self.group)
        members = tuple(dict.fromkeys((*group.members, self.user)))
        return population.with_group(replace(group, members=members))

    def describe(self) -> str:
        """The change in words."""
        return f"user {self.user} joins group {self.group}"


@dataclass(frozen=True, slots=True)
class Leave:
    """A user leaves a group."""

    group: str
    user: str

    def on(self, population: Population) -> Population:
        """The population without the membership."""
        group = population.group(self.group)
        return population.with_group(replace(group, members=tuple(m for m in group.members if m != self.user)))

    def describe(self) -> str:
        """The change in words."""
        return f"user {self.user} leaves group {self.group}"
