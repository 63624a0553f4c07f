"""Runs a trial with a client, step by step, and judges every checkpoint.

An edit of an unknown user or group is skipped, so that any part of a trial can be left out without changing what the
other parts do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from provcheck.harness import checks
from provcheck.harness.adapters import Client, ClientMaker
from provcheck.harness.checks import Checkpoint, Failure, Phase
from provcheck.harness.generate.coverage import Coverage
from provcheck.harness.generate.history_recorder import HistoryRecorder
from provcheck.harness.generate.trial import CONVERGENCE, RECOVERY, Trial, edited
from provcheck.harness.generate.verdict import judged
from provcheck.harness.model import (
    Apply,
    ArmFaults,
    BadRule,
    ChangeRule,
    ClearFaults,
    Configure,
    ExternalChanges,
    Finding,
    Population,
    Resync,
)
from provcheck.harness.model.disruption import Crash, GeneratedStep
from provcheck.harness.testbed import CrashAfter, Crashed, TargetFixture

SOURCE = "our ruling: whatever happens at the target, a step ends well or with a refusal of the rule"
WORKS_AGAIN_AFTER = 3600.0
"""Seconds by which the clock advances in a recovery, so that every replication lag has passed."""
PHASES: tuple[Phase, ...] = ("recovery", "convergence", "repeated")
"""The phase of the checkpoint after each step of CONVERGENCE."""


class Play:
    """A run of a trial. `take` takes one step; `converge` takes those of recovery and convergence, and ends the run."""

    def __init__(
        self, trial: Trial, fixture: TargetFixture, make_client: ClientMaker, coverage: Coverage | None = None
    ) -> None:
        """Raises UnusableTarget."""
        given = trial.given
        self.trial, self.fixture, self.coverage = trial, fixture, coverage or Coverage()
        self.population, self.rule = given.population, given.rule
        self.connection = trial.configuration.connect(
            fixture.base_url, fixture.token, given.connection, fixture.oauth_client
        )
        self.recorder = HistoryRecorder(trial, fixture, self.coverage)
        fixture.set_flags(given.flags)
        fixture.seed(given.accounts, given.groups)
        self.recorder.seeded(given.accounts, given.groups)
        self._arm(ArmFaults(given.faults))
        self._at_checkpoint = False
        self._crash_after = CrashAfter(fixture.session)
        self.recorder.connected(self.connection, self.rule)
        self._client: Client = make_client(self.connection, self.rule, self._crash_after, fixture.clock)

    def run(self) -> Iterator[tuple[GeneratedStep, list[Finding]]]:
        """Take every step of the trial; yield each with its findings."""
        for step in self.trial.disruption:
            yield step, self.take(step)
        yield from self.converge()

    @property
    def at_checkpoint(self) -> bool:
        """Whether a run of the client ended with the last step."""
        return self._at_checkpoint

    def converge(self) -> Iterator[tuple[GeneratedStep, list[Finding]]]:
        """Take the steps of recovery and convergence; yield each with its findings."""
        for step in RECOVERY:
            yield step, self.take(step)
        for step, phase in zip(CONVERGENCE, PHASES, strict=True):
            yield step, self.take(step, phase)
        self._client.close()

    def take(self, step: GeneratedStep, phase: Phase = "disruption") -> list[Finding]:
        """Take a step; return the findings of its checkpoint, if it has one. Raises UnusableTarget."""
        self._at_checkpoint = False
        name = _name(step)
        self.coverage.steps[name] += name != "crash"
        match step:
            case Apply(edits):
                return self._edited(edits) or self._synced(phase)
            case Resync():
                return self._synced(phase, full=True)
            case ChangeRule(changes):
                self.rule = replace(self.rule, **changes)
                return self._configured() or self._synced(phase)
            case Configure(changes):
                self.connection = replace(self.connection, **changes)
                return self._configured()
            case Crash(requests, edits):
                return self._edited(edits) or self._crashed(requests, full=step.resync)
            case _:
                return self._disturbed(step)

    def _disturbed(self, step: GeneratedStep) -> list[Finding]:
        match step:
            case ArmFaults():
                self._arm(step)
            case ClearFaults():
                self.fixture.clear_faults()
                self.fixture.clock.sleep(WORKS_AGAIN_AFTER)  # whatever a replication lag hides is visible again
                self.recorder.began += WORKS_AGAIN_AFTER  # not counted as time of a run
            case ExternalChanges(changes):
                for change in changes:
                    if self.fixture.make_external_change(change):
                        self.coverage.edits[_name(change)] += 1
                        self.recorder.externally_changed(change)
            case _:
                self.recorder.restarted()
                return self._blaming("restart", self._client.restart)
        return []

    def _arm(self, step: ArmFaults) -> None:
        self.fixture.arm(step.faults)
        self.recorder.armed(step.faults)

    def _edited(self, edits: tuple[object, ...]) -> list[Finding]:
        for edit in edits:
            before = self.population
            self.population = edited(before, [edit])  # type: ignore[list-item]  # an edit of the source
            if self.population is not before:
                self.coverage.edits[_name(edit)] += 1
                self.recorder.changed(before, self.population)
        return []

    def _configured(self) -> list[Finding]:
        self.recorder.connected(self.connection, self.rule)
        return self._blaming("configure", lambda: self._client.configure(self.connection, self.rule))

    # runs

    def _crashed(self, requests: int, *, full: bool) -> list[Finding]:
        self._crash_after.set(requests)
        try:
            found = self._ask(full=full)
        except Crashed:
            self.coverage.steps["crash"] += 1
            self.recorder.killed()
            crash = getattr(self._client, "crash", self._client.restart)
            return self._blaming("start", crash)
        finally:
            self._crash_after.set(None)
        self.coverage.steps["crash_too_late"] += 1
        return found or self._checkpoint("disruption", self.recorder.most(self.population), full=full)

    def _synced(self, phase: Phase, *, full: bool = False) -> list[Finding]:
        most = self.recorder.most(self.population)
        self._crash_after.set(most)
        try:
            found = self._ask(full=full)
        except Crashed:
            found = []  # the checkpoint reports the number of requests
        finally:
            self._crash_after.set(None)
        return found or self._checkpoint(phase, most, full=full)

    def _ask(self, *, full: bool) -> list[Finding]:
        self.recorder.resynced = self.recorder.resynced or full
        self.recorder.running(self.population, self.rule)
        ask: Callable[[Population], None] = self._client.resync if full else self._client.apply
        return self._blaming("Full Resync" if full else "sync", lambda: ask(self.population))

    def _checkpoint(self, phase: Phase, most: int, *, full: bool) -> list[Finding]:
        recorder, self._at_checkpoint = self.recorder, True
        observation = recorder.observation(self.population, self.rule, self.connection)
        recent = observation.journal.since(recorder.configured)
        summary, orphans = self._client.summary(), self._client.orphans()
        ran_fully = full and self.rule.enabled
        evidence, decided = recorder.checkpoint(observation, summary, orphans, most, ran_fully=ran_fully)
        # A client that matches by name may create a second account for a user whose account it created right before it
        # was killed; where emails are unique it cannot. Recovery and convergence then have no defined outcome.
        checkpoint = Checkpoint(
            phase="disruption" if evidence.history.adrift else phase,
            source=SOURCE,
            summary=summary,
            observation=observation,
            recent=recent,
            lately=evidence.lately,
            evidence=evidence,
            orphans=orphans,
            decided=decided,
        )
        return judged(checkpoint, evidence, self.coverage)

    @staticmethod
    def _blaming(step: str, act: Callable[[], None]) -> list[Finding]:
        try:
            act()
        except BadRule as error:
            return checks.judge(Checkpoint(phase="disruption", source=SOURCE, refused=f"{step}: {error}"))
        except Exception as error:
            # Whatever a client raises is a failure of the client.
            failure = Failure(f"{step}: {type(error).__name__}: {error}")
            return checks.judge(Checkpoint(phase="disruption", source=SOURCE, failure=failure))
        return []


def _name(part: object) -> str:
    return re.sub(r"(?<=.)(?=[A-Z])", "_", type(part).__name__).lower()


def play(
    trial: Trial, fixture: TargetFixture, make_client: ClientMaker, coverage: Coverage | None = None
) -> list[Finding]:
    """Run a trial to its end, or to the first step with findings, and return these. Raises UnusableTarget."""
    for _, found in Play(trial, fixture, make_client, coverage).run():
        if found:
            return found
    return []
