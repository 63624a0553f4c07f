"""Reports that are written as a whole, once a run is over: what they have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import closing
from typing import IO, AnyStr, Generic

from provcheck.harness.model.event import Event
from provcheck.harness.report.record import RunRecord


class WholeReport(ABC, Generic[AnyStr]):
    """Gathers a run and writes it to a stream when it is over."""

    def __init__(self, stream: IO[AnyStr]) -> None:
        self._stream: IO[AnyStr] = stream
        self._record = RunRecord()

    def __call__(self, event: Event) -> None:
        """Take note of an event."""
        self._record(event)

    def close(self) -> None:
        """Write the report and close the stream. What was broken off is shown as far as it came."""
        with closing(self._stream):  # a full disk must not leave it open
            self._stream.write(self.written(self._record))

    @abstractmethod
    def written(self, run: RunRecord) -> AnyStr:
        """The whole report on a run."""
