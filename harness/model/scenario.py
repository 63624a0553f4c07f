"""A scenario as data: what is given, and steps with what must be seen after each. It names no target: see `needs`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
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


@dataclass(frozen=True)
class Scenario:
    """One claim about a provisioning client, with what shows whether it holds.

    `claim` is one sentence, `source` where it is documented or which ruling it follows from. `steps` read in order: a
    step, and directly behind it what must hold at the end of its run (one `After` at most). `tags` mark
    what a run may want to leave out (`large`). `calls` is how many requests a client may need for one step; None: what
    the size of the population calls for. `policies` are capabilities that the contract leaves open: only clients that
    name them are held to the scenario. Raises ValueError for steps that expect nothing, or an `After` without a step.
    """

    name: str
    title: str
    level: Level
    claim: str
    source: Citation
    given: Given
    steps: tuple[Step | After, ...]
    needs: frozenset[str] = field(default=frozenset(), kw_only=True)
    tags: frozenset[str] = field(default=frozenset(), kw_only=True)
    calls: int | None = field(default=None, kw_only=True)
    policies: tuple[str, ...] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        before = (None, *self.steps)
        if any(
            isinstance(each, After) and (last is None or isinstance(last, After))
            for last, each in zip(before, self.steps, strict=False)
        ):
            raise ValueError(f"scenario {self.name}: every After stands directly behind the step that it is about")
        if not any(isinstance(each, After) for each in self.steps):
            raise ValueError(f"scenario {self.name}: nothing is expected of any step")

    @cached_property
    def in_order(self) -> tuple[tuple[Step, After | None], ...]:
        """Every step with what must be seen after it, where something must. Reports number them from 1."""
        following = (*self.steps[1:], None)
        pairs = zip(self.steps, following, strict=True)
        return tuple(
            (step, after if isinstance(after, After) else None) for step, after in pairs if not isinstance(step, After)
        )

    @property
    def when(self) -> tuple[Step, ...]:
        """The steps alone."""
        return tuple(step for step, _ in self.in_order)

    @property
    def then(self) -> tuple[After, ...]:
        """What must be seen, without the steps."""
        return tuple(after for _, after in self.in_order if after is not None)

    def after(self, number: int) -> After | None:
        """What must be seen after the step of this number (the first is 1), if there is something."""
        return self.in_order[number - 1][1]
