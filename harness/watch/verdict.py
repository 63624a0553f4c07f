"""Judges the requests and state of a target: by expectations, by the source if it is given, and by the linter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from provcheck.harness import checks
from provcheck.harness.checks import Checkpoint
from provcheck.harness.lint import LintFinding
from provcheck.harness.model import COUNTERS, Connection, Counters, Finding, Population, Rule, SyncSummary
from provcheck.harness.model.summary import Section
from provcheck.harness.oracle import Journal, Observation, Observed, observe, states
from provcheck.harness.oracle.journal import operations_apart
from provcheck.harness.watch.asked import read_json, texts
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
        if not any(user.external_id not in (None, "", user.id) for user in source.users):
            normalises = normalises | {"externalId"}  # then it is the client's own, and not known
        observation = Observation(
            source, Rule(), connection, snapshot, journal, normalises=normalises, sent=values_sent(entries)
        )
        implied = observe(observation)
        summary, note = likeliest(observation), "judged against the source" + _open(implied)
    checkpoint = Checkpoint(
        phase="watch",
        observation=observation,
        recent=journal,
        expectation=expectations.after(target) if expectations else None,
        implied=implied,
        troubles=counted.troubles,
        offers=lambda capability: False,
    )
    return Judged(summary, note, counted.told, tuple(checks.judge(checkpoint)), len(entries))


def values_sent(entries: Iterable[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """Account id, folded -> the values in what was created and patched; a PUT also sends back what was there before."""
    found: dict[str, set[str]] = {}
    for entry in (operation for each in entries for operation in operations_apart(each)):
        acts = [
            act for act in entry.get("intents") or () if act.get("id") and str(act["operation"]).startswith("user.")
        ]
        if entry.get("method") in ("POST", "PATCH") and acts and acts[0].get("applied"):
            body = read_json((entry.get("request") or {}).get("body"))
            found.setdefault(str(acts[0]["id"]).casefold(), set()).update(texts(body))
    return {id: frozenset(values) for id, values in found.items()}


def likeliest(observation: Observation) -> SyncSummary:
    """One summary in which every entity has one state; Failed where an error leaves it open."""
    found: dict[Section, dict[str, int]] = {name: dict.fromkeys(COUNTERS, 0) for name in ("users", "groups")}
    for section, part in states(observation):
        sure = [name for name, amount in part.items() if amount.low]
        # After an error, an account that equals the source is as good as synced.
        order = ("success",) if part.keys() == {"failed", "success"} else ("failed", "success", "partially_synced")
        for name in ("impacted", *(sure or [next(name for name in order if name in part)])):
            found[section][name] += 1
    has_groups = observation.connection.supports_groups
    return SyncSummary(Counters(**found["users"]), Counters(**found["groups"]) if has_groups else None)


def _open(seen: Observed) -> str:
    wide = [f"{section}.{name} {value}" for section, name, value in seen.counters() if value.low != value.high]
    return f"; two honest clients may differ here: {', '.join(wide)}" if wide else ""


def severe(found: Sequence[LintFinding], severities: Sequence[str]) -> list[Finding]:
    """Return the lint findings of these severities as findings of the run."""
    counted = [each for each in found if each.rule.severity in severities]
    return [
        replace(each.as_finding(), severity="fault" if each.rule.severity == "error" else "warning") for each in counted
    ]
