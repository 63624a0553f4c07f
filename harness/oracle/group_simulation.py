"""Simulates what a correct client does with groups and memberships, against an imagined target."""

from __future__ import annotations

from dataclasses import replace

from provcheck.harness.model import Connection, SourceGroup
from provcheck.harness.model.audit import EntityKind, Outcome
from provcheck.harness.oracle.imagined_target import ImaginedGroup, ImaginedTarget, Result
from provcheck.harness.oracle.readings import Reading
from provcheck.harness.oracle.sync_state import Base, GroupLine, UserLine

Happened = tuple[EntityKind, str, Outcome]
"""An event: what it is about, its id at the source, and how it ended."""


class GroupSimulation:
    """The half of a simulation that is about groups."""

    imagined: ImaginedTarget
    connection: Connection
    reading: Reading
    users: dict[str, UserLine]
    groups: dict[str, GroupLine]
    departed: dict[str, GroupLine]
    events: set[Happened]

    def _record(self, kind: EntityKind, entity: str, outcome: Outcome, *, when: bool = True) -> None:
        """Note an event that a client with an audit log records (sync summary examples, rows 3 to 6)."""
        if when:
            self.events.add((kind, entity, outcome))

    def _again_in(self, line: UserLine | GroupLine, passing: int) -> int:
        """In how many runs an entity is tried again. `passing`: errors of the kind that passes before it was tried."""
        if line.base is not Base.FAILED:
            return 0
        passes = self.imagined.passing > passing
        return (2 if passes else 0) if self.reading.patient else 1

    def _forget_groups(self, kept: tuple[SourceGroup, ...]) -> None:
        ids = {group.id for group in kept}
        for id in [id for id in self.groups if id not in ids]:
            self.departed[id] = line = self.groups.pop(id)
            if (remote := self.imagined.groups.get(line.remote or "")) is not None:
                self._release(line, remote)
        for id in ids & self.departed.keys():
            self.groups[id] = replace(self.departed.pop(id), seen=None, own_failed=False, failed=set(), tried=set())

    def _release(self, line: GroupLine, remote: ImaginedGroup) -> None:
        """A group left the rule: it stays, unless the connection says otherwise, and it is the client's own."""
        action = self.connection.group_remove_action
        if action == "Remove memberships":
            for account in sorted(line.written & set(remote.members)):
                if self._member("member.remove", remote, account, line):
                    remote.members.remove(account)
        managed = {user.account for user in self.users.values()}
        owned = line.made and self.connection.deprovision_users and managed.issuperset(remote.members)
        if action == "Delete" and owned:
            done = self.imagined.attempt("group.delete", "Group", remote.id, [remote.name]) is Result.DONE
            self.imagined.groups.pop(remote.id if done else "", None)

    def _evaluate_group(self, group: SourceGroup, line: GroupLine, *, resync: bool) -> None:
        fresh = resync or line.remote is None
        if not due(line) and not fresh and line.seen == group and not self._waiting(group, line):
            return
        line.seen, passing = group, self.imagined.passing
        remote = self._write_group(group, line)
        if remote is not None:
            line.tried = self._wanted(group)
            if self.connection.membership_style != "none":
                self._write_members(group, line, remote, fresh=fresh)
        line.due = self._again_in(line, passing)
        for id in group.members:
            failed = id in self.users and self.users[id].account in line.failed
            self._record("membership", f"{group.id}/{id}", "failed", when=failed)

    def _waiting(self, group: SourceGroup, line: GroupLine) -> set[str]:
        """Accounts that were created since the group was last evaluated."""
        return self._wanted(group) - line.tried

    def _wanted(self, group: SourceGroup) -> set[str]:
        accounts = (self.users[id].account for id in group.members if id in self.users)
        return {account for account in accounts if account is not None}

    def _write_group(self, group: SourceGroup, line: GroupLine) -> ImaginedGroup | None:
        remote = self.imagined.groups.get(line.remote or "") or self._find_group(group)
        line.made = line.made and remote is not None and remote.id == line.remote
        operation = "group.create" if remote is None else "group.update"
        line.own_failed = False
        if remote is None or remote.name != group.name:
            id, names = (None, [group.name]) if remote is None else (remote.id, [remote.name])
            result = self.imagined.attempt(operation, "Group", id, names)
            if result is Result.TWIN:
                self.imagined.add_group(group.name, None)
            line.own_failed = result not in (Result.DONE, Result.TWIN)
            if result is Result.REFUSED:
                return None
            if remote is None:
                remote = self.imagined.add_group(group.name, group.external_id or group.id)
                line.made = True
            remote.rename(group.name)
        line.remote = remote.id
        return None if line.own_failed else remote

    def _find_group(self, group: SourceGroup) -> ImaginedGroup | None:
        wanted = group.name.casefold()
        hits = [each for each in self.imagined.groups.values() if each.folded == wanted]
        return hits[0] if len(hits) == 1 else None

    def _write_members(self, group: SourceGroup, line: GroupLine, remote: ImaginedGroup, *, fresh: bool) -> None:
        wanted, held = self._wanted(group), set(remote.members)
        overwrites = self.connection.membership_style == "group" and (
            self.connection.group_membership_handling == "Overwrite"
        )
        surplus = held - wanted if fresh and overwrites else (held & line.written) - wanted
        line.failed = set()
        for account in [a for a in self.imagined.accounts if a in wanted - held]:
            if self._member("member.add", remote, account, line):
                remote.members.append(account)
                line.written.add(account)
        for account in sorted(surplus):
            if self._member("member.remove", remote, account, line):
                remote.members.remove(account)

    def _member(self, operation: str, remote: ImaginedGroup, account: str, line: GroupLine) -> bool:
        name = self.imagined.accounts[account].name
        pair = [f"{remote.name}/{name}", remote.name, name]
        result = self.imagined.attempt(operation, "Membership", f"{remote.id}/{account}", pair)
        if result is not Result.DONE:
            line.failed.add(account)
        return result is not Result.REFUSED


def due(line: UserLine | GroupLine) -> bool:
    """Whether what failed is tried again in this run; counts the runs down."""
    line.due = max(line.due - 1, -1)
    return line.due == 0
