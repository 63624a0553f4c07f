"""Tests that share a run or a wheel are one group of a distributed run; modules of long tests are not."""

from __future__ import annotations

from pathlib import Path

from tests.distribution import SPREAD, WHOLE, group_of, place_of

TOP = Path(__file__).resolve().parents[1]
LINT = "tests/lint/test_lint_reference.py::test_the_linter[run of scim+1.1]"
TALLY = "tests/watch/test_tally.py::test_the_tally[run of scim+1.1]"


def test_tests_of_one_run_are_one_group():
    assert group_of(LINT) == group_of(TALLY) != group_of(TALLY.replace("+1.1", ""))


def test_tests_of_a_folder_that_shares_a_wheel_are_one_group():
    assert group_of(f"{WHOLE}test_wheel.py::test_a") == group_of(f"{WHOLE}test_newest_flask.py::test_b[c]")


def test_a_module_is_one_group_if_it_is_not_spread():
    assert (
        group_of("tests/test_a.py::test_a[[run of]") == group_of("tests/test_a.py::TestB::test_c") == "tests/test_a.py"
    )
    assert group_of(f"{SPREAD[0]}::test_a") != group_of(f"{SPREAD[0]}::test_b")


def test_what_takes_long_comes_first():
    given = ["tests/test_a.py::test_b", f"{SPREAD[1]}::test_c", f"{SPREAD[0]}::test_d", LINT]
    assert sorted(given, key=place_of) == given[::-1]


def test_every_place_that_is_named_exists():
    assert [place for place in (*SPREAD, WHOLE) if not (TOP / place).exists()] == []
