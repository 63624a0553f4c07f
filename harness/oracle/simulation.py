"""An independent simulation of what a correct client does, entity by entity, against an imagined target.

It follows the formal reading of the counters and nothing else: no requests, no retries, no wire. Where the reading is
open (a Full Resync while updates are withheld) the simulation takes the reading it is told to take.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from provcheck.harness.model import Connection, Counters, Population, Rule, SourceGroup, SourceUser
from provcheck.harness.model.core_words import comparable
from provcheck.harness.oracle.group_simulation import GroupSimulation, Happened, due
from provcheck.harness.oracle.imagined_target import ImaginedAccount, ImaginedTarget, Result, RunEnds
from provcheck.harness.oracle.readings import Reading
from provcheck.harness.oracle.sync_state import Base, GroupLine, UserLine, count_groups, count_users

ALARMING = 2
"""A source that loses so many users and keeps none is treated as broken: nobody is deprovisioned because of it."""


class Simulation(GroupSimulation):
    """One rule on one imagined target. `apply` and `resync` are the only ways to move it."""

    def __init__(self, imagined: ImaginedTarget, connection: Connection, rule: Rule, reading: Reading) -> None:
        self.imagined, self.connection, self.rule, self.reading = imagined, connection, rule, reading
        self.users: dict[str, UserLine] = {}
        self.scope: dict[str, SourceUser] = {}
        self.names: dict[str, str] = {}
        self.groups: dict[str, GroupLine] = {}
        self.departed: dict[str, GroupLine] = {}
        self.orphans: dict[str, str] = {}
        self.warnings: tuple[str, ...] = ()
        self.halted = False
        self.events: set[Happened] = set()

    def configure(self, connection: Connection, rule: Rule) -> None:
        """Switches and rule change; this alone changes no user."""
        self.connection, self.rule = connection, rule

    def apply(self, population: Population, *, resync: bool = False) -> None:
        """Evaluate what changed, or everybody on a resync. Raises ExternalGroup."""
        if not self.rule.enabled:
            return
        groups = self.rule.impacted_groups(population) if self.connection.supports_groups else ()
        self.warnings = self.rule.warnings(population) if self.connection.supports_groups else ()
        users = self.rule.impacted_users(population)
        self.scope = {user.id: user for user in users}
        self.names = {each.name.casefold(): each.id for each in self.imagined.accounts.values()}
        self.halted = not users and len(self.users) >= ALARMING
        if self.halted:
            return
        waiting = [user for user in users if due(self._line(user)) or resync or self._line(user).seen != user]
        try:
            while waiting:
                line, passing = self._line(waiting[0]), self.imagined.passing
                self._evaluate(waiting[0], line, resync=resync)
                line.seen, line.due = waiting[0], self._again_in(line, passing)
                self._record("user", waiting[0].id, "failed", when=line.base is Base.FAILED)
                waiting.pop(0)
            self._link_managers(users)
        except RunEnds:
            self._leave_undone(waiting, groups)
            return
        self._forget_groups(groups)
        for group in groups:
            self._evaluate_group(group, self.groups.setdefault(group.id, GroupLine()), resync=resync)
        self._deprovision({user.id for user in users})
        for written in self.groups.values():
            # A membership ends with the account: nothing is left that could have failed.
            written.failed &= self.imagined.accounts.keys()

    def user_counters(self) -> Counters:
        """The user section."""
        return count_users(self.users.values())

    def group_counters(self) -> Counters | None:
        """The group section, where the target supports groups."""
        return count_groups(self.groups.values()) if self.connection.supports_groups else None

    # users

    def _line(self, user: SourceUser) -> UserLine:
        return self.users.setdefault(user.id, UserLine())

    def _leave_undone(self, users: Iterable[SourceUser], groups: Iterable[SourceGroup]) -> None:
        """The run ended early: users changed at the source that it did not reach are Failed."""
        for user in users:
            if self._line(user).seen != user:
                self._line(user).settle(Base.FAILED)
        for group in groups:
            line = self.groups.setdefault(group.id, GroupLine())
            line.own_failed = line.own_failed or line.seen != group

    def _link_managers(self, users: Iterable[SourceUser]) -> None:
        """Managers who got an account since."""
        for user in users:
            line = self._line(user)
            account = self.imagined.accounts.get(line.account or "")
            if account is None or not line.awaits_manager or line.base is not Base.SYNCED:
                continue
            manager = self._wanted_words(user).get("manager")
            if manager is None:
                continue
            line.awaits_manager = False
            if not self.connection.update_users:
                line.settle(Base.SYNCED, stale=True)
            elif self.imagined.attempt("user.update", "User", account.id, _names(account.words)) is Result.DONE:
                self.imagined.change_account(account, {"manager": manager})
            else:
                line.settle(Base.FAILED)

    def _evaluate(self, user: SourceUser, line: UserLine, *, resync: bool) -> None:
        line.awaits_manager = self._wanted_words(user).keys() != self.rule.mapped(user).keys()
        if line.account not in self.imagined.accounts or resync:
            if self._look_up(user) is not Result.DONE:
                line.settle(Base.FAILED)
                return
            hits = self._find(user, line.account)
            if len(hits) > 1:
                # More than one account answers to the user: nothing is written on any of them.
                line.settle(Base.FAILED)
                return
            if hits and not self._may_link(user, hits[0]):
                if self.reading.waits_for_names:
                    line.settle(Base.FAILED)
                    return
                hits = []
            line.account = hits[0] if hits else None
        if line.account is None:
            self._create(user, line)
        else:
            self._reconcile(user, line, self.imagined.accounts[line.account], resync=resync)

    def _may_link(self, user: SourceUser, account: str) -> bool:
        """Whether an account that matches is nobody else's. That of a leaver passes on, unless names are waited for."""
        holder = self._holder(account, but=user.id)
        if holder is None:
            return True
        if holder in self.scope or self.reading.waits_for_names:
            return False
        self.users[holder].account = None
        return True

    def _holder(self, account: str, *, but: str) -> str | None:
        """The user whose account it is."""
        return next((id for id, line in self.users.items() if line.account == account and id != but), None)

    def _is_taken(self, user: SourceUser, account: ImaginedAccount, words: Mapping[str, object]) -> bool:
        """Whether the new name of an account is somebody else's, who does not give it up in the same run."""
        name = words.get("userName")
        if name is None:
            return False
        if self.reading.waits_for_names and self.names.get(str(name).casefold(), account.id) != account.id:
            return True
        others = [a for a in self.imagined.accounts.values() if a is not account and same("userName", a.name, name)]
        return any(not self._gives_up(self._holder(each.id, but=user.id), name) for each in others)

    def _gives_up(self, holder: str | None, name: object) -> bool:
        if holder is None:
            return False
        if holder in self.scope:
            return self.connection.update_users and not same("userName", self.scope[holder].user_name, name)
        return self.connection.deprovision_users and self.connection.remove_action == "Delete"

    def _look_up(self, user: SourceUser) -> Result:
        return self.imagined.attempt("user.list", "User", None, [self._identifier(user)])

    def _identifier(self, user: SourceUser) -> str:
        return user.email if self.connection.unique_user_identifier == "workEmail" else user.user_name

    def _find(self, user: SourceUser, known: str | None) -> list[str]:
        if known in self.imagined.accounts:
            return [known]
        word = "email" if self.connection.unique_user_identifier == "workEmail" else "userName"
        wanted = self._identifier(user).casefold()
        return [a.id for a in self.imagined.accounts.values() if str(a.words.get(word, "")).casefold() == wanted]

    def _create(self, user: SourceUser, line: UserLine) -> None:
        if not self.connection.create_users:
            line.settle(Base.UNSYNCED)
            self._record("user", user.id, "withheld")
            return
        words = {**self._wanted_words(user), "active": user.active}
        names = _names(words)
        if any(account.name.casefold() == user.user_name.casefold() for account in self.imagined.accounts.values()):
            # The name is taken by an account that does not match: a conflict that cannot be linked.
            self.imagined.conflict("user.create", "User", names)
            line.settle(Base.FAILED)
            return
        result = self.imagined.attempt("user.create", "User", None, names)
        if result in (Result.EXISTS, Result.EXISTS_INACTIVE):
            rival = {"userName": user.user_name, "email": user.email, "active": result is Result.EXISTS}
            account = self.imagined.add_account(rival)
            line.account = account.id
            self._reconcile(user, line, account, resync=False)
            return
        if result is not Result.REFUSED:
            made = self.imagined.add_account(words).id
            line.account = made if result is Result.DONE else None
        line.settle(Base.SYNCED if result is Result.DONE else Base.FAILED)

    def _reconcile(self, user: SourceUser, line: UserLine, account: ImaginedAccount, *, resync: bool) -> None:
        needed = self._needed(user, line, account)
        allowed = {"user.update": self.connection.update_users, "user.disable": self.connection.disable_users}
        for operation, words in needed.items():
            if not allowed[operation]:
                continue
            if self._is_taken(user, account, words):
                self.imagined.conflict(operation, "User", _names(account.words))
                line.settle(Base.FAILED)
                return
            result = self.imagined.attempt(operation, "User", account.id, _names(account.words))
            if result is Result.GONE:
                self.imagined.remove_account(account.id)
                line.account = None
                self._create(user, line)
                return
            only_clears = all(value is None for value in words.values())
            if result is Result.IGNORED and only_clears and self.reading.kept_value_fails:
                line.settle(Base.FAILED)
                return
            if result is Result.IGNORED and not (only_clears and self.reading.clears_by_omission):
                line.settle(Base.SYNCED if line.base is Base.SYNCED else Base.LINKED, stale=True)
                return
            if result is not Result.REFUSED:
                self.imagined.change_account(account, words)
            if result not in (Result.DONE, Result.IGNORED):
                line.settle(Base.FAILED)
                return
        self._record("user", user.id, "withheld", when=not all(allowed[operation] for operation in needed))
        if all(allowed[operation] for operation in needed):
            line.settle(Base.SYNCED)
        elif line.base is Base.SYNCED and (not resync or self.reading.resync_keeps_success):
            line.settle(Base.SYNCED, stale=True)
        else:
            line.settle(Base.LINKED)

    def _needed(self, user: SourceUser, line: UserLine, account: ImaginedAccount) -> dict[str, dict[str, object]]:
        wanted = self._wanted_words(user)
        before = set() if line.seen is None else self.rule.mapped(line.seen).keys()
        line.cleared = (line.cleared | before) - wanted.keys()
        wanted |= dict.fromkeys(line.cleared)
        differing: dict[str, object] = {
            word: value for word, value in wanted.items() if not same(word, value, account.words.get(word))
        }
        is_active = bool(account.words.get("active", True))
        if user.active and not is_active:
            differing["active"] = True
        needed: dict[str, dict[str, object]] = {"user.update": differing} if differing else {}
        return needed | ({"user.disable": {"active": False}} if is_active and not user.active else {})

    def _wanted_words(self, user: SourceUser) -> dict[str, Any]:
        """What the account shall hold; a manager without an account waits."""
        words = self.rule.mapped(user)
        manager = words.pop("manager", None)
        there = manager and any(same("userName", manager, each.name) for each in self.imagined.accounts.values())
        return {**words, "manager": manager} if there else words

    def _deprovision(self, kept: set[str]) -> None:
        for id, known in [*self.orphans.items()] if self.connection.deprovision_users else ():
            del self.orphans[id]
            if id not in kept and known in self.imagined.accounts and self._holder(known, but=id) is None:
                self._remove(id, self.imagined.accounts[known])
        for id in [id for id in self.users if id not in kept]:
            account = self.imagined.accounts.get(self.users.pop(id).account or "")
            if account is not None and self.connection.deprovision_users and not self._holder(account.id, but=id):
                self._remove(id, account)
        self.orphans = {id: known for id, known in self.orphans.items() if id not in kept}

    def _remove(self, id: str, account: ImaginedAccount) -> None:
        deletes = self.connection.remove_action == "Delete"
        if not deletes and not account.words.get("active", True):
            return
        operation = "user.delete" if deletes else "user.disable"
        result = self.imagined.attempt(operation, "User", account.id, _names(account.words))
        if result is not Result.DONE:
            self.orphans[id] = account.id
        if result is not Result.REFUSED:
            if deletes:
                self.imagined.remove_account(account.id)
            else:
                account.words["active"] = False


def same(word: str, one: object, other: object) -> bool:
    """Whether two values of a word are one and the same; absent and empty are."""
    return bool(comparable(word, one) == comparable(word, other))


def _names(words: dict[str, object] | dict[str, str]) -> list[str]:
    values = (words.get(word) for word in ("userName", "externalId", "email"))
    return [str(value) for value in values if value]
