"""`provcheck explain`: scenarios and checks in words, and what was probably meant."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from provcheck.harness import scenarios
from provcheck.harness.cli import main
from provcheck.harness.run import checks
from tests.every_case import failures


def explain(*arguments: str):
    return CliRunner().invoke(main, ["explain", *arguments])


def test_every_scenario_says_claim_source_steps_and_expectation():
    assert failures(check_a_scenario, [scenario.name for scenario in scenarios.all()]) == []


def check_a_scenario(name):
    result = explain(name)
    scenario = scenarios.get(name)
    assert result.exit_code == 0
    for part in (scenario.claim, f"Source: {scenario.source}", "Given", "When", "then"):
        assert part in result.stdout


def test_every_check_says_claim_and_source():
    assert failures(check_a_check, checks()) == []


def check_a_check(check):
    result = explain(check.name)
    assert result.exit_code == 0
    assert check.claim in result.stdout
    assert f"Source: {check.source}" in result.stdout


@pytest.mark.parametrize("name", ["e6", "E6", "e6-*"])
def test_a_short_name_is_enough(name):
    assert explain(name).stdout == scenarios.explain("e6-update-not-allowed")


def test_a_pattern_explains_all_that_it_matches():
    assert explain("e?-*").stdout.count("Source: ") == 6


@pytest.mark.parametrize(
    "name, meant",
    [
        ("e6-update-allowed", "e6-update-not-allowed"),
        ("nobody-is-counted-twice", "nobody_is_counted_twice"),
        ("counted_twice", "nobody_is_counted_twice"),
        ("is-disabled", "leaver-is-disabled"),
    ],
)
def test_near_misses_are_suggested(name, meant):
    result = explain(name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert meant in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["zzzzzz", "", "[", "é\n"])
def test_nothing_near_is_one_line(name):
    result = explain(name)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: nothing is called ")
    assert result.stderr.count("\n") == 1
