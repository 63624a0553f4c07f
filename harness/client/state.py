"""What the client knows about each user and group: base and flag of the sync summary, link, and what it last wrote.

`wanted` is what the source said at the last evaluation, `written` what the target last accepted; a user whose two
differ after a success is *stale*.
"""

from __future__ import annotations

import enum
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Literal

from provcheck.harness.model.reading import read, shown

VERSION = 1


class Base(enum.StrEnum):
    """Where a user or a group stands (contract of the sync summary, formal reading)."""

    PENDING = "pending"
    SYNCED = "synced"
    LINKED = "linked"
    """Found at the target, different, and the update withheld; never fully synced."""
    UNSYNCED = "unsynced"
    FAILED = "failed"


@dataclass(slots=True)
class UserState:
    """One user in scope."""

    base: Base = Base.PENDING
    stale: bool = False
    remote_id: str | None = None
    wanted: dict[str, Any] = field(default_factory=dict)
    written: dict[str, Any] | None = None
    echo: dict[str, Any] = field(default_factory=dict)
    """Words the target shows otherwise than written (rewritten or dropped): not sent again and again."""
    ignored: list[str] = field(default_factory=list)
    """Words the target accepted without an error and left as they were."""
    unseen: dict[str, list[Any]] = field(default_factory=dict)
    """Values that words had before writes whose answers did not show them: they may still be there."""
    sought: dict[str, Any] = field(default_factory=dict)
    """What an earlier attempt was about that came to no clear end: the account may be there under that name."""
    awaits_manager: bool = False
    """The manager whom the source names has no account yet."""
    retry: bool = False
    """The last error was of the kind that may pass; the next run tries again."""
    reason: str = ""


@dataclass(slots=True)
class GroupState:
    """One group in scope; members are ids of source users."""

    base: Base = Base.PENDING
    remote_id: str | None = None
    name: str = ""
    """As it is at the target, as far as is known."""
    asked: str = ""
    """The name that the last attempt asked for."""
    sought: str = ""
    """The name of an earlier attempt that came to no clear end: the group may be there under it."""
    stands: bool = False
    """The last attempt to find or make the group succeeded."""
    created: bool = False
    """This client made it; a group that was there before is never deleted."""
    members: set[str] = field(default_factory=set)
    """Memberships known to be at the target."""
    waiting: set[str] = field(default_factory=set)
    """Memberships of users without an account."""
    refused: dict[str, str] = field(default_factory=dict)
    """Memberships that could not be written (or taken away), and why."""
    retry: bool = False
    reason: str = ""


@dataclass(slots=True)
class Orphan:
    """A user or group out of scope that could not be removed at the target."""

    kind: Literal["user", "group"]
    source_id: str
    remote_id: str
    action: Literal["disable", "delete", "withdraw"]
    """`withdraw`: take out of a group whom this client put in."""
    reason: str
    members: list[str] = field(default_factory=list)
    """Of a group, in state files of earlier versions: memberships known to be at the target."""
    sought: dict[str, Any] = field(default_factory=dict)
    """Of a user whose account may be there and could not be looked for, so that `remote_id` is empty."""


@dataclass(slots=True)
class SyncState:
    """Everything that survives between two runs."""

    users: dict[str, UserState] = field(default_factory=dict)
    groups: dict[str, GroupState] = field(default_factory=dict)
    orphans: list[Orphan] = field(default_factory=list)
    last_sync: str = ""
    """ISO 8601; the end of the last run that came to its end."""
    failure: str = ""
    """Why the last run stopped early; empty when it did not."""
    unfinished: bool = False
    """A run was interrupted: the next one evaluates everything."""
    planned: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What the run that is under way, or was interrupted, wants of users without an account: it may be there by now."""
    shows_members: bool = False
    """The target has been seen to show the members of a group."""
    shows_groups: bool = False
    """The target has been seen to show the groups of a user."""
    left: dict[str, str] = field(default_factory=dict)
    """Accounts of users who left the scope, for as long as memberships of theirs are still to be taken away."""
    departed: dict[str, GroupState] = field(default_factory=dict)
    """Groups that left the scope and are still at the target, in case they come back."""
    holders: dict[str, str] = field(default_factory=dict)
    """Remote account id to source user: no account belongs to two."""

    def link(self, user_id: str, remote_id: str) -> None:
        """Link a user to an account."""
        state = self.users[user_id]
        self.unlink(user_id)
        state.remote_id = remote_id
        self.holders[remote_id] = user_id

    def unlink(self, user_id: str) -> None:
        """Remove the link of a user to an account."""
        state = self.users[user_id]
        if state.remote_id is not None and self.holders.get(state.remote_id) == user_id:
            del self.holders[state.remote_id]
        state.remote_id = None

    def recall_planned(self) -> None:
        """Take the users of an interrupted run for ones whose accounts may be there."""
        for user_id, wanted in self.planned.items():
            user = self.users.setdefault(user_id, UserState(wanted=wanted))
            if user.remote_id is None:
                user.sought, user.retry = user.sought or wanted, True
        self.planned = {}

    def forget_left(self) -> None:
        """Drop those who left and are in no group any more, or have come back."""
        groups = (*self.groups.values(), *self.departed.values())
        for user_id in [*self.left]:
            if user_id in self.users or not any(user_id in group.members for group in groups):
                del self.left[user_id]

    def to_document(self) -> dict[str, Any]:
        """As JSON types."""
        return {
            "version": VERSION,
            "last_sync": self.last_sync,
            "failure": self.failure,
            "unfinished": self.unfinished,
            "planned": self.planned,
            "shows_members": self.shows_members,
            "shows_groups": self.shows_groups,
            "left": self.left,
            "users": {id: _plain(user) for id, user in self.users.items()},
            "groups": {id: _plain_group(group) for id, group in self.groups.items()},
            "departed": {id: _plain_group(group) for id, group in self.departed.items()},
            "orphans": [_plain(orphan) for orphan in self.orphans],
        }

    @classmethod
    def from_document(cls, document: Any) -> SyncState:
        """The reverse. Raises ValueError with one line for anything that is not a state."""
        given = dict(read(dict[str, Any], document, "the state"))
        for name in _ALWAYS:
            if name not in given:
                raise ValueError(f"the state needs {name}")
        if (version := given.pop("version")) != VERSION:
            raise ValueError(f"version {shown(version)}, this client reads {VERSION}")
        if isinstance(given["orphans"], list):
            given["orphans"] = [
                {"remote_id": "", **each} if isinstance(each, dict) else each for each in given["orphans"]
            ]
        state = read(cls, given, "the state")
        for orphan in state.orphans:
            if orphan.kind == "group" and orphan.source_id not in state.groups:
                known = GroupState(remote_id=orphan.remote_id, created=True, members=set(orphan.members))
                state.departed.setdefault(orphan.source_id, known)
        state.holders = {user.remote_id: id for id, user in state.users.items() if user.remote_id is not None}
        return state


_ALWAYS = ("version", "users", "groups", "orphans", "left", "last_sync", "failure", "shows_members")
"""What every state file has: without these it is not one, and an empty state would create everybody anew."""


def _plain_group(group: GroupState) -> dict[str, Any]:
    return {**_plain(group), "members": sorted(group.members), "waiting": sorted(group.waiting)}


def _plain(value: Any) -> dict[str, Any]:
    """The fields that are not empty, and those that have to be given."""
    return {
        each.name: content
        for each in fields(value)
        if (content := getattr(value, each.name)) not in (None, "", False, {}, [])
        or (each.default is MISSING and each.default_factory is MISSING)
    }
