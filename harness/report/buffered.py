"""Base class of reports that are written as a whole at the end of a run."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import closing
from typing import IO, AnyStr, Generic

from provcheck.harness.model.event import Event
from provcheck.harness.report.record import RunRecord


class WholeReport(ABC, Generic[AnyStr]):
    """Collects a run and writes it to a stream at its end."""

    def __init__(self, stream: IO[AnyStr]) -> None:
        self._stream: IO[AnyStr] = stream
        self._record = RunRecord()

    def __call__(self, event: Event) -> None:
        """Handle an event of the run."""
        self._record(event)

    def close(self) -> None:
        """Write the report and close the stream. An interrupted run is reported as far as it came."""
        with closing(self._stream):  # closed also if the disk is full
            self._stream.write(self.written(self._record))

    @abstractmethod
    def written(self, run: RunRecord) -> AnyStr:
        """Return the report as text."""
