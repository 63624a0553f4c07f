"""A scenario: given, when, then, as data. It names no target: `needs` says what a target must be able to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from provcheck.harness.model.expectation import After
from provcheck.harness.model.faultspec import FaultSpec
from provcheck.harness.model.population import Population
from provcheck.harness.model.rule import Rule
from provcheck.harness.model.steps import Step

Level = Literal["documented", "derived"]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a claim comes from: the page, and the row or section on it."""

    page: str
    place: str

    def __str__(self) -> str:
        return f"{self.page}, {self.place}"


@dataclass(frozen=True, slots=True)
class Given:
    """How things stand before the first step.

    `connection` and `flags` override the profile's: fields of Connection, and flags of the target. `accounts` and
    `groups` are at the target already, in core words. `faults` are armed from the start.
    """

    population: Population
    rule: Rule = field(default_factory=Rule, kw_only=True)
    connection: Mapping[str, Any] = field(default_factory=dict, kw_only=True)
    flags: Mapping[str, object] = field(default_factory=dict, kw_only=True)
    accounts: tuple[Mapping[str, Any], ...] = field(default=(), kw_only=True)
    groups: tuple[Mapping[str, Any], ...] = field(default=(), kw_only=True)
    faults: tuple[FaultSpec, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One claim about a provisioning client, with what shows whether it holds.

    `claim` is one sentence, `source` where it is documented or which ruling it follows from. `tags` mark what a run
    may want to leave out (`large`). `calls` is how many requests a client may need for one step; None: what the size
    of the population calls for.
    """

    name: str
    title: str
    level: Level
    claim: str
    source: Citation
    given: Given
    when: tuple[Step, ...]
    then: tuple[After, ...]
    needs: frozenset[str] = field(default=frozenset(), kw_only=True)
    tags: frozenset[str] = field(default=frozenset(), kw_only=True)
    calls: int | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        steps = [after.step for after in self.then]
        if not steps or steps != sorted(set(steps)) or steps[0] < 1 or steps[-1] > len(self.when):
            raise ValueError(f"scenario {self.name}: checkpoints {steps} do not fit {len(self.when)} steps")

    def after(self, step: int) -> After | None:
        """The checkpoint after the step of this number, if there is one."""
        return next((each for each in self.then if each.step == step), None)
