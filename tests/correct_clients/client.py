"""The contract's methods over the two halves of a client; what is stored is what survives a restart."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from tests.correct_clients.people import Line, People
from tests.correct_clients.selection import External, chosen_groups, chosen_users, words_of
from tests.correct_clients.teams import Team, Teams
from tests.correct_clients.wire import Ended, Wire

Json = dict[str, Any]
MANY_GROUPS = 1000


class Client:
    """A client of the contract, in the style of its two halves."""

    name = "client"
    people_in: type[People]
    teams_in: type[Teams]
    more: tuple[str, ...] = ()
    wire: type[Wire] = Wire

    def describe(self, contract: int) -> Json:
        """Who this is."""
        return {
            "contract": contract,
            "name": self.name,
            "targets": ["scim", "slack", "github_emu"],
            "capabilities": [
                *("create", "update", "disable", "delete", "rename_user", "match_by_email", "retries", "switches"),
                *("rules", "groups", "memberships", "merge_or_overwrite", "rename_group", "summary", "resync"),
                *("restart", "orphans", "warnings", *self.more),
            ],
        }

    def configure(self, connection: Json, rule: Json, fresh: bool) -> None:
        """Use this connection and rule from now on."""
        self.connection, self.rule = connection, rule
        if fresh:
            self.stored = json.dumps({"people": {}, "teams": {}, "orphans": {}, "current": []})
            self.told: list[str] = []
        else:
            self._store()
        self.restart()

    def restart(self) -> None:
        """Start again from what is stored."""
        if hasattr(self, "people"):
            self._store()
        stored = json.loads(self.stored)
        wire = self.wire(self.connection)
        people = {id: Line(**line) for id, line in stored["people"].items()}
        self.people = self.people_in(wire, self.connection, people, stored["orphans"])
        self.teams = self.teams_in(wire, self.connection, {id: Team(**line) for id, line in stored["teams"].items()})
        self.teams.current = {id: self.teams.lines[id] for id in stored["current"]}

    def _store(self) -> None:
        people, teams = self.people, self.teams
        stored = {
            "people": {id: asdict(line) for id, line in people.lines.items()},
            "teams": {id: asdict(line) for id, line in teams.lines.items()},
            "orphans": people.orphans,
            "current": list(teams.current),
        }
        self.stored = json.dumps(stored)

    def apply(self, population: Json, changes: Json | None) -> Json:
        """Bring the target in line with what changed."""
        return self._run(population, full=False)

    def resync(self, population: Json) -> Json:
        """Evaluate everything anew."""
        return self._run(population, full=True)

    def _run(self, population: Json, *, full: bool) -> Json:
        if not self.rule["enabled"]:
            return {}
        try:
            groups = chosen_groups(self.rule, population)
        except External as error:
            return {"refused": str(error)}
        count = len(groups)
        self.told = [f"{count} groups are selected; at most {MANY_GROUPS} are recommended"] * (count > MANY_GROUPS)
        wanted = {user["id"]: words_of(self.rule, user) for user in chosen_users(self.rule, population)}
        try:
            self.people.sync(wanted, full=full)
            self.people.leave(wanted)
            if self.connection["supports_groups"]:
                accounts = {id: line.id for id, line in self.people.lines.items() if line.id}
                self.teams.sync(groups, accounts, full=full)
        except Ended:
            # Nothing more can be done in this run; the next one goes on.
            pass
        return {}

    def summary(self) -> Json:
        """The sync summary; none while the rule is off."""
        if not self.rule["enabled"]:
            return {"summary": None}
        groups = self.teams.counters() if self.connection["supports_groups"] else None
        return {"summary": {"users": self.people.counters(), "groups": groups}}

    def orphans(self) -> Json:
        """Leavers whose accounts are still there."""
        return {"orphans": sorted(self.people.orphans)}

    def warnings(self) -> Json:
        """What is not recommended."""
        return {"warnings": self.told}

    def close(self) -> None:
        """The scenario is over."""
        self.people.wire.close()
