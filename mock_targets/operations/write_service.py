"""What a request does to the resources, the same for the whole family: announce, change under the lock, report.

A dialect says how bodies are read; permissions, faults, journal, memberships and races are handled here. The order is
always: work out the change, announce it (a fault may wait or refuse there), then make it if nobody was faster.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from provcheck.mock_targets.directory import Document, Record
from provcheck.mock_targets.operations.context import Operations
from provcheck.mock_targets.operations.membership_changes import (
    Describe,
    MembershipChanges,
    MembershipEdit,
    Pair,
    membership_changes_of,
    membership_changes_to,
    write_memberships,
)


@dataclass(frozen=True, slots=True)
class Change:
    """What a request makes of a resource: its new document, and edits of its memberships."""

    document: Document
    edits: Sequence[MembershipEdit] = ()


class UnknownMemberRule(Protocol):
    """What to do about a member id that nothing has: True keeps it, else it is left out; or raise a refusal."""

    def __call__(self, operations: Operations, member_id: str) -> bool | None: ...


class Guard(Protocol):
    """A last look, under the lock, at what is about to be stored (id None: as a new resource); may raise a refusal."""

    def __call__(
        self, operations: Operations, kind: str, id: str | None, document: Document, memberships: MembershipChanges
    ) -> None: ...


class After(Protocol):
    """What else follows, under the lock, once a resource is stored (`before` None: it is new)."""

    def __call__(
        self, operations: Operations, before: Record | None, record: Record, memberships: MembershipChanges
    ) -> None: ...


Decide = Callable[[Record], Change]


def _no_guard(
    operations: Operations, kind: str, id: str | None, document: Document, memberships: MembershipChanges
) -> None:
    """Store whatever the indexes accept."""


def _nothing_more(
    operations: Operations, before: Record | None, record: Record, memberships: MembershipChanges
) -> None:
    """Nothing else follows."""


@dataclass(frozen=True, slots=True)
class Service:
    """The writing operations of a family's resources. Reading ones need no more than the directory.

    `prefix` gives what the names of operations on a kind begin with: `user` of `user.create`. `member_kinds` are the
    kinds that groups may have as members (None: any); an id of another kind is as unknown as one that nothing has.
    With `removes_disabled` whoever is turned off is removed.
    """

    on_unknown_member: UnknownMemberRule
    describe: Describe
    guard: Guard = _no_guard
    after: After = _nothing_more
    prefix: Callable[[str], str] = str.lower
    member_kinds: frozenset[str] | None = None
    removes_disabled: bool = False

    def create(self, operations: Operations, kind: str, change: Change, *, id: str | None = None) -> Record:
        """Store a new resource with its memberships. Raises Conflict, Forbidden and what the member rule raises."""
        directory, word = operations.directory, self.prefix(kind)
        names = operations.target.spec.core_mapping.names(kind, change.document)
        operations.expect({}, change.document, moves_members=bool(change.edits))
        operations.announce(f"{word}.create", kind=kind, names=names)
        pairs = self._known(operations, membership_changes_of(directory, kind, None, change.edits, self.describe))
        pairs = self._announce_memberships(operations, pairs, kind, names, f"allows_create_{word}s")
        document = operations.kept(f"{word}.create", {}, change.document)
        pairs = _with_members_of_fault(operations, pairs, kind, None)
        with directory.lock:
            self.guard(operations, kind, None, document, pairs)
            record = directory.add(kind, document, id=id)
            if pairs:
                record = write_memberships(directory, pairs.with_own(kind, record.id), record)
            self.after(operations, None, record, pairs)
        operations.applied(record.id)
        return record

    def change(self, operations: Operations, kind: str, id: str, decide: Decide) -> Record:
        """Change a resource to what `decide` makes of it. Raises NotFound, Conflict, Forbidden and what it raises."""
        directory = operations.directory
        left_out: set[Pair] | None = None
        while True:
            record = directory.get(kind, id)
            change = decide(record)
            pairs = self._known(operations, membership_changes_of(directory, kind, id, change.edits, self.describe))
            if left_out is None:
                left_out = pairs.but_for(self._announce(operations, record, change, pairs))
            pairs = pairs.leaving_out(left_out)
            change = Change(operations.kept(f"{self.prefix(kind)}.update", record.document, change.document))
            pairs = _with_members_of_fault(operations, pairs, kind, id)
            with directory.lock:
                if directory.get(kind, id) is record:
                    return self._commit(operations, record, change, pairs)

    def delete(
        self, operations: Operations, kind: str, id: str, *, check: Callable[[Record], object] | None = None
    ) -> Record:
        """Delete a resource and its memberships; `check` may refuse. Raises NotFound and Forbidden."""
        directory = operations.directory
        record = directory.get(kind, id)
        if check is not None:
            check(record)
        operations.announce(
            f"{self.prefix(kind)}.delete", kind=kind, id=id, names=operations.target.spec.core_mapping.names_of(record)
        )
        directory.remove(kind, id)
        operations.applied()
        return record

    def _commit(self, operations: Operations, record: Record, change: Change, pairs: MembershipChanges) -> Record:
        directory = operations.directory
        self.guard(operations, record.kind, record.id, change.document, pairs)
        changed = directory.change(record.kind, record.id, change.document)
        if pairs:
            changed = write_memberships(directory, pairs, changed)
        if self.removes_disabled and self._is_turned_off(operations, record, change):
            directory.remove(record.kind, record.id)
        elif changed is record:
            operations.unchanged()
        self.after(operations, record, changed, pairs)
        operations.applied()
        return changed

    def _announce(
        self, operations: Operations, record: Record, change: Change, pairs: MembershipChanges
    ) -> MembershipChanges:
        core_mapping, word = operations.target.spec.core_mapping, self.prefix(record.kind)
        names = core_mapping.names_of(record)
        operations.expect(record.document, change.document, moves_members=bool(pairs))
        for operation in self._amounts_to(operations, record, change, pairs):
            operations.announce(operation, kind=record.kind, id=record.id, names=names)
        return self._announce_memberships(operations, pairs, record.kind, names, f"allows_update_{word}s")

    def _amounts_to(
        self, operations: Operations, record: Record, change: Change, pairs: MembershipChanges
    ) -> Sequence[str]:
        """Which operations a change amounts to: turning a user off is one of its own."""
        word = self.prefix(record.kind)
        if not self._is_turned_off(operations, record, change):
            return [f"{word}.update"]
        if self.removes_disabled:
            return [f"{word}.disable", f"{word}.delete"]
        off = operations.target.spec.core_mapping.user
        only_that = not pairs and off.write(_OFF, record.document) == off.write(_OFF, change.document)
        return [f"{word}.disable"] if only_that else [f"{word}.disable", f"{word}.update"]

    def _is_turned_off(self, operations: Operations, record: Record, change: Change) -> bool:
        is_same = change.document == record.document and not self.removes_disabled
        if record.kind == "Group" or is_same:
            return False
        is_active = operations.target.spec.core_mapping.is_active
        was_on = self.removes_disabled or is_active(record.document)
        return was_on and not is_active(change.document)

    def _announce_memberships(
        self, operations: Operations, pairs: MembershipChanges, kind: str, own_names: tuple[str, ...], permitted_by: str
    ) -> MembershipChanges:
        """Announce the memberships and return those to be written: all, except those that a fault drops."""
        left_out: set[Pair] = set()
        for operation, several in (("member.add", pairs.made), ("member.remove", pairs.ended)):
            for group_id, member_id in several:
                other = operations.directory.locate(member_id if kind == "Group" else group_id)
                other_names = operations.target.spec.core_mapping.names_of(other) if other else ()
                group, member = (own_names, other_names) if kind == "Group" else (other_names, own_names)
                is_taken = operations.announce(
                    operation,
                    kind="Membership",
                    id=f"{group_id}/{member_id}",
                    names=(*(f"{group[0]}/{name}" for name in member if group), *group, *member),
                    permitted_by=permitted_by,
                )
                if not is_taken:
                    left_out.add((group_id, member_id))
        return pairs.leaving_out(left_out)

    def _known(self, operations: Operations, pairs: MembershipChanges) -> MembershipChanges:
        unknown = [
            id
            for pair in pairs.made
            for id, kinds in zip(pair, (_GROUP, self.member_kinds), strict=True)
            if id and not _is_known(operations, id, kinds)
        ]
        kept = {id for id in unknown if self.on_unknown_member(operations, id)}
        if kept and not any(group_id in kept for group_id, _ in pairs.made):
            pairs = replace(pairs, may_dangle=True)
            unknown = [id for id in unknown if id not in kept]
        return pairs.without(unknown) if unknown else pairs


def _with_members_of_fault(
    operations: Operations, pairs: MembershipChanges, kind: str, id: str | None
) -> MembershipChanges:
    """The memberships that are to be written, or those that a fault leaves the group with."""
    wanted = operations.kept_members(f"{kind.lower()}.{'update' if id else 'create'}") if kind == "Group" else None
    if wanted is None:
        return pairs
    left = membership_changes_to(operations.directory, id, wanted)
    if not left.same_as(pairs):
        operations.members_replaced()
    return left


_GROUP = frozenset(("Group",))
_OFF = {"active": False}


def _is_known(operations: Operations, id: str, kinds: frozenset[str] | None) -> bool:
    record = operations.directory.locate(id)
    return record is not None and (kinds is None or record.kind in kinds)
