"""The faults armed on one target: which of them strikes now, and how often each has.

What a fault is stands in `fault`, how its description is read in `fault_reading`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from provcheck.mock_targets.faults.fault import BadFault, Fault, Moment, Occasion, describe
from provcheck.mock_targets.faults.reading import FRAMING, read_fault

__all__ = ["FRAMING", "BadFault", "Fault", "FaultPlan", "Moment", "Occasion", "describe", "read_fault"]


@dataclass(slots=True)
class _Armed:
    id: str
    fault: Fault
    seen: int = 0
    fired: int = 0
    since: float | None = None

    def is_spent(self, now: float) -> bool:
        spent = self.fault.times is not None and self.fired >= self.fault.times
        lasts = self.fault.lasts
        return spent or (lasts is not None and self.since is not None and now >= self.since + lasts)

    def counts(self, now: float) -> bool:
        """One more match; whether it fires."""
        self.seen += 1
        if self.seen <= self.fault.skip:
            return False
        self.fired += 1
        self.since = now if self.since is None else self.since
        return True


class FaultPlan:
    """The faults armed on one target. `now` gives the seconds by which `lasts` is measured."""

    def __init__(self, now: Callable[[], float] = lambda: 0.0) -> None:
        self._armed: list[_Armed] = []
        self._made = 0
        self._now = now
        self._lock = threading.Lock()

    def arm(self, fault: Fault) -> str:
        """Add a fault; the id under which it is journalled and can be removed."""
        with self._lock:
            self._made += 1
            id = f"fault-{self._made}"
            self._armed.append(_Armed(id, replace(fault, name=fault.name or id)))
            return id

    def disarm(self, id: str) -> bool:
        """Remove one fault; False when there is none of this id."""
        with self._lock:
            kept = [armed for armed in self._armed if armed.id != id]
            found, self._armed = len(kept) < len(self._armed), kept
            return found

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._armed, self._made = [], 0

    @property
    def is_armed(self) -> bool:
        """Whether there is any fault at all."""
        return bool(self._armed)

    def take(
        self,
        operation: str,
        names: Iterable[str],
        moment: Moment,
        *,
        part_of: str | None = None,
        occasion: Occasion | None = None,
        at_door: bool = False,
    ) -> Fault | None:
        """The fault that strikes now, if any; its budget shrinks by one.

        `at_door`: the request has only just come in, which is when lists go wrong, and what needs parts does not.
        """
        if not self._armed:
            return None
        with self._lock:
            now = self._now()
            for armed in self._armed:
                fault = armed.fault
                if fault.moment != moment or armed.is_spent(now):
                    continue
                if (fault.lists is not None and not at_door) or (fault.needs_parts and at_door):
                    continue
                known = names if fault.lists is not None or not at_door else ()
                if fault.matches(operation, known, part_of) and fault.suits(occasion) and armed.counts(now):
                    return fault
        return None

    def describe(self) -> list[dict[str, Any]]:
        """Every fault with how often it matched and fired."""
        with self._lock:
            return [{"id": a.id, **describe(a.fault), "seen": a.seen, "fired": a.fired} for a in self._armed]
