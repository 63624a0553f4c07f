"""Reads a JSON lines report back into the events of its run, from which any report can be made.

Steps and expectations come back as the words and values that were written; the rank of a finding is not in a report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from provcheck.harness.model.event import (
    CaseFinished,
    CaseStarted,
    CheckpointReached,
    Event,
    RequestsLinted,
    RunFinished,
    RunStarted,
    StepTaken,
)
from provcheck.harness.model.reading import read
from provcheck.harness.model.summary import Section, SyncSummary
from provcheck.harness.model.text_file import NotJson, parse_json, read_text
from provcheck.harness.report.json_lines import SCHEMA


class BadRun(ValueError):
    """The file is no JSON lines report; the message is one line."""


@dataclass(frozen=True, slots=True)
class RecordedStep:
    """A step, in the words of the report."""

    words: str

    def describe(self) -> str:
        """The step in words."""
        return self.words


@dataclass(frozen=True, slots=True)
class RecordedExpectation:
    """An expectation, in the words and values of the report."""

    expected: tuple[str, ...]
    accepted: Mapping[str, frozenset[int]]

    def describe(self) -> list[str]:
        """The expectation in words, one a line."""
        return list(self.expected)

    def headline(self) -> str:
        """The first line of it."""
        return next(iter(self.expected), "")

    def counters(self) -> Iterator[tuple[Section, str, frozenset[int]]]:
        """Every counter that is asserted: section, name, and the values that are accepted."""
        for full, values in self.accepted.items():
            section, _, name = full.partition(".")
            yield "groups" if section == "groups" else "users", name, values


@dataclass(frozen=True, slots=True)
class _Step:
    scenario: str
    profile: str
    number: int
    words: str

    def event(self) -> StepTaken:
        return StepTaken(self.scenario, self.profile, self.number, RecordedStep(self.words))


@dataclass(frozen=True, slots=True)
class _Checkpoint:
    scenario: str
    profile: str
    number: int
    seen: SyncSummary | None
    expected: tuple[str, ...] = ()
    counters: Mapping[str, frozenset[int]] = field(default_factory=dict)
    refused: str | None = None
    warnings: tuple[str, ...] = ()
    orphans: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    note: str = ""

    def event(self) -> CheckpointReached:
        wanted = RecordedExpectation(self.expected, self.counters)
        said = (self.refused, self.warnings, self.orphans, self.told, self.note)
        return CheckpointReached(self.scenario, self.profile, self.number, self.seen, wanted, *said)


_KINDS: Mapping[str, type] = MappingProxyType(
    {
        "run_started": RunStarted,
        "case_started": CaseStarted,
        "step_taken": _Step,
        "checkpoint_reached": _Checkpoint,
        "requests_linted": RequestsLinted,
        "case_finished": CaseFinished,
        "run_finished": RunFinished,
    }
)


def events(file: str | Path) -> list[Event]:
    """The events in a report, in their order. Raises BadRun, also when the file cannot be opened."""
    path = Path(file)
    text = read_text(path, BadRun)
    found = [_event(line, f"{path}, line {number}") for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not found or not isinstance(found[0], RunStarted):
        raise BadRun(f"{path}: not a report of --report jsonl=FILE, which begins with run_started")
    return found


def _event(line: str, where: str) -> Event:
    try:
        data = parse_json(line)
    except NotJson as error:
        raise BadRun(f"{where}: {error}") from None
    kind = _KINDS.get(str(data.get("type"))) if isinstance(data, dict) else None
    if kind is None:
        raise BadRun(f"{where}: not an event of a run")
    if data.get("schema", SCHEMA) != SCHEMA:
        raise BadRun(f"{where}: schema {data['schema']} of the report, and this version reads schema {SCHEMA}")
    values: dict[str, Any] = {name: value for name, value in data.items() if name != "type"}
    found: Any = read(kind, values, where, error=BadRun, ignore_unknown=True)
    event: Event = found.event() if isinstance(found, _Step | _Checkpoint) else found
    return event
