"""Mistakes with errors that look like something else, or that pass, and with those who are orphans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from provcheck.harness.adapters import ReferenceAdapter
from provcheck.harness.client.accounts import Accounts
from provcheck.harness.client.chunks import ChunkedWrite
from provcheck.harness.client.connectors.interface import Account
from provcheck.harness.client.connectors.scim import ScimConnector
from provcheck.harness.client.connectors.search import Search
from provcheck.harness.client.failures import Ambiguous, Gone, Refused, Trouble
from provcheck.harness.client.groups import Groups
from provcheck.harness.client.memberships import Memberships
from provcheck.harness.client.outcome import Json, Reply
from provcheck.harness.client.plan import UserPlan, plan_users
from provcheck.harness.client.retry import Caller, RunStopped
from provcheck.harness.client.state import Base, GroupState, Orphan
from provcheck.harness.client.users import Users
from provcheck.harness.model import Population

from .breaking import Caught, broken


@broken(
    Accounts,
    Caught("counter_as_expected", "users.success", "error-inside-a-200-on-create"),
    Caught("success_means_in_sync", "ben", "error-inside-a-200-on-create"),
)
class BelievesTheStatusAlone(Accounts):
    """A create that is answered 200 is taken for done, whatever the body says."""

    def account_without_id(self, wanted: Mapping[str, Any]) -> Account:
        return Account(f"unknown-{wanted['userName']}", {**wanted, "name": {}})


@broken(
    ChunkedWrite,
    Caught("counter_as_expected", "groups.failed", "error-inside-a-200-on-a-membership"),
)
class BelievesThatMembersAreIn(ChunkedWrite):
    """A membership that is answered 200 is taken for written, whatever the body says."""

    def verify(self, ids: Sequence[str]) -> None:
        return


@broken(
    Groups,
    Caught("counter_as_expected", "groups.failed", "error-inside-a-200-on-a-group"),
)
class CountsAGroupThatIsNotThere(Groups):
    """A group whose create was answered 200 with an error is a Success, and its members are not written."""

    def fail(self, group_id: str, reason: str, *, transient: bool) -> None:
        super().fail(group_id, reason, transient=transient)
        if "cannot be found" in reason:
            self.state.groups[group_id].base = Base.SYNCED


@broken(
    Accounts,
    Caught("orphans_are_told", "orphans", "leaver-whose-account-is-deleted-already"),
    Caught("orphans_are_told", "orphans", "leaver-to-delete-whose-account-is-deleted-already"),
    Caught("orphans_are_told", "orphans", "orphan-deleted-by-somebody-else"),
)
class TakesGoneForAFailure(Accounts):
    """An account that is gone when it is to be turned off or deleted is a failure: the leaver is an orphan."""

    def update(self, remote_id: str, changes: Mapping[str, Any], told: Any = None) -> Account | None:
        try:
            return super().update(remote_id, changes, told)
        except Gone as gone:
            raise gone if changes.keys() != {"active"} else Refused(str(gone)) from gone

    def delete(self, remote_id: str) -> None:
        try:
            self.connector.delete_account(remote_id)
        except Gone as gone:
            raise Refused(str(gone)) from gone


@broken(
    Accounts,
    Caught("orphans_are_told", "orphans", "answer-to-a-deletion-is-lost"),
)
class TakesA404AfterARetryForAFailure(Accounts):
    """A deletion that is answered 404 after its answer was lost is a failure."""

    def delete(self, remote_id: str) -> None:
        try:
            self.connector.delete_account(remote_id)
        except Gone as gone:
            raise Refused(str(gone)) from gone


@broken(
    Memberships,
    Caught("counter_as_expected", "groups.failed", "member-who-is-out-already"),
)
class WantsToTakeOutItself(Memberships):
    """A member who is out of the group already when the client wants to take the member out is an error."""

    def book(self, group_id: str, group: GroupState, user_id: str, trouble: Trouble | None, *, removing: bool) -> None:
        remote = self.connector.read_group(group.remote_id or "") if removing else None
        if remote is not None and group.name and trouble is None and remote.members == {self.account_for("u-ada")}:
            trouble = Refused("the member was not there")
        super().book(group_id, group, user_id, trouble, removing=removing)


@broken(
    plan_users,
    Caught("counter_as_expected", "users.success", "passing-error-on-create-is-tried-again"),
    Caught("account_as_expected", "cem", "passing-error-on-update-is-tried-again"),
)
def waits_for_a_change_of_failed_users(state: Any, rule: Any, users: Any, *, full: bool) -> UserPlan:
    """A user who failed over a passing error is tried again only when the source changes."""
    for user in state.users.values():
        user.retry = False
    return plan_users(state, rule, users, full=full)


@broken(
    Memberships,
    Caught("counter_as_expected", "groups.success", "passing-error-on-a-membership-is-tried-again"),
)
class WaitsForAChangeOfFailedMemberships(Memberships):
    """A membership that failed over a passing error is tried again only when the source changes."""

    def book(self, group_id: str, group: GroupState, user_id: str, trouble: Trouble | None, *, removing: bool) -> None:
        super().book(group_id, group, user_id, trouble, removing=removing)
        group.retry = False


@broken(
    Groups,
    Caught("counter_as_expected", "groups.success", "passing-error-on-a-group-is-tried-again"),
)
class WaitsForAChangeOfFailedGroups(Groups):
    """A group that failed over a passing error is tried again only when the source changes."""

    def fail(self, group_id: str, reason: str, *, transient: bool) -> None:
        super().fail(group_id, reason, transient=False)


@broken(
    Caller,
    Caught("holds_back_when_limited", "connection", "rate-limit-again-and-again"),
)
class HoldsBackOnceAlone(Caller):
    """The first 429 of a run is waited out, the others are not."""

    held = 0

    def hold_as_asked(self, reply: Reply, *, jitter: float = 0.0) -> bool:
        self.held += 1
        return super().hold_as_asked(reply, jitter=jitter) if self.held == 1 else False


@broken(
    Caller,
    Caught("counter_as_expected", "users.failed", "rate-limit-in-a-row"),
)
class GivesUpAtTheSecondLimit(Caller):
    """A request that is limited a second time has failed."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.policy = replace(self.policy, throttled_tries=2)


