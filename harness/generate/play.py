"""Plays a trial with a client, step by step, and judges every rest.

The rule to know: nothing is drawn here. An edit that means somebody who is not there is left out, so that any part of
a trial can be taken away and the rest still means what it meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from harness.adapters import Client, ClientMaker
from harness.generate.annals import Annals
from harness.generate.judging import judged
from harness.generate.ledger import Ledger
from harness.generate.trial import CALM, PROOF, Trial, edited
from harness.model import (
    Apply,
    ArmFaults,
    BadRule,
    ChangeRule,
    ClearFaults,
    Configure,
    Finding,
    Population,
    Resync,
)
from harness.model.turbulence import Crash, Meddle, TurbulentStep
from harness.oracle.course import Phase
from harness.run.checks import failed
from harness.stage import Scene, Tripped, Tripwire

SOURCE = "our ruling: whatever happens at the target, a step ends well or with a refusal of the rule"
RECOVERY = 3600.0
"""Seconds that pass until a target works again."""
PHASES: tuple[Phase, ...] = ("calm", "resynced", "repeated")
"""What each step of the proof shows."""


class Play:
    """A trial being played. `take` steps in any order that makes sense; `prove` ends it."""

    def __init__(self, trial: Trial, scene: Scene, make_client: ClientMaker, ledger: Ledger | None = None) -> None:
        """Raises UnusableTarget."""
        given = trial.given
        self.trial, self.scene, self.ledger = trial, scene, ledger or Ledger()
        self.population, self.rule = given.population, given.rule
        self.connection = trial.profile.connect(scene.base_url, scene.token, given.connection)
        self.annals = Annals(trial, scene, self.ledger)
        scene.set_flags(given.flags)
        scene.plant(given.accounts, given.groups)
        self.annals.planted(given.accounts, given.groups)
        self._arm(ArmFaults(given.faults))
        self._at_rest = False
        self._tripwire = Tripwire(scene.session)
        self.annals.connected(self.connection, self.rule)
        self._client: Client = make_client(self.connection, self.rule, self._tripwire, scene.clock)

    def run(self) -> Iterator[tuple[TurbulentStep, list[Finding]]]:
        """Take every step of the trial; tell what was found after each."""
        for step in self.trial.turbulence:
            yield step, self.take(step)
        yield from self.prove()

    @property
    def at_rest(self) -> bool:
        """Whether the client came to rest after the last step."""
        return self._at_rest

    def prove(self) -> Iterator[tuple[TurbulentStep, list[Finding]]]:
        """The calm, and what has to be shown in it."""
        for step in CALM:
            yield step, self.take(step)
        for step, phase in zip(PROOF, PHASES, strict=True):
            yield step, self.take(step, phase)
        self._client.close()

    def take(self, step: TurbulentStep, phase: Phase = "turbulence") -> list[Finding]:
        """Take a step; the findings of the rest after it, if the client came to rest. Raises UnusableTarget."""
        self._at_rest = False
        name = _name(step)
        self.ledger.steps[name] += name != "crash"
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

    def _disturbed(self, step: TurbulentStep) -> list[Finding]:
        match step:
            case ArmFaults():
                self._arm(step)
            case ClearFaults():
                self.scene.clear_faults()
                self.scene.clock.sleep(RECOVERY)  # what a target hides for a while is to be seen again
                self.annals.began += RECOVERY  # and no run is charged with that
            case Meddle(edits):
                for edit in edits:
                    if self.scene.meddle(edit):
                        self.ledger.edits[_name(edit)] += 1
                        self.annals.meddled(edit)
            case _:
                self.annals.restarted()
                return self._blaming("restart", self._client.restart)
        return []

    def _arm(self, step: ArmFaults) -> None:
        self.scene.arm(step.faults)
        self.annals.armed(step.faults)

    def _edited(self, edits: tuple[object, ...]) -> list[Finding]:
        for edit in edits:
            before = self.population
            self.population = edited(before, [edit])  # type: ignore[list-item]  # an edit of the source
            if self.population is not before:
                self.ledger.edits[_name(edit)] += 1
                self.annals.changed(before, self.population)
        return []

    def _configured(self) -> list[Finding]:
        self.annals.connected(self.connection, self.rule)
        return self._blaming("configure", lambda: self._client.configure(self.connection, self.rule))

    # runs

    def _crashed(self, requests: int, *, full: bool) -> list[Finding]:
        self._tripwire.set(requests)
        try:
            found = self._ask(full=full)
        except Tripped:
            self.ledger.steps["crash"] += 1
            self.annals.killed()
            crash = getattr(self._client, "crash", self._client.restart)
            return self._blaming("start", crash)
        finally:
            self._tripwire.set(None)
        self.ledger.steps["crash_too_late"] += 1
        return found or self._rested("turbulence", self.annals.most(self.population), full=full)

    def _synced(self, phase: Phase, *, full: bool = False) -> list[Finding]:
        most = self.annals.most(self.population)
        self._tripwire.set(most)
        try:
            found = self._ask(full=full)
        except Tripped:
            found = []  # the rest will show that it would not end
        finally:
            self._tripwire.set(None)
        return found or self._rested(phase, most, full=full)

    def _ask(self, *, full: bool) -> list[Finding]:
        self.annals.resynced = self.annals.resynced or full
        self.annals.running(self.population, self.rule)
        ask: Callable[[Population], None] = self._client.resync if full else self._client.apply
        return self._blaming("Full Resync" if full else "sync", lambda: ask(self.population))

    def _rested(self, phase: Phase, most: int, *, full: bool) -> list[Finding]:
        annals, self._at_rest = self.annals, True
        sight = annals.sight(self.population, self.rule, self.connection)
        recent = sight.journal.since(annals.configured)
        summary, orphans = self._client.summary(), self._client.orphans()
        ran_fully = full and self.rule.enabled
        evidence, clean = annals.rest(phase, sight, summary, orphans, most, ran_fully=ran_fully)
        return judged(evidence, recent, self.ledger, clean=clean)

    @staticmethod
    def _blaming(step: str, act: Callable[[], None]) -> list[Finding]:
        try:
            act()
        except BadRule as error:
            return [failed("does_not_refuse", f"{step}: {error}", SOURCE)]
        except Exception as error:
            # Whatever a client lets out is the client's.
            return [failed("client_does_not_fail", f"{step}: {type(error).__name__}: {error}", SOURCE)]
        return []


def _name(part: object) -> str:
    return re.sub(r"(?<=.)(?=[A-Z])", "_", type(part).__name__).lower()


def play(trial: Trial, scene: Scene, make_client: ClientMaker, ledger: Ledger | None = None) -> list[Finding]:
    """Play a trial to the end, or to the first step after which there are findings. Raises UnusableTarget."""
    for _, found in Play(trial, scene, make_client, ledger).run():
        if found:
            return found
    return []
