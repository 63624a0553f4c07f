"""Plays a scenario on the oracle's imagined target and shows each rest as the judges would see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from provcheck.harness.model import (
    Apply,
    ChangeRule,
    Configure,
    ExternalChanges,
    Resync,
    Scenario,
    Step,
    SyncSummary,
    TargetConfiguration,
)
from provcheck.harness.oracle import Case, Expected, Journal, Observation
from provcheck.harness.oracle.expected import READINGS, Course
from provcheck.harness.oracle.out_of_band import OutOfBand


@dataclass(frozen=True)
class Rest:
    """The imagined client came to rest after a step."""

    number: int
    step: Step
    summary: SyncSummary | None
    expected: Expected
    observation: Observation
    case: Case
    journal_here: Journal


def rests(scenario: Scenario, profile: TargetConfiguration, reading=READINGS[0]) -> Iterator[Rest]:
    """Every rest of a run; `journal_here` covers the time since the previous checkpoint."""
    course, earlier, resynced, configured, checked = Course(scenario, profile, reading), [], False, 0, 0
    out_of_band = OutOfBand()
    for number, (step, checkpoint) in enumerate(scenario.in_order, start=1):
        before = course.population
        if isinstance(step, Configure | ChangeRule):
            configured = len(course.imagined.journal)
        course.take(step)
        if isinstance(step, ExternalChanges):
            out_of_band.changed(step.changes)
        elif isinstance(step, Apply | Resync):
            out_of_band.ran(before, course.population, full=isinstance(step, Resync))
        if course.population is not before:
            earlier.append(before)
        resynced = resynced or isinstance(step, Resync)
        if not isinstance(step, Apply | Resync) and checkpoint is None:
            continue
        simulation, journal = course.simulation, Journal(course.imagined.journal)
        summary = SyncSummary(simulation.user_counters(), simulation.group_counters())
        summary = summary if simulation.rule.enabled else None
        observation = Observation(
            course.population,
            simulation.rule,
            simulation.connection,
            course.imagined.snapshot(),
            journal,
            tuple(earlier),
            resynced=resynced,
            out_of_band=out_of_band.names,
        )
        case = Case(summary, observation, journal.since(configured))
        yield Rest(number, step, summary, course.state(number), observation, case, journal.since(checked))
        if checkpoint is not None:
            checked = len(course.imagined.journal)
