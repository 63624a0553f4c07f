"""Mistakes about what a connection allows, and about the rule itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from provcheck.harness.client import ReferenceClient
from provcheck.harness.client.plan import UserPlan, plan_users
from provcheck.harness.client.state import Base
from provcheck.harness.client.users import Users
from provcheck.harness.model import DEFAULT_MAPPING, BadRule, Population

from .breaking import Caught, broken


def _allowing(users: Users, **switches: Any) -> None:
    users.connection = replace(users.connection, **switches)


@broken(
    Users,
    Caught("requests_as_expected", "user.create", "e5-create-not-allowed"),
    Caught("counter_as_expected", "users.unsynced", "e5-create-not-allowed"),
    Caught("no_create_while_not_allowed", "create_users", "e5-create-not-allowed"),
)
class CreatesThoughCreateIsOff(Users):
    """Users are created although the connection does not allow it."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        _allowing(self, create_users=True)


@broken(
    Users,
    Caught("requests_as_expected", "user.update", "e6-update-not-allowed"),
    Caught("no_update_while_not_allowed", "update_users", "e6-update-not-allowed"),
)
class UpdatesThoughUpdateIsOff(Users):
    """Users are updated although the connection does not allow it."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        _allowing(self, update_users=True)


@broken(
    Users,
    Caught("requests_as_expected", "user.disable", "disable-not-allowed"),
    Caught("no_disable_while_not_allowed", "eve", "disable-not-allowed"),
)
class DisablesThoughDisableIsOff(Users):
    """Users are turned off although the connection does not allow it."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        _allowing(self, disable_users=True)


@broken(
    Users,
    Caught("account_as_expected", "eve", "leaver-is-disabled"),
    Caught("deletes_only_as_remove_action", "remove_action", "leaver-is-disabled"),
)
class DeletesThoughRemoveActionIsDisable(Users):
    """The account of a leaver is deleted where the connection says that it is to be turned off."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        _allowing(self, remove_action="Delete")


@broken(
    Users,
    Caught("account_as_expected", "eve", "leaver-is-deleted"),
)
class DisablesThoughRemoveActionIsDelete(Users):
    """The account of a leaver is turned off and kept where the connection says that it is to be deleted."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        _allowing(self, remove_action="Disable")


@broken(
    Users,
    Caught("requests_as_expected", "user.disable", "deprovision-not-allowed"),
)
class DeprovisionsThoughItMayNot(Users):
    """The account of a leaver is turned off although the connection does not allow deprovisioning."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        _allowing(self, deprovision_users=True)


@broken(
    plan_users,
    Caught("counter_as_expected", "users.unsynced", "create-on-again-without-resync"),
    Caught("requests_as_expected", "user.create", "create-on-again-without-resync"),
)
def catches_up_when_a_switch_is_turned_on(state: Any, rule: Any, users: Any, *, full: bool) -> UserPlan:
    """Whoever was withheld is tried again on the next run, without a change and without a Full Resync."""
    for user in state.users.values():
        user.retry = user.retry or user.base is Base.UNSYNCED
    return plan_users(state, rule, users, full=full)


@broken(
    Users,
    Caught("counter_as_expected", "users.success", "e5-create-not-allowed"),
    Caught("counter_as_observed", "users.unsynced", "e5-create-not-allowed"),
)
class CountsAWithheldCreateAsSuccess(Users):
    """A user who may not be created is done with, and counted as a Success."""

    def create(self, user_id: str, user: Any, wanted: dict[str, Any]) -> None:
        super().create(user_id, user, wanted)
        user.base = Base.SYNCED


@broken(
    ReferenceClient,
    Caught("requests_as_expected", "*", "rule-disabled-hides-the-summary"),
    Caught("a_disabled_rule_writes_nothing", "rule", "rule-disabled-hides-the-summary"),
)
class SyncsADisabledRule(ReferenceClient):
    """A disabled rule goes on provisioning; only its summary is gone."""

    def run(self, population: Population, *, full: bool) -> None:
        rule, self.rule = self.rule, replace(self.rule, enabled=True)
        super().run(population, full=full)
        self.rule = rule


@broken(
    ReferenceClient,
    Caught("refuses", "rule", "external-group-is-refused"),
    Caught("group_as_expected", "Partners", "external-group-is-refused"),
)
class SyncsExternalGroups(ReferenceClient):
    """External groups are provisioned like any other."""

    def run(self, population: Population, *, full: bool) -> None:
        own = tuple(replace(group, external=False) for group in population.groups)
        super().run(replace(population, groups=own), full=full)


@broken(
    ReferenceClient,
    Caught("group_as_expected", "Green", "selected-groups-only"),
    Caught("impacted_is_the_scope", "groups.impacted", "selected-groups-only"),
)
class SyncsEveryGroup(ReferenceClient):
    """All groups of the source are provisioned, whichever the rule selects."""

    def configure(self, connection: Any, rule: Any) -> None:
        super().configure(connection, replace(rule, groups=None))


@broken(
    ReferenceClient,
    Caught("account_as_expected", "eve", "in-scope-twice-counts-once"),
    Caught("impacted_is_the_scope", "users.impacted", "in-scope-twice-counts-once"),
)
class SyncsEveryUser(ReferenceClient):
    """All users of the source are provisioned, whatever the filter of the rule says."""

    def configure(self, connection: Any, rule: Any) -> None:
        super().configure(connection, replace(rule, user_filter=None))


@broken(
    ReferenceClient,
    Caught("warns", "warnings", "more-than-1000-groups-warns"),
)
class NeverWarns(ReferenceClient):
    """Nobody is told that a rule selects more groups than recommended."""

    def warnings(self) -> tuple[str, ...]:
        return ()


@broken(
    ReferenceClient,
    Caught("does_not_refuse", "rule", "more-than-1000-groups-warns"),
)
class RefusesManyGroups(ReferenceClient):
    """The recommended number of groups is taken for a limit, and the rule refused."""

    def run(self, population: Population, *, full: bool) -> None:
        if self.rule.warnings(population):
            raise BadRule("too many groups")
        super().run(population, full=full)


@broken(
    ReferenceClient,
    Caught("account_as_expected", "ada", "mapping-of-the-rule"),
    Caught("success_means_in_sync", "ada, ben", "mapping-of-the-rule"),
)
class IgnoresTheMapping(ReferenceClient):
    """Attributes are written where they usually go, whatever the rule maps them to."""

    def configure(self, connection: Any, rule: Any) -> None:
        super().configure(connection, replace(rule, mapping=DEFAULT_MAPPING))
