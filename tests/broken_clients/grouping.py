"""Mistakes with groups and memberships."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from provcheck.harness.client.chunks import ChunkedWrite
from provcheck.harness.client.engine import Run, Tools
from provcheck.harness.client.groups import Groups, Visit
from provcheck.harness.client.memberships import Edits, Memberships
from provcheck.harness.client.state import Base, GroupState
from provcheck.harness.model import SourceGroup

from .breaking import Caught, broken


@broken(
    Memberships,
    Caught("group_as_expected", "Red", "same-name-group-merge"),
)
class OverwritesOnMerge(Memberships):
    """The members of a group that was there before are taken out although they are to be merged."""

    def overwrites(self) -> bool:
        return True


@broken(
    Memberships,
    Caught("group_as_expected", "Red", "same-name-group-overwrite"),
)
class MergesOnOverwrite(Memberships):
    """The members of a group that was there before stay although they are to be overwritten."""

    def overwrites(self) -> bool:
        return False


@broken(
    ChunkedWrite,
    Caught("group_as_expected", "Red", "members-in-several-requests"),
    Caught("group_success_means_written", "Red", "members-in-several-requests"),
)
class DropsTheLastChunk(ChunkedWrite):
    """Of members that do not fit into one request the last, smaller portion is never sent."""

    def run(self, ids: Sequence[str]) -> Any:
        whole = len(ids) - len(ids) % self.size
        return super().run(ids[:whole] or ids)


@broken(
    Memberships,
    Caught("group_as_expected", "Red", "membership-waits-for-the-account"),
)
class NeverRetriesAWaitingMembership(Memberships):
    """A membership that had to wait for its user's account is forgotten."""

    def account_for(self, user_id: str) -> str | None:
        waited = any(user_id in group.waiting for group in self.state.groups.values())
        return None if waited else super().account_for(user_id)


@broken(
    Memberships,
    Caught("requests_as_expected", "member.add", "e3-two-groups-users-fail"),
    Caught("counter_as_expected", "groups.failed", "e3-two-groups-users-fail"),
)
class WritesMembershipsWithoutAccount(Memberships):
    """A user without an account is put into the group all the same, by the id at the source."""

    def account_for(self, user_id: str) -> str | None:
        return super().account_for(user_id) or user_id


@broken(
    Run,
    Caught("requests_as_expected", "group.*", "e1-no-groups-at-target", "scim+no-groups"),
    Caught("no_group_request_without_group_support", "groups", "e1-no-groups-at-target", "scim+no-groups"),
)
class AsksAboutGroupsWhereThereAreNone(Run):
    """Groups are looked for at a target that has none."""

    def __init__(self, tools: Tools, state: Any, *, full: bool) -> None:
        super().__init__(replace(tools, connection=replace(tools.connection, supports_groups=True)), state, full=full)


@broken(
    ChunkedWrite,
    Caught("group_as_expected", "Red", "one-refused-member-holds-up-nobody"),
    seen_at="github.com/fleetdm/fleet/issues/52600",
)
class OneRefusedMemberHoldsUpAll(ChunkedWrite):
    """When one member of a request is refused, none of them is written."""

    def halve(self, ids: Sequence[str], trouble: Any, tries: int) -> None:
        self.failed.update(dict.fromkeys(ids, trouble))


@broken(
    ChunkedWrite,
    Caught("counter_as_expected", "groups.failed", "member-silently-dropped"),
    Caught("group_success_means_written", "Red", "member-silently-dropped"),
    seen_at="github.com/Metatavu/keycloak-scim-server/issues/107, github.com/FusionAuth/fusionauth-issues/issues/2784",
)
class NeverVerifiesMembers(ChunkedWrite):
    """An answer of success is believed: nobody reads whether the target kept the member."""

    def verify(self, ids: Sequence[str]) -> None:
        return


@broken(
    Memberships,
    Caught("group_as_expected", "Red", "member-leaves-a-group"),
)
class NeverTakesMembersOut(Memberships):
    """Who leaves a group at the source stays in it at the target."""

    def plan_removals(self, group: GroupState, wanted: set[str], present: Any, edits: Edits) -> None:
        group.members &= wanted


@broken(
    Groups,
    Caught("group_as_expected", "Red", "group-renamed"),
    Caught("requests_as_expected", "group.create", "group-renamed"),
)
class RenamesByASecondGroup(Groups):
    """A group with a new name is made anew; the old one stays behind."""

    def linked_group(self, source: SourceGroup, group: GroupState) -> Any:
        return None if group.name != source.name else super().linked_group(source, group)


