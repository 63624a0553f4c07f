"""A client that is a Python object, and the claims of clients that do nothing."""

from __future__ import annotations

import pytest

from provcheck.harness.adapters import UnusableClient
from tests.adapters.client_rig import findings, one_case, play

HERE = "tests.adapters.object_clients"


def test_an_object_that_behaves_has_no_findings() -> None:
    assert findings(f"{HERE}:Well") == ()


@pytest.mark.parametrize(
    ("name", "check", "words"),
    [
        ("Raises", "client_does_not_fail", "KeyError: 'first\\nsecond'"),
        ("Quits", "client_does_not_fail", "SystemExit: good bye"),
        ("TakesNothing", "client_does_not_fail", "TypeError"),
        ("LacksApply", "client_keeps_the_contract", "it has no method apply"),
        ("AnswersWithAnObject", "client_keeps_the_contract", "summary was answered with what cannot be JSON"),
        ("AnswersWithNothing", "client_keeps_the_contract", "the answer to summary needs summary"),
    ],
)
def test_what_an_object_does_wrong_is_a_finding_that_names_it(name: str, check: str, words: str) -> None:
    (found,) = findings(f"{HERE}:{name}")
    assert (found.check, found.entity) == (check, "client")
    assert words in found.seen


def test_an_object_that_hangs_is_left_behind() -> None:
    (found,) = findings(f"{HERE}:Hangs", timeout=0.2)
    assert "apply was not answered within 0.2 s" in found.seen


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("no_such_module:Client", "cannot be imported: ModuleNotFoundError"),
        (f"{HERE}:NoSuchName", "has no NoSuchName"),
        (f"{HERE}:NUMBER", "cannot be called"),
        (f"{HERE}:not_made", "cannot be made: OSError: no licence"),
        ("builtins:dict", "it has no method describe"),
    ],
)
def test_an_object_that_cannot_be_had_is_told_in_one_line(spec: str, words: str) -> None:
    with pytest.raises(UnusableClient) as caught:
        play(spec)
    assert words in str(caught.value)


@pytest.mark.parametrize("scenario", ["joiner", "group-appears-later", "e2-groups-at-target"])
def test_success_that_the_target_does_not_show_is_a_finding(scenario: str) -> None:
    checks = {found.check for found in findings(f"{HERE}:Boasts", one_case(scenario))}
    assert {"success_means_in_sync", "counter_as_observed"} <= checks


def test_success_of_groups_that_are_not_there_is_a_finding() -> None:
    found = findings(f"{HERE}:Boasts", one_case("e2-groups-at-target"))
    assert "Red, Green" in {each.entity for each in found if each.check == "group_success_means_written"}


def test_without_a_summary_a_client_is_judged_by_what_the_target_shows() -> None:
    found = findings(f"{HERE}:Silent", one_case("joiner"))
    assert {(each.check, each.entity) for each in found} >= {("counter_as_implied", "users.success")}
    assert not {"summary_is_seen", "summary_is_seen_only_while_enabled"} & {each.check for each in found}


def test_without_a_summary_a_client_that_is_right_to_do_nothing_has_no_findings() -> None:
    assert findings(f"{HERE}:Silent") == ()


def test_a_capability_that_the_client_lacks_skips_the_scenario_and_says_so() -> None:
    (end,) = play(f"{HERE}:Well", one_case("second-resync-writes-nothing"))
    assert end.verdict == "skipped"
    assert end.reason == "the client does not offer create (makes accounts); resync (does a Full Resync when asked)"
