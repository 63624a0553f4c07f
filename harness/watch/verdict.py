"""Judges what was seen at a target: against expectations, against the source if it is given, and by the linter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from provcheck.harness.lint import LintFinding
from provcheck.harness.model import Connection, Counters, Finding, Population, Rule, SyncSummary
from provcheck.harness.oracle import Case, Journal, Observation, Observed, Range, laws, observe
from provcheck.harness.watch.expect import Expectations
from provcheck.harness.watch.tally import tally

WIRE = "our reading of the counters; pingone, Viewing sync status"
CLAIM = "the sync summary that target and journal imply has the values expected"


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a target. `ranges` are there when the source is; `arrived` is how many exchanges there were."""

    summary: SyncSummary
    note: str
    said: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    arrived: int = 0
    ranges: Mapping[str, Range] | None = None


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
    """Judge one target. With `source`, every counter is judged, and the laws of requests and targets as well."""
    counted = tally(entries, snapshot, has_groups=connection.supports_groups)
    wanted = expectations.of(target) if expectations else {}
    if source is None:
        values = {name: Range(value, value) for name, value in counted.summary.flat().items()}
        found = _compared(wanted, values, entries)
        return Judged(counted.summary, counted.note, counted.told, tuple(found), len(entries))
    ordered = sorted(entries, key=lambda each: int(each["seq"]))
    observation = Observation(source, Rule(), connection, snapshot, Journal(ordered), normalises=normalises)
    seen = observe(observation)
    found = _compared(wanted, _flat(seen), entries) + laws.check(
        Case(None, observation, observation.journal, silent=True)
    )
    note = "judged against the source" + _open(seen)
    return Judged(_summary(seen), note, counted.told, tuple(found), len(entries), _flat(seen))


def _compared(
    wanted: Mapping[str, int], seen: Mapping[str, Range], entries: Sequence[Mapping[str, Any]]
) -> list[Finding]:
    found = []
    for name, value in wanted.items():
        have = seen.get(name)
        if have is None or value not in have:
            told = "no such section" if have is None else str(have)
            found.append(Finding("counter_as_expected", CLAIM, name, str(value), told, WIRE, _showing(name, entries)))
    return found


def _showing(name: str, entries: Sequence[Mapping[str, Any]]) -> tuple[int, ...]:
    """The exchanges that say most about a counter: failed ones about that kind of entity."""
    kind = name.partition(".")[0].rstrip("s")
    bad = (each for each in entries if not isinstance(each.get("status"), int) or each["status"] >= 400)
    return tuple(int(each["seq"]) for each in bad if str(each.get("operation")).startswith(kind))[:10]


def _flat(seen: Observed) -> dict[str, Range]:
    flat = {f"users.{name}": value for name, value in seen.users.items()}
    return flat | {f"groups.{name}": value for name, value in (seen.groups or {}).items()}


def _summary(seen: Observed) -> SyncSummary:
    users = Counters(**{name: value.low for name, value in seen.users.items()})
    groups = None if seen.groups is None else Counters(**{name: value.low for name, value in seen.groups.items()})
    return SyncSummary(users, groups)


def _open(seen: Observed) -> str:
    wide = [f"{name} {value}" for name, value in _flat(seen).items() if value.low != value.high]
    return f"; two honest clients may differ here: {', '.join(wide)}" if wide else ""


def severe(found: Sequence[LintFinding], severities: Sequence[str]) -> list[Finding]:
    """Lint findings of these severities, as findings that count; what the linter calls an error is no warning then."""
    counted = [each for each in found if each.rule.severity in severities]
    return [
        replace(each.as_finding(), severity="fault" if each.rule.severity == "error" else "warning") for each in counted
    ]
