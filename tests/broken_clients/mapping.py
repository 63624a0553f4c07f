"""Mistakes with attributes that have several values or parts, with managers, and with values that go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provcheck.harness.client.connectors.scim import ScimConnector
from provcheck.harness.client.managers import Managers
from provcheck.harness.client.state import UserState
from provcheck.harness.client.users import Users

from .breaking import Caught, broken


@broken(
    Users,
    Caught("account_as_expected", "ada", "attributes-cleared"),
    Caught("success_means_in_sync", "ada", "attributes-cleared"),
    Caught("account_as_expected", "ada", "attributes-cleared", "slack"),
)
class NeverClears(Users):
    """A value that is gone at the source stays at the target."""

    def change_account(self, user_id: str, user: UserState, wanted: dict[str, Any]) -> None:
        super().change_account(user_id, user, {**(user.written or {}), **wanted})


@broken(
    ScimConnector,
    Caught("account_as_expected", "ada", "attributes-set-and-changed"),
    Caught("success_means_in_sync", "ada", "attributes-set-and-changed"),
    Caught("account_as_expected", "ada", "attributes-set-and-changed", "slack"),
)
class ForgetsTheSecondOfSeveral(ScimConnector):
    """Of several phone numbers the first alone is written."""

    def create_account(self, wanted: Any) -> Any:
        return super().create_account(_first_number(wanted))

    def update_account(self, remote_id: str, changes: Any, told: Any = None) -> Any:
        return super().update_account(remote_id, _first_number(changes), told)


def _first_number(values: Mapping[str, Any]) -> dict[str, Any]:
    return {word: value[:1] if word == "phoneNumbers" and value else value for word, value in values.items()}


@broken(
    ScimConnector,
    Caught("account_as_expected", "ada", "part-of-an-address-goes"),
    Caught("success_means_in_sync", "ada", "part-of-an-address-goes"),
)
class KeepsOldPartsOfAnAddress(ScimConnector):
    """A new address is laid over the old one: parts that the new one does not have stay."""

    def update_account(self, remote_id: str, changes: Any, told: Any = None) -> Any:
        old = self.read_account(remote_id) if changes.get("address") else None
        if old is not None:
            changes = {**changes, "address": {**(self.value(old, "address") or {}), **changes["address"]}}
        return super().update_account(remote_id, changes, told)


@broken(
    Managers,
    Caught("account_as_expected", "ada", "manager-is-an-account"),
)
class NamesTheManager(Managers):
    """The manager's user name is written where the id of an account belongs."""

    def resolved(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return wanted


@broken(
    Managers,
    Caught("account_as_expected", "ada", "manager-without-an-account"),
    Caught("account_as_expected", "ada", "managers-of-each-other"),
)
class ForgetsWhoWaitsForAManager(Managers):
    """A manager who had no account at first is never written."""

    def due(self, moved: Any) -> Any:
        return iter(())
