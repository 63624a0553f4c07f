"""Effects on time and on the connection: answers that come late, in part, slowly or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge

from provcheck.mock_targets.faults.effects.effect import Effect, Moment, Seconds
from provcheck.mock_targets.reading import Described


@dataclass(slots=True)
class Delivery:
    """How an answer of `size` bytes is sent. After `keep` bytes of the body the connection ends (None: it stays).

    `is_lost`: not a byte is sent. `resets`: the connection ends by a reset. `seconds` is how long the body takes.
    """

    size: int = 0
    is_lost: bool = False
    resets: bool = False
    keep: int | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Delay(Effect):
    """Waits before it goes on."""

    moments: ClassVar[tuple[Moment, ...]] = ("before", "after", "wire")
    beside: ClassVar[tuple[Moment, ...]] = ("partial", "later")

    delay: Annotated[Seconds, Described("Seconds before the effect")] = 0.0


@dataclass(frozen=True, slots=True)
class ConnectionEffect(Effect):
    """An effect on how the answer is sent."""

    moments: ClassVar[tuple[Moment, ...]] = ("after", "wire")

    def apply(self, delivery: Delivery) -> bool:
        """Change how the answer is sent. Return whether anything is different now."""
        del delivery
        return False


@dataclass(frozen=True, slots=True)
class LoseAnswer(ConnectionEffect):
    """Ends the connection without an answer."""

    moments: ClassVar[tuple[Moment, ...]] = ("before", "after", "wire")

    loses_answer: Annotated[bool, Described("The connection ends without an answer")] = False

    def apply(self, delivery: Delivery) -> bool:
        """Send nothing."""
        delivery.is_lost = True
        return True


@dataclass(frozen=True, slots=True)
class Reset(ConnectionEffect):
    """Ends the connection by a reset in place of an orderly end: without an answer, unless `truncates_at` is given."""

    moments: ClassVar[tuple[Moment, ...]] = ("before", "after", "wire")

    resets: Annotated[bool, Described("The connection ends by a reset")] = False

    def apply(self, delivery: Delivery) -> bool:
        """Reset the connection at its end."""
        delivery.resets = True
        return True


@dataclass(frozen=True, slots=True)
class Truncate(ConnectionEffect):
    """Ends the connection in the middle of the body."""

    beside: ClassVar[tuple[Moment, ...]] = ("before",)

    truncates_at: Annotated[int | None, Ge(0), Described("The connection ends after this many bytes of the body")] = (
        None
    )

    def apply(self, delivery: Delivery) -> bool:
        """Send no more than so many bytes; an answer without a body breaks off all the same."""
        delivery.keep = self.truncates_at
        return not delivery.size or (self.truncates_at or 0) < delivery.size


@dataclass(frozen=True, slots=True)
class SlowBody(ConnectionEffect):
    """Sends the body in small pieces, with pauses between them."""

    dribbles: Annotated[Seconds, Described("Seconds that the body takes to arrive")] = 0.0

    def apply(self, delivery: Delivery) -> bool:
        """Take so many seconds for the body."""
        delivery.seconds = self.dribbles
        return delivery.size > 0
