"""Turns membership edits, written on either side, into pairs to relate and unrelate in the directory.

An edit that names its members touches only those, so adding one to a large group costs what it costs in a small one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from provcheck.mock_targets.directory import Directory, Record


@dataclass(frozen=True, slots=True)
class Member:
    """One end of a membership: an id, and what else was said (`type`, `display`)."""

    id: str
    extras: Mapping[str, Any] = field(default_factory=dict)


Action = Literal["add", "remove", "replace", "remove_where"]


@dataclass(frozen=True, slots=True)
class MembershipEdit:
    """One step of a change of memberships.

    `add` and `remove` name members; `replace` gives the whole list (nobody: empty it). With `remove_where` they are
    those for which `where` holds (it is given the member as JSON). `must_exist`: NothingSelected is raised when none of
    them is a member.
    """

    action: Action
    members: tuple[Member, ...] = ()
    where: Callable[[Any], bool] | None = None
    must_exist: bool = False


class NothingSelected(ValueError):
    """An edit selects members that must exist, and there are none."""


Extras = Mapping[str, Any]
Pair = tuple[str, str]
Describe = Callable[[str, Extras], Mapping[str, Any]]
"""Shows one end of a membership as JSON, for filters: given its id and extras."""


@dataclass(frozen=True, slots=True)
class MembershipChanges:
    """Memberships as (group id, member id): those to make and those to end."""

    made: Mapping[Pair, Extras] = field(default_factory=dict)
    ended: Sequence[Pair] = ()
    may_dangle: bool = False
    """Whether members that do not exist are related all the same."""

    def __bool__(self) -> bool:
        return bool(self.made or self.ended)

    def without(self, ids: Iterable[str]) -> MembershipChanges:
        """The same, but for the memberships to be made that name one of these ids."""
        out = set(ids)
        return replace(self, made={pair: extras for pair, extras in self.made.items() if not out & {*pair}})

    def leaving_out(self, pairs: Set[Pair]) -> MembershipChanges:
        """The same, but for these memberships: they are neither made nor ended."""
        if not pairs:
            return self
        made = {pair: extras for pair, extras in self.made.items() if pair not in pairs}
        return replace(self, made=made, ended=[pair for pair in self.ended if pair not in pairs])

    def same_as(self, others: MembershipChanges) -> bool:
        """Whether the same memberships are made and ended."""
        return self.made.keys() == others.made.keys() and {*self.ended} == {*others.ended}

    def but_for(self, others: MembershipChanges) -> set[Pair]:
        """The memberships of these that the others do not have."""
        return {*self.made, *self.ended} - {*others.made, *others.ended} if others is not self else set()

    def with_own(self, kind: str, id: str) -> MembershipChanges:
        """The same for a resource that has got its id only now."""
        made = {_pair(kind, id, p[1] if kind == "Group" else p[0]): e for p, e in self.made.items()}
        return replace(self, made=made, ended=())


def membership_changes_of(
    directory: Directory, kind: str, id: str | None, edits: Iterable[MembershipEdit], describe: Describe
) -> MembershipChanges:
    """What the edits of one resource (id None: about to be created) amount to, given what the directory holds.

    A later edit sees the outcome of the earlier ones. Raises NothingSelected.
    """
    work = _Work(directory, kind, id, describe)
    for edit in edits:
        work.take(edit)
    own = id or ""
    return MembershipChanges(
        {_pair(kind, own, other): extras for other, extras in work.made.items()},
        [_pair(kind, own, other) for other in work.ended],
    )


def membership_changes_to(directory: Directory, group_id: str | None, wanted: Sequence[str]) -> MembershipChanges:
    """What leaves a group (None: about to be created) with these members and no others."""
    present = directory.members(group_id) if group_id is not None else {}
    made: dict[Pair, Extras] = {(group_id or "", member_id): {} for member_id in wanted if member_id not in present}
    return MembershipChanges(made, [(group_id or "", each) for each in present if each not in {*wanted}])


def write_memberships(directory: Directory, pairs: MembershipChanges, own: Record) -> Record:
    """Make and end; every group and the resource itself get a new version. The resource as it is then."""
    changed = {own.id: own.kind}
    for group_id, member_id in pairs.ended:
        directory.unrelate(group_id, member_id)
        changed[group_id] = "Group"
    for (group_id, member_id), extras in pairs.made.items():
        directory.relate(group_id, member_id, extras, checks_member=not pairs.may_dangle)
        changed[group_id] = "Group"
    for id, kind in changed.items():
        directory.touch(kind, id)
    return directory.get(own.kind, own.id)


@dataclass(slots=True)
class _Work:
    directory: Directory
    kind: str
    id: str | None
    describe: Describe
    made: dict[str, Extras] = field(default_factory=dict)
    ended: dict[str, None] = field(default_factory=dict)

    def take(self, edit: MembershipEdit) -> None:
        """Take one edit into account."""
        named = [member.id for member in edit.members]
        if edit.action.endswith("_where"):
            named = [other for other, extras in self._all() if edit.where and edit.where(self.describe(other, extras))]
        if edit.must_exist and not any(self._is_member(other) for other in named):
            raise NothingSelected("no member is selected by the path")
        if edit.action == "replace":
            wanted = set(named)
            self._end([other for other, _ in self._all() if other not in wanted])
        if edit.action in ("add", "replace"):
            self._make(edit.members)
        else:
            self._end(named)

    def _make(self, members: Iterable[Member]) -> None:
        for member in members:
            if member.id in self.ended:
                del self.ended[member.id]
            elif not self._is_member(member.id):
                self.made[member.id] = member.extras

    def _end(self, others: Iterable[str]) -> None:
        for other in others:
            if self.made.pop(other, None) is None and self._is_member(other):
                self.ended[other] = None

    def _is_member(self, other: str) -> bool:
        return other in self.made or (self._is_stored(other) and other not in self.ended)

    def _is_stored(self, other: str) -> bool:
        if self.id is None:
            return False
        group_id, member_id = _pair(self.kind, self.id, other)
        return member_id in self.directory.members(group_id)

    def _all(self) -> Iterator[tuple[str, Extras]]:
        for other, extras in self._stored():
            if other not in self.ended:
                yield other, extras
        yield from list(self.made.items())

    def _stored(self) -> list[tuple[str, Extras]]:
        if self.id is None:
            return []
        if self.kind == "Group":
            return list(self.directory.members(self.id).items())
        return [(group.id, self.directory.members(group.id)[self.id]) for group in self.directory.groups(self.id)]


def _pair(kind: str, own: str, other: str) -> Pair:
    return (own, other) if kind == "Group" else (other, own)
