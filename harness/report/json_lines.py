"""The report for programs: one JSON object a line for each event, the moment it happens.

The keys are the fields of the events in `harness/model/event.py`, with the event's name as `type`. What is there stays;
keys may be added. The first line says which version of this schema it is.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import datetime
from typing import Any, TextIO

from provcheck.harness.model.event import Event, RunStarted

SCHEMA = 1
"""Counts up when a key is taken away or changes its meaning."""


class JsonLinesReport:
    """Writes events to a stream."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __call__(self, event: Event) -> None:
        """Write an event."""
        self._stream.write(json.dumps(as_data(event)) + "\n")
        self._stream.flush()

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()


def as_data(event: Event) -> dict[str, Any]:
    """An event as JSON-ready data; times are ISO 8601, in UTC."""
    kind = re.sub(r"(?<=.)(?=[A-Z])", "_", type(event).__name__).lower()
    schema = {"schema": SCHEMA} if isinstance(event, RunStarted) else {}
    values = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in _fields(event)}
    return {"type": kind, **schema, **values}


def _fields(event: Event) -> Any:
    return asdict(event).items()
