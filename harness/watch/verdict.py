"""Judges the requests and state of a target: by expectations, by the source if it is given, and by the linter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from provcheck.harness import checks
from provcheck.harness.checks import Checkpoint
from provcheck.harness.lint import LintFinding
from provcheck.harness.model import Connection, Counters, Finding, Population, Rule, SyncSummary
from provcheck.harness.oracle import Journal, Observation, Observed, observe
from provcheck.harness.watch.expect import Expectations
from provcheck.harness.watch.tally import tally


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on a target; `arrived` is the number of exchanges."""

    summary: SyncSummary
    note: str
    said: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    arrived: int = 0


def judged(
    entries: Sequence[Mapping[str, Any]],
    snapshot: Mapping[str, Sequence[Mapping[str, Any]]],
    connection: Connection,
    *,
    target: str,
    source: Population | None = None,
    normalises: frozenset[str] = frozenset(),
    expectations: Expectations | None = None,
) -> Judged:
    """Judge one target. With `source`, every counter is judged, and the checks of conduct and target state apply."""
    counted = tally(entries, snapshot, has_groups=connection.supports_groups)
    journal = Journal(sorted(entries, key=lambda each: int(each["seq"])))
    observation, summary, note = None, counted.summary, counted.note
    implied = Observed.exactly(summary)
    if source is not None:
        observation = Observation(source, Rule(), connection, snapshot, journal, normalises=normalises)
        implied = observe(observation)
        summary, note = _summary(implied), "judged against the source" + _open(implied)
    checkpoint = Checkpoint(
        phase="watch",
        observation=observation,
        recent=journal,
        expectation=expectations.after(target) if expectations else None,
        implied=implied,
        offers=lambda ability: False,
    )
    return Judged(summary, note, counted.told, tuple(checks.judge(checkpoint)), len(entries))


def _summary(seen: Observed) -> SyncSummary:
    users = Counters(**{name: value.low for name, value in seen.users.items()})
    groups = None if seen.groups is None else Counters(**{name: value.low for name, value in seen.groups.items()})
    return SyncSummary(users, groups)


def _open(seen: Observed) -> str:
    wide = [f"{section}.{name} {value}" for section, name, value in seen.counters() if value.low != value.high]
    return f"; two honest clients may differ here: {', '.join(wide)}" if wide else ""


def severe(found: Sequence[LintFinding], severities: Sequence[str]) -> list[Finding]:
    """Return the lint findings of these severities as findings of the run."""
    counted = [each for each in found if each.rule.severity in severities]
    return [
        replace(each.as_finding(), severity="fault" if each.rule.severity == "error" else "warning") for each in counted
    ]
