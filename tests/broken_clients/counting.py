"""Clients that do everything right and report something else: each breaks the summary alone."""

from __future__ import annotations

from dataclasses import replace

from provcheck.harness.client import ReferenceClient
from provcheck.harness.client.state import Base
from provcheck.harness.model import AuditRecord, Counters, Population, SummaryHidden, SyncSummary

from .breaking import Caught, broken

E3, E4, E5, E6 = (
    "e3-two-groups-users-fail",
    "e4-five-groups-one-membership-fails",
    "e5-create-not-allowed",
    "e6-update-not-allowed",
)


class _Liar(ReferenceClient):
    """Changes what the counters say."""

    def summary(self) -> SyncSummary:
        told = super().summary()
        groups = told.groups if told.groups is None else self.count_groups(told.groups)
        return replace(told, users=self.count_users(told.users), groups=groups)

    def count_users(self, true: Counters) -> Counters:
        return true

    def count_groups(self, true: Counters) -> Counters:
        return true


@broken(
    ReferenceClient,
    Caught("counter_as_expected", "groups.impacted", E3),
    Caught("impacted_is_the_scope", "groups.impacted", E3),
)
class CountsMemberships(_Liar):
    """Impacted groups are counted by their memberships: two groups of two are four."""

    def run(self, population: Population, *, full: bool) -> None:
        super().run(population, full=full)
        self.written_memberships = sum(len(group.members) for group in self.rule.impacted_groups(population))

    def count_groups(self, true: Counters) -> Counters:
        return replace(true, impacted=self.written_memberships, success=self.written_memberships - true.failed)


@broken(
    ReferenceClient,
    Caught("counter_as_expected", "users.impacted", "in-scope-twice-counts-once"),
    Caught("impacted_is_the_scope", "users.impacted", "in-scope-twice-counts-once"),
)
class CountsUsersOncePerGroup(_Liar):
    """A user who is in two groups is two impacted users."""

    def run(self, population: Population, *, full: bool) -> None:
        super().run(population, full=full)
        members = [member for group in population.groups for member in group.members if member in self.state.users]
        self.counted_again = len(members) - len(set(members))

    def count_users(self, true: Counters) -> Counters:
        return replace(true, impacted=true.impacted + self.counted_again, success=true.success + self.counted_again)


@broken(
    ReferenceClient,
    Caught("counter_as_expected", "users.failed", E5),
    Caught("failed_needs_an_error_that_stayed", "users.failed", E5),
)
class CountsWithheldAsFailed(_Liar):
    """A user who may not be created is counted as Failed instead of Unsynced."""

    def count_users(self, true: Counters) -> Counters:
        return replace(true, unsynced=0, failed=true.failed + true.unsynced)


@broken(
    ReferenceClient,
    Caught("counter_as_expected", "users.failed", E6),
    Caught("failed_needs_an_error_that_stayed", "users.failed", E6),
)
class CountsAWithheldUpdateAsFailed(_Liar):
    """A user whose update was withheld is counted as Failed instead of Partially Synced."""

    def count_users(self, true: Counters) -> Counters:
        stale = true.partially_synced
        return replace(true, partially_synced=0, success=true.success - stale, failed=true.failed + stale)


@broken(
    ReferenceClient,
    Caught("counter_as_expected", "users.failed", E3),
    Caught("counter_as_derived", "users.unsynced", E3),
    Caught("an_error_is_never_unsynced", "ada, ben", E3),
    Caught("an_error_that_stayed_is_failed", "ada, ben", E3),
)
class CountsFailedAsUnsynced(_Liar):
    """A user who could not be created is counted as Unsynced instead of Failed."""

    def count_users(self, true: Counters) -> Counters:
        return replace(true, failed=0, unsynced=true.unsynced + true.failed)


@broken(
    ReferenceClient,
    Caught("counter_as_expected", "users.partially_synced", E6),
    Caught("success_means_in_sync", "cem", E6),
)
class ForgetsStale(_Liar):
    """A user whose update was withheld is a Success and nothing else: Partially Synced stays 0."""

    def count_users(self, true: Counters) -> Counters:
        return replace(true, partially_synced=0)


