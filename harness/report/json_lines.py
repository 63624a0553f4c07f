"""The JSON lines report: one JSON object a line for each event, written at once.

The keys are the fields of the events in `harness/model/event.py`, with the event's name as `type`; steps and
expectations are told in words (`words`, `expected`) and by kind and value (`step`, `counters`). What is there stays;
keys may be added. The first line says which version of this schema it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any, TextIO

from provcheck.harness.model.event import CheckpointReached, Event, Expectation, RunStarted, StepTaken
from provcheck.harness.report.text import json_line

SCHEMA = 1
"""Version of the format: incremented when a key is removed or changes its meaning."""


class JsonLinesReport:
    """Writes events to a stream."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __call__(self, event: Event) -> None:
        """Write an event."""
        self._stream.write(json_line(as_data(event)) + "\n")
        self._stream.flush()

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()


def as_data(event: Event) -> dict[str, Any]:
    """An event as JSON-ready data; times are ISO 8601, in UTC."""
    schema = {"schema": SCHEMA} if isinstance(event, RunStarted) else {}
    values = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in _fields(event)}
    return {"type": _kind(event), **schema, **values}


def _fields(event: Event) -> Iterator[tuple[str, Any]]:
    match event:
        case StepTaken():
            yield from _named(event, "scenario", "profile", "number", "words")
            yield "step", _kind(event.step)
        case CheckpointReached():
            yield from _named(event, "scenario", "profile", "number", "expected")
            yield "seen", None if event.seen is None else asdict(event.seen)
            yield from _named(event, "note", "said", "refused", "warnings", "orphans", "told")
            yield "counters", _counters(event.expectation)
        case _:
            yield from asdict(event, dict_factory=_without_rank).items()


def _without_rank(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    """Leave out the rank of a finding: it orders findings within one version of the checks only."""
    return {name: value for name, value in fields if name != "rank"}


def _named(event: Event, *names: str) -> Iterator[tuple[str, Any]]:
    return ((name, getattr(event, name)) for name in names)


def _counters(expectation: Expectation | None) -> dict[str, list[int]]:
    """The accepted values of each counter, by its full name."""
    wanted = () if expectation is None else expectation.counters()
    return {f"{section}.{name}": sorted(accepted) for section, name, accepted in wanted}


def _kind(value: object) -> str:
    return re.sub(r"(?<=.)(?=[A-Z])", "_", type(value).__name__).lower()
