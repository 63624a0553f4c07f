"""Sends the events of a run to its listeners, without secrets: reports are made from these events and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from provcheck.harness.model.event import Event
from provcheck.harness.model.redaction import Redactor

Listener = Callable[[Event], None]


class Listeners:
    """All listeners of a run. `redactor` learns the tokens that the client is given."""

    def __init__(self, listeners: Sequence[Listener]) -> None:
        self._listeners = listeners
        self.redactor = Redactor()

    def __call__(self, event: Event) -> None:
        """Send an event to every listener."""
        shown = self.redactor.value(event)
        for listener in self._listeners:
            listener(shown)
