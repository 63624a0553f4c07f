"""The state of every user and group of a rule: one base each, and for users one flag. The counters are read from here.

The flag is what makes the counters overlap: a user who was synced and whose later change is withheld is a Success *and*
Partially Synced (sync summary examples, row 6).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from provcheck.harness.model import Counters, SourceGroup, SourceUser


class Base(Enum):
    """The state of a user. Each user in scope has exactly one."""

    PENDING = "nothing tried yet"
    SYNCED = "the last operation that reached a result succeeded"
    LINKED = "an account was found, differs, and may not be updated"
    UNSYNCED = "no account, and no attempt was allowed"
    FAILED = "the last attempt ended in an error"


@dataclass(slots=True)
class UserLine:
    """One user in scope: base, flag, the id of the account, and the source as it was last evaluated.

    `awaits_manager`: the manager whom the source names had no account then. `due`: in so many runs what failed is tried
    again although the source has not changed; 0: it is not. `cleared` are the words that had a value at the source and
    have none now: none is owed at the target, whenever it may be written.
    """

    base: Base = Base.PENDING
    stale: bool = False
    account: str | None = None
    seen: SourceUser | None = None
    awaits_manager: bool = False
    due: int = 0
    cleared: set[str] = field(default_factory=set)

    def settle(self, base: Base, *, stale: bool = False) -> None:
        """Move to another base; only a synced user can be stale."""
        self.base, self.stale = base, stale and base is Base.SYNCED


@dataclass(slots=True)
class GroupLine:
    """One group in scope: its id at the target, whether its own write failed, and which memberships failed.

    `written` are the ids of accounts that the client itself put into the group, `tried` those that had to be in it when
    the group was last evaluated. `made`: the client made it. `due`: see `UserLine`.
    """

    remote: str | None = None
    own_failed: bool = False
    failed: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    tried: set[str] = field(default_factory=set)
    seen: SourceGroup | None = None
    made: bool = False
    due: int = 0

    @property
    def base(self) -> Base:
        """Success and Failed exclude each other (sync summary examples, row 4)."""
        if self.own_failed or self.failed:
            return Base.FAILED
        return Base.PENDING if self.remote is None else Base.SYNCED


def count_users(lines: Iterable[UserLine]) -> Counters:
    """The user counters. A stale user is counted twice: as a Success and as Partially Synced."""
    known = list(lines)
    bases = [line.base for line in known]
    return Counters(
        impacted=len(known),
        success=bases.count(Base.SYNCED),
        unsynced=bases.count(Base.UNSYNCED),
        partially_synced=bases.count(Base.LINKED) + sum(line.stale for line in known),
        failed=bases.count(Base.FAILED),
    )


def count_groups(lines: Iterable[GroupLine]) -> Counters:
    """The group counters. Unsynced and Partially Synced exist, and no switch leads there."""
    bases = [line.base for line in lines]
    return Counters(impacted=len(bases), success=bases.count(Base.SYNCED), failed=bases.count(Base.FAILED))
