"""Runs trials one after the other, shrinks those that fail, and sends events to listeners.

The events of a failing trial describe the shrunk one, which is also written to a file; the command that runs it again
names that file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from provcheck.harness import vendors
from provcheck.harness.adapters import ClientMaker, ReferenceAdapter
from provcheck.harness.generate.coverage import Coverage
from provcheck.harness.generate.generator import draw
from provcheck.harness.generate.play import Play, play
from provcheck.harness.generate.scenario_file import write
from provcheck.harness.generate.shrink import shrink
from provcheck.harness.generate.trial import Trial
from provcheck.harness.model import (
    CaseFinished,
    CaseStarted,
    CheckpointReached,
    Clock,
    Event,
    Finding,
    RunFinished,
    RunStarted,
    StepTaken,
    SystemClock,
    Verdict,
)
from provcheck.harness.model.capability import USUAL
from provcheck.harness.model.listeners import Listener, Listeners
from provcheck.harness.oracle.evidence import evidence
from provcheck.harness.report.text import command_line
from provcheck.harness.run import UnknownTarget
from provcheck.harness.testbed import Testbed, UnusableTarget

CLAIM = "whatever happens to source and target, in the end all is in line again, nothing is doubled, nothing is lost"
SOURCE = "our ruling: the checks of generated scenarios"
ASSUMED = frozenset({"create", "update", "disable", *USUAL})
"""Capabilities that every trial counts on, whatever is drawn."""
LONGEST_SHRINK = 20.0
"""Seconds that shrinking one failing trial may take."""
LONGEST_NAME = 150
"""Characters of the name of a scenario file; the end of it, which numbers the trials, is kept."""
_NOT_IN_NAMES = re.compile(r"[^\w.-]")
SHRUNK = 5
"""How many failing trials of one run are shrunk; the others are written as they were drawn."""


def trials(count: int, *, seed: str = "0", targets: Sequence[str] = ()) -> Iterator[Trial]:
    """Draw `count` trials from a seed, on target configurations (shell patterns) in turn. Raises UnknownTarget.

    Configurations that lack what trials assume are left out.
    """
    chosen = {each.id: each for target in targets or ("*",) for each in vendors.configurations(target)}
    for target in targets:
        if not vendors.configurations(target):
            known = ", ".join(each.id for each in vendors.configurations())
            raise UnknownTarget(f"there is no target {target!r}; there are {known}")
    each = [configuration for configuration in chosen.values() if not configuration.lacks(ASSUMED)]
    if not each:
        lacking = ", ".join(sorted(frozenset().union(*(one.lacks(ASSUMED) for one in chosen.values()))))
        raise UnknownTarget(f"generated scenarios assume what {', '.join(chosen)} lacks: {lacking}")
    return (
        draw(f"{seed}/{number}", each[(number - 1) % len(each)], name=f"generated-{seed}-{number}")
        for number in range(1, count + 1)
    )


def run_trials(
    chosen: Sequence[Trial],
    *,
    listeners: Sequence[Listener] = (),
    make_client: ClientMaker = ReferenceAdapter,
    client: str = "the reference client",
    keep: Path | None = None,
    clock: Clock | None = None,
    coverage: Coverage | None = None,
) -> RunFinished:
    """Run and judge trials. With `keep`, failing ones are shrunk and written to that directory.

    `clock` measures the run and limits the shrinking; the trials have a virtual clock of their own.
    """
    run = _Run(listeners, make_client, clock or SystemClock(), keep, coverage or Coverage())
    return run.all(chosen, client)


@dataclass(slots=True)
class _Played:
    """The events, findings and journal of a trial that was run."""

    events: list[Event] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    journal: list[dict[str, object]] = field(default_factory=list)


class _Run:
    def __init__(
        self,
        listeners: Sequence[Listener],
        make_client: ClientMaker,
        clock: Clock,
        keep: Path | None,
        coverage: Coverage,
    ) -> None:
        self._tell, self._make_client, self._clock = Listeners(listeners), make_client, clock
        self._keep, self._coverage = keep, coverage
        self._counts: dict[Verdict, int] = {"holds": 0, "findings": 0, "skipped": 0, "error": 0}

    def all(self, chosen: Sequence[Trial], client: str) -> RunFinished:
        begun = self._clock.monotonic()
        self._tell(RunStarted(self._clock.now(), client, len(chosen)))
        targets = list(dict.fromkeys(trial.configuration.target for trial in chosen))
        if targets:
            with Testbed(targets) as testbed:
                self._tell.redactor.learn(testbed.tokens)
                for trial in chosen:
                    self._one(trial, testbed)
        counts = self._counts
        seconds = self._clock.monotonic() - begun
        end = RunFinished(
            self._clock.now(), counts["holds"], counts["findings"], counts["skipped"], counts["error"], seconds
        )
        self._tell(end)
        return end

    def _one(self, trial: Trial, testbed: Testbed) -> None:
        begun = self._clock.monotonic()
        title = f"generated from seed {trial.seed}" if trial.seed else "a scenario from a file"
        self._tell(CaseStarted(trial.name, trial.configuration.id, title, "derived", SOURCE, CLAIM))
        verdict: Verdict = "holds"
        played, reason, again = _Played(), "", ""
        try:
            played = self._play(trial, testbed, self._coverage)
            if played.findings:
                verdict = "findings"
                played, again = self._small(trial, played, testbed)
        except UnusableTarget as error:
            verdict, reason = "error", str(error)
        except Exception as error:
            # An error of the harness is no finding about the client, and must not end the whole run.
            verdict, reason = "error", f"{type(error).__name__}: {error}"
        for event in played.events:
            self._tell(event)
        self._counts[verdict] += 1
        shown = evidence(played.journal, played.findings) if played.findings else ()
        names, seconds = (trial.name, trial.configuration.id), self._clock.monotonic() - begun
        self._tell(CaseFinished(*names, verdict, tuple(played.findings), reason, seconds, shown, again))

    def _play(self, trial: Trial, testbed: Testbed, coverage: Coverage) -> _Played:
        names, fixture = (trial.name, trial.configuration.id), testbed.rewound(trial.configuration)
        running, played = Play(trial, fixture, self._make_client, coverage), _Played()
        for number, (step, found) in enumerate(running.run(), start=1):
            played.events.append(StepTaken(*names, number, step))
            if running.at_checkpoint:
                played.events.append(CheckpointReached(*names, number, running.recorder.summary))
            if found:
                played.findings, played.journal = found, list(fixture.journal())
                break
        return played

    def _small(self, trial: Trial, played: _Played, testbed: Testbed) -> tuple[_Played, str]:
        """Shrink a failing trial and write it; return its run, and the command that runs it again."""
        if self._keep is None or trial.file:
            return played, _again(trial.file) if trial.file else ""
        kinds = {_kind(finding) for finding in played.findings}
        small = trial
        if self._counts["findings"] < SHRUNK:
            end = self._clock.monotonic() + LONGEST_SHRINK
            small = shrink(trial, self._failing(kinds, testbed), enough=lambda: self._clock.monotonic() > end)
            played = self._play(small, testbed, Coverage())
        file = self._keep / f"{_NOT_IN_NAMES.sub('-', trial.name)[-LONGEST_NAME:]}.json"
        try:
            self._keep.mkdir(parents=True, exist_ok=True)
            file.write_text(write(replace(small, seed="")), encoding="utf-8")
        except OSError:
            return played, ""  # a directory that cannot be written to makes a finding no error of ours
        return played, _again(str(file))

    def _failing(self, kinds: set[str], testbed: Testbed) -> Callable[[Trial], bool]:
        def fails(trial: Trial) -> bool:
            try:
                found = play(trial, testbed.rewound(trial.configuration), self._make_client)
            except UnusableTarget:
                return False
            return bool(kinds & {_kind(finding) for finding in found})

        return fails


def _kind(finding: Finding) -> str:
    """The kind of failure without ids and numbers: a shrunk trial must fail as the large one did."""
    return f"{finding.check}: {re.sub(r'[0-9]+', 'N', finding.expected)}"


def _again(file: str) -> str:
    return command_line(["provcheck", "check", "--scenario-file", file])
