"""Groups: found by name once, then known by id; memberships of the users who have an account."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.correct_clients.selection import CORE
from tests.correct_clients.wire import Ended, Refused, Unsure, Wire, at

Json = dict[str, Any]
GONE = (404, 410)
LOOKS = 5
PAUSE = 0.2
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@dataclass
class Team:
    """How a group stands. `tried` are the accounts it was last evaluated with, `ours` those that were put in here.

    `blind`: the target does not show who is in it.
    """

    id: str | None = None
    name: str = ""
    base: str = "pending"
    blind: bool = False
    tried: list[str] = field(default_factory=list)
    ours: list[str] = field(default_factory=list)


class Teams:
    """The group half of a client. Subclasses say how to `find` a group, and whether they write it whole."""

    writes_whole = False

    def __init__(self, wire: Wire, connection: Json, lines: dict[str, Team]) -> None:
        self.wire, self.connection, self.lines = wire, connection, lines
        self.version = connection["scim_version"]
        self.path = connection["groups_resource"]
        self.current: dict[str, Team] = {}

    def begin(self) -> None:
        """A run begins in which some group is to be evaluated."""

    def find(self, name: str, *, again: bool) -> list[Json]:
        """The groups of this name; `again`: one may have been made since the last look."""
        raise NotImplementedError

    def fetch(self, id: str, *, new: bool = False) -> Json | None:
        """The group of this id; a new one may be unknown for a while."""
        for attempt in range(1, LOOKS + 1):
            try:
                return self.wire.ask("GET", at(self.path, id))
            except Refused as error:
                if error.status not in GONE:
                    raise
                if not new or attempt == LOOKS:
                    return None
                self.wire.pause(PAUSE * 2 ** (attempt - 1))
        return None

    def sync(self, groups: list[Json], accounts: dict[str, str], *, full: bool) -> None:
        """Bring these groups in line. `accounts`: source id of a user -> account."""
        self.current = {group["id"]: self.lines.setdefault(group["id"], Team()) for group in groups}
        due = []
        for group in groups:
            members = [accounts[id] for id in dict.fromkeys(group["members"]) if id in accounts]
            line = self.current[group["id"]]
            if full or line.base != "synced" or line.name != group["name"] or line.tried != members:
                due.append((group, line, members))
        if not due:
            return
        try:
            self.begin()
        except Refused:
            for _, line, _ in due:
                line.base = "failed"
            return
        for n, (group, line, members) in enumerate(due):
            try:
                self._evaluate(group, line, members, fresh=full or line.id is None)
            except Refused:
                line.base = "failed"
            except Ended:
                for _, other, _ in due[n:]:
                    other.base = "failed"
                raise

    def _evaluate(self, group: Json, line: Team, members: list[str], *, fresh: bool) -> None:
        found, made = self.fetch(line.id) if line.id else None, False
        if found is None:
            line.id, line.ours = None, []
            found, made = self._obtain(group)
        line.id = found["id"]
        if found.get("displayName") != group["name"] and "displayName" in found:
            self._rename(found, group["name"])
        line.name, line.tried = group["name"], members
        line.base = "synced"
        if self.connection["membership_style"] == "group":
            self._write_members(line, found, members, fresh=fresh, new=made)

    def _obtain(self, group: Json) -> tuple[Json, bool]:
        """The group of this name, and whether it was made now."""
        for attempt in range(1, LOOKS + 1):
            there = {each["id"]: each for each in self.find(group["name"], again=attempt > 1)}
            if len(there) > 1:
                raise Refused(409, "more than one group of this name")
            if there:
                return next(iter(there.values())), False
            body = {"schemas": [CORE[self.version].format("Group")], "displayName": group["name"]}
            body["externalId"] = group["external_id"] or group["id"]
            try:
                made = self.wire.ask("POST", self.path, body)
                if made.get("id"):
                    return {**body, **made}, True
            except Unsure:
                if attempt == LOOKS:
                    raise
            except Refused as error:
                if error.status != 409 or attempt > 1:
                    raise
            self.wire.pause(PAUSE * 2 ** (attempt - 1))
        raise Refused(0, "the group does not show")

    def _rename(self, found: Json, name: str) -> None:
        if self.writes_whole:
            self.put({**found, "displayName": name})
        else:
            self.patch(found["id"], [{"op": "replace", "path": "displayName", "value": name}], displayName=name)
        found["displayName"] = name

    def _write_members(self, line: Team, found: Json, members: list[str], *, fresh: bool, new: bool) -> None:
        held = list(line.ours) if line.blind else _ids(found)
        overwrites = fresh and self.connection["group_membership_handling"] == "Overwrite"
        surplus = [id for id in held if id not in members and (overwrites or id in line.ours)]
        missing = [id for id in members if id not in held]
        if not missing and not surplus:
            return
        group = _Writing(self, found, held, new=new)
        refused = group.put_out(surplus) + group.put_in(missing)
        refused += self._settle(line, group, [id for id in missing if id not in refused], new=new)
        line.ours = sorted({*line.ours, *(id for id in missing if id not in refused)} - set(surplus))
        if refused:
            line.base = "failed"

    def _settle(self, line: Team, group: _Writing, added: list[str], *, new: bool) -> list[str]:
        """Look whether members are in, and add once more who is not; those who are not then."""
        if line.blind or not added:
            return []
        now = _ids(self.fetch(group.id, new=new) or {})
        again = [id for id in added if id not in now]
        if not again:
            return []
        group.known = now
        refused = group.put_in(again)
        now = _ids(self.fetch(group.id) or {})
        # One that shows nobody, twice told that they are in, is not to be read.
        line.blind = not now and not refused
        return [] if line.blind else [id for id in again if id not in now]

    def put(self, document: Json) -> None:
        """Replace a group; a target without PUT is patched from then on."""
        kept = {key: value for key, value in document.items() if key != "meta"}
        try:
            self.wire.ask("PUT", at(self.path, document["id"]), kept)
        except Refused as error:
            if error.status not in (405, 501):
                raise
            self.writes_whole = False
            operation = {"op": "replace", "path": "displayName", "value": document["displayName"]}
            self.patch(document["id"], [operation], displayName=document["displayName"])

    def patch(self, id: str, operations: list[Json], **plain: Any) -> None:
        """Patch a group: by these operations, or in SCIM 1.1 by these attributes."""
        body = {"schemas": [PATCH_OP], "Operations": operations}
        if self.version == "1.1":
            body = {"schemas": [CORE["1.1"]], **plain}
        self.wire.ask("PATCH", at(self.path, id), body)

    def counters(self) -> Json:
        """The group section."""
        bases = [line.base for line in self.current.values()]
        known = {"success": bases.count("synced"), "failed": bases.count("failed"), "unsynced": bases.count("pending")}
        return {"impacted": len(bases), "partially_synced": 0, **known}


class _Writing:
    """Writes the members of one group; what is refused is divided until each one is refused alone."""

    def __init__(self, teams: Teams, found: Json, known: list[str], *, new: bool) -> None:
        self.teams, self.found, self.known, self.new = teams, found, known, new
        self.id = str(found["id"])
        self._refused: set[frozenset[str]] = set()

    def put_in(self, ids: list[str]) -> list[str]:
        """Add members; the ids that were refused."""
        return self._divided(ids, adds=True)

    def put_out(self, ids: list[str]) -> list[str]:
        """Take members out; the ids that were refused."""
        return self._divided(ids, adds=False)

    def _divided(self, ids: list[str], *, adds: bool) -> list[str]:
        cap = self.teams.connection["members_per_request"] or len(ids) or 1
        refused: list[str] = []
        for start in range(0, len(ids), cap):
            refused += self._write(ids[start : start + cap], adds=adds)
        return refused

    def _write(self, ids: list[str], *, adds: bool) -> list[str]:
        whole = frozenset(self._after(ids, adds=adds))
        try:
            # The second half of a group that is replaced whole is the very document that has failed before; after a
            # refusal it may pass, where the target limits the members that one request changes.
            if not (self.teams.writes_whole and whole in self._refused):
                self._send(ids, adds=adds)
                return self._noted(ids, adds=adds)
        except Refused as error:
            if self._late(error, ids, adds=adds):
                return self._noted(ids, adds=adds)
            if isinstance(error, Unsure):
                self._refused.add(whole)
        if len(ids) == 1:
            return ids
        half = len(ids) // 2
        return [*self._write(ids[:half], adds=adds), *self._write(ids[half:], adds=adds)]

    def _after(self, ids: list[str], *, adds: bool) -> list[str]:
        return [*self.known, *ids] if adds else [each for each in self.known if each not in ids]

    def _noted(self, ids: list[str], *, adds: bool) -> list[str]:
        self.known = self._after(ids, adds=adds)
        self.new = False
        return []

    def _late(self, error: Refused, ids: list[str], *, adds: bool) -> bool:
        """Whether a member, or a group, that was unknown a moment ago is known now."""
        looks = (LOOKS if self.new else 1) if error.status == 404 else 0
        for look in range(looks):
            self.teams.wire.pause(PAUSE * 2**look)
            try:
                self._send(ids, adds=adds)
            except Refused:
                continue
            return True
        return False

    def _send(self, ids: list[str], *, adds: bool) -> None:
        teams, id = self.teams, self.found["id"]
        after = self._after(ids, adds=adds)
        cap = teams.connection["members_per_request"]
        if teams.writes_whole and (cap is None or len(after) <= cap):
            teams.put({**self.found, "members": [{"value": each} for each in after]})
            if teams.writes_whole:
                return
        values: list[Json] = [{"value": each} for each in ids]
        if adds:
            operations: list[Json] = [{"op": "add", "path": "members", "value": values}]
        else:
            operations = [{"op": "remove", "path": f'members[value eq "{each}"]'} for each in ids]
            values = [{**each, "operation": "delete"} for each in values]
        teams.patch(id, operations, members=values)


def _ids(group: Json) -> list[str]:
    return [str(each["value"]) for each in group.get("members") or [] if isinstance(each, dict) and each.get("value")]
