"""Faults: what goes wrong on purpose, and when.

A fault has a moment. `before`: the change is not made. `after`: the change stays, and the answer is lost or lies.
`partial`: only part of the change is made, and the answer says nothing of it. `later`: the change is made some time
after the answer. `wire`: whatever the target answers is spoilt on its way. A fault is data, never code; it is addressed
by operation and entity, and has a budget, so that every schedule ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from typing import Any, Literal, Protocol

Moment = Literal["before", "after", "partial", "later", "wire"]
MOMENTS: tuple[str, ...] = ("before", "after", "partial", "later", "wire")


class BadFault(ValueError):
    """The description of a fault does not hold together."""


class Occasion(Protocol):
    """The request in which an operation is asked for, as far as a fault may ask about it."""

    @property
    def method(self) -> str:
        """The method of the request."""

    @property
    def parallel(self) -> int:
        """How many requests the target is answering at this moment, this one included."""

    def has(self, trait: str) -> bool:
        """Whether the request is of this kind (see `TRAITS`)."""

    def announced(self, pattern: str) -> int:
        """How many operations of the request that match the pattern were announced so far."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong.

    *Whom it meets.* `operation` is a name such as `user.create` or `member.add`, or a pattern (`user.*`, `*`).
    `entity` is an id, a userName, a displayName or an externalId, compared without regard to case; None means any.
    `method` and `only_if` (one of `TRAITS`) narrow it to some requests, `above` to those that hold more than so many
    such operations, `parallel_above` to times when more than so many requests are being answered. The first `skip`
    matches pass unharmed; then it fires `times` times (None: until it is removed), at most for `lasts` seconds.

    *What it does,* after `delay` seconds. Before: `rival` makes an `active` or `inactive` resource of the same name
    first, `vanishes` removes the one that is meant; lists go wrong as `lists` says (one of `LISTS`); the answer is
    `status`, `headers` and `body` (a body of None is the target's own error for that status). After, and on the wire:
    `status`, `headers` (None takes one away) and `body` in place of the real ones, or the real body with `drops` left
    out, `sets` put in and `rewrites` rewritten (one of `REWRITES`); after a create, `hides_by_id` and
    `hides_by_filter` keep it from being read, or found, for so many seconds. Partial: of several members, or changed
    attributes, the first `keeps` are applied, or all but those that `drops` names. Later: the change is made
    `applies_after` seconds from now. `retry_date` adds a Retry-After that is a date, so many seconds from now.

    *How the connection ends.* `loses_answer`: without a byte; `truncates_at`: after so many bytes of the body;
    `resets`: by a reset in place of an orderly end; `dribbles`: not at all, but the body takes that many seconds.
    """

    operation: str = "*"
    moment: Moment = "before"
    entity: str | None = None
    skip: int = 0
    times: int | None = 1
    status: int | None = None
    headers: Mapping[str, str | None] = field(default_factory=dict)
    body: Any = None
    delay: float = 0.0
    loses_answer: bool = False
    truncates_at: int | None = None
    name: str = ""
    method: str | None = None
    only_if: str | None = None
    above: int | None = None
    parallel_above: int | None = None
    lasts: float | None = None
    resets: bool = False
    dribbles: float = 0.0
    drops: tuple[str, ...] = ()
    sets: Mapping[str, Any] = field(default_factory=dict)
    rewrites: Mapping[str, str] = field(default_factory=dict)
    lists: str | None = None
    rival: str | None = None
    vanishes: bool = False
    hides_by_id: float = 0.0
    hides_by_filter: float = 0.0
    keeps: int | None = None
    applies_after: float = 0.0
    retry_date: float | None = None

    def matches(self, operation: str, names: Iterable[str], part_of: str | None) -> bool:
        """Whether an operation on an entity with these ids and names is meant.

        `part_of` is the operation of the whole request: a fault for any entity that struck (or passed) there is not
        asked again for each part, unless it asks about what only the parts show.
        """
        if not fnmatchcase(operation, self.operation):
            return False
        if self.entity is None:
            return part_of is None or self.needs_parts or not fnmatchcase(part_of, self.operation)
        return self.entity.casefold() in {name.casefold() for name in names}

    @property
    def needs_parts(self) -> bool:
        """Whether it can strike only once the request has said what it is about."""
        return bool(self.rival or self.vanishes or self.above is not None or self.moment in ("partial", "later"))

    def suits(self, occasion: Occasion | None) -> bool:
        """Whether it is meant for this request."""
        if occasion is None:
            return True
        return (
            (self.method is None or occasion.method == self.method)
            and (self.parallel_above is None or occasion.parallel > self.parallel_above)
            and (self.above is None or occasion.announced(self.operation) > self.above)
            and (self.only_if is None or occasion.has(self.only_if))
        )

    @property
    def ends_connection(self) -> bool:
        """Whether no answer comes at all."""
        return self.loses_answer or (self.resets and self.truncates_at is None)

    @property
    def answers(self) -> bool:
        """Whether it takes the place of what the target would do."""
        return bool(self.status) or self.ends_connection


FIELDS: tuple[str, ...] = tuple(each.name for each in fields(Fault))


def describe(fault: Fault) -> dict[str, Any]:
    """A fault as JSON-ready data, every field of it."""
    values = {name: getattr(fault, name) for name in FIELDS}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
