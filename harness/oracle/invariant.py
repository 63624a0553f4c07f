"""The invariants of generated scenarios: what holds whatever happened, at every rest, in the calm and in the proof.

An invariant is its documentation, like a law: name, claim, source. Its test yields a Breach for every subject that
breaks it and None for every one that does not, so that a run can tell how often each was really put to the test.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from provcheck.harness.model import Finding
from provcheck.harness.oracle.law import Violation
from provcheck.harness.oracle.run_history import Evidence, Phase

Looks = Iterator[Violation | None]
ALWAYS: tuple[Phase, ...] = ("disruption", "recovery", "convergence", "repeated")


@dataclass(frozen=True, slots=True)
class Invariant:
    """A named check of generated scenarios, asked in some phases."""

    name: str
    claim: str
    source: str
    phases: tuple[Phase, ...]
    test: Callable[[Evidence], Looks]

    def check(self, evidence: Evidence) -> tuple[list[Finding], int]:
        """The findings, and how many subjects were looked at."""
        looked = list(self.test(evidence)) if evidence.phase in self.phases else []
        found = [
            Finding(self.name, self.claim, each.entity, each.expected, each.seen, self.source, each.exchanges)
            for each in looked
            if each is not None
        ]
        return found, len(looked)


def invariant(source: str, *phases: Phase) -> Callable[[Callable[[Evidence], Looks]], Invariant]:
    """Make an invariant of a function; its docstring's first paragraph is the claim. Without phases: at every rest."""

    def make(test: Callable[[Evidence], Looks]) -> Invariant:
        claim = " ".join((inspect.getdoc(test) or "").split("\n\n")[0].split())
        return Invariant(test.__name__, claim, source, phases or ALWAYS, test)

    return make


def told(value: Any) -> str:
    """A value in words."""
    return "nothing" if value is None else str(value)
