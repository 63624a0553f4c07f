"""Mistakes in the life of an account: turned off, left behind, removed too soon."""

from __future__ import annotations

from typing import Any

from provcheck.harness.client import ReferenceClient
from provcheck.harness.client.connectors.scim import ScimConnector
from provcheck.harness.client.engine import Run
from provcheck.harness.client.plan import UserPlan, plan_users
from provcheck.harness.client.plan import wanted as wanted_of
from provcheck.harness.client.users import Users

from .breaking import Caught, broken


@broken(
    Users,
    Caught("account_as_expected", "eve", "leaver-is-disabled"),
    Caught("refusal_as_expected", "allows_disable_users, allows_delete_users", "leaver-not-disabled-is-an-orphan"),
)
class ForgetsLeavers(Users):
    """A user who leaves is in no counter any more, and the account stays as it is."""

    def remove(self, user_id: str, user: Any, remote_id: str) -> None:
        return


@broken(
    ReferenceClient,
    Caught("orphans_are_told", "orphans", "leaver-not-disabled-is-an-orphan"),
)
class HidesOrphans(ReferenceClient):
    """Nobody is told of a leaver whose account could not be turned off."""

    def orphans(self) -> tuple[Any, ...]:
        return ()


@broken(
    wanted_of,
    Caught("account_as_expected", "eve", "disabled-and-enabled-again"),
    Caught("success_means_in_sync", "eve", "disabled-and-enabled-again"),
)
def does_not_know_that_users_can_be_disabled(rule: Any, user: Any) -> dict[str, Any]:
    """A user who is disabled at the source stays active at the target."""
    return {**wanted_of(rule, user), "active": True}


@broken(
    ScimConnector,
    Caught("account_as_expected", "eve", "disabled-and-enabled-again"),
    Caught("counter_as_expected", "users.failed", "disabled-and-enabled-again"),
    seen_at="learn.microsoft.com, Known issues of SCIM 2.0 protocol compliance (Entra)",
)
class SendsFalseAsText(ScimConnector):
    """A user is turned off with the text "False" instead of the value false, which a strict target refuses."""

    def user_patch(self, remote_id: str, changes: Any) -> Any:
        said = {word: str(value) if value is False else value for word, value in changes.items()}
        return super().user_patch(remote_id, said)


@broken(
    Users,
    Caught("account_as_expected", "eve", "disabled-and-enabled-again"),
)
class NeverTurnsOnAgain(Users):
    """A user who is enabled again at the source stays turned off at the target."""

    def write(self, user_id: str, user: Any, changes: Any, *, read_back: bool = False) -> bool:
        kept = {word: value for word, value in changes.items() if (word, value) != ("active", True)}
        return super().write(user_id, user, kept, read_back=read_back)


@broken(
    plan_users,
    Caught("account_as_expected", "ada", "source-turns-up-empty"),
    Caught("requests_as_expected", "user.disable", "source-turns-up-empty"),
    seen_at="github.com/awslabs/ssosync/issues/268, issues/194, issues/159",
)
def removes_everybody_when_the_source_is_empty(state: Any, rule: Any, users: Any, *, full: bool) -> UserPlan:
    """A source that suddenly delivers nobody is believed, and everybody loses the account."""
    found = list(users)
    if found:
        return plan_users(state, rule, found, full=full)
    return UserPlan(leaving=list(state.users))


@broken(
    Run,
    Caught("nobody_in_scope_is_deprovisioned", "ben", "group-leaves-the-rule"),
    Caught("account_as_expected", "ben", "group-leaves-the-rule"),
)
class RemovesAccountsWithTheirGroup(Run):
    """When a group leaves the rule, the accounts of its members are turned off with it."""

    def write_groups(self) -> None:
        for group_id in self.leaving_groups():
            for user_id in sorted(self.state.groups[group_id].members):
                self.users.deprovision(user_id, self.state.users[user_id].remote_id or "", "disable")
        super().write_groups()


@broken(
    wanted_of,
    Caught("account_as_expected", "eve", "leaver-comes-back"),
    Caught("success_means_in_sync", "eve", "leaver-comes-back"),
)
def never_says_that_a_user_is_active(rule: Any, user: Any) -> dict[str, Any]:
    """Only disabling is sent, never enabling: a leaver who comes back is linked to an account that stays off."""
    said = wanted_of(rule, user)
    return {word: value for word, value in said.items() if (word, value) != ("active", True)}


@broken(
    Users,
    Caught("account_as_expected", "eve", "leaver-is-disabled"),
    Caught("nobody_in_scope_is_deprovisioned", "ada", "leaver-is-disabled"),
)
class DisablesEverybodyButTheLeaver(Users):
    """The wrong way round: who leaves keeps the account, and who stays loses it."""

    def leave(self, user_id: str) -> None:
        remote_id, self.state.users[user_id].remote_id = self.state.users[user_id].remote_id, None
        for other, user in self.state.users.items():
            if other != user_id:
                self.deprovision(other, user.remote_id or "", "disable")
        super().leave(user_id)
        self.state.holders.pop(remote_id or "", None)


@broken(
    Users,
    Caught("account_as_expected", "eve", "disabled-from-the-start"),
    Caught("success_means_in_sync", "eve", "disabled-from-the-start"),
)
class CreatesEverybodyActive(Users):
    """A user who is disabled at the source before the first sync gets an active account."""

    def create(self, user_id: str, user: Any, wanted: dict[str, Any]) -> None:
        super().create(user_id, user, {**wanted, "active": True})
