"""Runs cases one after the other and sends events to listeners, such as reports; prints nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

from provcheck.harness import checks
from provcheck.harness.adapters import ClientMaker, GaveUp, ReferenceAdapter
from provcheck.harness.checks import Checkpoint, Failure
from provcheck.harness.contract import EVERYTHING, Description
from provcheck.harness.model import (
    CaseFinished,
    CaseStarted,
    CheckpointReached,
    Clock,
    Finding,
    RunFinished,
    RunStarted,
    StepTaken,
    SystemClock,
    Verdict,
)
from provcheck.harness.model.event import RequestsLinted
from provcheck.harness.model.excerpt import Excerpt
from provcheck.harness.model.listeners import Listener, Listeners
from provcheck.harness.oracle.evidence import evidence
from provcheck.harness.run.applicability import Skipped, fitted
from provcheck.harness.run.cases import Case
from provcheck.harness.run.runs_apart import runs_apart
from provcheck.harness.run.scenario_run import ClientFailed, ScenarioRun
from provcheck.harness.testbed import Testbed, UnusableTarget

Inspector = Callable[[str, Sequence[Mapping[str, Any]]], Sequence[Finding]]
"""Inspects the requests to a target, given its name and its journal."""


def run(
    cases: Sequence[Case],
    *,
    live: bool = False,
    listeners: Sequence[Listener] = (),
    make_client: ClientMaker = ReferenceAdapter,
    client: str = "the reference client",
    command: Sequence[str] = (),
    offers: Description = EVERYTHING,
    real_time: bool = False,
    clock: Clock | None = None,
    inspect: Inspector | None = None,
) -> RunFinished:
    """Run every case with a client (by default the reference client) that `offers` these capabilities.

    `command` is the command line for this client; reports print it, so that a case can be run again.
    `live` serves the targets on real sockets. `clock` measures the run; the cases have a virtual clock of their own.
    `real_time` is for a client that cannot share it: machine's clock, real sockets, short pauses.
    Findings of `inspect` (such as `Linter.warnings`) are reported but change no verdict: it sees the steps apart.
    """
    play = _Run(listeners, make_client, offers, clock or SystemClock(), real_time=real_time, inspect=inspect)
    return play.run(cases, client, tuple(command), live=live)


class _Run:
    def __init__(
        self,
        listeners: Sequence[Listener],
        make_client: ClientMaker,
        offers: Description,
        clock: Clock,
        *,
        real_time: bool,
        inspect: Inspector | None = None,
    ) -> None:
        self._tell, self._make_client, self._clock = Listeners(listeners), make_client, clock
        self._offers, self._real_time, self._inspect = offers, real_time, inspect
        self._counts: dict[Verdict, int] = dict.fromkeys(get_args(Verdict), 0)

    def run(self, cases: Sequence[Case], client: str, command: tuple[str, ...], *, live: bool) -> RunFinished:
        begun = self._clock.monotonic()
        self._tell(RunStarted(self._clock.now(), client, len(cases), command))
        targets = list(dict.fromkeys(case.configuration.target for case in cases))
        if targets:
            with Testbed(targets, live=live, real_time=self._real_time) as testbed:
                self._tell.redactor.learn(testbed.tokens)
                for case in cases:
                    self._case(case, testbed)
        counts = self._counts
        end = RunFinished(
            self._clock.now(),
            counts["holds"],
            counts["findings"],
            counts["skipped"],
            counts["error"],
            self._clock.monotonic() - begun,
            counts["not exercised"],
        )
        self._tell(end)
        return end

    def _case(self, case: Case, testbed: Testbed) -> None:
        names, begun = (case.scenario.name, case.configuration.id), self._clock.monotonic()
        scenario = case.scenario
        self._tell(CaseStarted(*names, scenario.title, scenario.level, str(scenario.source), scenario.claim))
        found: list[Finding] = []
        shown: tuple[Excerpt, ...] = ()
        verdict: Verdict = "holds"
        reason = ""
        lacking: tuple[str, ...] = ()
        try:
            found, shown, reason = self._play(fitted(case, self._offers, real_time=self._real_time), testbed)
            verdict = "findings" if found else "not exercised" if reason else "holds"
        except Skipped as error:
            verdict, reason, lacking = "skipped", str(error), error.lacking
        except GaveUp as error:
            verdict, reason = "skipped", str(error)
        except UnusableTarget as error:
            verdict, reason = "error", str(error)
        except Exception as error:
            # An error of the harness is no finding about the client, and must not end the whole run.
            verdict, reason = "error", f"{type(error).__name__}: {error}"
        self._counts[verdict] += 1
        seconds = self._clock.monotonic() - begun
        self._tell(CaseFinished(*names, verdict, tuple(found), reason, seconds, shown, lacking=lacking))

    def _play(self, case: Case, testbed: Testbed) -> tuple[list[Finding], tuple[Excerpt, ...], str]:
        """The findings with the exchanges that show them, or else why nothing was judged, if so."""
        found: list[Finding] = []
        fixture = testbed.fixture(case.configuration)
        play = ScenarioRun(case, fixture, self._make_client, self._offers)
        told = 0
        try:
            for checkpoint in play.checkpoints():
                self._steps(case, told, checkpoint.number)
                told = checkpoint.number
                found += checks.judge(checkpoint)
                self._checkpoint(case, checkpoint)
        except ClientFailed as error:
            failure = Failure(str(error), error.of_contract)
            found += checks.judge(Checkpoint(source=str(case.scenario.source), failure=failure))
        if self._inspect is not None:
            seen = self._inspect(case.configuration.target, runs_apart(fixture.journal(), play.ends))
            self._tell(RequestsLinted(case.scenario.name, case.configuration.id, tuple(seen)))
        found = list(dict.fromkeys(found))
        if found:
            return found, evidence(fixture.journal(), found), ""
        return [], (), play.not_exercised

    def _steps(self, case: Case, told: int, reached: int) -> None:
        for number in range(told + 1, reached + 1):
            step = case.scenario.when[number - 1]
            self._tell(StepTaken(case.scenario.name, case.configuration.id, number, step))

    def _checkpoint(self, case: Case, reached: Checkpoint) -> None:
        wanted = reached.expectation
        if wanted is not None:
            event = CheckpointReached(
                case.scenario.name,
                case.configuration.id,
                reached.number,
                reached.summary,
                wanted,
                reached.refused,
                reached.warnings,
                reached.orphans,
                note=wanted.note,
            )
            self._tell(event)
