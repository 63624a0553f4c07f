"""Mistakes that only several workers make: what one of them does between two requests of another is overlooked.

The workers take turns at every request (`tests.correct_clients.interleaved`), so each race always ends the same way.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from tests.correct_clients.client import Client
from tests.correct_clients.interleaved import Interleaved, InterleavedPeople, InterleavedWire
from tests.correct_clients.list_and_diff import ListAndDiff, ListedPeople, ListedTeams
from tests.correct_clients.people import Line
from tests.correct_clients.selection import written
from tests.correct_clients.teams import Team, _ids
from tests.correct_clients.wire import TRIES, Refused, at

from .breaking import Caught, broken

Json = dict[str, Any]


class _HoldsOneWorker(InterleavedWire):
    def ask(self, method: str, path: str, body: Json | None = None, **query: Any) -> Json:
        for attempt in range(1, TRIES + 1):
            try:
                return self._once(method, path, body, query)
            except Refused as error:
                if error.status != 429 or attempt == TRIES:
                    raise
                own, self.until = self.until, self.now() - timedelta(seconds=1)
                while (left := (own - self.now()).total_seconds()) > 0:
                    if self.turns.others:
                        self.turns.give_way()
                    else:
                        self.pause(left)
        raise AssertionError("the loop ends by itself")


@broken(Client, Caught("holds_back_when_limited", "connection", "rate-limit-mid-run"))
class HoldsBackOneWorkerAlone(Interleaved):
    """Of several workers only the one that is limited holds back; the others go on sending."""

    wire = _HoldsOneWorker


class _WritesEachWordByItself(ListedPeople):
    wire: InterleavedWire

    def change(self, account: Json, words: Json, wanted: Json) -> Json:
        path = at(self.path, account["id"])

        def write(word: str, value: Any) -> None:
            document = written(self.wire.ask("GET", path), {word: value}, self.version)
            document.pop("meta", None)
            self.wire.ask("PUT", path, document)

        self.wire.turns.run([partial(write, word, value) for word, value in words.items()])
        self.forget(account["id"])
        return written(account, words, self.version)


@broken(
    Client,
    Caught("success_means_in_sync", "augusta, benjamin", "everything-about-two-users-changes-at-once"),
)
class LosesUpdatesOfAnAccount(ListAndDiff):
    """Workers read one account, change a value each, and replace the whole account: the last one wins."""

    people_in, wire = _WritesEachWordByItself, InterleavedWire


class _AddsEachMemberByItself(ListedTeams):
    wire: InterleavedWire

    def _write_members(self, line: Team, found: Json, members: list[str], *, fresh: bool, new: bool) -> None:
        missing = [id for id in members if id not in _ids(found)]
        if len(missing) < 2:
            super()._write_members(line, found, members, fresh=fresh, new=new)
            return

        def add(id: str) -> None:
            now = self.wire.ask("GET", at(self.path, found["id"]))
            self.put({**now, "members": [*(now.get("members") or []), {"value": id}]})

        self.wire.turns.run([partial(add, id) for id in missing])
        line.ours = sorted({*line.ours, *missing})


@broken(
    Client,
    Caught("group_success_means_written", "Red", "group-and-its-members-appear-at-once"),
    Caught("group_as_expected", "Red", "group-and-its-members-appear-at-once"),
)
class LosesMembersOfAGroup(ListAndDiff):
    """Workers read one group, add a member each, and replace the whole group: only the last member is in it."""

    teams_in, wire = _AddsEachMemberByItself, InterleavedWire


class _EvaluatesEverybodyTwice(InterleavedPeople):
    def sync(self, wanted: dict[str, Json], *, full: bool) -> None:
        lines = {id: self.lines.setdefault(id, Line()) for id in wanted}
        due = [(lines[id], words) for id, words in wanted.items() if full or self._is_due(lines[id], words)]
        jobs = [partial(self._attempt, *each, full=full) for each in due for _ in range(2)]
        self.wire.turns.run(jobs)


@broken(
    Client,
    Caught("requests_as_expected", "cem", "fault-conn-dribble"),
)
class CreatesInTwoWorkersAtOnce(Interleaved):
    """A user who is in two queues is looked for and then created by two workers at the same time."""

    people_in = _EvaluatesEverybodyTwice
