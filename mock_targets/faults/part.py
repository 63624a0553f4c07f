"""What a fault is made of: conditions and effects, whose fields are the fields of its description."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from provcheck.mock_targets.faults.facts import Surface


@dataclass(frozen=True, slots=True)
class Part:
    """A condition or an effect.

    It is there when one of its `given_by` fields is given (any of its fields unless named). With `needs_entity` a
    fault with it strikes only once the request has said what it is about.
    """

    given_by: ClassVar[tuple[str, ...]] = ()
    needs_entity: ClassVar[bool] = False

    def applies_to(self, surface: Surface) -> str | None:
        """Return why an API cannot show this; None if it can."""
        del surface
        return None
