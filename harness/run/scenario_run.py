"""Runs one scenario with one client on one target: takes the steps and yields the checkpoints."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain

from provcheck.harness.adapters import BrokenContract, CallFailed, Client, ClientMaker, GaveUp
from provcheck.harness.checks import Checkpoint
from provcheck.harness.contract import EVERYTHING, Description
from provcheck.harness.model import (
    After,
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
)
from provcheck.harness.oracle import Expected, Journal, Observation, expected
from provcheck.harness.oracle.observed import Snapshot
from provcheck.harness.oracle.out_of_band import OutOfBand
from provcheck.harness.run.cases import Case
from provcheck.harness.testbed import TargetFixture


class ClientFailed(Exception):
    """The client ended a step with an error that it should have handled, or broke the contract (`of_contract`)."""

    def __init__(self, message: str, *, of_contract: bool = False) -> None:
        super().__init__(message)
        self.of_contract = of_contract


@dataclass(slots=True)
class ScenarioRun:
    """Runs a case on a target fixture. Raises ClientFailed, and UnusableTarget for an error of the harness."""

    case: Case
    fixture: TargetFixture
    make_client: ClientMaker
    client: Description = EVERYTHING
    derived: tuple[Expected, ...] = field(init=False)
    population: Population = field(init=False)
    rule: Rule = field(init=False)
    connection: Connection = field(init=False)
    refused: str | None = None
    earlier: list[Population] = field(default_factory=list)
    resynced: bool = False
    out_of_band: OutOfBand = field(default_factory=OutOfBand)
    configured: int = 0
    checked: int = 0
    last_checkpoint: int = 0
    missed: dict[str, None] = field(default_factory=dict)
    audited: tuple[AuditRecord, ...] = ()
    recorded: int = 0
    since: datetime | None = None
    held: Snapshot | None = None
    ends: list[int] = field(default_factory=list)
    """The number of the last exchange of each step."""

    def __post_init__(self) -> None:
        given, configuration, fixture = self.case.scenario.given, self.case.configuration, self.fixture
        fixture.set_flags(given.flags)
        fixture.seed(given.accounts, given.groups)
        fixture.arm(given.faults)
        self.population, self.rule = given.population, given.rule
        self.derived = expected(self.case.scenario, configuration)
        self.since = fixture.clock.now()
        self.connection = configuration.connect(fixture.base_url, fixture.token, given.connection, fixture.oauth_client)

    def checkpoints(self) -> Iterator[Checkpoint]:
        """Take every step; yield a checkpoint after each sync and each expectation."""
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
                with suppress(Exception):  # the case has ended already, with an error that must not be replaced
                    client.close()

    def _steps(self, client: Client) -> Iterator[Checkpoint]:
        for number, (step, expectation) in enumerate(self.case.scenario.in_order, start=1):
            self.refused = None
            self._take(client, step)
            self.ends.append(self.fixture.last_seq)
            if self.case.configuration.settles:
                self.fixture.clock.sleep(self.case.configuration.settles)
            if isinstance(step, Apply | Resync | ChangeRule) or expectation is not None:
                checkpoint = self._checkpoint(client, number, expectation)
                yield checkpoint
                self.held = None if checkpoint.observation is None else checkpoint.observation.snapshot
                self.last_checkpoint = self.fixture.last_seq
            if expectation is not None:
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
                self.held = None
            case _:
                self.held = self.held or self.fixture.snapshot()
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
                # An audit log begins anew with a restart: what it told before still counts.
                self.audited += client.audit() if self.client.offers("audit") else ()
                client.restart()

    def _configure(self, client: Client, connection: Connection, rule: Rule) -> None:
        self.connection, self.rule, self.configured = connection, rule, self.fixture.last_seq
        client.configure(connection, rule)

    def _checkpoint(self, client: Client, number: int, expectation: After | None) -> Checkpoint:
        offers = self.client.offers
        with _blaming_the_client("summary"):
            summary = client.summary() if offers("summary") else None
            orphans = client.orphans() if offers("orphans") else ()
            warnings = client.warnings() if offers("warnings") else ()
            audit = self.audited + (client.audit() if offers("audit") else ())
            status = client.status() if offers("status") else None
        scenario, derived, observation = self.case.scenario, self.derived[number - 1], self._observation()
        journal, idle = observation.journal, self._idle(derived)
        fresh, since, now = audit[self.recorded :], self.since, self.fixture.clock.now()
        self.recorded, self.since = len(audit), now
        credentials = (self.connection.token, self.connection.basic_auth_password, self.connection.oauth_client_secret)
        return Checkpoint(
            phase="refusal" if derived.refused or derived.halted else "scenario",
            number=number,
            source=str(scenario.source),
            summary=summary,
            observation=observation,
            held=self.held,
            recent=journal.since(self.configured),
            here=journal.since(self.checked),
            lately=journal.since(self.last_checkpoint),
            expectation=None if idle else expectation,
            derived=None if idle else derived,
            derives=self.case.derives,
            refused=self.refused,
            orphans=orphans,
            warnings=warnings,
            audit=audit,
            fresh_audit=fresh,
            status=status,
            now=now,
            since=since,
            secrets=tuple(filter(None, credentials)),
            offers=offers,
            most_requests=scenario.calls,
        )

    def _idle(self, derived: Expected) -> bool:
        """Whether a fault that the expectation rests on has not struck: then nothing is judged by it."""
        struck = self.fixture.struck()
        resting = [fault for fault in derived.struck if not fault.leaves_no_trace]
        missed = [fault for fault in resting if not any(fault is each for each in struck)]
        self.missed.update((fault.describe(), None) for fault in missed)
        return bool(missed)

    @property
    def not_exercised(self) -> str:
        """Why the scenario judged nothing, or not all that it claims; empty where it did."""
        given, when = self.case.scenario.given, self.case.scenario.when
        armed = [*given.faults, *chain.from_iterable(step.faults for step in when if isinstance(step, ArmFaults))]
        missed = list(self.missed)
        if not missed and armed and not self.fixture.struck():
            missed = [fault.describe() for fault in armed]
        return f"no request of the client met {'; '.join(missed)}" if missed else ""

    def _observation(self) -> Observation:
        return Observation(
            self.population,
            self.rule,
            self.connection,
            self.fixture.snapshot(),
            Journal(self.fixture.journal()),
            tuple(self.earlier),
            normalises=self.case.configuration.normalises,
            own_words=self._own_words(),
            resynced=self.resynced,
            out_of_band=self.out_of_band.names,
        )

    def _own_words(self) -> frozenset[str]:
        """The words whose values are the client's own affair: all but the name, where it does not obey the mapping."""
        return frozenset() if self.client.offers("rules") else frozenset(self.rule.mapping) - {"userName"}


@contextmanager
def _blaming_the_client(step: str) -> Iterator[None]:
    try:
        yield
    except BrokenContract as error:
        raise ClientFailed(f"{step}: {error}", of_contract=True) from error
    except CallFailed as error:
        raise ClientFailed(f"{step}: {error}") from error
    except GaveUp:
        raise
    except Exception as error:
        # Any exception is a failure of the client; only BadRule is allowed.
        raise ClientFailed(f"{step}: {type(error).__name__}: {error}") from error
