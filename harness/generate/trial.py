"""A trial: one generated scenario as data, on one target configuration.

The disruption is its own; recovery and convergence are the same for every trial, so that a part of the disruption can
be left out without touching what has to be shown at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from provcheck.harness.model import (
    Apply,
    ArmFaults,
    ChangeRule,
    ClearFaults,
    Configure,
    ExternalChanges,
    FaultSpec,
    Given,
    Population,
    Resync,
    TargetConfiguration,
)
from provcheck.harness.model.disruption import Crash, GeneratedStep
from provcheck.harness.model.edits import Edit
from provcheck.harness.model.external_change import ExternalChange

SWITCHES = ("create_users", "update_users", "disable_users", "deprovision_users")
"""The permissions of a connection; in the recovery all of them are on."""

RECOVERY: tuple[GeneratedStep, ...] = (
    ClearFaults(),
    Configure(dict.fromkeys(SWITCHES, True)),
    ChangeRule({"enabled": True}),
)
"""What ends the disruption: the target works again, everything is allowed; the change of the rule is a first run."""
CONVERGENCE: tuple[GeneratedStep, ...] = (Apply(), Resync(), Resync())
"""What shows that source and target converge: an incremental run, a Full Resync, and one more that writes nothing."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One generated scenario. `seed` says what it was drawn from, `file` where it was read; either may be empty."""

    name: str
    configuration: TargetConfiguration
    given: Given
    disruption: tuple[GeneratedStep, ...] = ()
    seed: str = field(default="", kw_only=True)
    file: str = field(default="", kw_only=True, compare=False)

    @property
    def steps(self) -> tuple[GeneratedStep, ...]:
        """Every step: disruption, recovery and convergence."""
        return (*self.disruption, *RECOVERY, *CONVERGENCE)

    @property
    def faults(self) -> tuple[FaultSpec, ...]:
        """Every fault that is ever armed."""
        armed = [fault for step in self.disruption if isinstance(step, ArmFaults) for fault in step.faults]
        return (*self.given.faults, *armed)

    @property
    def size(self) -> int:
        """How much there is of it: steps, edits, faults, people and groups."""
        given = self.given
        parts = [*given.population.users, *given.population.groups, *given.accounts, *given.groups, *self.faults]
        return len(parts) + len(self.disruption) + sum(len(parts_of(step)) for step in self.disruption)


def edited(population: Population, edits: Sequence[Edit]) -> Population:
    """The population after these edits; one that means somebody who is not there changes nothing."""
    for edit in edits:
        try:
            population = edit.on(population)
        except KeyError:
            continue
    return population


def edits_of(step: GeneratedStep) -> tuple[Edit, ...]:
    """What a step changes at the source."""
    return step.edits if isinstance(step, Apply | Crash) else ()


def parts_of(step: GeneratedStep) -> tuple[Edit, ...] | tuple[ExternalChange, ...]:
    """What a step changes, at the source or at the target."""
    return step.changes if isinstance(step, ExternalChanges) else edits_of(step)
