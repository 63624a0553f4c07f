"""What a run tells its listeners while it goes on. Reports are made from these events and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from provcheck.harness.model.excerpt import Excerpt
from provcheck.harness.model.finding import Finding
from provcheck.harness.model.summary import SyncSummary

Verdict = Literal["holds", "findings", "skipped", "error"]


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run begins; `cases` is how many pairs of scenario and profile it has.

    `command` is the command that drives the same client in the same way, without what chooses cases; empty where no
    command does.
    """

    at: datetime
    client: str
    cases: int
    command: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseStarted:
    """A scenario begins on a profile. What is given stands in a few words in `title`; `source` is that of `claim`."""

    scenario: str
    profile: str
    title: str = ""
    level: str = ""
    source: str = ""
    claim: str = ""


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step was taken; numbers begin at 1."""

    scenario: str
    profile: str
    number: int
    words: str


@dataclass(frozen=True, slots=True)
class CheckpointReached:
    """The client came to rest after a step: what was expected, in words, and the summary it showed (None: hidden).

    `said` is what else the client said, in words: that it refused the step and why, its warnings, its orphans.
    """

    scenario: str
    profile: str
    number: int
    expected: tuple[str, ...]
    seen: SyncSummary | None
    note: str = ""
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestsLinted:
    """The requests of a case were looked at one by one. What was found there warns, and decides no verdict."""

    scenario: str
    profile: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseFinished:
    """A scenario ended on a profile. `reason` says why it was skipped or which error of ours ended it.

    `exchanges` are those that show the findings, with some that stand beside them; there are none without a finding.
    `again` is the command that plays it again, where its names alone do not make one.
    """

    scenario: str
    profile: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    seconds: float = 0.0
    exchanges: tuple[Excerpt, ...] = ()
    again: str = ""


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The run is over; counts of cases by verdict."""

    at: datetime
    holds: int
    findings: int
    skipped: int
    errors: int
    seconds: float


Event = RunStarted | CaseStarted | StepTaken | CheckpointReached | RequestsLinted | CaseFinished | RunFinished
