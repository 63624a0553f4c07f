"""Faults: what goes wrong on purpose, and when.

A fault has a moment. `before`: the change is not made. `after`: the change stays, and the answer is lost or lies.
Faults are addressed by operation and entity, and have a budget, so that every schedule ends.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any, Literal

Moment = Literal["before", "after"]
MOMENTS: tuple[str, ...] = ("before", "after")


class BadFault(ValueError):
    """The description of a fault does not hold together."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong.

    `operation` is a name such as `user.create` or `member.add`, or a pattern (`user.*`, `*`). `entity` is an id, a
    userName, a displayName or an externalId, compared without regard to case; None means any. The first `skip`
    matches pass unharmed; then the fault fires `times` times (None: until it is removed).

    The effect: wait `delay` seconds; then answer with `status`, `headers` and `body` in place of the real answer
    (a body of None is the target's own error for that status); or end the connection without an answer
    (`loses_answer`); or end it after `truncates_at` bytes of the body. With none of these, only the delay is felt.
    """

    operation: str = "*"
    moment: Moment = "before"
    entity: str | None = None
    skip: int = 0
    times: int | None = 1
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    delay: float = 0.0
    loses_answer: bool = False
    truncates_at: int | None = None
    name: str = ""

    def matches(self, operation: str, names: Iterable[str], part_of: str | None) -> bool:
        """Whether an operation on an entity with these ids and names is meant.

        `part_of` is the operation of the whole request: a fault for any entity that struck (or passed) there is not
        asked again for each part.
        """
        if not fnmatchcase(operation, self.operation):
            return False
        if self.entity is None:
            return part_of is None or not fnmatchcase(part_of, self.operation)
        return self.entity.casefold() in {name.casefold() for name in names}


FRAMING = frozenset(("content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "trailer", "te"))
"""Headers that say where a message ends: a fault that lied there would leave the client waiting."""

_TYPES: dict[str, tuple[type, ...]] = {
    "operation": (str,),
    "moment": (str,),
    "entity": (str, type(None)),
    "skip": (int,),
    "times": (int, type(None)),
    "status": (int, type(None)),
    "headers": (dict,),
    "body": (object,),
    "delay": (int, float),
    "loses_answer": (bool,),
    "truncates_at": (int, type(None)),
    "name": (str,),
}


def read_fault(description: Mapping[str, Any]) -> Fault:
    """A fault from its JSON description. Raises BadFault with one line that says what is wrong.

    One that only cuts the answer is meant for the moment after, if nothing else is said.
    """
    for key, value in description.items():
        if key not in _TYPES:
            raise BadFault(f"a fault has no field {key!r}; it has {', '.join(_TYPES)}")
        wrong_bool = isinstance(value, bool) and _TYPES[key] not in ((bool,), (object,))
        if wrong_bool or not isinstance(value, _TYPES[key]):
            raise BadFault(f"{key} cannot be {value!r}")
    cuts_only = description.get("truncates_at") is not None and not description.get("status")
    fault = Fault(**{"moment": "after" if cuts_only else "before", **description})
    _check_ranges(fault)
    return fault


def _check_ranges(fault: Fault) -> None:
    if fault.moment not in MOMENTS:
        raise BadFault(f"moment is before or after, not {fault.moment!r}")
    if fault.status is not None and not 200 <= fault.status <= 599:
        raise BadFault(f"status is between 200 and 599, not {fault.status}")
    if not 0 <= fault.delay <= 3600:
        raise BadFault("delay is between 0 and 3600 seconds")
    if fault.skip < 0 or (fault.times is not None and fault.times < 1) or (fault.truncates_at or 0) < 0:
        raise BadFault("skip and truncates_at are at least 0, times at least 1 or null")
    for name, value in fault.headers.items():
        _check_header(name, value)
    if not (fault.status or fault.delay or fault.loses_answer or fault.truncates_at is not None):
        raise BadFault("a fault needs an effect: status, delay, loses_answer or truncates_at")
    if fault.truncates_at is not None and fault.moment == "before" and not fault.status:
        raise BadFault("truncates_at needs the moment after (or a status): before the change there is no answer to cut")


def _check_header(name: str, value: Any) -> None:
    if not name.isascii() or not name.replace("-", "").isalnum():
        raise BadFault(f"{name!r} is not the name of a header")
    if name.lower() in FRAMING:
        raise BadFault(f"{name} is not for a fault to set: it would leave the client waiting; use truncates_at")
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise BadFault(f"header {name} takes printable ASCII text, not {value!r}")


@dataclass(slots=True)
class _Armed:
    id: str
    fault: Fault
    seen: int = 0
    fired: int = 0

    def strikes(self, operation: str, names: Iterable[str], moment: Moment, part_of: str | None) -> bool:
        spent = self.fault.times is not None and self.fired >= self.fault.times
        if spent or self.fault.moment != moment or not self.fault.matches(operation, names, part_of):
            return False
        self.seen += 1
        if self.seen <= self.fault.skip:
            return False
        self.fired += 1
        return True


class FaultTable:
    """The faults armed on one target."""

    def __init__(self) -> None:
        self._armed: list[_Armed] = []
        self._made = 0
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

    def take(self, operation: str, names: Iterable[str], moment: Moment, *, part_of: str | None = None) -> Fault | None:
        """The fault that strikes now, if any; its budget shrinks by one."""
        if not self._armed:
            return None
        with self._lock:
            for armed in self._armed:
                if armed.strikes(operation, names, moment, part_of):
                    return armed.fault
        return None

    def describe(self) -> list[dict[str, Any]]:
        """Every fault with how often it matched and fired."""
        with self._lock:
            return [
                {
                    "id": armed.id,
                    **{key: getattr(armed.fault, key) for key in _TYPES},
                    "seen": armed.seen,
                    "fired": armed.fired,
                }
                for armed in self._armed
            ]
