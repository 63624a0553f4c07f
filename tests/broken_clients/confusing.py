"""Mistakes about who is who: a name is taken for a person, an account of one is given to another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provcheck.harness.client.accounts import Accounts
from provcheck.harness.client.failures import Taken
from provcheck.harness.client.memberships import Memberships
from provcheck.harness.client.users import Users

from .breaking import Caught, broken


@broken(
    Accounts,
    Caught("account_as_expected", "ada", "account-is-linked-to-another-user"),
    Caught("account_as_expected", "cem", "account-was-renamed-to-a-newcomers-name"),
)
class GivesAnAccountToTwo(Accounts):
    """An account that matches is linked, whoever has it already."""

    def check_free(self, account: Any, user_id: str, holders: Mapping[str, str]) -> None:
        return


@broken(
    Users,
    Caught("success_means_in_sync", "eve", "name-passes-to-a-newcomer-in-one-run"),
    Caught("success_means_in_sync", "eve", "name-passes-to-a-newcomer-in-one-run-deleting"),
)
class RemovesLeaversLast(Users):
    """The account of a leaver is removed at the end of a run, also if a newcomer has got it in that run."""

    def remove(self, user_id: str, user: Any, remote_id: str) -> None:
        self.left_over = [*getattr(self, "left_over", []), (user_id, user, remote_id)]

    def link_managers(self) -> None:
        super().link_managers()
        for each in getattr(self, "left_over", []):
            super().remove(*each)


@broken(
    Users,
    Caught("account_as_expected", "eve", "renamed-to-the-name-of-a-leaver"),
    Caught("account_as_expected", "cemx", "name-passes-on-in-one-run-the-other-way"),
)
class FollowsTheName(Users):
    """Whose name changes to that of an account gets this account."""

    def change_account(self, user_id: str, user: Any, wanted: dict[str, Any]) -> None:
        if wanted["userName"] != (user.written or {}).get("userName"):
            found = self.accounts.find(wanted)
            if found is not None and found.remote_id != user.remote_id:
                self.state.unlink(user_id)
                self.state.link(user_id, found.remote_id)
                user.written = None
        super().change_account(user_id, user, wanted)


@broken(
    Users,
    Caught("account_as_expected", "eve", "name-passes-to-a-newcomer-later"),
    Caught("success_means_in_sync", "eve", "name-passes-to-a-newcomer-later"),
)
class TakesANewcomerForTheLeaver(Users):
    """An account that is off and has the name of a newcomer is turned on, and has the values of who left."""

    def open_differences(self, user: Any, wanted: dict[str, Any], account: Any) -> dict[str, Any]:
        changes = super().open_differences(user, wanted, account)
        return {"active": True} if changes.get("active") is True else changes


@broken(
    Users,
    Caught("account_as_expected", "eve", "renamed-to-the-name-of-a-leaver"),
    Caught("deletes_only_as_remove_action", "remove_action", "renamed-to-the-name-of-a-leaver"),
)
class MakesNamesFree(Users):
    """An account that nobody has, and whose name is wanted, is deleted."""

    def change_account(self, user_id: str, user: Any, wanted: dict[str, Any]) -> None:
        try:
            super().change_account(user_id, user, wanted)
        except Taken:
            found = self.accounts.find(wanted)
            if found is None or found.remote_id in self.state.holders:
                raise
            self.accounts.delete(found.remote_id)
            super().change_account(user_id, user, wanted)


@broken(
    Memberships,
    Caught("group_as_expected", "Red", "memberships-do-not-pass-on-with-a-name"),
    Caught("group_as_expected", "Red", "memberships-do-not-pass-on-with-a-name", "slack"),
)
class LeavesLeaversInTheirGroups(Memberships):
    """Who leaves is turned off, and stays in every group: whoever gets the account has the memberships as well."""

    def plan_removals(self, group: Any, *parts: Any) -> None:
        super().plan_removals(group, *parts)
        edits = parts[-1]
        for user_id in [each for each in edits.remove if each not in self.state.users]:
            del edits.remove[user_id]
