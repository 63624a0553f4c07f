"""Mistakes with several changes of a group at once, with groups that are emptied, and with the state of members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from provcheck.harness.adapters import ReferenceAdapter
from provcheck.harness.client.chunks import ChunkedWrite, Present
from provcheck.harness.client.groups import Groups
from provcheck.harness.client.memberships import Edits, Memberships
from provcheck.harness.client.state import GroupState
from provcheck.harness.model import Connection, Rule, SourceGroup

from .breaking import Caught, broken


@broken(
    Groups,
    Caught("group_as_expected", "Crimson", "group-changes-in-several-ways-at-once"),
)
class WritesTheNameOrTheMembers(Groups):
    """A sync in which a group gets another name leaves the members for the next one."""

    def visit(self, source: SourceGroup, wanted: Sequence[str], *, full: bool) -> None:
        known = self.state.groups.get(source.id)
        renamed = known is not None and known.asked not in ("", source.name)
        super().visit(source, sorted(known.members) if known is not None and renamed else wanted, full=full)


@broken(
    Memberships,
    Caught("group_as_expected", "Red", "members-move-between-groups"),
    Caught("group_as_expected", "Crimson", "group-changes-in-several-ways-at-once"),
)
class AddsOrRemoves(Memberships):
    """A sync that adds members to a group takes nobody out of it."""

    def plan_removals(self, group: GroupState, wanted: set[str], present: Present, edits: Edits) -> None:
        if not edits.add:
            super().plan_removals(group, wanted, present, edits)


@broken(
    Memberships,
    Caught("group_as_expected", "Red", "group-emptied"),
    Caught("group_as_expected", "Red", "group-emptied-and-filled-again"),
)
class TakesNobodyForNothingSaid(Memberships):
    """A group without members at the source is taken for one whose members were not told."""

    def plan_removals(self, group: GroupState, wanted: set[str], present: Present, edits: Edits) -> None:
        if wanted:
            super().plan_removals(group, wanted, present, edits)


@broken(
    Memberships,
    Caught("group_as_expected", "Red", "group-emptied-keeps-members-of-others"),
)
class EmptiesAGroupForOthersToo(Memberships):
    """When the last member of the source leaves a group, everybody is taken out of it."""

    def plan_removals(self, group: GroupState, wanted: set[str], present: Present, edits: Edits) -> None:
        super().plan_removals(group, wanted, present, edits)
        remote = None if wanted else self.connector.read_group(group.remote_id or "")
        if remote is not None:
            edits.remove.update({member: member for member in sorted(remote.members or ())})


@broken(
    Groups,
    Caught("group_as_expected", "Red", "group-emptied"),
    Caught("requests_as_expected", "group.delete", "group-emptied"),
)
class DeletesEmptyGroups(Groups):
    """A group that nobody is in any more is deleted."""

    def visit(self, source: SourceGroup, wanted: Sequence[str], *, full: bool) -> None:
        super().visit(source, wanted, full=full)
        group = self.state.groups[source.id]
        if not wanted and group.remote_id is not None:
            self.connector.delete_group(group.remote_id)


@broken(
    Memberships,
    Caught("group_as_expected", "Red", "member-turned-off-and-on"),
)
class TakesDisabledMembersOut(Memberships):
    """A member who is disabled at the source is taken out of the group, and taken to be in it all the time."""

    def plan_removals(self, group: GroupState, wanted: set[str], present: Present, edits: Edits) -> None:
        super().plan_removals(group, wanted, present, edits)
        off = {each for each in wanted & group.members if self.state.users[each].wanted.get("active") is False}
        edits.remove.update({each: self.state.users[each].remote_id or "" for each in sorted(off)})

    def book(self, group_id: str, group: GroupState, user_id: str, trouble: Any, *, removing: bool) -> None:
        super().book(group_id, group, user_id, trouble, removing=removing)
        group.members |= {user_id} if removing and user_id in self.state.users else set()

    @staticmethod
    def changed(group: GroupState, wanted: Sequence[str]) -> bool:
        return True


@broken(
    ReferenceAdapter,
    Caught("group_as_expected", "Red", "member-outside-the-filter"),
    Caught("group_as_expected", "Red", "member-comes-into-the-filter"),
)
class ProvisionsMembersOfGroups(ReferenceAdapter):
    """Members of a selected group are provisioned although the filter of the rule does not select them."""

    def __init__(self, connection: Connection, rule: Rule, *parts: Any) -> None:
        super().__init__(connection, Rule(groups=rule.groups, mapping=rule.mapping), *parts)


@broken(
    ChunkedWrite,
    Caught("no_member_is_named_twice", "members", "member-named-twice-at-the-source"),
)
class NamesMembersTwice(ChunkedWrite):
    """Whom the source names twice is named twice in a request."""

    def run(self, ids: Sequence[str]) -> Any:
        return super().run([*ids, *ids])


@broken(
    Groups,
    Caught("group_as_expected", "Red", "group-erased-and-made-by-somebody-else"),
)
class MakesAGroupBesideAnother(Groups):
    """A group that was deleted at the target is made anew although another one has the name by now."""

    def visit(self, source: SourceGroup, wanted: Sequence[str], *, full: bool) -> None:
        group = self.state.groups.get(source.id)
        if group is not None and group.remote_id and self.connector.read_group(group.remote_id) is None:
            self.created_group(source, group)
        super().visit(source, wanted, full=full)


@broken(
    Memberships,
    Caught("group_as_expected", "Red", "account-of-a-member-erased-before-a-resync"),
)
class KeepsMembershipsOfOldAccounts(Memberships):
    """A member whose account was made anew is taken to be in the groups of the old one."""

    def rebase(self, group: GroupState, wanted: set[str], present: frozenset[str]) -> None:
        before = set(group.members)
        super().rebase(group, wanted, present)
        group.members |= before | (self.users.moved & wanted)