@broken(
    ReferenceClient,
    Caught("counter_as_expected", "users.success", E6),
    Caught("counter_as_observed", "users.success", E6),
)
class StaleIsNoSuccess(_Liar):
    """A user whose update was withheld is Partially Synced and no Success any more: Success shows 4 of five."""

    def count_users(self, true: Counters) -> Counters:
        stale = sum(user.base is Base.SYNCED and user.stale for user in self.state.users.values())
        return replace(true, success=true.success - stale)


@broken(
    ReferenceClient,
    Caught("counters_stay_within_impacted", "users.success", "disabled-and-enabled-again"),
    Caught("nobody_is_counted_twice", "users", "disabled-and-enabled-again"),
)
class CountsOperations(_Liar):
    """Success counts the writes that went well, so a user who changes twice counts three times."""

    def count_users(self, true: Counters) -> Counters:
        good = [each for each in self.audit() if each.entity_kind == "user" and each.outcome == "success"]
        return replace(true, success=max(true.success, len(good)))


@broken(
    ReferenceClient,
    Caught("counter_as_expected", "groups.success", E4),
    Caught("groups_are_counted_once", "groups", E4),
    Caught("nobody_is_counted_twice", "groups", E4),
)
class CountsAFailedGroupTwice(_Liar):
    """A group with one refused membership is a Success for its other members, and Failed as well."""

    def count_groups(self, true: Counters) -> Counters:
        return replace(true, success=true.success + true.failed)


@broken(
    ReferenceClient,
    Caught("counter_as_expected", "users.unsynced", E5),
    Caught("everybody_is_counted", "users", E5),
)
class LeavesTheWithheldOut(_Liar):
    """A user who may not be created is in no counter at all."""

    def count_users(self, true: Counters) -> Counters:
        return replace(true, unsynced=0)


@broken(
    ReferenceClient,
    Caught("counter_as_expected", "users.partially_synced", E5),
    Caught("partially_synced_have_accounts", "users.partially_synced", E5),
    Caught("partially_synced_overlaps_success_alone", "users", E5),
)
class CountsUnsyncedAsPartiallySynced(_Liar):
    """A user without an account is counted as Partially Synced, too."""

    def count_users(self, true: Counters) -> Counters:
        return replace(true, partially_synced=true.partially_synced + true.unsynced)


@broken(
    ReferenceClient,
    Caught("counter_as_expected", "users.unsynced", "existing-account-different-update-off"),
    Caught("unsynced_have_no_account", "users.unsynced", "existing-account-different-update-off"),
)
class CountsLinkedAsUnsynced(_Liar):
    """A user whose account differs and may not be updated is counted as Unsynced instead of Partially Synced."""

    def count_users(self, true: Counters) -> Counters:
        return replace(true, partially_synced=0, unsynced=true.unsynced + true.partially_synced)


@broken(
    ReferenceClient,
    Caught("counter_as_expected", "users.failed", "failed-update-heals"),
    Caught("nobody_is_counted_twice", "users", "failed-update-heals"),
)
class NeverForgetsAnError(_Liar):
    """A user who failed once is counted as Failed for ever, beside the Success that came later."""

    def count_users(self, true: Counters) -> Counters:
        failed = {each.entity for each in self.audit() if each.entity_kind == "user" and each.outcome == "failed"}
        return replace(true, failed=len(failed & self.state.users.keys()))


@broken(
    ReferenceClient,
    Caught("counter_as_expected", "users.success", "joiner"),
    Caught("all_allowed_and_no_error_means_success", "users.success", "joiner"),
)
class SuccessTakesAResync(_Liar):
    """A user is Partially Synced until a Full Resync has confirmed what was written."""

    confirmed = False

    def resync(self, population: Population) -> None:
        super().resync(population)
        self.confirmed = True

    def count_users(self, true: Counters) -> Counters:
        return true if self.confirmed else replace(true, success=0, partially_synced=true.success)


