"""The findings of a case stand in the order of causes, and carry how a client is mended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from provcheck.harness import checks
from provcheck.harness.model import Finding
from provcheck.harness.model.finding import ranked, root
from tests.report.recorded_run import FINDING, WARNING

RANKS = {check.name: check.rank for check in checks.all()}


def finding(check: str) -> Finding:
    return Finding(check, "rule", "ada", "this", "that", "source", rank=RANKS[check])


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
    first = replace(FINDING, rank=other.rank)
    assert ranked([WARNING, first, other]) == [first, other, WARNING]


def test_what_no_check_found_has_no_fix_and_is_the_weakest():
    linted = Finding("SCIM-001", "rule", "ada", "this", "that", "source")
    assert linted.fix == ""
    assert root([linted, finding("counter_as_observed")]).check == "counter_as_observed"
