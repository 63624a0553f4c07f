"""Plays a scenario on the oracle's imagined target and shows each checkpoint as the checks see it."""

from __future__ import annotations

from collections.abc import Iterator

from provcheck.harness.checks import Checkpoint
from provcheck.harness.model import (
    Apply,
    ChangeRule,
    Configure,
    ExternalChanges,
    Resync,
    Scenario,
    SyncSummary,
    TargetConfiguration,
)
from provcheck.harness.oracle import Journal, Observation
from provcheck.harness.oracle.expected import READINGS, ImaginedRun, expected
from provcheck.harness.oracle.out_of_band import OutOfBand


def checkpoints(
    scenario: Scenario, configuration: TargetConfiguration, reading=READINGS[0], derived=()
) -> Iterator[Checkpoint]:
    """Every checkpoint of a run with a client that says nothing beside its summary; `derived` is what is expected."""
    run, derived = ImaginedRun(scenario, configuration, reading), derived or expected(scenario, configuration)
    earlier, resynced, configured, checked, out_of_band = [], False, 0, 0, OutOfBand()
    for number, (step, expectation) in enumerate(scenario.in_order, start=1):
        before = run.population
        if isinstance(step, Configure | ChangeRule):
            configured = len(run.imagined.journal)
        run.take(step)
        if isinstance(step, ExternalChanges):
            out_of_band.changed(step.changes)
        elif isinstance(step, Apply | Resync):
            out_of_band.ran(before, run.population, full=isinstance(step, Resync))
        if run.population is not before:
            earlier.append(before)
        resynced = resynced or isinstance(step, Resync)
        if not isinstance(step, Apply | Resync) and expectation is None:
            continue
        simulation, journal, state = run.simulation, Journal(run.imagined.journal), derived[number - 1]
        summary = SyncSummary(simulation.user_counters(), simulation.group_counters())
        observation = Observation(
            run.population,
            simulation.rule,
            simulation.connection,
            run.imagined.snapshot(),
            journal,
            tuple(earlier),
            resynced=resynced,
            out_of_band=out_of_band.names,
        )
        yield Checkpoint(
            phase="refusal" if state.refused or state.halted else "scenario",
            number=number,
            summary=summary if simulation.rule.enabled else None,
            observation=observation,
            recent=journal.since(configured),
            here=journal.since(checked),
            expectation=expectation,
            derived=state,
            refused=run.refused,
            offers=lambda capability: capability == "summary",
        )
        if expectation is not None:
            checked = len(run.imagined.journal)
