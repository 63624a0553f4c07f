"""Cases are grouped by cause, and each cause has the fix that fits it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from provcheck.harness import checks
from provcheck.harness.checks import Checkpoint, Failure
from provcheck.harness.model import Account, After, CaseFinished, CaseStarted, GroupAtTarget, Requests
from provcheck.harness.report.case_record import Played
from provcheck.harness.report.record import causes
from tests.checks.test_checks import ADA, IN_SYNC, account, case, entry, group


def found(check, *wire, snapshot=IN_SYNC, journal=()):

    checkpoint = case(snapshot=snapshot, journal=journal)
    checkpoint = replace(checkpoint, expectation=After(wire=wire), here=checkpoint.lately, derives=False)
    return [each for each in checks.judge(checkpoint) if each.check == check]


@pytest.mark.parametrize(
    ("wanted", "snapshot", "cause", "word"),
    [
        (Account("ada", active=False), IN_SYNC, "left on", "leaves the rule"),
        (Account("ada", active=True), {**IN_SYNC, "users": [account(ADA, active=False)]}, "turned off", "comes back"),
        (Account("eve"), IN_SYNC, "missing", "before|first"),
        (Account("ada", count=0), IN_SYNC, "still there", "REMOVE_ACTION is Delete"),
        (Account("ada", holds={"email": "new@x"}), IN_SYNC, "attributes differ", "every mapped attribute"),
    ],
)
def test_an_account_that_is_not_as_expected_is_mended_by_what_is_wrong_with_it(wanted, snapshot, cause, word):
    (finding,) = found("account_as_expected", wanted, snapshot=snapshot)
    assert finding.cause == cause
    assert any(each in finding.fix for each in word.split("|"))
    assert cause in ("missing", "more than one") or "before creating" not in finding.fix


def test_members_that_lack_and_members_that_remain_are_two_causes():
    lacking = {**IN_SYNC, "groups": [group("ada")]}
    (lack,) = found("group_as_expected", GroupAtTarget("Red", includes=("ben",)), snapshot=lacking)
    (remain,) = found("group_as_expected", GroupAtTarget("Red", excludes=("ben",)))
    assert (lack.cause, remain.cause) == ("members are missing", "members too many")
    assert lack.fix != remain.fix


def test_requests_are_mended_by_what_was_sent():
    journal = [entry(1, "user.create", "ada"), entry(2, "user.disable", "ben")]
    fixes = {
        each.cause: each.fix
        for each in found(
            "requests_as_expected",
            Requests("user.create", at_most=0),
            Requests("user.disable", at_most=0),
            Requests("user.delete", at_least=1),
            journal=journal,
        )
    }
    assert list(fixes) == ["user.create sent", "user.disable sent", "user.delete left out"]
    assert len(set(fixes.values())) == 3


def played(scenario, *findings):
    return Played(CaseStarted(scenario, "scim"), [], CaseFinished(scenario, "scim", "findings", tuple(findings)))


def test_cases_are_grouped_by_cause_and_not_by_check_alone():
    left_on = found("account_as_expected", Account("ada", active=False))
    missing = found("account_as_expected", Account("eve"))
    grouped = causes([played("a", *left_on), played("b", *missing), played("c", *left_on)])
    assert [(each.title, [one.started.scenario for one in each.cases]) for each in grouped] == [
        ("account as expected (left on)", ["a", "c"]),
        ("account as expected (missing)", ["b"]),
    ]


def test_errors_of_a_client_are_grouped_by_what_they_say():
    errors = [
        checks.judge(Checkpoint(failure=Failure(message)))
        for message in ("sync: KeyError: 'id'", "Full Resync: KeyError: 'id'", "sync: TimeoutError: 60 s")
    ]
    grouped = causes([played(str(n), *each) for n, each in enumerate(errors)])
    assert [len(each.cases) for each in grouped] == [2, 1]
    assert grouped[0].finding.cause == "KeyError: 'id'"
