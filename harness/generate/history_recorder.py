"""Records what happened in a trial, and gives the evidence at each checkpoint.

A checkpoint is *clean* if the client could know everything that is judged there: since all was last evaluated, the
target was not changed out of band and no run was killed or ended early. Only then is the summary compared with the
target entity by entity; the checks of sums and of conduct always apply.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from provcheck.harness.generate.coverage import Coverage
from provcheck.harness.generate.fault_kinds import budget, passes
from provcheck.harness.generate.trial import SWITCHES, Trial, edits_of
from provcheck.harness.model import Connection, FaultSpec, Population, Rule, SourceUser, SyncSummary
from provcheck.harness.model.external_change import (
    AddMember,
    ChangeAccount,
    ChangeGroup,
    CreateAccount,
    CreateGroup,
    ExternalChange,
    touched,
)
from provcheck.harness.oracle import Journal, Observation
from provcheck.harness.oracle.journal import Entry, operations_apart
from provcheck.harness.oracle.run_history import Evidence, Guest, RunHistory
from provcheck.harness.testbed import TargetFixture

FLOOR = 60
FOR_EACH = 15
"""Requests that a run may send: a base, and so many for each user, group, membership and strike of a fault."""
CALL_TIMEOUT_MS = 30_000
"""Milliseconds after which a client may have stopped waiting for an answer that the journal holds."""
CONFLICT = 409
BROKEN_OFF = 8
"""Failed requests in one run after which the client may have ended it early; if none succeeded, one is enough."""


class HistoryRecorder:
    """The history of a trial on one target fixture."""

    def __init__(self, trial: Trial, fixture: TargetFixture, coverage: Coverage) -> None:
        self.trial, self.fixture, self.coverage = trial, fixture, coverage
        self.history = RunHistory()
        self.earlier: list[Population] = []
        self.summary: SyncSummary | None = None
        self.resynced = False
        self.configured = self.last_checkpoint = 0
        self.began = fixture.clock.monotonic()
        self._clean = True
        self._off: set[str] = set()
        self._denied: set[str] = set()
        self._known: set[str] = set()
        self._scoped: set[str] = set()
        self._checkpoint_scope: set[str] = set()

    # events of the trial

    def connected(self, connection: Connection, rule: Rule) -> None:
        """Record that connection or rule changed."""
        self.configured = self.fixture.last_seq
        off = {switch for switch in SWITCHES if not getattr(connection, switch)}
        # Once a permission is back, a withheld change is sent only with the next change or a Full Resync.
        self._clean = self._clean and self._off <= off
        self._off = off
        self.history.withheld |= off
        self.history.handled.add(connection.group_membership_handling)
        self.history.removed.add(connection.remove_action)

    def armed(self, faults: Iterable[FaultSpec]) -> None:
        """Record that faults were armed."""
        for fault in faults:
            self.history.lasting = self.history.lasting or not passes(fault)
            self.history.budget += budget(fault) or 0
            self.history.endless = self.history.endless or budget(fault) is None

    def changed(self, before: Population, after: Population) -> None:
        """Record that the source changed."""
        if after is before:
            return
        if before not in self.earlier:
            self.earlier.append(before)
        ours = {user.user_name.casefold() for user in after.users}
        self.history.unmanaged = {name: then for name, then in self.history.unmanaged.items() if name not in ours}
        for user in after.users:
            was = before.users_by_id.get(user.id)
            unsure = self.history.lost | self._denied
            is_unsure = user.id in self.history.forgotten or (was is not None and was.user_name.casefold() in unsure)
            if was is not None and was.user_name != user.user_name and is_unsure:
                self.history.adrift.add(user.id)

    def seeded(self, accounts: Iterable[Mapping[str, Any]], groups: Iterable[Mapping[str, Any]]) -> None:
        """Record that the target was seeded, before the first run."""
        for account in accounts:
            self.externally_changed(CreateAccount(account), clean=True)
        for group in groups:
            self.externally_changed(CreateGroup(str(group["displayName"]), tuple(group.get("members", ()))), clean=True)

    def externally_changed(self, change: ExternalChange, *, clean: bool = False) -> None:
        """Record an external change. `clean`: made before the first run, in which the client will find it."""
        self._clean = self._clean and clean
        shown = self.fixture.snapshot()
        match change:
            case CreateAccount(account):
                self._made_account(str(account["userName"]), shown)
            case ChangeAccount(name):
                self.history.touched.add(name.casefold())
                if name.casefold() in self.history.unmanaged:
                    self._made_account(name, shown)
            case CreateGroup(name, members):
                self.history.touched.add(name.casefold())
                self._joined(name, members, shown)
            case AddMember(name, member):
                self._joined(name, (member,), shown)
            case _:
                if isinstance(change, ChangeGroup) and (new := change.changes.get("displayName")):
                    found = next((each for each in shown["groups"] if _is(each, "displayName", str(new))), None)
                    self.history.renamed |= {} if found is None else {str(found["id"]): change.name}
                self.history.touched |= touched([change]) | {getattr(change, "user_name", "").casefold()} - {""}
                self._forget_guests(shown)

    def restarted(self) -> None:
        """Record a restart of the client: it may have forgotten pauses that the target asked for."""
        self.history.cuts.add(self.fixture.last_seq)

    def running(self, population: Population, rule: Rule) -> None:
        """Record that a run begins. A user who returns to the scope with a name that no account has becomes adrift."""
        if not rule.enabled:
            return
        scope = {user.id: user for user in rule.impacted_users(population)}
        back = [user for id, user in scope.items() if id in self._known and id not in self._scoped]
        if back:
            self._clean = False  # a returning user is evaluated as new, which target and journal do not show
            there = {str(each["userName"]).casefold() for each in self.fixture.snapshot()["users"]}
            lives = [user for then in self.earlier for user in then.users]
            for user in back:
                names = {life.user_name.casefold() for life in lives if life.id == user.id}
                if user.user_name.casefold() not in there and names & there:
                    self.history.adrift.add(user.id)
        self._known |= scope.keys()
        self._scoped = set(scope)

    def killed(self) -> None:
        """Record that the client was killed during a run."""
        self.history.crashed = True
        self.history.forgotten |= self._scoped - self._checkpoint_scope
        for each in self._lately():
            self._struck(each)
        made = (each for each in self._lately() if each["operation"] == "user.create" and each["applied"] == "yes")
        self.history.lost |= {name.casefold() for each in made for name in each["names"]}
        self.history.cuts.add(self.fixture.last_seq)
        self._clean = False
        self.last_checkpoint = self.fixture.last_seq
        self.began = self.fixture.clock.monotonic()

    def _made_account(self, name: str, shown: Mapping[str, Any]) -> None:
        made = next((each for each in shown["users"] if _is(each, "userName", name)), None)
        if made is None:
            return
        self.history.touched.add(name.casefold())
        self.history.foreign.add(str(made["id"]))
        if name not in self._people():
            self.history.unmanaged[name.casefold()] = made

    def _people(self) -> set[str]:
        return {user.user_name for then in (self.trial.given.population, *self.earlier) for user in then.users} | {
            user.user_name for user in self._ahead()
        }

    def _ahead(self) -> list[Any]:
        edits = (edit for step in self.trial.disruption for edit in edits_of(step))
        return [edit.user for edit in edits if hasattr(edit, "user") and hasattr(edit.user, "user_name")]

    def _joined(self, name: str, members: Iterable[str], shown: Mapping[str, Any]) -> None:
        self.history.touched.add(name.casefold())
        group = next((each for each in shown["groups"] if _is(each, "displayName", name)), None)
        ids = {str(each["userName"]).casefold(): str(each["id"]) for each in shown["users"]}
        for member in members if group is not None else ():
            if member.casefold() in self.history.unmanaged and group is not None:
                guest = Guest(str(group["id"]), name, ids[member.casefold()], member)
                self.history.guests.add(guest)

    def _forget_guests(self, shown: Mapping[str, Any]) -> None:
        there = {(str(group["id"]), id) for group in shown["groups"] for id in group["memberIds"]}
        self.history.guests = {guest for guest in self.history.guests if (guest.group_id, guest.user_id) in there}
        names = {str(each["userName"]).casefold() for each in shown["users"]}
        self.history.unmanaged = {name: then for name, then in self.history.unmanaged.items() if name in names}

    # evidence

    def most(self, population: Population) -> int:
        """Return how many requests a run may send at most."""
        known = {user.id for then in (*self.earlier, population) for user in then.users}
        pairs = {(g.id, id) for then in (*self.earlier, population) for g in then.groups for id in g.members}
        shown = self.fixture.snapshot()
        there = len(shown["users"]) + len(shown["groups"])
        size = len(known) + len(pairs) + len({group for group, _ in pairs}) + there
        if self.history.endless:
            # With a fault that strikes without end, each request may be tried as often as a client tries.
            return (FLOOR + FOR_EACH * (size + self.history.budget)) * 10
        return FLOOR + FOR_EACH * (size + self.history.budget)

    def _lately(self) -> list[Mapping[str, Any]]:
        lately = (each for each in self.fixture.journal() if each["seq"] > self.last_checkpoint)
        return [operation for each in lately for operation in operations_apart(each)]

    def checkpoint(
        self,
        observation: Observation,
        summary: SyncSummary | None,
        orphans: tuple[str, ...],
        most: int,
        *,
        ran_fully: bool,
    ) -> tuple[Evidence, bool]:
        """Return the evidence at the end of a run, and whether the checkpoint is clean."""
        lately = observation.journal.since(self.last_checkpoint)
        exchanges = self._lately()
        failures = sum(each["status"] is None or each["status"] >= 400 for each in exchanges)
        answered = len(exchanges) - failures
        refused = any(each["status"] == 401 for each in exchanges)
        broke_off = refused or failures >= BROKEN_OFF or (failures > 0 and not answered)
        lied = any(
            each["answer"] in ("truncated", "reset")
            or {"partial", "later"} & set(each["moments"])
            or each["duration_ms"] >= CALL_TIMEOUT_MS
            for each in exchanges
        )
        self.history.broken_off = self.history.broken_off or broke_off
        unnamed = any(not each.good and self._is_unnamed(each, observation) for each in lately.entries)
        self._clean = (self._clean or ran_fully) and not (broke_off or lied or unnamed)
        for each in exchanges:
            self._struck(each)
        seconds = self.fixture.clock.monotonic() - self.began
        evidence = Evidence(observation, self.history, exchanges, summary, self.summary, orphans, seconds, most, lately)
        self.summary, self.last_checkpoint, self.began = summary, self.fixture.last_seq, self.fixture.clock.monotonic()
        if not broke_off and observation.rule.enabled:
            self._checkpoint_scope = set(observation.scope)
            self.history.forgotten -= self._checkpoint_scope
            self.history.lost.clear()
            self.history.met |= self._met(observation, summary)
        return evidence, self._clean and _decided(observation, self.history)

    def _is_unnamed(self, entry: Entry, observation: Observation) -> bool:
        """Return True if a request names no known user: it lists all, or asks for an unknown id."""
        if entry.lists_all or not entry.does("user.*"):
            return entry.lists_all
        people = {user.id: user for then in (*self.earlier, observation.population) for user in then.users}
        known = {key for user in people.values() for key in observation.keys(user)} | self.history.unmanaged.keys()
        return not any(act.keys & known for act in entry.acts)

    def _met(self, observation: Observation, summary: SyncSummary | None) -> set[str]:
        """Ids of users whose account the client knows; if some are Failed, only those whose account it requested."""
        has = {user.id: {str(each["id"]) for each in observation.accounts(user)} for user in observation.scope.values()}
        if summary is None or not summary.users.failed:
            return {id for id, accounts in has.items() if accounts}
        asked = {intent["id"] for each in self.fixture.journal() for intent in each["intents"]}
        return {id for id, accounts in has.items() if accounts & asked}

    def _struck(self, exchange: Mapping[str, Any]) -> None:
        """Record the faults that struck, and those that leave the state of an entity unknown to the client."""
        self.coverage.faults.update(exchange["faults"])
        names = {name.casefold() for intent in exchange["intents"] for name in intent["names"]}
        if "partial" in exchange["moments"]:
            self.history.misled |= names
        if exchange["faults"] and exchange["operation"] == "group.create" and exchange["status"] == CONFLICT:
            self.history.touched |= names  # the fault created a group of that name, out of band
        if any(fault.startswith("read.stale") for fault in exchange["faults"]):
            # For a while the target answers 404 for what it holds, also to a DELETE.
            self.history.touched |= names
            self._denied |= names

    def observation(self, population: Population, rule: Rule, connection: Connection) -> Observation:
        """Return the observation of the present state."""
        return Observation(
            population,
            rule,
            connection,
            self.fixture.snapshot(),
            Journal(self.fixture.journal()),
            tuple(self.earlier),
            normalises=self.trial.configuration.normalises,
            resynced=self.resynced,
        )


def _decided(observation: Observation, history: RunHistory) -> bool:
    """Return True if target and journal decide everything that is judged at a clean checkpoint.

    They do not if a user was renamed and the target normalises names, if an account may be managed or unmanaged, if a
    group has a disabled member (targets differ there), and after an error where memberships are written on the user: a
    refused membership looks like a refused change.
    """
    if observation.connection.membership_style == "user" and not all(
        entry.good for entry in observation.journal.entries
    ):
        return False
    if any(observation.names(user) & history.misled for user in observation.scope.values()):
        return False
    renamed = [user for user in observation.scope.values() if len(_user_names(observation, user)) > 1]
    if renamed and (
        observation.normalises or any(_user_names(observation, user) & history.touched for user in renamed)
    ):
        return False
    lone = all(len(observation.accounts(user)) <= 1 for user in observation.scope.values())
    off = {user.id for user in observation.scope.values() if not user.active or _turned_off(observation, user)}
    return lone and not any(off & set(group.members) for group in observation.population.groups)


def _turned_off(observation: Observation, user: SourceUser) -> bool:
    return any(not account.get("active", True) for account in observation.accounts(user))


def _user_names(observation: Observation, user: SourceUser) -> set[str]:
    lives = (user, *(then.users_by_id[user.id] for then in observation.earlier if user.id in then.users_by_id))
    return {life.user_name.casefold() for life in lives}


def _is(remote: Mapping[str, Any], word: str, name: str) -> bool:
    return str(remote.get(word, "")).casefold() == name.casefold()
