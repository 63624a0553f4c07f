"""Out-of-band changes: another party changes the target, and the client is not notified.

Each change names an account or group by its name at the target. One that cannot be made (there is no such account or
group, or the name is taken) changes nothing, so that a scenario stays playable when parts of it are left out. What the
target keeps beside the changed words stays as it is, and so do the memberships.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class CreateAccount:
    """An account is created, in core words."""

    account: Mapping[str, Any]

    @property
    def touches(self) -> tuple[str, ...]:
        """Names of the accounts and groups that are changed."""
        return (str(self.account["userName"]),)

    def describe(self) -> str:
        """The change in words."""
        inactive = " (inactive)" if self.account.get("active") is False else ""
        return f"account {self.account['userName']}{inactive} is created"


@dataclass(frozen=True, slots=True)
class ChangeAccount:
    """Words of an account change, in core words; `active` among them turns it off or on."""

    user_name: str
    changes: Mapping[str, Any]

    @property
    def touches(self) -> tuple[str, ...]:
        """Names of the accounts and groups that are changed; a new name is one of them."""
        return _names(self.user_name, self.changes.get("userName"))

    def describe(self) -> str:
        """The change in words."""
        if dict(self.changes) == {"active": False}:
            return f"account {self.user_name} is turned off"
        return f"account {self.user_name} changes: {_changed(self.changes)}"


@dataclass(frozen=True, slots=True)
class DeleteAccount:
    """An account is deleted for good, with its memberships."""

    user_name: str

    @property
    def touches(self) -> tuple[str, ...]:
        """Names of the accounts and groups that are changed."""
        return (self.user_name,)

    def describe(self) -> str:
        """The change in words."""
        return f"account {self.user_name} is deleted"


@dataclass(frozen=True, slots=True)
class CreateGroup:
    """A group is created, with those of these members (user names) who have an account."""

    name: str
    members: tuple[str, ...] = ()

    @property
    def touches(self) -> tuple[str, ...]:
        """Names of the accounts and groups that are changed."""
        return (self.name,)

    def describe(self) -> str:
        """The change in words."""
        return f"group {self.name} is created with {', '.join(self.members) or 'nobody'}"


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Words of a group change, in core words; `displayName` among them renames it."""

    name: str
    changes: Mapping[str, Any]

    @property
    def touches(self) -> tuple[str, ...]:
        """Names of the accounts and groups that are changed; a new name is one of them."""
        return _names(self.name, self.changes.get("displayName"))

    def describe(self) -> str:
        """The change in words."""
        if self.changes.keys() == {"displayName"}:
            return f"group {self.name} is renamed to {self.changes['displayName']}"
        return f"group {self.name} changes: {_changed(self.changes)}"


@dataclass(frozen=True, slots=True)
class DeleteGroup:
    """A group is deleted; the accounts of its members stay."""

    name: str

    @property
    def touches(self) -> tuple[str, ...]:
        """Names of the accounts and groups that are changed."""
        return (self.name,)

    def describe(self) -> str:
        """The change in words."""
        return f"group {self.name} is deleted"


@dataclass(frozen=True, slots=True)
class AddMember:
    """An account becomes a member of a group."""

    group: str
    user_name: str

    @property
    def touches(self) -> tuple[str, ...]:
        """Names of the accounts and groups that are changed."""
        return (self.group,)

    def describe(self) -> str:
        """The change in words."""
        return f"{self.user_name} is added to group {self.group}"


@dataclass(frozen=True, slots=True)
class RemoveMember:
    """An account is no longer a member of a group."""

    group: str
    user_name: str

    @property
    def touches(self) -> tuple[str, ...]:
        """Names of the accounts and groups that are changed."""
        return (self.group,)

    def describe(self) -> str:
        """The change in words."""
        return f"{self.user_name} is removed from group {self.group}"


AccountChange = CreateAccount | ChangeAccount | DeleteAccount
GroupChange = CreateGroup | ChangeGroup | DeleteGroup | AddMember | RemoveMember
ExternalChange = AccountChange | GroupChange


@dataclass(frozen=True, slots=True)
class ExternalChanges:
    """A step: another party changes the target out of band."""

    changes: tuple[ExternalChange, ...]

    def describe(self) -> str:
        """The step in words."""
        return "out of band at the target: " + "; ".join(change.describe() for change in self.changes)


def touched(changes: Iterable[ExternalChange]) -> frozenset[str]:
    """Names, case-folded, of the accounts and groups that these changes touch."""
    return frozenset(name.casefold() for change in changes for name in change.touches)


def _names(old: str, new: object) -> tuple[str, ...]:
    return (old,) if new is None else (old, str(new))


def _changed(changes: Mapping[str, Any]) -> str:
    return ", ".join(f"{word} becomes {value!r}" for word, value in changes.items())