@broken(
    Caller,
    Caught("holds_back_when_limited", "connection", "rate-limit-on-memberships"),
)
class HoldsBackForUsersAlone(Caller):
    """A 429 on a user is waited out; one on a group or a membership is not."""

    about_groups = False

    def once(self, method: str, path: str, document: Json | None) -> Reply:
        self.about_groups = "Groups" in path
        return super().once(method, path, document)

    def hold_as_asked(self, reply: Reply, *, jitter: float = 0.0) -> bool:
        return False if self.about_groups else super().hold_as_asked(reply, jitter=jitter)


@broken(
    ScimConnector,
    Caught("counter_as_expected", "users.failed", "discovery-missing"),
    Caught("counter_as_expected", "users.failed", "discovery-is-down"),
)
class StopsWithoutDiscovery(ScimConnector):
    """A target that does not say what it supports is not synced at all."""

    def probe(self) -> None:
        if not (reply := self.caller.get("/ServiceProviderConfig", tries=1)).ok:
            raise RunStopped(reply.summary())
        super().probe()


@broken(
    Search,
    Caught("counter_as_expected", "users.failed", "account-listed-twice"),
    Caught("counter_as_expected", "groups.failed", "group-listed-twice"),
)
class TakesEveryRowForItself(Search):
    """Two rows of a list are two accounts, or two groups, although they have one id."""

    def matching(self, filter: str, key: str) -> list[Json]:
        rows = self.answers(filter)
        if len(rows) > len({each.get("id") for each in rows}):
            raise Ambiguous(f"{len(rows)} rows")
        return super().matching(filter, key)


@broken(
    ChunkedWrite,
    Caught("group_as_expected", "Red", "one-of-several-member-requests-is-refused"),
    Caught("group_as_expected", "Red", "one-of-several-removals-is-refused"),
)
class StopsAtTheFirstRefusedRequest(ChunkedWrite):
    """When one of several requests about members is refused, those after it are not sent."""

    def run(self, ids: Sequence[str]) -> Any:
        for start in range(0, len(ids), self.size):
            if super().run(ids[start : start + self.size]):
                break
        return self.failed


@broken(
    Users,
    Caught("orphans_are_told", "orphans", "orphan-until-the-account-is-off"),
    Caught("account_as_expected", "eve", "orphan-until-the-account-is-deleted"),
    Caught("account_as_expected", "eve", "orphan-of-a-target-that-was-down"),
)
class NeverTriesOrphansAgain(Users):
    """An orphan is told for good, and its account is never tried again."""

    def deprovision(self, user_id: str, remote_id: str, action: Literal["disable", "delete"]) -> bool:
        if user_id in self.state.users:
            return super().deprovision(user_id, remote_id, action)
        self.state.orphans.append(Orphan("user", user_id, remote_id, action, "given up"))
        return False


@broken(
    ReferenceAdapter,
    Caught("orphans_are_told", "orphans", "no-orphan-while-deprovisioning-is-off"),
    Caught("orphans_are_told", "orphans", "no-orphan-without-an-account"),
    Caught("orphans_are_told", "orphans", "no-orphan-whose-account-was-off"),
)
class TellsEveryLeaver(ReferenceAdapter):
    """Whoever left the source is told as an orphan, whatever became of the account."""

    seen: frozenset[str] = frozenset()
    there: frozenset[str] = frozenset()

    def apply(self, population: Population) -> None:
        self.there = frozenset(population.users_by_id)
        self.seen |= self.there
        super().apply(population)

    def orphans(self) -> tuple[str, ...]:
        return tuple(sorted(self.seen - self.there))


@broken(
    ReferenceAdapter,
    Caught("orphans_are_told", "orphans", "orphan-until-the-account-is-off"),
)
class TellsOrphansOnce(ReferenceAdapter):
    """An orphan is told after the sync in which it became one, and not again."""

    told: frozenset[str] = frozenset()

    def orphans(self) -> tuple[str, ...]:
        now = frozenset(super().orphans())
        fresh, self.told = now - self.told, now
        return tuple(sorted(fresh))
