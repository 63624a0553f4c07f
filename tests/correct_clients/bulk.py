"""Lists everybody once a run, and sends all writes of a run together in Bulk requests (RFC 7644, section 3.7).

What a Bulk request could not do is done by itself, and so is everything where the target has no Bulk.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from tests.correct_clients.client import Client
from tests.correct_clients.list_and_diff import ListedPeople, everything
from tests.correct_clients.look_up import LookedUpPeople
from tests.correct_clients.people import Line
from tests.correct_clients.selection import CORE, differing, read, written
from tests.correct_clients.teams import PATCH_OP, Teams, _ids
from tests.correct_clients.wire import FIRST_PAUSE, PASSING, Ended, Refused, Unsure, Wire, at, speaks_of_a_limit

Json = dict[str, Any]
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
MOST = 100
"""Operations in one request, where the target does not say less."""


@dataclass
class Write:
    """One write that is to be sent with others; the path of a resource made in the same request ends with `bulkId:`."""

    method: str
    path: str
    body: Json | None = None
    bulk_id: str = ""


class BulkWire(Wire):
    """Answers a write with what a Bulk request has said of it, if it was sent in one."""

    def __init__(self, connection: Json) -> None:
        super().__init__(connection)
        self._version, self._told = connection["scim_version"], dict[str, tuple[int, Json]]()
        self._limit: int | None = None
        self.sure, self.ended = True, False
        """Whether all that was sent last is known to be done or refused; whether the credentials were refused."""

    def ask(self, method: str, path: str, body: Json | None = None, **query: Any) -> Json:
        """Send a request, or say what became of it in a Bulk request. Raises what `Wire.ask` raises."""
        status, answer = self._told.pop(_key(method, path, body), (0, {}))
        if status == 401 or (status == 0 and self.ended):
            raise Ended
        if status == 0:
            return super().ask(method, path, body, **query)
        if status >= 400:
            raise (Unsure if status >= 500 else Refused)(status, json.dumps(answer))
        return answer

    def send(self, writes: list[Write]) -> bool:
        """Send these in Bulk requests; whether any was sent."""
        self._told.clear()
        self.sure = True
        if len(writes) < 2 or not (most := self._most()):
            return False
        for start in range(0, len(writes), most):
            self._send(writes[start : start + most])
        return True

    def _most(self) -> int:
        """The most operations in one request; 0 where the target has no Bulk."""
        if self._limit is None:
            try:
                bulk = {} if self._version == "1.1" else self.ask("GET", "/ServiceProviderConfig").get("bulk") or {}
            except Refused:
                return 0
            self._limit = min(bulk.get("maxOperations") or MOST, MOST) if bulk.get("supported") is True else 0
        return self._limit

    def _send(self, writes: list[Write]) -> None:
        operations = [
            {
                "method": each.method,
                "path": each.path,
                **({"bulkId": each.bulk_id} if each.bulk_id else {}),
                **({} if each.body is None else {"data": each.body}),
            }
            for each in writes
        ]
        try:
            answer = super().ask("POST", "/Bulk", {"schemas": [BULK], "Operations": operations})
        except Refused as error:
            if error.status in (403, 404, 405, 413, 501):
                self._limit = 0
            self.sure = not isinstance(error, Unsure)
            self.pause(0 if self.sure else FIRST_PAUSE)
            return  # each is then done by itself, after a look at what is there
        outcomes = answer.get("Operations") or []
        self.sure = len(outcomes) == len(writes)
        if self.sure:
            self._note(writes, outcomes)

    def _note(self, writes: list[Write], outcomes: list[Json]) -> None:
        made: dict[str, str] = {}
        for write, outcome in zip(writes, outcomes, strict=True):
            status = int(outcome.get("status") or 0)
            self.ended |= status == 401
            id = unquote(str(outcome.get("location") or "").rpartition("/")[2])
            owner = write.path.rpartition("bulkId:")[2] if "bulkId:" in write.path else ""
            passes = status in PASSING or (status >= 400 and speaks_of_a_limit(json.dumps(outcome)))
            if passes or (owner and owner not in made):
                self.pause(FIRST_PAUSE if passes else 0)
                continue
            path = write.path.replace(f"bulkId:{owner}", quote(made.get(owner, ""), safe=""))
            if write.bulk_id and status < 400:
                made[write.bulk_id] = id
            answer = {**(write.body or {}), "id": id} if write.bulk_id else {"id": id}
            self._told[_key(write.method, path, write.body)] = status, answer if status < 400 else outcome

    def show(self, resources: dict[str, Json]) -> None:
        """Let what was written be answered with the resources as they are now, by id."""
        for key, (status, answer) in self._told.items():
            self._told[key] = status, resources.get(str(answer.get("id")), answer if status >= 400 else {})


def _key(method: str, path: str, body: Json | None) -> str:
    return json.dumps([method, path, body], sort_keys=True)


class BulkPeople(ListedPeople):
    """Plans the writes of all users, sends them, lists once more and then sees how each one stands."""

    wire: BulkWire
    _is_listed = False

    def begin(self) -> None:
        """List everybody, unless that was done for the Bulk request of this run."""
        if not self._is_listed:
            super().begin()
        self._is_listed = False

    def sync(self, wanted: dict[str, Json], *, full: bool) -> None:
        """Bring the accounts of these users in line."""
        self.wire.ended = False
        lines = {id: self.lines.get(id, Line()) for id in wanted}
        due = {id: words for id, words in wanted.items() if full or self._is_due(lines[id], words)}
        try:
            if len(due) > 1:
                self.begin()
                writes = [each for id, words in due.items() for each in self._planned(lines[id], words)]
                if self.wire.send(writes) and not self.wire.ended:
                    self._see()
                self._is_listed = True
        except Refused:
            pass  # whoever is due is told so one by one
        super().sync(wanted, full=full)

    def _see(self) -> None:
        """List once more what was written: the answer to a Bulk request does not show it."""
        listed = everything(self.wire, self.path)
        self.wire.show(listed)
        if not self.wire.sure:
            self._there = listed

    def _planned(self, line: Line, words: Json) -> list[Write]:
        account = self._there.get(line.id or "")
        found = [account] if account else self.find(words)
        if not found and self.connection["create_users"] and not line.id:
            document = written({}, {word: value for word, value in words.items() if value != ""}, self.version)
            return [Write("POST", self.path, document, f"user-{words['userName']}")]
        others = {each.id for each in self.lines.values() if each is not line}
        if len(found) != 1 or found[0]["id"] in others:
            return []
        changes = differing(words, read(found[0]), line.echoes)
        if self.connection["kind"] == "slack":
            changes.pop("externalId", None)
        allowed = {word: value for word, value in changes.items() if self._may(word, words)}
        return [Write(*self._edit(found[0], allowed))] if allowed else []

    def change(self, account: Json, words: Json, wanted: Json) -> Json:
        """Patch these words."""
        method, path, body = self._edit(account, words)
        answer = self.wire.ask(method, path, body)
        self.forget(account["id"])
        return answer

    def _edit(self, account: Json, words: Json) -> tuple[str, str, Json]:
        operations = [self._operation(account, word, value) for word, value in words.items()]
        return "PATCH", at(self.path, account["id"]), {"schemas": [PATCH_OP], "Operations": operations}

    _operation = LookedUpPeople._operation

    def leave(self, wanted: dict[str, Json]) -> None:
        """Deprovision who is no longer wanted, all of them in one request."""
        gone = [line.id for id, line in self.lines.items() if id not in wanted and line.id]
        if len(gone) > 1 and self.connection["deprovision_users"]:
            self.wire.send([each for id in gone for each in self._farewell(id)])
        super().leave(wanted)

    def _farewell(self, id: str) -> list[Write]:
        if self.connection["remove_action"] == "Delete":
            return [Write("DELETE", at(self.path, id))]
        self.forget(id)
        try:
            account = self.fetch(id)
        except Refused:
            return []
        if account is None or not read(account)["active"]:
            return []
        getattr(self, "_there", {})[id] = account
        return [Write(*self._edit(account, {"active": False}))]


class BulkTeams(Teams):
    """Makes all groups with their members in one request, and adds members to those that are there."""

    wire: BulkWire
    _is_listed = False

    def begin(self) -> None:
        """List all groups, unless that was done for the Bulk request of this run."""
        if not self._is_listed:
            self._there = everything(self.wire, self.path)
        self._is_listed = False

    def find(self, name: str, *, again: bool) -> list[Json]:
        """The groups of this name in the list, which is read again where it is not new enough."""
        if again:
            self.begin()
        return [each for each in self._there.values() if str(each.get("displayName")).casefold() == name.casefold()]

    def sync(self, groups: list[Json], accounts: dict[str, str], *, full: bool) -> None:
        """Bring these groups in line."""
        self._sent: dict[str, list[str]] = {}
        fresh = [each for each in groups if each["id"] not in self.lines or not self.lines[each["id"]].id]
        try:
            if fresh:
                self.begin()
                self.wire.send([write for each in fresh for write in self._planned(each, accounts)])
                self._is_listed = self.wire.sure
                unsure = [] if self.wire.sure else fresh
                self._sent = {each["id"]: [accounts[id] for id in each["members"] if id in accounts] for each in unsure}
        except Refused:
            pass  # each is then told so by itself
        super().sync(groups, accounts, full=full)

    def _obtain(self, group: Json) -> tuple[Json, bool]:
        """The group of this name; what a Bulk request without an answer has put in is known."""
        found, made = super()._obtain(group)
        self.lines[group["id"]].ours = [id for id in self._sent.pop(group["id"], []) if id in _ids(found)]
        return found, made

    def _planned(self, group: Json, accounts: dict[str, str]) -> list[Write]:
        if self.find(group["name"], again=False):
            return []
        body = {"schemas": [CORE[self.version].format("Group")], "displayName": group["name"]}
        body["externalId"] = group["external_id"] or group["id"]
        bulk_id = f"group-{group['id']}"
        writes = [Write("POST", self.path, body, bulk_id)]
        members = [accounts[id] for id in dict.fromkeys(group["members"]) if id in accounts]
        members = members[: self.connection["members_per_request"] or len(members)]
        if members and self.connection["membership_style"] == "group":
            operation = {"op": "add", "path": "members", "value": [{"value": each} for each in members]}
            data = {"schemas": [PATCH_OP], "Operations": [operation]}
            writes.append(Write("PATCH", f"{self.path}/bulkId:{bulk_id}", data))
        return writes


class Bulk(Client):
    """The client."""

    name = "bulk"
    people_in, teams_in, wire = BulkPeople, BulkTeams, BulkWire
    more = ("no_filters",)


def make() -> Bulk:
    """A client for one scenario."""
    return Bulk()