@broken(
    Groups,
    Caught("counter_as_expected", "groups.success", "e3-two-groups-users-fail"),
    Caught("a_user_error_fails_no_group", "groups.failed", "e3-two-groups-users-fail"),
    seen_at="pingone, Viewing sync status, earlier edition: groups that contain members that weren't synced",
)
class FailsGroupsOfFailedUsers(Groups):
    """A group with a user who could not be created is counted as Failed."""

    def visit(self, source: SourceGroup, wanted: Sequence[str], *, full: bool) -> None:
        super().visit(source, wanted, full=full)
        if any(self.state.users[user_id].base is Base.FAILED for user_id in wanted):
            self.fail(source.id, "a member failed", transient=True)


@broken(
    Groups,
    Caught("counter_as_expected", "groups.failed", "e4-five-groups-one-membership-fails"),
    Caught("group_success_means_written", "Blue", "e4-five-groups-one-membership-fails"),
)
class IgnoresRefusedMemberships(Groups):
    """A group whose membership was refused is counted as a Success, because the group itself is there."""

    @staticmethod
    def conclude(visit: Visit) -> None:
        visit.group.base = Base.SYNCED


@broken(
    Groups,
    Caught("counter_as_expected", "groups.failed", "failed-membership-healed-by-resync"),
)
class FailedGroupsStayFailed(Groups):
    """A group that failed once stays Failed, although a later run wrote what was missing."""

    @staticmethod
    def conclude(visit: Visit) -> None:
        failed_before = visit.group.base is Base.FAILED
        Groups.conclude(visit)
        if failed_before:
            visit.group.base = Base.FAILED


@broken(
    Groups,
    Caught("counter_as_expected", "groups.failed", "target-refuses-group-create"),
    Caught("a_group_that_could_not_be_written_is_failed", "Red", "target-refuses-group-create"),
)
class CountsAFailedGroupAsUnsynced(Groups):
    """A group that could not be created is counted as Unsynced instead of Failed."""

    def fail(self, group_id: str, reason: str, *, transient: bool) -> None:
        super().fail(group_id, reason, transient=transient)
        self.state.groups[group_id].base = Base.UNSYNCED


@broken(
    ChunkedWrite,
    Caught("no_more_members_than_a_request_may_hold", "members_per_request", "members-in-several-requests"),
    seen_at="github.com/goauthentik/authentik/issues/20410, github.com/slashdevops/idp-scim-sync/issues/62",
)
class SendsAllMembersAtOnce(ChunkedWrite):
    """All members go into one request, however many the target takes."""

    def run(self, ids: Sequence[str]) -> Any:
        self.size = max(len(ids), 1)
        return super().run(ids)


@broken(
    Memberships,
    Caught("group_as_expected", "Red", "merge-goes-on-merging"),
)
class ReplacesAllMembersOnAChange(Memberships):
    """When a member joins, the whole list of members is written anew, and others' members are gone."""

    def of_group(self, source: Any, wanted: Any, group: GroupState, *, present: Any, again: bool) -> None:
        self.replaces = bool(group.members)
        remote = self.connector.read_group(group.remote_id or "")
        super().of_group(source, wanted, group, present=remote.members if remote else present, again=again)

    def overwrites(self) -> bool:
        return self.replaces or super().overwrites()


@broken(
    Memberships,
    Caught("group_as_expected", "Red", "member-joins-a-group"),
    Caught("group_as_expected", "Red", "restart-then-a-member-joins"),
)
class FillsAGroupOnce(Memberships):
    """The members of a group are written when it is made; who joins later is not."""

    def of_group(self, source: Any, wanted: Any, group: GroupState, *, present: Any, again: bool) -> None:
        super().of_group(source, sorted(group.members) or wanted, group, present=present, again=again)


@broken(
    Memberships,
    Caught("requests_as_expected", "*", "member-comes-and-goes-at-once"),
)
class WritesMembersOnEverySync(Memberships):
    """All members of a group are sent in every sync, whether or not one has changed."""

    def of_group(self, source: Any, wanted: Any, group: GroupState, *, present: Any, again: bool) -> None:
        super().of_group(source, wanted, group, present=present, again=again)
        accounts = [account for each in sorted(group.members) if (account := self.account_for(each))]
        if group.remote_id and accounts:
            self.connector.add_members(group.remote_id, accounts)
