"""The faults armed on one target: which of them strikes now, and how often each has."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from provcheck.mock_targets.faults.conditions import Occasion
from provcheck.mock_targets.faults.description import describe
from provcheck.mock_targets.faults.fault import Fault, Moment


@dataclass(slots=True)
class _Armed:
    id: str
    fault: Fault
    seen: int = 0
    fired: int = 0
    struck: int = 0
    since: float | None = None

    def is_spent(self, now: float) -> bool:
        spent = self.fault.times is not None and self.fired >= self.fault.times
        lasts = self.fault.lasts
        return spent or (lasts is not None and self.since is not None and now >= self.since + lasts)

    def counts(self, now: float) -> bool:
        """Count one more match. Return whether it fires."""
        self.seen += 1
        if self.seen <= self.fault.skip:
            return False
        self.fired += 1
        self.since = now if self.since is None else self.since
        return True

    def describe(self) -> dict[str, Any]:
        counts = {"seen": self.seen, "fired": self.fired, "struck": self.struck}
        return {"id": self.id, **describe(self.fault), **counts}


@dataclass(slots=True)
class Firing:
    """One time that a fault fires. It has struck once one of its effects has changed something."""

    fault: Fault
    _armed: _Armed
    has_struck: bool = field(default=False, init=False)

    def strike(self) -> bool:
        """Note that something was changed. Return whether that is new."""
        if self.has_struck:
            return False
        self.has_struck = True
        self._armed.struck += 1
        return True


class FaultPlan:
    """The faults armed on one target.

    `now` gives the seconds by which `lasts` is measured; `check` raises BadFault for a fault that the target cannot
    show.
    """

    def __init__(
        self, now: Callable[[], float] = lambda: 0.0, check: Callable[[Fault], object] = lambda fault: None
    ) -> None:
        self._armed: dict[str, _Armed] = {}
        self._standing: dict[str, _Armed] = {}
        self._made = 0
        self._now, self._check = now, check
        self._lock = threading.Lock()

    def arm(self, fault: Fault) -> str:
        """Add a fault; the id under which it is journalled and can be removed. Raises BadFault."""
        return self._add(fault, self._armed)

    def arm_standing(self, faults: Iterable[Fault]) -> None:
        """Replace the standing faults: they belong to the target, and fire where no other does. Raises BadFault."""
        standing: dict[str, _Armed] = {}
        for fault in faults:
            self._add(fault, standing)
        self._standing = standing

    def _add(self, fault: Fault, place: dict[str, _Armed]) -> str:
        self._check(fault)
        with self._lock:
            self._made += 1
            id = f"fault-{self._made}"
            place[id] = _Armed(id, replace(fault, name=fault.name or id))
            return id

    def disarm(self, id: str) -> bool:
        """Remove one fault; False when there is none of this id."""
        with self._lock:
            return self._armed.pop(id, None) is not None or self._standing.pop(id, None) is not None

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._armed, self._standing, self._made = {}, {}, 0

    @property
    def is_armed(self) -> bool:
        """Whether there is any fault at all."""
        return bool(self._armed or self._standing)

    def take(
        self,
        operation: str,
        names: Iterable[str],
        moment: Moment,
        *,
        part_of: str | None = None,
        occasion: Occasion | None = None,
    ) -> Firing | None:
        """The fault that fires now, if any; its budget shrinks by one."""
        if not self.is_armed:
            return None
        with self._lock:
            now = self._now()
            for armed in chain(self._armed.values(), self._standing.values()):
                fault = armed.fault
                if fault.moment != moment or fault.changes_lists or armed.is_spent(now):
                    continue
                if fault.matches(operation, names, part_of) and fault.suits(occasion) and armed.counts(now):
                    return Firing(fault, armed)
        return None

    def take_on_arrival(self, operation: str, names: Iterable[str], occasion: Occasion) -> list[Firing]:
        """The fault that fires as a request comes in, or else every standing one that does.

        This is when lists go wrong; what needs an entity does not fire yet.
        """
        with self._lock:
            own = next(self._arriving(self._armed, operation, names, occasion), None)
            return [own] if own else [*self._arriving(self._standing, operation, names, occasion)]

    def _arriving(
        self, place: Mapping[str, _Armed], operation: str, names: Iterable[str], occasion: Occasion
    ) -> Iterator[Firing]:
        now = self._now()
        for armed in place.values():
            fault = armed.fault
            if fault.moment != "before" or fault.needs_entity or armed.is_spent(now):
                continue
            known = names if fault.changes_lists else ()
            if fault.matches(operation, known, None) and fault.suits(occasion) and armed.counts(now):
                yield Firing(fault, armed)

    def describe(self) -> list[dict[str, Any]]:
        """Every fault with how often it matched, fired and struck."""
        with self._lock:
            return [armed.describe() for armed in chain(self._armed.values(), self._standing.values())]

    def described(self, id: str) -> dict[str, Any] | None:
        """One fault with the same; None when there is none of this id."""
        with self._lock:
            armed = self._armed.get(id) or self._standing.get(id)
            return None if armed is None else armed.describe()
