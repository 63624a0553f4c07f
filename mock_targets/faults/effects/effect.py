"""What every effect has: the moments at which it can be felt, the operations it can meet, and its fields in JSON.

The fields of an effect are fields of a fault's description; several effects may share one (`drops` leaves attributes
out of an answer, or out of a change, depending on the moment).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Interval

from provcheck.mock_targets.faults.part import Part

Moment = Literal["before", "after", "partial", "later", "wire"]
MOMENTS: tuple[Moment, ...] = ("before", "after", "partial", "later", "wire")
"""`before` the change, or in its place; `after` it; with part of it (`partial`); `later` than the answer; on the
`wire`, whatever the answer is."""

LONGEST = 3600.0
"""Seconds; no wait of a fault is longer."""
Seconds = Annotated[float, Interval(ge=0, le=LONGEST)]


@dataclass(frozen=True, slots=True)
class Effect(Part):
    """One thing that a fault does.

    At a moment of `moments` it makes a fault by itself, at one of `beside` only together with another effect. `meets`
    are patterns of the operations at which it can be felt.
    """

    moments: ClassVar[tuple[Moment, ...]]
    beside: ClassVar[tuple[Moment, ...]] = ()
    meets: ClassVar[tuple[str, ...]] = ("*",)
