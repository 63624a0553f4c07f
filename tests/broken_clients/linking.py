"""Mistakes in finding, linking and creating accounts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from provcheck.harness.adapters import ReferenceAdapter
from provcheck.harness.client import StateStore
from provcheck.harness.client.accounts import Accounts
from provcheck.harness.client.connectors.interface import Account
from provcheck.harness.client.connectors.scim import ScimConnector
from provcheck.harness.client.connectors.search import Search
from provcheck.harness.client.failures import Exhausted, Gone, Lost, Refused, Taken, checked
from provcheck.harness.client.outcome import Json
from provcheck.harness.client.plan import UserPlan, plan_users
from provcheck.harness.client.state import Base, UserState
from provcheck.harness.client.users import Users

from .breaking import Caught, broken


@broken(
    Accounts,
    Caught("counter_as_expected", "users.failed", "conflict-is-looked-up-and-linked"),
    Caught("counter_as_expected", "users.success", "conflict-is-looked-up-and-linked"),
    seen_at="github.com/goauthentik/authentik/issues/12827, github.com/slashdevops/idp-scim-sync/issues/45",
)
class NoLookUpAfterConflict(Accounts):
    """A create that is answered with 409 counts as failed; nobody looks whether the account is there."""

    def account_in_conflict(self, wanted: Any, conflict: Taken) -> Account:
        raise conflict


@broken(
    Accounts,
    Caught("requests_as_expected", "cem", "lost-answer-on-create"),
    Caught("a_create_without_answer_is_looked_up_first", "cem", "lost-answer-on-create"),
    seen_at="github.com/awslabs/ssosync/issues/13",
)
class CreatesAgainAfterALostAnswer(Accounts):
    """A create whose answer was lost is sent again at once, without a look-up."""

    def create(self, wanted: Any) -> tuple[Account, bool]:
        for _ in range(self.caller.policy.tries):
            try:
                return self.connector.create_account(wanted) or self.account_without_id(wanted), True
            except Taken as conflict:
                return self.account_in_conflict(wanted, conflict), False
            except Lost:
                continue
        raise Exhausted("every answer to the creation was lost")


@broken(
    ScimConnector,
    Caught("account_as_expected", "lovelace", "two-accounts-match"),
    Caught("counter_as_expected", "users.failed", "two-accounts-match"),
    seen_at="learn.microsoft.com, Entra provisioning error codes: multiple entries",
)
class LinksTheFirstHit(ScimConnector):
    """Of several accounts that match a user the first one is linked and changed."""

    def only_match(self, hits: list[Json], what: str) -> Account | None:
        return super().only_match(hits[:1], what)


@broken(
    ScimConnector,
    Caught("requests_as_expected", "ada", "existing-account-in-other-case"),
    seen_at="github.com/zulip/zulip/issues/21758, github.com/langfuse/langfuse/pull/13528",
)
class MatchesInTheSameCaseOnly(ScimConnector):
    """An account whose name differs in case alone is not taken for the user's, and another one is asked for."""

    def true_matches(self, hits: list[Json], identifier: str) -> list[Json]:
        return [hit for hit in hits if hit.get("userName") == identifier]


@broken(
    Accounts,
    Caught("requests_as_expected", "*", "existing-account-equal"),
)
class CreatesWithoutLookingFirst(Accounts):
    """A user who is new to the client is created blindly; only a conflict makes it look."""

    def find(self, wanted: Any) -> Account | None:
        return None


@broken(
    Users,
    Caught("account_as_expected", "eve", "rename-keeps-the-account"),
    Caught("no_account_is_doubled", "evelyn", "rename-keeps-the-account"),
    seen_at="github.com/ssoready/ssoready/issues/164",
)
class RenamesByASecondAccount(Users):
    """A user with a new user name gets a second account; the first one is forgotten."""

    def change_account(self, user_id: str, user: UserState, wanted: dict[str, Any]) -> None:
        if wanted["userName"] != (user.written or {}).get("userName"):
            wanted = {**wanted, "externalId": f"{wanted['externalId']}-2", "email": f"new-{wanted['email']}"}
            self.forget_account(user_id)
            self.create(user_id, user, wanted)
        else:
            super().change_account(user_id, user, wanted)


@broken(
    Users,
    Caught("nobody_in_scope_is_deprovisioned", "evelyn", "rename-keeps-the-account"),
    Caught("requests_as_expected", "user.create", "rename-keeps-the-account"),
)
class RenamesByDeletingAndCreating(Users):
    """A user with a new user name loses the account, with all that is in it, and gets a fresh one."""

    def change_account(self, user_id: str, user: UserState, wanted: dict[str, Any]) -> None:
        if wanted["userName"] != (user.written or {}).get("userName"):
            self.accounts.delete(user.remote_id or "")
            self.forget_account(user_id)
            self.create(user_id, user, wanted)
        else:
            super().change_account(user_id, user, wanted)


