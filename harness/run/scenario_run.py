"""One scenario played by one client on one target: the steps, and what is to be seen at each rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

from provcheck.harness.adapters import BrokenContract, CallFailed, Client, ClientMaker, GaveUp
from provcheck.harness.contract import EVERYTHING, Description
from provcheck.harness.model import (
    Apply,
    ArmFaults,
    AuditRecord,
    BadRule,
    ChangeRule,
    ClearFaults,
    Configure,
    Connection,
    ExternalChanges,
    Population,
    Resync,
    Rule,
    SetFlags,
    Step,
    SyncSummary,
)
from provcheck.harness.oracle import Journal, Observation
from provcheck.harness.oracle.out_of_band import OutOfBand
from provcheck.harness.run.cases import Case
from provcheck.harness.testbed import TargetFixture


class ClientFailed(Exception):
    """The client ended a step with an error that it should have dealt with, or broke the contract (`check` says)."""

    def __init__(self, message: str, *, check: str = "client_does_not_fail") -> None:
        super().__init__(message)
        self.check = check


@dataclass(frozen=True, slots=True)
class Rest:
    """The client came to rest after a step.

    `summary` None: none was to be seen; `offers` says whether the client reports one at all. `refused` is the error
    with which the client refused the step. `recent` is the journal since connection or rule last changed, `here` that
    since the previous checkpoint, `lately` that since the previous rest.
    """

    number: int
    step: Step
    summary: SyncSummary | None
    refused: str | None
    orphans: tuple[str, ...]
    warnings: tuple[str, ...]
    observation: Observation
    recent: Journal
    here: Journal
    lately: Journal
    offers: Callable[[str], bool] = EVERYTHING.offers
    audit: tuple[AuditRecord, ...] = ()


@dataclass(slots=True)
class ScenarioRun:
    """Plays a case on a scene. Raises ClientFailed, and UnusableTarget when we ourselves cannot go on."""

    case: Case
    fixture: TargetFixture
    make_client: ClientMaker
    client: Description = EVERYTHING
    population: Population = field(init=False)
    rule: Rule = field(init=False)
    connection: Connection = field(init=False)
    refused: str | None = None
    earlier: list[Population] = field(default_factory=list)
    resynced: bool = False
    out_of_band: OutOfBand = field(default_factory=OutOfBand)
    configured: int = 0
    checked: int = 0
    rested: int = 0

    def __post_init__(self) -> None:
        given, profile, fixture = self.case.scenario.given, self.case.profile, self.fixture
        fixture.set_flags(given.flags)
        fixture.seed(given.accounts, given.groups)
        fixture.arm(given.faults)
        self.population, self.rule = given.population, given.rule
        self.connection = profile.connect(fixture.base_url, fixture.token, given.connection)

    def rests(self) -> Iterator[Rest]:
        """Take every step; yield where the client has synced, and at every checkpoint."""
        fixture = self.fixture
        with _blaming_the_client("start"):
            client = self.make_client(self.connection, self.rule, fixture.session, fixture.clock)
        ended = False
        try:
            yield from self._steps(client)
            ended = True
            with _blaming_the_client("close"):
                client.close()
        finally:
            if not ended:
                with suppress(Exception):  # the case has ended already, for a reason that is not to be covered up
                    client.close()

    def _steps(self, client: Client) -> Iterator[Rest]:
        for number, (step, checkpoint) in enumerate(self.case.scenario.in_order, start=1):
            self.refused = None
            self._take(client, step)
            if isinstance(step, Apply | Resync | ChangeRule) or checkpoint is not None:
                yield self._rest(client, number, step)
                self.rested = self.fixture.last_seq
            if checkpoint is not None:
                self.checked = self.fixture.last_seq

    def _take(self, client: Client, step: Step) -> None:
        match step:
            case SetFlags(flags):
                self.fixture.set_flags(flags)
            case ArmFaults(faults):
                self.fixture.arm(faults)
            case ClearFaults():
                self.fixture.clear_faults()
            case ExternalChanges(changes):
                for change in changes:
                    self.fixture.make_external_change(change)
                self.out_of_band.changed(changes)
            case _:
                self._drive(client, step)

    def _drive(self, client: Client, step: Step) -> None:
        """A step that the client itself takes."""
        with _blaming_the_client(step.describe()):
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
                if self.rule.enabled:
                    self.out_of_band.ran(before, self.population)
            case Resync():
                self.resynced = True
                client.resync(self.population)
                if self.rule.enabled:
                    self.out_of_band.ran(self.population, self.population, full=True)
            case Configure(changes):
                self._configure(client, replace(self.connection, **changes), self.rule)
            case ChangeRule(changes):
                self._configure(client, self.connection, replace(self.rule, **changes))
                client.apply(self.population)
            case _:
                client.restart()

    def _configure(self, client: Client, connection: Connection, rule: Rule) -> None:
        self.connection, self.rule, self.configured = connection, rule, self.fixture.last_seq
        client.configure(connection, rule)

    def _rest(self, client: Client, number: int, step: Step) -> Rest:
        with _blaming_the_client("summary"):
            summary = client.summary() if self.client.offers("summary") else None
            orphans = client.orphans() if self.client.offers("orphans") else ()
            warnings = client.warnings() if self.client.offers("warnings") else ()
            audit = client.audit() if self.client.offers("audit") else ()
        journal = Journal(self.fixture.journal())
        observation = Observation(
            self.population,
            self.rule,
            self.connection,
            self.fixture.snapshot(),
            journal,
            tuple(self.earlier),
            normalises=self.case.profile.normalises,
            resynced=self.resynced,
            out_of_band=self.out_of_band.names,
        )
        recent, here, lately = (journal.since(seq) for seq in (self.configured, self.checked, self.rested))
        said = (summary, self.refused, orphans, warnings)
        return Rest(number, step, *said, observation, recent, here, lately, self.client.offers, audit)


@contextmanager
def _blaming_the_client(step: str) -> Iterator[None]:
    try:
        yield
    except BrokenContract as error:
        raise ClientFailed(f"{step}: {error}", check="client_keeps_the_contract") from error
    except CallFailed as error:
        raise ClientFailed(f"{step}: {error}") from error
    except GaveUp:
        raise
    except Exception as error:
        # Whatever a client lets out is the client's: a step ends well, or with a refusal of the rule.
        raise ClientFailed(f"{step}: {type(error).__name__}: {error}") from error
