"""Playing: the same trial gives the same journal byte for byte, and a run of trials puts everything to the test."""

from __future__ import annotations

import json

import pytest

from provcheck.harness.adapters import ReferenceAdapter
from provcheck.harness.generate import Coverage, Play, Trial, parse, play, run_trials, trials
from provcheck.harness.model import CaseFinished, Event
from provcheck.harness.testbed import Testbed


def journal(trial: Trial, testbed: Testbed) -> str:
    """The journal of a trial, as text."""
    fixture = testbed.rewound(trial.configuration)
    for _, found in Play(trial, fixture, ReferenceAdapter).run():
        assert found == []
    return json.dumps(fixture.journal())


def test_a_trial_played_twice_gives_the_same_journal_byte_for_byte() -> None:
    drawn = list(trials(12, seed="twice"))
    targets = sorted({each.configuration.target for each in drawn})
    with Testbed(targets) as one, Testbed(targets) as other:
        for trial in drawn:
            first = journal(trial, one)
            assert journal(trial, one) == first, f"{trial.name} on the same testbed"
            assert journal(trial, other) == first, f"{trial.name} on a testbed of its own"
            assert one.session is not other.session


@pytest.mark.timeout(300)
def test_a_run_of_trials_finds_nothing_and_leaves_nothing_untried() -> None:
    coverage, ended = Coverage(), list[Event]()
    finished = run_trials(list(trials(320, seed="covered")), listeners=[ended.append], coverage=coverage)
    bad = [each for each in ended if isinstance(each, CaseFinished) and each.verdict != "holds"]
    assert not bad, bad[0]
    assert finished.holds == 320
    assert coverage.unseen() == []


def test_the_coverage_tells_each_kind_in_a_line() -> None:
    coverage = Coverage()
    coverage.faults["server_error"] += 3
    lines = coverage.lines()
    assert "faults that struck" in lines
    assert "        3  server_error" in lines
    assert "lost_answer" in coverage.unseen()


def test_what_is_left_out_of_a_trial_does_not_matter_to_the_rest() -> None:
    text = json.dumps(
        {
            "provcheck_scenario": 1,
            "target": "scim",
            "given": {"users": [{"id": "u-ada", "user_name": "ada"}]},
            "steps": [
                {
                    "do": "apply",
                    "edits": [{"do": "remove_user", "id": "u-nobody"}, {"do": "leave", "group": "g", "user": "u"}],
                },
                {
                    "do": "meddle",
                    "edits": [{"do": "drop_account", "user_name": "nobody"}, {"do": "drop_group", "name": "no"}],
                },
                {"do": "crash", "requests": 1000},
            ],
        }
    )
    trial = parse(text)
    with Testbed(["scim"]) as testbed:
        assert play(trial, testbed.rewound(trial.configuration), ReferenceAdapter) == []