@broken(
    ReferenceClient,
    Caught("counter_as_expected", "users.impacted", "leaver-is-disabled"),
    Caught("impacted_is_the_scope", "users.impacted", "leaver-is-disabled"),
)
class KeepsLeaversInTheCounters(_Liar):
    """A user who left is still counted, because there is still an account."""

    def count_users(self, true: Counters) -> Counters:
        left = {each.entity for each in self.audit() if each.entity_kind == "user"} - self.state.users.keys()
        return replace(true, impacted=true.impacted + len(left), success=true.success + len(left))


@broken(
    ReferenceClient,
    Caught("counter_as_expected", "users.failed", "leaver-not-disabled-is-an-orphan"),
)
class CountsOrphansAsFailed(_Liar):
    """A leaver whose account could not be turned off is counted as Failed, although the rule does not target him."""

    def count_users(self, true: Counters) -> Counters:
        return replace(true, failed=true.failed + len(self.state.orphans))


@broken(
    ReferenceClient,
    Caught("sections", "summary", "e1-no-groups-at-target", "scim+no-groups"),
    Caught("group_section_goes_with_group_support", "groups", "e1-no-groups-at-target", "scim+no-groups"),
)
class ShowsGroupsWhereThereAreNone(_Liar):
    """The summary has a group section, all zero, where the target has no groups."""

    def summary(self) -> SyncSummary:
        told = super().summary()
        return replace(told, groups=told.groups or Counters())


@broken(
    ReferenceClient,
    Caught("sections", "summary", "e2-groups-at-target"),
    Caught("group_section_goes_with_group_support", "groups", "e2-groups-at-target"),
)
class ShowsNoGroups(_Liar):
    """The summary has no group section, although the target has groups."""

    def summary(self) -> SyncSummary:
        return replace(super().summary(), groups=None)


@broken(
    ReferenceClient,
    Caught("summary_is_hidden", "rule", "rule-disabled-hides-the-summary"),
    Caught("summary_is_seen_only_while_enabled", "rule", "rule-disabled-hides-the-summary"),
)
class ShowsTheSummaryOfADisabledRule(ReferenceClient):
    """The summary is to be seen although the rule is disabled."""

    def summary(self) -> SyncSummary:
        rule, self.rule = self.rule, replace(self.rule, enabled=True)
        told = super().summary()
        self.rule = rule
        return told


@broken(
    ReferenceClient,
    Caught("summary_is_seen", "rule", E3),
    Caught("summary_is_seen_only_while_enabled", "rule", E3),
)
class HidesTheSummaryAfterAFailure(ReferenceClient):
    """While somebody is Failed there is no summary to be seen."""

    def summary(self) -> SyncSummary:
        told = super().summary()
        if told.users.failed:
            raise SummaryHidden("something went wrong")
        return told


@broken(
    ReferenceClient,
    Caught("counter_as_expected", "users.partially_synced", "two-changes-count-once"),
)
class CountsWithheldChanges(_Liar):
    """Two withheld changes of one user are two Partially Synced."""

    def count_users(self, true: Counters) -> Counters:
        withheld = [each for each in self.audit() if each.action == "update" and each.outcome == "withheld"]
        return replace(true, partially_synced=max(true.partially_synced, len(withheld)))


@broken(
    ReferenceClient,
    Caught("counter_as_expected", "users.failed", E3),
    Caught("an_error_that_stayed_is_failed", "ada, ben", E3),
)
class CountsFailedAsSuccess(_Liar):
    """A user who could not be created is counted as a Success, because the request was sent."""

    def count_users(self, true: Counters) -> Counters:
        return replace(true, failed=0, success=true.success + true.failed)


@broken(
    ReferenceClient,
    Caught("counter_as_expected", "groups.failed", E4),
    Caught("groups_are_counted_once", "groups", E4),
)
class CountsAFailedGroupAsPartiallySynced(_Liar):
    """A group with one refused membership is counted as Partially Synced instead of Failed."""

    def count_groups(self, true: Counters) -> Counters:
        return replace(true, failed=0, partially_synced=true.failed)


@broken(ReferenceClient, Caught("audit_tells_of_failures", "users.failed", "server-errors-that-stay"))
class KeepsNoAuditLog(ReferenceClient):
    """Counts who failed, and tells nobody who it was."""

    def audit(self) -> list[AuditRecord]:
        return []
