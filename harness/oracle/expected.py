"""What the sync summary must say after every step, computed from the scenario alone.

Where the contract leaves a choice, every reading is simulated and every value that one of them gives is acceptable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce

from provcheck.harness.model import (
    COUNTERS,
    Apply,
    ArmFaults,
    BadRule,
    ChangeRule,
    ClearFaults,
    Configure,
    Counters,
    ExternalChanges,
    FaultSpec,
    Population,
    Resync,
    Scenario,
    SetFlags,
    Step,
    TargetConfiguration,
)
from provcheck.harness.model.summary import Section
from provcheck.harness.oracle.group_simulation import Happened
from provcheck.harness.oracle.imagined_target import ImaginedTarget
from provcheck.harness.oracle.readings import Reading
from provcheck.harness.oracle.simulation import Simulation

READINGS = (
    Reading(resync_keeps_success=True),
    Reading(resync_keeps_success=False, clears_by_omission=True, patient=True, waits_for_names=True),
    Reading(resync_keeps_success=True, kept_value_fails=True, patient=True),
)
Values = Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Expected:
    """What must be seen after a step: acceptable values of each counter, and other expectations.

    `hidden`: there is no summary. `refused`: the client must have refused the step with this reason. `halted`: the
    client must have rejected the source data, so the counters still speak of what was there before. `struck` are the
    faults that it rests on. `events` are those that every correct client records at this step (E3 to E6).
    """

    step: int
    users: Values
    groups: Values | None
    hidden: bool
    refused: str | None
    orphans: tuple[str, ...]
    warnings: tuple[str, ...]
    halted: bool = field(default=False, kw_only=True)
    struck: tuple[FaultSpec, ...] = field(default=(), kw_only=True)
    events: frozenset[Happened] = field(default=frozenset(), kw_only=True)

    def counters(self) -> Iterator[tuple[Section, str, frozenset[int]]]:
        """Every counter: section, name, and the values that are accepted."""
        yield from (("users", name, values) for name, values in self.users.items())
        yield from (("groups", name, values) for name, values in (self.groups or {}).items())


class ImaginedRun:
    """A scenario, played step by step on an imagined target set up like the configuration."""

    def __init__(self, scenario: Scenario, configuration: TargetConfiguration, reading: Reading) -> None:
        given = scenario.given
        connection = configuration.connect("", overrides=given.connection)
        side = "user" if connection.membership_style == "user" else "group"
        self.imagined = ImaginedTarget({**configuration.flags, **given.flags}, membership_side=side)
        self.imagined.seed(given.accounts, given.groups)
        self.imagined.faults = list(given.faults)
        self.simulation = Simulation(self.imagined, connection, given.rule, reading)
        self.population: Population = given.population
        self.refused: str | None = None

    def take(self, step: Step) -> None:
        """Play one step."""
        self.refused = None
        self.simulation.events.clear()
        try:
            self._take(step)
        except BadRule as error:
            self.refused = str(error)

    def _take(self, step: Step) -> None:
        simulation, imagined = self.simulation, self.imagined
        match step:
            case Apply(edits):
                for edit in edits:
                    self.population = edit.on(self.population)
                simulation.apply(self.population)
            case Resync():
                simulation.apply(self.population, resync=True)
            case Configure(changes):
                simulation.configure(replace(simulation.connection, **changes), simulation.rule)
            case ChangeRule(changes):
                simulation.configure(simulation.connection, replace(simulation.rule, **changes))
                simulation.apply(self.population)
            case SetFlags(flags):
                imagined.flags.update(flags)
            case ArmFaults(faults):
                imagined.faults += faults
            case ClearFaults():
                imagined.faults.clear()
            case ExternalChanges(changes):
                for change in changes:
                    imagined.make_external_change(change)
            case _:
                # A restart: what the client had stored it still knows, so nothing moves.
                return

    def state(self, number: int) -> Expected:
        """The state after the step of this number."""
        groups = self.simulation.group_counters()
        return Expected(
            number,
            _values(self.simulation.user_counters()),
            None if groups is None else _values(groups),
            not self.simulation.rule.enabled,
            self.refused,
            tuple(sorted(self.simulation.orphans)),
            self.simulation.warnings,
            halted=self.simulation.halted,
            struck=tuple(self.imagined.struck),
            events=frozenset(self.simulation.events),
        )


def expected(scenario: Scenario, configuration: TargetConfiguration) -> tuple[Expected, ...]:
    """What must be seen after each step of the scenario on a target of this configuration."""
    runs = [_play(scenario, configuration, reading) for reading in READINGS]
    return tuple(reduce(_either, states) for states in zip(*runs, strict=True))


def _play(scenario: Scenario, configuration: TargetConfiguration, reading: Reading) -> list[Expected]:
    run = ImaginedRun(scenario, configuration, reading)
    states = []
    for number, step in enumerate(scenario.when, start=1):
        run.take(step)
        states.append(run.state(number))
    return states


def _values(counters: Counters) -> Values:
    return {name: frozenset({value}) for name, value in counters.as_dict().items()}


def _either(one: Expected, other: Expected) -> Expected:
    users = {name: one.users[name] | other.users[name] for name in COUNTERS}
    either = replace(one, users=users, events=one.events & other.events)
    if one.groups is None or other.groups is None:
        return either
    return replace(either, groups={name: one.groups[name] | other.groups[name] for name in COUNTERS})
