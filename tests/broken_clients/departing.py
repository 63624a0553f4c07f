"""Mistakes with groups that leave the rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from provcheck.harness.adapters import ReferenceAdapter
from provcheck.harness.client.departed_groups import DepartedGroups
from provcheck.harness.client.groups import Groups
from provcheck.harness.client.state import Base, GroupState, UserState
from provcheck.harness.client.users import Users
from provcheck.harness.model import Connection, Rule, SourceGroup

from .breaking import Caught, broken


@broken(
    DepartedGroups,
    Caught("group_as_expected", "Green", "group-taken-out-of-the-rule-stays"),
    Caught("a_group_out_of_the_rule_stays", "Green", "group-taken-out-of-the-rule-stays"),
    Caught("group_as_expected", "Green", "group-deleted-at-the-source-stays"),
)
class DeletesGroupsThatLeaveTheRule(DepartedGroups):
    """A group that leaves the rule is deleted at the target, although the connection does not say so."""

    def act(self, group_id: str, group: GroupState, action: str) -> None:
        super().act(group_id, group, "Delete")


@broken(
    DepartedGroups,
    Caught("group_as_expected", "Green", "merged-group-taken-out-of-the-rule-stays"),
    Caught("group_as_expected", "Green", "group-deleted-at-the-source-stays"),
)
class EmptiesGroupsThatLeaveTheRule(DepartedGroups):
    """A group that leaves the rule loses its members, although the connection does not say so."""

    def act(self, group_id: str, group: GroupState, action: str) -> None:
        super().act(group_id, group, "Remove memberships")


@broken(
    DepartedGroups,
    Caught("group_as_expected", "Green", "group-taken-out-is-deleted"),
    Caught("group_as_expected", "Green", "group-taken-out-with-its-memberships"),
)
class NeverTouchesDepartedGroups(DepartedGroups):
    """A group that leaves the rule stays as it is, whatever the connection says."""

    def act(self, group_id: str, group: GroupState, action: str) -> None:
        return


@broken(
    DepartedGroups,
    Caught("group_as_expected", "Green", "merged-group-taken-out-is-not-deleted"),
    Caught("a_group_of_others_is_never_deleted", "Green", "merged-group-taken-out-is-not-deleted"),
)
class DeletesGroupsThatItOnlyMerged(DepartedGroups):
    """A group that was there before is deleted when it leaves the rule, like one that the client made."""

    def may_delete(self, group_id: str, group: GroupState) -> bool:
        group.created = True
        return super().may_delete(group_id, group)


@broken(
    DepartedGroups,
    Caught("group_as_expected", "Green", "group-with-others-in-it-is-not-deleted"),
)
class DeletesGroupsWithOthersInThem(DepartedGroups):
    """A group is deleted when it leaves the rule although somebody else has put members into it."""

    def may_delete(self, group_id: str, group: GroupState) -> bool:
        return group.created and self.connection.deprovision_users


@broken(
    DepartedGroups,
    Caught("group_as_expected", "Green", "group-taken-out-while-deprovisioning-is-off"),
    Caught("a_group_out_of_the_rule_stays", "Green", "group-taken-out-while-deprovisioning-is-off"),
)
class DeletesGroupsWhileDeprovisioningIsOff(DepartedGroups):
    """A group is deleted when it leaves the rule although the connection does not deprovision."""

    def may_delete(self, group_id: str, group: GroupState) -> bool:
        return group.created


@broken(
    DepartedGroups,
    Caught("group_as_expected", "Red", "last-group-leaves-the-rule"),
)
class EmptiesTheLastGroup(DepartedGroups):
    """When the last group leaves the rule the client takes it for an order to empty the target."""

    def leave(self, group_id: str) -> None:
        if len(self.state.groups) > 1:
            super().leave(group_id)
        else:
            self.act(group_id, self.retire(group_id), "Remove memberships")


@broken(
    DepartedGroups,
    Caught("group_as_expected", "Green", "merged-group-taken-out-with-its-memberships"),
)
class TakesEverybodyOutOfADepartedGroup(DepartedGroups):
    """Members whom somebody else put into a group are taken out as well when it leaves the rule."""

    def withdraw(self, group_id: str, group: GroupState) -> None:
        remote = self.connector.read_group(group.remote_id or "")
        if remote is not None and remote.members:
            self.connector.remove_members(remote.remote_id, sorted(remote.members))


@broken(
    DepartedGroups,
    Caught("client_does_not_fail", "client", "group-erased-before-it-leaves-the-rule"),
)
class FallsOverAGroupThatIsGone(DepartedGroups):
    """Deleting a group that is gone already ends the client with an error."""

    def delete(self, group_id: str, remote_id: str) -> None:
        self.connector.delete_group(remote_id)

    def may_delete(self, group_id: str, group: GroupState) -> bool:
        return True


@broken(
    Groups,
    Caught("group_as_expected", "Green", "group-taken-out-and-back"),
)
class BelievesAReturningGroup(Groups):
    """A group that comes back into the rule is taken to be as it was when it left."""

    def visit(self, source: SourceGroup, wanted: Sequence[str], *, full: bool) -> None:
        group = self.state.groups.get(source.id)
        if group is not None and group.remote_id is not None and group.base is Base.PENDING:
            group.base, group.asked, group.stands, group.waiting = Base.SYNCED, source.name, True, set()
        else:
            super().visit(source, wanted, full=full)


@broken(
    ReferenceAdapter,
    Caught("group_as_expected", "Green", "group-taken-out-of-the-rule-changes-on"),
    Caught("impacted_is_the_scope", "groups.impacted", "group-taken-out-of-the-rule-stays"),
)
class NeverTakesAGroupOutOfTheRule(ReferenceAdapter):
    """A change of the groups that the rule selects is not seen: the first selection is synced for good."""

    def configure(self, connection: Connection, rule: Rule) -> None:
        super().configure(connection, replace(rule, groups=None))


@broken(
    Users,
    Caught("account_as_expected", "cem", "group-and-member-leave-together"),
)
class LeavesMembersOfGroupsOn(Users):
    """The account of a leaver who is in a group at the target is not turned off."""

    def remove(self, user_id: str, user: UserState, remote_id: str) -> None:
        if not any(user_id in group.members for group in self.state.groups.values()):
            super().remove(user_id, user, remote_id)
