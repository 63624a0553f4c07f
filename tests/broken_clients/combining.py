"""Mistakes about what a connection allows that show only where several switches, or several changes, come together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from provcheck.harness.client.memberships import Memberships
from provcheck.harness.client.users import Users

from .breaking import Caught, broken


class _Switched(Users):
    """Users whose switches can be set otherwise for a while."""

    @contextmanager
    def switched(self, **switches: bool) -> Iterator[None]:
        """While this lasts, the connection says so."""
        intact = self.connection
        self.connection = replace(intact, **switches)
        try:
            yield
        finally:
            self.connection = intact


@broken(
    Users,
    Caught("account_as_expected", "hal", "every-change-while-update-is-off"),
    Caught("account_as_expected", "jan", "every-change-while-update-is-off"),
    Caught("account_as_expected", "hal", "every-change-while-update-is-off", "slack"),
)
class AsksDisablingWhoIsTurnedOn(_Switched):
    """Whether an account may be turned on again is asked of the switch that is about turning it off."""

    def write(self, user_id: str, user: Any, changes: Mapping[str, Any], *, read_back: bool = False) -> bool:
        on = {word: value for word, value in changes.items() if word == "active" and value is True}
        withheld = False
        if on:
            with self.switched(update_users=self.connection.disable_users):
                withheld = super().write(user_id, user, on, read_back=read_back)
        others = {word: value for word, value in changes.items() if word not in on}
        return (super().write(user_id, user, others, read_back=read_back) if others else False) or withheld


@broken(
    Users,
    Caught("account_as_expected", "gus", "every-change-while-disable-is-off"),
    Caught("account_as_expected", "gus", "every-change-while-disable-and-deprovision-are-off"),
)
class WithholdsTheWholeChange(Users):
    """Of a change of which one part is not allowed nothing is written."""

    def write(self, user_id: str, user: Any, changes: Mapping[str, Any], *, read_back: bool = False) -> bool:
        if changes.get("active") is False and not self.connection.disable_users:
            return True
        return super().write(user_id, user, changes, read_back=read_back)


@broken(
    Users,
    Caught("account_as_expected", "gus", "every-change-while-update-is-off"),
    Caught("account_as_expected", "gus", "every-change-while-create-and-update-are-off", "slack"),
    Caught("account_as_expected", "ben", "disabling-on-again-while-updating-is-off"),
)
class WritesEverythingWhenItTurnsOff(_Switched):
    """Who is turned off gets all other changes as well, because the account is written as a whole."""

    def write(self, user_id: str, user: Any, changes: Mapping[str, Any], *, read_back: bool = False) -> bool:
        turns_off = changes.get("active") is False and self.connection.disable_users
        with self.switched(update_users=turns_off or self.connection.update_users):
            return super().write(user_id, user, changes, read_back=read_back)


@broken(
    Users,
    Caught("account_as_expected", "cem", "leaver-is-deleted-while-disabling-is-off"),
)
class DeletesOnlyWhereItMayDisable(Users):
    """A leaver's account is deleted only where users may also be disabled."""

    def remove(self, user_id: str, user: Any, remote_id: str) -> None:
        if self.connection.disable_users:
            super().remove(user_id, user, remote_id)


@broken(
    Users,
    Caught("account_as_expected", "kim", "every-change-while-create-is-off"),
    Caught("account_as_expected", "cem", "leaver-is-deleted-while-updating-and-creating-are-off"),
)
class DeprovisionsOnlyWhereItMayCreate(Users):
    """A connection that may not create users is taken for one that looks after none: leavers are left alone."""

    def remove(self, user_id: str, user: Any, remote_id: str) -> None:
        if self.connection.create_users:
            super().remove(user_id, user, remote_id)


@broken(
    Users,
    Caught("account_as_expected", "ben", "every-change-while-create-is-off"),
    Caught("counter_as_expected", "users.success", "every-change-while-create-is-off"),
)
class LinksOnlyWhereItMayCreate(Users):
    """Where users may not be created an account that is there is not looked for either."""

    def locate(self, user_id: str, user: Any, wanted: dict[str, Any]) -> Any:
        if user.remote_id is None and not self.connection.create_users:
            return None
        return super().locate(user_id, user, wanted)


@broken(
    Memberships,
    Caught("group_as_expected", "Red", "memberships-while-every-switch-is-off"),
)
class WritesMembersOnlyWhereUpdatesAreAllowed(Memberships):
    """Memberships are taken for updates of users, and withheld with them."""

    def of_group(self, source: Any, wanted: Any, group: Any, *, present: Any, again: bool) -> None:
        if self.connection.update_users:
            super().of_group(source, wanted, group, present=present, again=again)
