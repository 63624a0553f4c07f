"""What a run reports to its listeners while it runs. Reports are made from these events and from nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from provcheck.harness.model.excerpt import Excerpt
from provcheck.harness.model.finding import Finding
from provcheck.harness.model.summary import Section, SyncSummary

Verdict = Literal["holds", "findings", "not exercised", "skipped", "error"]
"""`not exercised`: no request of the client met what the scenario rests on, so it judged nothing by that."""


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run begins; `cases` is how many pairs of scenario and target configuration it has.

    `command` is the command that drives the same client in the same way, without what chooses cases; empty where no
    command does.
    """

    at: datetime
    client: str
    cases: int
    command: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseStarted:
    """A scenario begins on a target configuration. `title` is a short description; `source` is that of `claim`."""

    scenario: str
    profile: str
    title: str = ""
    level: str = ""
    source: str = ""
    claim: str = ""


class Describable(Protocol):
    """A step, of a named scenario or of a generated one."""

    def describe(self) -> str:
        """The step in words."""


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step was taken; numbers begin at 1."""

    scenario: str
    profile: str
    number: int
    step: Describable

    @property
    def words(self) -> str:
        """The step in words."""
        return self.step.describe()


class Expectation(Protocol):
    """What was expected after a step; of a run that is read from a report, in its words."""

    def describe(self) -> list[str]:
        """The expectations in words, one a line."""

    def headline(self) -> str:
        """The one that says most where no counter is asserted; empty where there is none."""

    def counters(self) -> Iterable[tuple[Section, str, frozenset[int]]]:
        """Every counter that is asserted: section, name, and the values that are accepted."""


@dataclass(frozen=True, slots=True)
class CheckpointReached:
    """A run ended after a step: the summary that the client showed (None: hidden), and what was expected, if anything.

    `refused` is the error with which the client refused the step, `warnings` and `orphans` (source ids) are what it
    told beside its summary. `told` is what the journal of a watched target tells, in words. `note` says where a choice
    was left open.
    """

    scenario: str
    profile: str
    number: int
    seen: SyncSummary | None
    expectation: Expectation | None = None
    refused: str | None = None
    warnings: tuple[str, ...] = ()
    orphans: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    note: str = ""

    @property
    def expected(self) -> tuple[str, ...]:
        """What was expected, in words, one expectation each."""
        return () if self.expectation is None else tuple(self.expectation.describe())

    @property
    def said(self) -> tuple[str, ...]:
        """What was said beside the summary, in words."""
        refused = () if not self.refused else (f"refused: {self.refused}",)
        orphans = (f"orphans: {', '.join(self.orphans)}",) if self.orphans else ()
        return (*refused, *(f"warning: {warning}" for warning in self.warnings), *orphans, *self.told)


@dataclass(frozen=True, slots=True)
class RequestsLinted:
    """The requests of a case were looked at one by one. What was found there warns, and decides no verdict."""

    scenario: str
    profile: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseFinished:
    """A scenario ended on a target configuration.

    `reason` says why it was skipped or not exercised, or which error of ours ended it.

    `exchanges` are those that show the findings, with some of their neighbours; there are none without a finding.
    `again` is the command that plays it again, where its names alone do not make one. `lacking` are the capabilities of
    the client for want of which it was skipped.
    """

    scenario: str
    profile: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    seconds: float = 0.0
    exchanges: tuple[Excerpt, ...] = ()
    again: str = ""
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The run is over; counts of cases by verdict."""

    at: datetime
    holds: int
    findings: int
    skipped: int
    errors: int
    seconds: float
    not_exercised: int = 0


Event = RunStarted | CaseStarted | StepTaken | CheckpointReached | RequestsLinted | CaseFinished | RunFinished
