"""The history of a generated scenario and the evidence at a checkpoint: everything that its checks may use.

A check asserts only what the documents decide. The history records what external changes or a crash of the client
leave open, so that checks can skip it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from provcheck.harness.model import SourceGroup, SourceUser, SyncSummary
from provcheck.harness.oracle.journal import Journal
from provcheck.harness.oracle.observed import Observation, Remote


@dataclass(frozen=True, slots=True)
class Guest:
    """A membership that was created out of band, with the ids and names of both sides."""

    group_id: str
    group: str
    user_id: str
    user: str


@dataclass(slots=True)
class RunHistory:
    """What happened so far.

    `touched` are the names, folded, of accounts and groups that were made or changed out of band; `unmanaged` are
    the accounts of nobody at the source, as they were made; `guests` are memberships, and `foreign` the ids of
    all accounts, that were made out of band. `withheld` are switches that were ever off. `lasting`: there was a fault
    that trying again does not get over. `broken_off`: a run had to end early, so that what was written last was never
    confirmed. `crashed`: the client was killed at least once, and `cuts` are the numbers of the last exchanges before.
    `handled` and `removed` are the membership handlings and remove actions in force at some time. `met` are ids of
    users whose account the client knew at a checkpoint where they were in scope. `misled` are names of users about whom
    the target said yes and did less. `lost` are the names, folded, of accounts that a killed client had just made and
    cannot remember. `adrift` are the ids of users who got another name before it could find them, or while the target
    denied them, or who left the scope and came back under another name than their account has. `forgotten` are the ids
    of users who came into the scope in a run in which the client was killed, and have not been dealt with since: a
    client that stores what it knows at the end of a run knows nothing of them.
    `renamed` are groups that were renamed out of band: their ids, and the names that they had.
    `budget` is how often the faults with an end may strike together, `endless` says that there
    was one without.
    """

    touched: set[str] = field(default_factory=set)
    unmanaged: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)
    guests: set[Guest] = field(default_factory=set)
    withheld: set[str] = field(default_factory=set)
    lasting: bool = False
    crashed: bool = False
    broken_off: bool = False
    cuts: set[int] = field(default_factory=set)
    handled: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    met: set[str] = field(default_factory=set)
    misled: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    adrift: set[str] = field(default_factory=set)
    forgotten: set[str] = field(default_factory=set)
    renamed: dict[str, str] = field(default_factory=dict)
    budget: int = 0
    endless: bool = False


@dataclass(frozen=True)
class Evidence:
    """What can be observed at a checkpoint, after a run has ended.

    `summary` is the client's present summary, `before` that of the checkpoint before; `exchanges` are the journal's
    entries since then, in full. `seconds` is how long the run took, on the clock that client and target share. `most`
    is how many requests such a run may send.
    """

    observation: Observation
    history: RunHistory
    exchanges: Sequence[Mapping[str, Any]]
    summary: SyncSummary | None = None
    before: SyncSummary | None = None
    orphans: tuple[str, ...] = ()
    seconds: float = 0.0
    most: int = 0
    lately: Journal = field(default_factory=Journal)

    def touched(self, names: frozenset[str] | set[str]) -> bool:
        """Return True if an account or group with one of these names was changed out of band."""
        return any(name.casefold() in self.history.touched for name in names)

    def named(self, user: SourceUser) -> list[Remote]:
        """Return the accounts with the user's present user name, ignoring case."""
        wanted = user.user_name.casefold()
        return [
            each for each in self.observation.snapshot["users"] if str(each.get("userName", "")).casefold() == wanted
        ]

    def group(self, group: SourceGroup) -> list[Remote]:
        """Return the groups with this name, ignoring case."""
        wanted = group.name.casefold()
        groups = self.observation.snapshot["groups"]
        return [each for each in groups if str(each.get("displayName", "")).casefold() == wanted]

    @cached_property
    def groups(self) -> tuple[SourceGroup, ...]:
        """The impacted groups; none where the target has no groups."""
        observation = self.observation
        return (
            observation.rule.impacted_groups(observation.population) if observation.connection.supports_groups else ()
        )

    def members(self, group: SourceGroup) -> Iterator[SourceUser]:
        """Yield the active users in scope who are in a group at the source; targets differ about disabled members."""
        for id in group.members:
            user = self.observation.scope.get(id)
            if user is not None and user.active:
                yield user

    @cached_property
    def once_known(self) -> Mapping[str, SourceUser]:
        """Every user who was ever at the source, by id, as last seen there."""
        lives = [user for then in self.observation.earlier for user in then.users]
        return {user.id: user for user in (*lives, *self.observation.population.users)}
