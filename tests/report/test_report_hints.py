"""Hints: every check has one, and they put the findings of a case in the order of causes."""

from __future__ import annotations

import pytest

from provcheck.harness.model import Finding
from provcheck.harness.report.hints import HINTS, hint, ranked, root
from provcheck.harness.run import checks
from tests.report.recorded_run import FINDING, WARNING


def finding(check: str) -> Finding:
    return Finding(check, "rule", "ada", "this", "that", "source")


def test_every_check_has_a_hint_and_every_hint_a_check():
    assert set(HINTS) == {check.name for check in checks()}


@pytest.mark.parametrize("check", sorted(HINTS))
def test_a_hint_is_a_sentence_to_act_on(check):
    fix = hint(check).fix
    assert fix[0].isupper()
    assert fix.endswith(".")
    assert len(fix) < 200


@pytest.mark.parametrize(
    "cause, effect",
    [
        ("client_keeps_the_contract", "no_create_while_not_allowed"),
        ("no_create_while_not_allowed", "requests_as_expected"),
        ("requests_as_expected", "account_as_expected"),
        ("no_account_is_doubled", "account_as_expected"),
        ("group_as_expected", "failed_needs_an_error_that_stayed"),
        ("failed_needs_an_error_that_stayed", "counter_as_expected"),
        ("counter_as_expected", "counter_as_derived"),
    ],
)
def test_a_cause_is_stronger_than_its_effect(cause, effect):
    assert root([finding(effect), finding(cause)]).check == cause


def test_a_fault_is_stronger_than_a_warning_and_the_first_than_the_next_like_it():
    other = finding("counter_as_expected")
    assert ranked([WARNING, FINDING, other]) == [FINDING, other, WARNING]


def test_an_unknown_check_has_no_fix_and_is_the_weakest():
    assert hint("nobody-knows").fix == ""
    assert root([finding("nobody-knows"), finding("counter_as_observed")]).check == "counter_as_observed"
