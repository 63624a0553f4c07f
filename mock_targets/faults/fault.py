"""A fault: what goes wrong on purpose, for whom, and how often.

A fault has a moment. `before`: the change is not made. `after`: the change stays, and the answer is lost or false.
`partial`: only part of the change is made, and the answer does not show it. `later`: the change is made some time
after the answer. `wire`: whatever the target answers is corrupted in transit. A fault is data, never code: whom it
meets (operation, entity, conditions), a budget, so that every schedule ends, and a few effects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, TypeVar

from annotated_types import Ge

from provcheck.mock_targets.faults.conditions import Condition, Occasion
from provcheck.mock_targets.faults.effects.answers import Status
from provcheck.mock_targets.faults.effects.connections import LoseAnswer, Reset, Truncate
from provcheck.mock_targets.faults.effects.effect import MOMENTS as MOMENTS
from provcheck.mock_targets.faults.effects.effect import Effect, Seconds
from provcheck.mock_targets.faults.effects.effect import Moment as Moment
from provcheck.mock_targets.faults.effects.lists import ListFault
from provcheck.mock_targets.faults.part import Part
from provcheck.mock_targets.reading import Described

E = TypeVar("E", bound=Effect)


class BadFault(ValueError):
    """The description of a fault does not hold together, or the target cannot show it; one line says why."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong.

    `entity` is an id, a userName, a displayName or an externalId, compared without regard to case; None means any.
    The first `skip` matches pass unharmed; then it fires `times` times (None: until it is removed), at most for `lasts`
    seconds.
    """

    operation: Annotated[str, Described("An operation or a pattern: user.create, member.*, *")] = "*"
    moment: Annotated[Moment, Described("When it strikes; after, if it only cuts the answer, else before")] = "before"
    entity: Annotated[str | None, Described("An id, userName, displayName or externalId; null is any")] = None
    skip: Annotated[int, Ge(0), Described("Matches that pass unharmed first")] = 0
    times: Annotated[Annotated[int, Ge(1)] | None, Described("How often it fires; null is always")] = 1
    lasts: Annotated[Seconds | None, Described("It fires for so long after the first time; null is for ever")] = None
    name: Annotated[str, Described("How the journal calls it; the id unless given")] = ""
    conditions: tuple[Condition, ...] = ()
    effects: tuple[Effect, ...] = ()

    def matches(self, operation: str, names: Iterable[str], part_of: str | None) -> bool:
        """Whether an operation on an entity with these ids and names is meant.

        `part_of` is the operation of the whole request: a fault for any entity that struck (or passed) there is not
        asked again for each part, unless it asks about what only the parts show.
        """
        if not fnmatchcase(operation, self.operation):
            return False
        if self.entity is None:
            return part_of is None or self.needs_entity or not fnmatchcase(part_of, self.operation)
        return self.entity.casefold() in {name.casefold() for name in names}

    @property
    def parts(self) -> tuple[Part, ...]:
        """Its conditions and effects."""
        return (*self.conditions, *self.effects)

    @property
    def needs_entity(self) -> bool:
        """Whether it can strike only once the request has said what it is about."""
        return any(each.needs_entity for each in self.parts)

    @property
    def changes_lists(self) -> bool:
        """Whether it gets lists wrong, which is settled as soon as the request has come in."""
        return any(isinstance(each, ListFault) for each in self.effects)

    def suits(self, occasion: Occasion | None) -> bool:
        """Whether it is meant for this request."""
        return occasion is None or all(each.holds(occasion, self.operation) for each in self.conditions)

    def each(self, kind: type[E]) -> Iterator[E]:
        """Its effects of one kind, in the order in which they take effect."""
        return (each for each in self.effects if isinstance(each, kind))

    @property
    def ends_connection(self) -> bool:
        """Whether no answer comes at all."""
        kinds = {type(each) for each in self.effects}
        return LoseAnswer in kinds or (Reset in kinds and Truncate not in kinds)

    @property
    def answers(self) -> bool:
        """Whether it takes the place of what the target would do."""
        return self.ends_connection or any(self.each(Status))
