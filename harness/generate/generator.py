"""Draws a trial from a seed: users and groups, edits, permissions, faults, crashes and external changes.

Only trials with a defined outcome are drawn: no user or group takes over another's name, unmanaged accounts have
names of their own, and the source never loses all its users.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, get_args

from provcheck.harness.generate.fault_kinds import KINDS
from provcheck.harness.generate.people import DEPARTMENTS, FAMILIES, FILTER, GROUPS, PEOPLE, UNMANAGED, person
from provcheck.harness.generate.seeded_choice import SeededChoice
from provcheck.harness.generate.trial import SWITCHES, Trial, edited
from provcheck.harness.model import (
    Apply,
    ArmFaults,
    ChangeRule,
    ChangeUser,
    ClearFaults,
    Configure,
    ExternalChanges,
    FaultSpec,
    Given,
    Join,
    Leave,
    Population,
    PutGroup,
    PutUser,
    RemoveGroup,
    RemoveUser,
    RenameGroup,
    Restart,
    Resync,
    Rule,
    SourceGroup,
    SourceUser,
    TargetConfiguration,
)
from provcheck.harness.model.connection import GroupRemoveAction
from provcheck.harness.model.disruption import Crash, GeneratedStep
from provcheck.harness.model.edits import Edit
from provcheck.harness.model.external_change import (
    AddMember,
    ChangeAccount,
    ChangeGroup,
    CreateAccount,
    CreateGroup,
    DeleteAccount,
    DeleteGroup,
    ExternalChange,
    RemoveMember,
)
from provcheck.harness.testbed.catalog import targets

GOVERNED = dict(zip(SWITCHES, ("user.create", "user.update", "user.disable", "user.delete"), strict=True))
"""The operation that each permission of a connection allows."""
STRIKES = (1, 1, 2, 3, 4, 6, 12)
"""How often a limited fault strikes: fewer times than a client tries one call, and more."""
FEATURES: Mapping[str, int] = {
    "faults": 75,
    "external": 40,
    "crashes": 35,
    "switches": 35,
    "rules": 30,
    "accounts": 40,
    "lasting": 50,
}
"""What a trial contains, each with its percentage of trials; few features together are tested more deeply."""
LASTING = tuple(name for name, kind in KINDS.items() if not kind.passes)
"""Faults that are not transient. In a trial with the feature `lasting`, 40 % of the faults are of these."""
PASSING = 30
"""The percentage of trials with transient faults only, which must converge without a resync."""

SETUPS: tuple[Mapping[str, object], ...] = (
    {},
    {},
    {"answers_user_patch_with_body": False, "answers_group_patch_with_body": False},
    {"max_page_size": 2},
)
"""Flag values of a target at the start; a flag that a target lacks is left out."""
WITHOUT_PATCH: Mapping[str, object] = {"supports_patch": False}
"""Only where memberships are written on the group: on the user they can be written with PATCH only."""


def draw(seed: str, configuration: TargetConfiguration, *, name: str = "") -> Trial:
    """Return the trial that a seed gives on a target configuration."""
    return _Generator(seed, configuration).trial(name or f"generated-{seed}", seed)


@cache
def _flags_of(target: str) -> frozenset[str]:
    return frozenset(flag.name for spec in targets([target]) for flag in spec.flags)


class _Generator:
    def __init__(self, seed: str, configuration: TargetConfiguration) -> None:
        self.seeded, self.configuration = SeededChoice(seed), configuration
        # A choice apart, so that what else a seed draws stays as it was.
        self.group_remove_action = SeededChoice(f"{seed}, GROUP_REMOVE_ACTION").one(get_args(GroupRemoveAction))
        seeded = self.seeded
        features = {feature for feature, percent in FEATURES.items() if seeded.chance(percent)}
        self.passing = seeded.chance(PASSING)
        self.features = {"faults", *(features & {"crashes", "rules"})} if self.passing else features
        self.kinds = tuple(name for name, kind in KINDS.items() if kind.passes or not self.passing)
        self.now = Population()
        self.renamed = 0
        self.renamed_at_target: set[str] = set()
        self.gone: dict[str, SourceUser] = {}

    def trial(self, name: str, seed: str) -> Trial:
        given = self._given()
        steps: list[GeneratedStep] = []
        for _ in range(self.seeded.between(4, 10)):
            steps += self._step()
        return Trial(name, self.configuration, given, tuple(steps), seed=seed)

    # the initial state

    def _given(self) -> Given:
        seeded = self.seeded
        users = tuple(
            person(name, department=seeded.one(DEPARTMENTS)) for name in seeded.some(PEOPLE, seeded.between(2, 4))
        )
        # One user is in every scope and never leaves: clients stop when the source loses all its users.
        first = replace(users[0], attributes={"department": "Sales"})
        groups = tuple(self._group(name) for name in seeded.some(GROUPS, seeded.between(0, 3)))
        self.now = Population((first, *users[1:]), groups)
        self.keeper = first.id
        setups = SETUPS if self.configuration.membership_style == "user" else (*SETUPS, WITHOUT_PATCH)
        flags = {
            name: value for name, value in seeded.one(setups).items() if name in _flags_of(self.configuration.target)
        }
        accounts = tuple(self._accounts()) if "accounts" in self.features else ()
        there = tuple(str(account["userName"]) for account in accounts)
        named = seeded.some(GROUPS, 1) if accounts and self._groups and seeded.chance(50) else ()
        return Given(
            self.now,
            rule=Rule(user_filter=FILTER if "rules" in self.features and seeded.chance(30) else None),
            connection=self._connection(),
            flags=flags,
            accounts=accounts,
            groups=tuple({"displayName": name, "members": list(seeded.some(there, 2))} for name in named),
        )

    @property
    def _groups(self) -> bool:
        return self.configuration.supports_groups

    def _group(self, name: str) -> SourceGroup:
        members = self.seeded.some(PEOPLE, self.seeded.between(0, 4))
        return SourceGroup(f"g-{name.lower()}", name, tuple(f"u-{member}" for member in members))

    def _connection(self) -> dict[str, Any]:
        seeded = self.seeded
        connection: dict[str, Any] = {"remove_action": seeded.one(self.configuration.remove_actions)}
        if "merge_or_overwrite" in self.configuration.capabilities:
            connection["group_membership_handling"] = seeded.one(("Merge", "Overwrite"))
        if self._groups:
            connection["group_remove_action"] = self.group_remove_action
        if seeded.chance(30):
            connection["members_per_request"] = seeded.between(1, 2)
        if "switches" in self.features and seeded.chance(40):
            connection[seeded.one(SWITCHES)] = False
        return connection

    def _accounts(self) -> list[dict[str, Any]]:
        names = (*self.seeded.some(PEOPLE, 2), *self.seeded.some(UNMANAGED, 1))
        return [self._account(name) for name in names]

    def _account(self, name: str) -> dict[str, Any]:
        account: dict[str, Any] = {"userName": name, "familyName": "Else", "givenName": name.capitalize()}
        # An email would match the account to a user who has been renamed meanwhile.
        address = {"email": f"{name}@example.com"} if name in UNMANAGED else {}
        return {**account, **address, "active": not self.seeded.chance(20)}

    # steps

    def _step(self) -> list[GeneratedStep]:
        weights: dict[Callable[[], list[GeneratedStep]], int] = {self._apply: 6, self._resync: 1, self._restart: 1}
        for feature, draw_step, weight in (
            ("faults", self._arm, 5),
            ("external", self._change_target, 4),
            ("crashes", self._crash, 3),
            ("switches", self._configure, 3),
            ("rules", self._rule, 3),
        ):
            if feature in self.features:
                weights[draw_step] = weight
        return self.seeded.weighted(weights)()

    def _apply(self) -> list[GeneratedStep]:
        return [Apply(self._edits())]

    def _resync(self) -> list[GeneratedStep]:
        return [Resync()]

    def _restart(self) -> list[GeneratedStep]:
        return [Restart()]

    def _configure(self) -> list[GeneratedStep]:
        switch, on = self.seeded.one(SWITCHES), self.seeded.chance(30)
        # More often than not, an edit follows that needs the permission.
        meant = Apply(self._edits_for(GOVERNED[switch])) if self.seeded.chance(70) else Apply(self._edits(least=1))
        return [Configure({switch: on}), meant]

    def _rule(self) -> list[GeneratedStep]:
        seeded = self.seeded
        choices: list[dict[str, Any]] = [
            {"enabled": seeded.chance(50)},
            {"user_filter": seeded.one((None, FILTER))},
        ]
        if self._groups:
            choices.append(
                {"groups": seeded.one((None, tuple(f"g-{name.lower()}" for name in seeded.some(GROUPS, 2))))}
            )
        change = ChangeRule(seeded.one(choices))
        return [change, Apply(self._edits(least=1))] if seeded.chance(50) else [change]

    def _crash(self) -> list[GeneratedStep]:
        crash = Crash(self.seeded.between(1, 7), self._edits(least=1), resync=self.seeded.chance(30))
        # Half of the time an incremental run follows, in which the client can find what it did before the crash.
        return [crash, Apply()] if self.seeded.chance(50) else [crash]

    def _arm(self) -> list[GeneratedStep]:
        if self.seeded.chance(10):
            return [ClearFaults()]
        faults = tuple(self._fault() for _ in range(self.seeded.between(1, 2)))
        if self.seeded.chance(60 if faults[0].operation.endswith(".get") else 15):
            return [ArmFaults(faults), Resync()]
        # More often than not, an edit follows that needs the operation that fails.
        aimed = self._edits_for(faults[0].operation) if self.seeded.chance(75) else ()
        return [ArmFaults(faults), Apply((*aimed, *self._edits(least=0 if aimed else 1)))]

    def _fault(self) -> FaultSpec:
        seeded = self.seeded
        name = seeded.one(LASTING if "lasting" in self.features and seeded.chance(40) else self.kinds)
        operation = seeded.one(KINDS[name].operations)
        entity = self._someone_for(operation) if seeded.chance(25) else None
        lasts = "lasting" in self.features and seeded.chance(20)
        times = None if lasts else seeded.one(STRIKES)
        skip = seeded.between(1, 3) if seeded.chance(20) else 0
        return KINDS[name].fault(name, operation, entity, times, skip)

    def _someone_for(self, operation: str) -> str:
        """A name of a user or group that an operation can be about."""
        if operation.startswith("group.") and self.now.groups:
            return self.seeded.one(self.now.groups).name
        return self.seeded.one((*PEOPLE, *GROUPS) if operation == "*" else PEOPLE)

    # at the source

    def _edits(self, *, least: int = 0) -> tuple[Edit, ...]:
        return tuple(self._made(self._edit) for _ in range(self.seeded.between(least, 3)))

    def _made(self, draw_edit: Callable[[], Edit]) -> Edit:
        edit = draw_edit()
        self.now = edited(self.now, [edit])
        return edit

    def _edits_for(self, operation: str) -> tuple[Edit, ...]:
        """An edit that makes a client request this operation, if there is one."""
        draws: dict[str, Callable[[], Edit]] = {
            "user.create": self._newcomer,
            "user.list": self._newcomer,
            "user.update": self._changed_user,
            "user.disable": self._gone_user if self.seeded.chance(50) else self._disabled_user,
            "user.delete": self._gone_user,
            "group.create": self._new_group,
            "group.list": self._new_group,
            "group.update": self._renamed_group,
            "group.delete": self._gone_group,
            "member.add": self._new_group if self.seeded.chance(30) else self._joined,
            "member.remove": self._left,
        }
        meant = operation in draws and (self._groups or operation.startswith("user."))
        return (self._made(draws[operation]),) if meant else ()

    def _edit(self) -> Edit:
        weights: dict[Callable[[], Edit], int] = {
            self._new_user: 4,
            self._changed_user: 5,
            self._gone_user: 3,
            self._joined: 4 if self._groups else 0,
            self._left: 2 if self._groups else 0,
            self._new_group: 2 if self._groups else 0,
            self._renamed_group: 2 if self._groups else 0,
            self._gone_group: 1 if self._groups else 0,
        }
        return self.seeded.weighted(weights)()

    def _someone(self) -> SourceUser:
        return self.seeded.one(self.now.users)

    def _new_user(self) -> Edit:
        return self._put(self.seeded.one(PEOPLE))

    def _newcomer(self) -> Edit:
        absent = [name for name in PEOPLE if f"u-{name}" not in self.now.users_by_id]
        return self._put(self.seeded.one(absent or PEOPLE))

    def _put(self, name: str) -> Edit:
        user = person(name, department=self.seeded.one(DEPARTMENTS))
        if user.id in self.now.users_by_id:
            return ChangeUser(user.id, {"family_name": self.seeded.one(FAMILIES)})
        # A returning user has the name that the account has.
        return PutUser(self.gone.get(user.id, user))

    def _changed_user(self) -> Edit:
        seeded, user = self.seeded, self._someone()
        self.renamed += 1
        changes: list[dict[str, Any]] = [
            {"family_name": seeded.one(FAMILIES)},
            {"display_name": f"{user.given_name} {seeded.one(FAMILIES)}"},
            {"active": not user.active},
            {"active": not user.active},
            {"email": f"{user.id[2:]}.{self.renamed}@example.com"},
        ]
        if "rename_user" in self.configuration.capabilities:
            changes.append({"user_name": f"{user.id[2:]}{self.renamed}"})
        if user.id != self.keeper:
            changes.append({"attributes": {"department": seeded.one(DEPARTMENTS)}})
        return ChangeUser(user.id, seeded.one(changes))

    def _disabled_user(self) -> Edit:
        active = [user for user in self.now.users if user.active]
        return ChangeUser(self.seeded.one(active).id, {"active": False}) if active else self._changed_user()

    def _gone_user(self) -> Edit:
        user = self._someone()
        if user.id == self.keeper:
            return self._new_user()
        self.gone[user.id] = user
        return RemoveUser(user.id)

    def _some_group(self) -> str:
        groups = [group.id for group in self.now.groups]
        return self.seeded.one(groups or [f"g-{name.lower()}" for name in GROUPS])

    def _joined(self) -> Edit:
        id = self._some_group()
        group = self.now.groups_by_id.get(id)
        others = [user.id for user in self.now.users if group is None or user.id not in group.members]
        return Join(id, self.seeded.one(others or [self.keeper]))

    def _left(self) -> Edit:
        id = self._some_group()
        group = self.now.groups_by_id.get(id)
        return Leave(id, self.seeded.one(group.members if group is not None and group.members else (self.keeper,)))

    def _new_group(self) -> Edit:
        group = self._group(self.seeded.one(GROUPS))
        if group.id in self.now.groups_by_id:
            return Join(group.id, self._someone().id)
        return PutGroup(group)

    def _renamed_group(self) -> Edit:
        self.renamed += 1
        id = self._some_group()
        return RenameGroup(id, f"{id[2:].capitalize()}{self.renamed}")

    def _gone_group(self) -> Edit:
        return RemoveGroup(self._some_group())

    # at the target

    def _change_target(self) -> list[GeneratedStep]:
        return [ExternalChanges(tuple(self._external_change() for _ in range(self.seeded.between(1, 2))))]

    def _external_change(self) -> ExternalChange:
        seeded = self.seeded
        name, anybody = seeded.one(PEOPLE), seeded.one((*PEOPLE, *UNMANAGED))
        group = seeded.one(GROUPS)
        changes: list[ExternalChange] = [
            CreateAccount(self._account(anybody)),
            ChangeAccount(name, {"familyName": "Else"}),
            ChangeAccount(name, {"active": False}),
        ]
        if "delete" in self.configuration.capabilities:
            changes.append(DeleteAccount(name))
        if self._groups:
            changes += [CreateGroup(group, seeded.some((*PEOPLE, *UNMANAGED), 2)), DeleteGroup(group)]
            changes += [AddMember(group, anybody), RemoveMember(group, name)]
        change = seeded.one(changes)
        if isinstance(change, DeleteGroup) and seeded.chance(50):
            self.renamed_at_target.add(group)
            return ChangeGroup(group, {"displayName": f"{group}Else"})
        if isinstance(change, CreateGroup) and group in self.renamed_at_target:
            # A new group with the former name of a renamed one has no defined outcome.
            return DeleteGroup(group)
        return change
