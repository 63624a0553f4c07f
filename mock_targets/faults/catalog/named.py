"""A fault that has a name, and everything worth knowing about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from provcheck.mock_targets.faults.description import read_fault
from provcheck.mock_targets.faults.fault import Fault

Applied = Literal["no", "yes", "partly", "later", "either", "none"]
TIERS = ("bites nearly every client", "common", "known of some targets")

WRITES = "*.[!gl]*"
"""The pattern of every operation that changes something: whose last word is neither get nor list."""


@dataclass(frozen=True, slots=True)
class NamedFault:
    """A fault that can be armed by its name.

    `tier` is an index into `TIERS`, from 1. `doc` is what happens on the wire; `applied` whether the change is made
    (`none`: it is about reading). `seen` says where it was seen. `client` is what a correct client does, `counter`
    what its sync summary then shows. `description` is the fault with its default parameters.
    """

    name: str
    tier: int
    doc: str
    applied: Applied
    seen: str
    client: str
    counter: str
    description: Mapping[str, Any]

    def fault(self, **changes: Any) -> Fault:
        """The fault, with some of its parameters changed. Raises BadFault."""
        return read_fault({**self.description, "name": self.name, **changes})
