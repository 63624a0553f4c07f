"""Groups and their members.

A membership is attempted once the user has an account; until then it waits, and that is no error.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from scim import Refused, Scim, patiently
from scim2_models import Group
from users import Users

CHUNK = 100
Json = dict[str, Any]


@dataclass
class GroupLine:
    """One group in scope. `present` are the members last seen at the target, `written` those that are ours."""

    remote: str | None = None
    seen: Json | None = None
    own_failed: bool = False
    failed: set[str] = field(default_factory=set)
    present: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)


class Groups:
    """The groups of one rule."""

    def __init__(self) -> None:
        self.lines: dict[str, GroupLine] = {}

    def sync(self, scope: list[Json], users: Users, scim: Scim, *, full: bool) -> None:
        """Write what changed or waits, or everything."""
        kept = {group["id"] for group in scope}
        self.lines = {id: line for id, line in self.lines.items() if id in kept}
        for group in scope:
            line = self.lines.setdefault(group["id"], GroupLine())
            accounts = (users.lines[id].account for id in group["members"] if id in users.lines)
            wanted = {account for account in accounts if account}
            fresh = full or line.remote is None
            if fresh or line.seen != group or wanted - line.present - line.failed:
                line.seen = group
                self._write(group, line, wanted, scim, fresh=fresh)

    def _write(self, group: Json, line: GroupLine, wanted: set[str], scim: Scim, *, fresh: bool) -> None:
        try:
            remote = self._ensure(group, line, scim)
        except Refused:
            line.own_failed = True
            return
        line.own_failed, line.remote = False, remote.id
        if scim.connection["membership_style"] == "group":
            self._write_members(line, remote, wanted, scim, fresh=fresh)

    def _ensure(self, group: Json, line: GroupLine, scim: Scim) -> Any:
        known = scim.read(Group, line.remote) if line.remote else None
        remote = known or self._look_up(group, scim) or self._create(group, scim)
        if remote.display_name != group["name"]:
            scim.change(Group, remote.id, [{"op": "replace", "path": "displayName", "value": group["name"]}])
        return remote

    def _look_up(self, group: Json, scim: Scim) -> Any:
        found = scim.find_groups(group["name"])
        if len(found) > 1:
            raise Refused(409, f"{len(found)} groups are called {group['name']}")
        return scim.read(Group, found[0].id) if found else None

    def _create(self, group: Json, scim: Scim) -> Any:
        def attempt(number: int) -> Any:
            made = self._look_up(group, scim) if number > 1 else None
            return made or scim.create(Group(display_name=group["name"], external_id=group["external_id"]))

        return patiently(attempt)

    def _write_members(self, line: GroupLine, remote: Any, wanted: set[str], scim: Scim, *, fresh: bool) -> None:
        held = {member.value for member in remote.members or []}
        overwrites = fresh and scim.connection["group_membership_handling"] == "Overwrite"
        surplus = (held if overwrites else held & line.written) - wanted
        line.failed = set()
        added = self._edit("add", remote.id, wanted - held, line, scim)
        removed = self._edit("remove", remote.id, surplus, line, scim)
        line.present = (held | added) - removed
        line.written = (line.written | added) - removed

    def _edit(self, op: str, group: str, ids: Iterable[str], line: GroupLine, scim: Scim) -> set[str]:
        """Send members in chunks; a chunk that is refused goes one by one. Gives those that got through."""
        size = min(CHUNK, scim.connection["members_per_request"] or CHUNK)
        waiting, done = sorted(ids), set()
        for start in range(0, len(waiting), size):
            chunk = waiting[start : start + size]
            if self._sent(op, group, chunk, scim):
                done |= set(chunk)
                continue
            alone = {id for id in chunk if len(chunk) > 1 and self._sent(op, group, [id], scim)}
            done |= alone
            line.failed |= set(chunk) - alone
        return done

    def _sent(self, op: str, group: str, ids: list[str], scim: Scim) -> bool:
        if op == "add":
            operations: list[Json] = [{"op": "add", "path": "members", "value": [{"value": id} for id in ids]}]
        else:
            operations = [{"op": "remove", "path": f'members[value eq "{id}"]'} for id in ids]
        try:
            scim.change(Group, group, operations)
            there = scim.read(Group, group)  # some targets accept a member and drop it
        except Refused:
            return False
        members = {member.value for member in (there.members if there else None) or []}
        return all((id in members) == (op == "add") for id in ids)

    def counters(self) -> Json:
        """The group section of the sync summary."""
        failed = sum(line.own_failed or bool(line.failed) for line in self.lines.values())
        impacted = len(self.lines)
        return {
            "impacted": impacted,
            "success": impacted - failed,
            "unsynced": 0,
            "partially_synced": 0,
            "failed": failed,
        }
