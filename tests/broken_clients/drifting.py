"""Mistakes with groups that somebody else changed at the target, out of band."""

from __future__ import annotations

from typing import Any

from provcheck.harness.client.failures import Refused
from provcheck.harness.client.groups import Groups
from provcheck.harness.client.memberships import Memberships
from provcheck.harness.client.state import GroupState
from provcheck.harness.model import SourceGroup

from .breaking import Caught, broken


@broken(
    Groups,
    Caught("requests_as_expected", "group.create", "group-renamed-at-target"),
    Caught("group_as_expected", "Crimson", "group-renamed-at-target"),
    Caught("requests_as_expected", "group.create", "group-renamed-on-both-sides"),
)
class KnowsGroupsByName(Groups):
    """A linked group that goes by another name at the target is taken for gone, and a second one is made."""

    def linked_group(self, source: SourceGroup, group: GroupState) -> Any:
        remote = super().linked_group(source, group)
        return None if remote is not None and remote.name not in ("", group.name) else remote


@broken(
    Groups,
    Caught("requests_as_expected", "group.create", "group-renamed-at-target-then-a-member-joins"),
)
class LooksForAGroupByNameOnEveryChange(Groups):
    """When a member joins, the group is looked for by its name; the linked one is forgotten if it has another."""

    def visit(self, source: SourceGroup, wanted: Any, *, full: bool) -> None:
        group = self.state.groups.get(source.id)
        if group is not None and self.memberships.changed(group, wanted):
            group.remote_id, group.stands, group.members = None, False, set()
        super().visit(source, wanted, full=full)


@broken(
    Groups,
    Caught("group_as_expected", "Red", "group-erased"),
    Caught("counter_as_expected", "groups.success", "group-erased"),
    Caught("group_as_expected", "Red", "group-erased-then-a-member-joins"),
)
class NeverMakesAGroupTwice(Groups):
    """A group that this client made once and that was deleted at the target is not made anew."""

    def created_group(self, source: SourceGroup, group: GroupState) -> Any:
        if group.created:
            raise Refused("the group was made before")
        return super().created_group(source, group)


@broken(
    Memberships,
    Caught("group_as_expected", "Red", "member-removed-at-target"),
)
class BelievesItsOwnMemberList(Memberships):
    """In a Full Resync the members that the target shows are not compared with those that were written once."""

    def rebase(self, group: GroupState, wanted: set[str], present: frozenset[str]) -> None:
        if not group.members:
            super().rebase(group, wanted, present)


@broken(
    Memberships,
    Caught("group_as_expected", "Red", "unmanaged-member-stays"),
)
class OverwritesInAResync(Memberships):
    """Although memberships are merged, a Full Resync takes members out whom the source does not name."""

    def of_group(self, source: Any, wanted: Any, group: GroupState, *, present: Any, again: bool) -> None:
        self.filled_before = bool(group.members)
        super().of_group(source, wanted, group, present=present, again=again)

    def overwrites(self) -> bool:
        return self.filled_before


@broken(
    Memberships,
    Caught("group_as_expected", "Red", "unmanaged-member-is-overwritten"),
)
class OverwritesOnceOnly(Memberships):
    """Members whom the source does not name are taken out at the first sync, and never after it."""

    def of_group(self, source: Any, wanted: Any, group: GroupState, *, present: Any, again: bool) -> None:
        self.filled_before = bool(group.members)
        super().of_group(source, wanted, group, present=present, again=again)

    def overwrites(self) -> bool:
        return not self.filled_before and super().overwrites()
