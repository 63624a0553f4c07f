"""One run: leavers, changed users, new users, groups with their memberships, and what was left over from earlier runs.

Users come before groups, and a run that has to stop (credentials refused, target gone) keeps what
is done, marks what it did not reach and the source had changed as Failed, and leaves the time of the last sync where
it was. After a run that never came to its end, not even to a stop, everything is evaluated anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from provcheck.harness.client.accounts import Accounts
from provcheck.harness.client.audit_log import AuditLog
from provcheck.harness.client.connectors.interface import Connector
from provcheck.harness.client.departed_groups import DepartedGroups
from provcheck.harness.client.failures import Taken
from provcheck.harness.client.groups import Groups
from provcheck.harness.client.memberships import Memberships
from provcheck.harness.client.plan import EmptySource, UserPlan, members_in_scope, plan_users
from provcheck.harness.client.retry import Caller, RunStopped
from provcheck.harness.client.state import Base, Orphan, SyncState, UserState
from provcheck.harness.client.users import Users
from provcheck.harness.model.connection import Connection
from provcheck.harness.model.population import Population, SourceGroup
from provcheck.harness.model.rule import Rule

CHECKPOINT = 1000
"""Number of entities between two saves of the state."""


class Progress(Protocol):
    """Reports the progress of a run."""

    def __call__(self, done: int, total: int, what: str) -> None:
        """`done` of `total` entities are finished; `what` is in progress."""


@dataclass(slots=True)
class Tools:
    """What a run works with."""

    connector: Connector
    caller: Caller
    connection: Connection
    rule: Rule
    audit: AuditLog
    save: Callable[[SyncState], None]
    progress: Progress | None = None


class Run:
    """Brings the target in line with a population, once."""

    def __init__(self, tools: Tools, state: SyncState, *, full: bool) -> None:
        self._tools = tools
        self.state = state
        self._recovers = state.unfinished
        self._full = full or self._recovers
        accounts = Accounts(tools.connector, tools.caller, recovers=self._recovers)
        self.users = Users(tools.connector, accounts, tools.connection, state, tools.audit)
        self.memberships = Memberships(
            tools.connector, tools.caller, accounts, tools.connection, state, tools.audit, self.users
        )
        self._groups = Groups(tools.connector, tools.caller, tools.connection, state, tools.audit, self.memberships)
        self._departed = DepartedGroups(tools.connector, tools.connection, state, tools.audit, self.memberships)
        self._plan = UserPlan()
        self._pending_groups: list[SourceGroup] = []
        self._selected_groups: set[str] = set()
        self._done = self._total = 0

    def go(self, population: Population) -> None:
        """Run to the end, or until the target cannot be used. The state holds the outcome."""
        rule, state = self._tools.rule, self.state
        users = rule.impacted_users(population)
        self.users.managers.begin(users)
        self._pending_groups = list(rule.impacted_groups(population)) if self._tools.connection.supports_groups else []
        self._selected_groups = {group.id for group in self._pending_groups}
        for group_id in self._selected_groups & state.departed.keys():
            self._departed.come_back(group_id)
        state.failure = ""
        state.recall_planned()
        try:
            self._plan = plan_users(state, rule, users, full=self._full)
            self._total = len(self._plan) + len(self._pending_groups)
            self._begin()
            self._work()
        except EmptySource as alarm:
            state.failure = str(alarm)
        except KeyboardInterrupt:
            self._tools.save(state)
            raise
        except RunStopped as stop:
            state.failure = str(stop)
            self._mark_unreached(str(stop))
        else:
            state.last_sync = self._tools.caller.clock.now().isoformat()
        # Entities to be evaluated anew after an interrupted run, and not reached now, stay so for the next run.
        state.unfinished, state.planned = self._recovers and bool(state.failure), {}
        self._tools.save(state)

    def _begin(self) -> None:
        """Store that a run is under way and which accounts it may create: an interrupted run is recognised by it."""
        if self._has_work():
            users, evaluating = self.state.users, self._plan.evaluating
            self.state.planned = {
                id: said for id, said in evaluating.items() if id not in users or users[id].remote_id is None
            }
            self.state.unfinished = True
            self._tools.save(self.state)

    def _work(self) -> None:
        connector, state = self._tools.connector, self.state
        connector.begin()
        connector.shows_members = connector.shows_members or state.shows_members
        connector.shows_groups = connector.shows_groups or state.shows_groups
        if self._has_work():
            self._tools.connector.probe()
        self._retry_orphans()
        while self._plan.leaving:
            self.users.leave(self._plan.leaving[0])
            self._plan.leaving.pop(0)
            self._reached("leavers")
        self._change_users()
        for pile in (self._plan.evaluating, self._plan.untouched):
            for user_id, said in self._taking(pile):
                self._evaluate(user_id, said)
        self.users.link_managers()
        self.write_groups()
        state.shows_members, state.shows_groups = connector.shows_members, connector.shows_groups
        state.forget_left()

    def _has_work(self) -> bool:
        return bool(len(self._plan) or self.state.orphans or self._full or self._pending_groups)

    def _taking(self, pile: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        """Yield each entry and remove it afterwards: what remains was not reached."""
        for user_id, said in list(pile.items()):
            yield user_id, said
            del pile[user_id]
            self._reached("users")

    def _reached(self, what: str) -> None:
        self._done += 1
        if self._tools.progress is not None:
            self._tools.progress(self._done, self._total, what)
        if self._done % CHECKPOINT == 0:
            self._tools.save(self.state)

    def _change_users(self) -> None:
        """Repeat renames to a name that was still taken, after the others have changed."""
        taken: dict[str, Any] = {}
        for user_id, said in self._taking(self._plan.changing):
            try:
                self.users.change(user_id, said)
            except Taken:
                taken[user_id] = said
        for user_id, said in taken.items():
            self._evaluate(user_id, said)

    def _evaluate(self, user_id: str, said: dict[str, Any]) -> None:
        try:
            self.users.evaluate(user_id, said)
        except Taken as trouble:  # counted as Failed already
            self._tools.audit.user(user_id, "update", "failed", str(trouble))

    def write_groups(self) -> None:
        """Bring every group and its memberships in line; groups that left the scope come first."""
        for group_id in self.leaving_groups():
            self._departed.leave(group_id)
        while self._pending_groups:
            source = self._pending_groups[0]
            self._groups.visit(source, members_in_scope(source.members, self.state.users), full=self._full)
            self._pending_groups.pop(0)
            self._reached("groups")
        self.memberships.flush()

    def leaving_groups(self) -> list[str]:
        """Return the ids of the groups that left the scope."""
        if not self._tools.connection.supports_groups:
            return []
        return [group_id for group_id in self.state.groups if group_id not in self._selected_groups]

    def _retry_orphans(self) -> None:
        """Try again to remove orphans; a user who is back in scope is no orphan any more."""
        waiting, self.state.orphans = self.state.orphans, []
        while waiting:
            orphan = waiting[0]
            try:
                self._retry(orphan)
            except RunStopped:
                self.state.orphans.extend(waiting)
                raise
            waiting.pop(0)

    def _retry(self, orphan: Orphan) -> None:
        """Address a returning user by the stored account id, also if the name has changed."""
        if orphan.kind == "group":
            self._retry_group(orphan)
        elif orphan.remote_id in self.state.holders:
            return
        elif orphan.source_id in self._plan.evaluating:
            user = self.state.users.setdefault(orphan.source_id, UserState())
            user.sought = orphan.sought
            if user.remote_id is None and orphan.remote_id:
                self.state.link(orphan.source_id, orphan.remote_id)
        elif not self._tools.connection.deprovision_users:
            self.state.orphans.append(orphan)
        elif orphan.sought:
            self.users.remove_unconfirmed(orphan.source_id, orphan.sought)
        else:
            action: Literal["disable", "delete"] = "delete" if orphan.action == "delete" else "disable"
            self.users.deprovision(orphan.source_id, orphan.remote_id, action)

    def _retry_group(self, orphan: Orphan) -> None:
        if orphan.source_id not in self._selected_groups:
            self._departed.retry(orphan)

    def _mark_unreached(self, reason: str) -> None:
        """The source said something new about these, and nothing came of it."""
        for user_id, said in {**self._plan.changing, **self._plan.evaluating}.items():
            self.users.fail(user_id, reason, transient=True)
            self.state.users[user_id].wanted = said
            self._tools.audit.user(user_id, "update", "failed", reason)
        for user_id in self._plan.leaving:
            self._orphan(user_id, reason)
        self._mark_groups(reason)

    def _mark_groups(self, reason: str) -> None:
        for group_id in self.leaving_groups():
            self._departed.orphan(group_id, reason)
        for source in self._pending_groups:
            if self._changed(source):
                self._groups.fail(source.id, reason, transient=True)
                self._tools.audit.group(source.id, "update", "failed", reason)

    def _orphan(self, user_id: str, reason: str) -> None:
        user = self.state.users[user_id]
        sought = (user.sought or user.wanted) if user.remote_id is None and user.retry else {}
        if (user.remote_id is not None or sought) and self._tools.connection.deprovision_users:
            action = self.users.remove_action
            self.state.orphans.append(Orphan("user", user_id, user.remote_id or "", action, reason, sought=sought))
        if user.remote_id is not None:
            self.state.left[user_id] = user.remote_id
        self.state.unlink(user_id)
        del self.state.users[user_id]

    def _changed(self, source: SourceGroup) -> bool:
        group = self.state.groups.get(source.id)
        if group is None or group.name != source.name or group.base is Base.PENDING:
            return True
        return set(members_in_scope(source.members, self.state.users)) != group.members | group.waiting
