"""One scenario played by one client on one target: the steps, and what is to be seen at each rest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from harness.adapters import Client, ClientMaker
from harness.model import (
    Apply,
    ArmFaults,
    BadRule,
    ChangeRule,
    ClearFaults,
    Configure,
    Connection,
    Plant,
    Population,
    Resync,
    Rule,
    SetFlags,
    Step,
    SyncSummary,
)
from harness.oracle import Journal, Sight
from harness.run.cases import Case
from harness.stage import Scene


class ClientFailed(Exception):
    """The client ended a step with an error that it should have dealt with."""


@dataclass(frozen=True, slots=True)
class Rest:
    """The client came to rest after a step.

    `summary` None: none was to be seen. `refused` is the error with which the client refused the step. `recent` is the
    journal since connection or rule last changed, `here` that since the previous checkpoint.
    """

    number: int
    step: Step
    summary: SyncSummary | None
    refused: str | None
    orphans: tuple[str, ...]
    warnings: tuple[str, ...]
    sight: Sight
    recent: Journal
    here: Journal


@dataclass(slots=True)
class Performance:
    """Plays a case on a scene. Raises ClientFailed, and UnusableTarget when we ourselves cannot go on."""

    case: Case
    scene: Scene
    make_client: ClientMaker
    population: Population = field(init=False)
    rule: Rule = field(init=False)
    connection: Connection = field(init=False)
    refused: str | None = None
    earlier: list[Population] = field(default_factory=list)
    resynced: bool = False
    configured: int = 0
    checked: int = 0

    def __post_init__(self) -> None:
        given, profile, scene = self.case.scenario.given, self.case.profile, self.scene
        scene.set_flags(given.flags)
        scene.plant(given.accounts, given.groups)
        scene.arm(given.faults)
        self.population, self.rule = given.population, given.rule
        self.connection = profile.connect(scene.base_url, scene.token, given.connection)

    def rests(self) -> Iterator[Rest]:
        """Take every step; yield where the client has synced, and at every checkpoint."""
        scene = self.scene
        with _blaming_the_client("start"):
            client = self.make_client(self.connection, self.rule, scene.session, scene.clock)
        for number, step in enumerate(self.case.scenario.when, start=1):
            self.refused = None
            self._take(client, step)
            checkpoint = self.case.scenario.after(number)
            if isinstance(step, Apply | Resync | ChangeRule) or checkpoint is not None:
                yield self._rest(client, number, step)
            if checkpoint is not None:
                self.checked = scene.last_seq
        with _blaming_the_client("close"):
            client.close()

    def _take(self, client: Client, step: Step) -> None:
        match step:
            case SetFlags(flags):
                self.scene.set_flags(flags)
            case ArmFaults(faults):
                self.scene.arm(faults)
            case ClearFaults():
                self.scene.clear_faults()
            case Plant(accounts, groups):
                self.scene.plant(accounts, groups)
            case _:
                self._drive(client, step)

    def _drive(self, client: Client, step: Step) -> None:
        """A step that the client itself takes."""
        with _blaming_the_client(step.words()):
            try:
                self._ask(client, step)
            except BadRule as error:
                self.refused = str(error)

    def _ask(self, client: Client, step: Step) -> None:
        match step:
            case Apply(edits):
                before = self.population
                for edit in edits:
                    self.population = edit.on(self.population)
                if self.population is not before:
                    self.earlier.append(before)
                client.apply(self.population)
            case Resync():
                self.resynced = True
                client.resync(self.population)
            case Configure(changes):
                self._configure(client, replace(self.connection, **changes), self.rule)
            case ChangeRule(changes):
                self._configure(client, self.connection, replace(self.rule, **changes))
                client.apply(self.population)
            case _:
                client.restart()

    def _configure(self, client: Client, connection: Connection, rule: Rule) -> None:
        self.connection, self.rule, self.configured = connection, rule, self.scene.last_seq
        client.configure(connection, rule)

    def _rest(self, client: Client, number: int, step: Step) -> Rest:
        with _blaming_the_client("summary"):
            summary, orphans, warnings = client.summary(), client.orphans(), client.warnings()
        journal = Journal(self.scene.journal())
        sight = Sight(
            self.population,
            self.rule,
            self.connection,
            self.scene.snapshot(),
            journal,
            tuple(self.earlier),
            normalises=self.case.profile.normalises,
            resynced=self.resynced,
        )
        recent, here = journal.since(self.configured), journal.since(self.checked)
        return Rest(number, step, summary, self.refused, orphans, warnings, sight, recent, here)


@contextmanager
def _blaming_the_client(step: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        # Whatever a client lets out is the client's: a step ends well, or with a refusal of the rule.
        raise ClientFailed(f"{step}: {type(error).__name__}: {error}") from error