@broken(
    Users,
    Caught("requests_as_expected", "user.create", "not-found-for-a-moment"),
)
class CreatesAgainOnEvery404(Users):
    """An account that is not found once is created again at once, without a look-up."""

    def sync_account(self, user_id: str, user: UserState, wanted: dict[str, Any]) -> None:
        if user_id in self.dropped:
            self.create(user_id, user, wanted)
        else:
            super().sync_account(user_id, user, wanted)


@broken(
    Users,
    Caught("requests_as_expected", "user.create", "account-erased-create-off"),
    Caught("no_create_while_not_allowed", "create_users", "account-erased-create-off"),
)
class CreatesAgainWhatItMayNotCreate(Users):
    """An account that was deleted at the target is created again, although creating is not allowed."""

    def create(self, user_id: str, user: UserState, wanted: dict[str, Any]) -> None:
        if user_id in self.dropped:
            account, _ = self.accounts.create(wanted)
            self.state.link(user_id, account.remote_id)
            self.note_created(user_id, user, wanted, account)
        else:
            super().create(user_id, user, wanted)


@broken(
    Users,
    Caught("counter_as_expected", "users.success", "account-erased"),
    Caught("account_as_expected", "cem", "account-erased"),
    seen_at="github.com/goauthentik/authentik/issues/5396, github.com/slashdevops/idp-scim-sync/issues/61",
)
class NeverCreatesAgain(Users):
    """An account that was deleted at the target stays away: every later update fails with 404."""

    def change_account(self, user_id: str, user: UserState, wanted: dict[str, Any]) -> None:
        remote_id = user.remote_id
        try:
            self.accounts.update(remote_id or "", wanted)
        except Gone as trouble:
            raise Refused(str(trouble)) from None
        user.written, user.base, user.stale = dict(wanted), Base.SYNCED, False


@broken(
    ReferenceAdapter,
    Caught("account_as_expected", "eve", "restart-then-rename"),
    Caught("no_account_is_doubled", "evelyn", "restart-then-rename"),
)
class LosesItsStateOnRestart(ReferenceAdapter):
    """What the client knew of the target is gone when it is restarted."""

    def restart(self) -> None:
        self.store = StateStore()
        super().restart()


@broken(
    plan_users,
    Caught("account_as_expected", "cem", "drift-is-repaired-by-resync"),
    Caught("success_means_in_sync", "cem", "drift-is-repaired-by-resync"),
)
def resync_believes_its_own_state(state: Any, rule: Any, users: Any, *, full: bool) -> UserPlan:
    """A Full Resync passes over everybody of whom the source says nothing new, without a look at the target."""
    return plan_users(state, rule, users, full=False)


@broken(
    Users,
    Caught("requests_as_expected", "*", "second-resync-writes-nothing"),
)
class ResyncWritesEverythingAgain(Users):
    """A Full Resync writes every attribute of everybody, whether or not it differs."""

    def open_differences(self, user: UserState, wanted: dict[str, Any], account: Account) -> dict[str, Any]:
        return {word: value for word, value in wanted.items() if word not in self.connector.uncompared}


@broken(
    Search,
    Caught("requests_as_expected", "user.create", "listing-in-short-pages"),
    seen_at="github.com/awslabs/ssosync/issues/65: lists that end at 50",
)
class ReadsTheFirstPageOnly(Search):
    """Whoever is not on the first page of a listing is taken to have no account."""

    def pages(self, query: str, *, to_the_end: bool = False) -> Any:
        page = checked(self.caller.get(f"{self.resource}?{query}")).document or {}
        yield from page.get("Resources") or []


@broken(
    Search,
    Caught("stays_within_the_call_budget", "users", "e5-create-not-allowed"),
    Caught("stays_within_the_call_budget", "users", "fault-create-conflict-exists"),
)
class ListsEverybodyForEachUser(Search):
    """Every look-up reads the whole listing anew, instead of asking for the one account."""

    def matching(self, filter: str, key: str) -> list[Json]:
        self.listing = None
        return self.listed(key)


@broken(
    ScimConnector,
    Caught("account_as_expected", "lovelace", "matched-by-email"),
    Caught("requests_as_expected", "ada", "matched-by-email"),
)
class MatchesByUserNameAlone(ScimConnector):
    """Accounts are looked for by user name, whatever the connection says they are known by."""

    def __init__(self, connection: Any, caller: Any) -> None:
        by_name = {"unique_user_identifier": "userName", "user_filter": 'userName Eq "%s"'}
        super().__init__(replace(connection, **by_name), caller)


@broken(
    Search,
    Caught("requests_as_expected", "*", "fault-paging-total-wrong"),
    Caught("counter_as_expected", "users.success", "fault-paging-total-wrong"),
    seen_at="github.com/wso2/product-is/issues/7320, github.com/better-auth/better-auth/issues/10398",
)
class TrustsTotalResults(Search):
    """A listing ends as soon as it has as many accounts as the target said there were."""

    def pages(self, query: str, *, to_the_end: bool = False) -> Any:
        yield from super().pages(query, to_the_end=False)
