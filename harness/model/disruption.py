"""What disrupts the sync of a generated scenario beyond faults and external changes: the sudden end of the client."""

from __future__ import annotations

from dataclasses import dataclass, field

from provcheck.harness.model.edits import Edit
from provcheck.harness.model.steps import Step


@dataclass(frozen=True, slots=True)
class Crash:
    """The source changes and the client syncs, but is killed after so many requests and then started again.

    The last request did arrive; its answer is lost with the client. A run that needs fewer requests ends well.
    """

    requests: int
    edits: tuple[Edit, ...] = ()
    resync: bool = field(default=False, kw_only=True)

    def describe(self) -> str:
        """The step in words."""
        edits = "; ".join(edit.describe() for edit in self.edits)
        what = "Full Resync" if self.resync else "sync"
        counted = "its first request" if self.requests == 1 else f"{self.requests} requests"
        return f"{edits + '; ' if edits else ''}{what}, in which the client is killed after {counted}; it starts again"


GeneratedStep = Step | Crash
"""A step of a generated scenario."""
