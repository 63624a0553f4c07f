"""Every scenario, played on the imagined target: what is written in it, the simulation and the judges agree."""

from __future__ import annotations

import pytest

from provcheck.harness import checks, scenarios, vendors
from provcheck.harness.model import COUNTERS
from provcheck.harness.oracle import expected
from provcheck.harness.oracle.expected import READINGS
from tests.checks.imagined_run import checkpoints
from tests.every_case import failures

CASES = [
    (scenario, configuration)
    for scenario in scenarios.all()
    for configuration in vendors.configurations()
    if not configuration.lacks(scenario.needs)
]


def test_the_simulation_agrees_with_what_every_scenario_says():
    assert failures(check_the_simulation, CASES) == []


@pytest.mark.timeout(300)
def test_an_imagined_correct_client_has_no_finding():
    # The imagined client has its token: it asks no token endpoint.
    judged = [(scenario, configuration) for scenario, configuration in CASES if "oauth" not in scenario.needs]
    assert failures(check_an_imagined_client, judged) == []


def check_the_simulation(scenario, configuration):
    states = expected(scenario, configuration)
    for state, (_, after) in zip(states, scenario.in_order, strict=True):
        if after is None:
            continue
        written = {
            **{f"users.{k}": v for k, v in after.users.items()},
            **{f"groups.{k}": v for k, v in after.groups.items()},
        }
        simulated = {f"users.{k}": v for k, v in state.users.items()}
        simulated |= {f"groups.{k}": v for k, v in (state.groups or {}).items()}
        for name, value in written.items():
            if name in simulated:
                assert simulated[name] <= (frozenset({value}) if isinstance(value, int) else value), (state.step, name)
        assert state.hidden == after.hidden
        assert (after.refused or "") in (state.refused or "")
        assert bool(state.refused) == bool(after.refused)
        assert after.orphans is None or after.orphans == state.orphans
        assert after.warnings is None or any(after.warnings in text for text in state.warnings)
        assert after.sections in (None, "users" if state.groups is None else "both")


def check_an_imagined_client(scenario, configuration):
    """Judge each reading once: most scenarios look the same in several of them."""
    derived = expected(scenario, configuration)
    judged = []
    for reading in READINGS:
        shown = list(checkpoints(scenario, configuration, reading, derived))
        facts = [seen_by_checks(checkpoint) for checkpoint in shown]
        if facts not in judged:
            judged.append(facts)
            for checkpoint in shown:
                assert checks.judge(checkpoint) == [], checkpoint.number


def seen_by_checks(checkpoint):
    """What of a checkpoint depends on the reading: all but the scenario's own words and the source."""
    seen = checkpoint.observation
    journals = seen.journal, checkpoint.recent, checkpoint.here
    return (
        (checkpoint.phase, checkpoint.number, checkpoint.summary, checkpoint.refused),
        (seen.rule, seen.connection, seen.snapshot, [each.entries for each in journals]),
    )


def test_the_documented_numbers_come_out_of_the_simulation():
    def last(name, section):
        scenario = scenarios.named(name)[0]
        state = expected(scenario, vendors.configuration("scim"))[-1]
        return [next(iter(getattr(state, section)[counter])) for counter in COUNTERS]

    assert last("e3", "users") == [2, 0, 0, 0, 2]
    assert last("e3", "groups") == [2, 2, 0, 0, 0]
    assert last("e4", "groups") == [5, 4, 0, 0, 1]
    assert last("e5", "users") == [5, 0, 5, 0, 0]
    assert last("e6", "users") == [5, 5, 0, 1, 0]


def test_a_question_left_open_gives_both_answers():
    scenario = scenarios.get("resync-while-update-not-allowed")
    state = expected(scenario, vendors.configuration("scim"))[-1]
    assert state.users["success"] == frozenset({4, 5})
    assert state.users["partially_synced"] == frozenset({1})
