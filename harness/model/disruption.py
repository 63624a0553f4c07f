"""What disturbs a sync beyond faults: somebody else's hand at the target, and the sudden end of the client.

Each edit names whom it means by the name at the target, and does nothing where there is no such
account or group, so that a scenario stays playable when parts of it are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from provcheck.harness.model.edits import Edit
from provcheck.harness.model.steps import Step


@dataclass(frozen=True, slots=True)
class MakeAccount:
    """Somebody else makes an account, in core words; nothing happens where the name is taken."""

    account: Mapping[str, Any]

    def describe(self) -> str:
        """The edit in words."""
        off = " (inactive)" if self.account.get("active") is False else ""
        return f"account {self.account['userName']}{off} is made"


@dataclass(frozen=True, slots=True)
class AlterAccount:
    """Somebody else changes words of an account; `active` among them turns it off or on."""

    user_name: str
    changes: Mapping[str, Any]

    def describe(self) -> str:
        """The edit in words."""
        if dict(self.changes) == {"active": False}:
            return f"account {self.user_name} is turned off"
        return f"account {self.user_name}: " + ", ".join(f"{k} becomes {v!r}" for k, v in self.changes.items())


@dataclass(frozen=True, slots=True)
class DropAccount:
    """Somebody else deletes an account."""

    user_name: str

    def describe(self) -> str:
        """The edit in words."""
        return f"account {self.user_name} is deleted"


@dataclass(frozen=True, slots=True)
class MakeGroup:
    """Somebody else makes a group with these members (user names); nothing happens where the name is taken."""

    name: str
    members: tuple[str, ...] = ()

    def describe(self) -> str:
        """The edit in words."""
        return f"group {self.name} is made with {', '.join(self.members) or 'nobody'}"


@dataclass(frozen=True, slots=True)
class DropGroup:
    """Somebody else deletes a group."""

    name: str

    def describe(self) -> str:
        """The edit in words."""
        return f"group {self.name} is deleted"


@dataclass(frozen=True, slots=True)
class AddMember:
    """Somebody else puts an account into a group."""

    group: str
    user_name: str

    def describe(self) -> str:
        """The edit in words."""
        return f"{self.user_name} is put into group {self.group}"


@dataclass(frozen=True, slots=True)
class DropMember:
    """Somebody else takes an account out of a group."""

    group: str
    user_name: str

    def describe(self) -> str:
        """The edit in words."""
        return f"{self.user_name} is taken out of group {self.group}"


TargetEdit = MakeAccount | AlterAccount | DropAccount | MakeGroup | DropGroup | AddMember | DropMember


@dataclass(frozen=True, slots=True)
class Meddle:
    """Somebody else edits the target; the client is not told."""

    edits: tuple[TargetEdit, ...]

    def describe(self) -> str:
        """The step in words."""
        return "somebody else at the target: " + "; ".join(edit.describe() for edit in self.edits)


@dataclass(frozen=True, slots=True)
class Crash:
    """The source changes and the client syncs, but is killed after so many requests and then started again.

    The last request did arrive; its answer is lost with the client. A run that needs fewer requests ends well.
    """

    requests: int
    edits: tuple[Edit, ...] = ()
    resync: bool = field(default=False, kw_only=True)

    def describe(self) -> str:
        """The step in words."""
        edits = "; ".join(edit.describe() for edit in self.edits)
        what = "Full Resync" if self.resync else "sync"
        counted = "its first request" if self.requests == 1 else f"{self.requests} requests"
        return f"{edits + '; ' if edits else ''}{what}, in which the client is killed after {counted}; it starts again"


GeneratedStep = Step | Meddle | Crash
