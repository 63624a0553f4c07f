"""A trial: one generated scenario as data, on one target configuration.

Only the disruption differs between trials; recovery and convergence are the same for all, so that a part of the
disruption can be left out without changing what must hold at the end.
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
"""The permissions of a connection; the recovery turns all of them on."""

RECOVERY: tuple[GeneratedStep, ...] = (
    ClearFaults(),
    Configure(dict.fromkeys(SWITCHES, True)),
    ChangeRule({"enabled": True}),
)
"""The steps that end the disruption: no faults, all permissions on. The change of the rule starts a run."""
CONVERGENCE: tuple[GeneratedStep, ...] = (Apply(), Resync(), Resync())
"""The steps after which source and target must agree: an incremental run, a Full Resync, one more without writes."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One generated scenario. `seed`: what it was drawn from; `file`: where it was read from; empty if neither."""

    name: str
    configuration: TargetConfiguration
    given: Given
    disruption: tuple[GeneratedStep, ...] = ()
    seed: str = field(default="", kw_only=True)
    file: str = field(default="", kw_only=True, compare=False)

    @property
    def steps(self) -> tuple[GeneratedStep, ...]:
        """All steps: disruption, recovery and convergence."""
        return (*self.disruption, *RECOVERY, *CONVERGENCE)

    @property
    def faults(self) -> tuple[FaultSpec, ...]:
        """All faults that are armed at the start or by a step."""
        armed = [fault for step in self.disruption if isinstance(step, ArmFaults) for fault in step.faults]
        return (*self.given.faults, *armed)

    @property
    def size(self) -> int:
        """The number of its parts: steps, edits, faults, users and groups."""
        given = self.given
        parts = [*given.population.users, *given.population.groups, *given.accounts, *given.groups, *self.faults]
        return len(parts) + len(self.disruption) + sum(len(parts_of(step)) for step in self.disruption)


def edited(population: Population, edits: Sequence[Edit]) -> Population:
    """Return the population after these edits; an edit of an unknown user or group is ignored."""
    for edit in edits:
        try:
            population = edit.on(population)
        except KeyError:
            continue
    return population


def edits_of(step: GeneratedStep) -> tuple[Edit, ...]:
    """Return the edits that a step makes at the source."""
    return step.edits if isinstance(step, Apply | Crash) else ()


def parts_of(step: GeneratedStep) -> tuple[Edit, ...] | tuple[ExternalChange, ...]:
    """Return the changes that a step makes, at the source or at the target."""
    return step.changes if isinstance(step, ExternalChanges) else edits_of(step)
