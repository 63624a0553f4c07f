"""The console report, drawn from recorded events at several widths."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from provcheck.harness.model import (
    After,
    CaseFinished,
    CaseStarted,
    CheckpointReached,
    Requests,
    RunFinished,
    RunStarted,
)
from provcheck.harness.model.event import RequestsLinted
from provcheck.harness.report import ConsoleReport
from tests.report.recorded_run import BAD, E5, E6, FINDING, GOOD, NOON, WANTED, WARNING, case, whole

WIDTHS = (60, 80, 120, 160)


def printed(events, *, width=120, terminal=False, **options) -> str:
    file = io.StringIO()
    console = Console(
        file=file, width=width, force_terminal=terminal, color_system="standard" if terminal else None, highlight=False
    )
    report = ConsoleReport(console, **options)
    for event in events:
        report(event)
    report.close()
    return file.getvalue()


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_console_nor_ends_in_spaces(width):
    lines = printed(whole(), width=width).split("\n")
    assert max(len(line) for line in lines if "again: " not in line) <= width
    assert not [line for line in lines if line.endswith(" ")]


@pytest.mark.parametrize("width", (80, 120, 160))
def test_a_row_holds_target_expected_seen_and_verdict(width):
    lines = [words(line) for line in printed(whole(), width=width, details="2025").splitlines()]
    assert any(line.endswith("scim users I5 S0 U5 P0 F0 users I5 S0 U5 P0 F0 holds") for line in lines)
    assert any(line.endswith("slack users I5 S0 U5 P0 F0 users I5 S0 U0 P0 F5 2 findings") for line in lines)


@pytest.mark.parametrize("width", WIDTHS)
def test_scenario_and_given_stand_once_for_all_its_targets(width):
    text = printed(whole(), width=width).partition("Findings")[0]
    assert text.count(E5) == 1
    assert "Five users, creating" in words(text)


def test_many_findings_still_fit_in_their_column():
    text = printed([*case(E5, "slack", GOOD, *[FINDING] * 123), whole()[-1]], width=80, details="2025")
    assert " 123 found\n" in text


def test_levels_are_headed():
    text = printed(whole())
    assert text.index("Documented examples") < text.index(E5) < text.index("Derived scenarios")


@pytest.mark.parametrize("width", WIDTHS)
def test_findings_are_told_in_full_with_the_command_that_repeats_them(width):
    text = words(printed(whole(), width=width))
    for part in (FINDING.check, FINDING.rule, FINDING.entity, FINDING.source, "exchanges 3, 7", "waits (warning)"):
        assert part in text


def test_the_command_that_plays_a_case_again_is_one_line_however_long():
    (line,) = [each for each in printed(whole(), width=60).splitlines() if E5 in each and "again: " in each]
    assert line == f"  again: provcheck check --client 'node my client.mjs' --scenario {E5} --target slack+"


def test_where_no_command_drives_the_client_none_is_told():
    assert "again" not in printed([RunStarted(NOON, "whoever came", 1), *whole()[1:]])


def test_equal_findings_on_several_targets_are_told_once():
    cases = [*case(E5, "scim", BAD, FINDING), *case(E5, "slack", BAD, FINDING)]
    text = printed([whole()[0], *cases, whole()[-1]]).partition("Findings\n")[2]
    assert f"{E5} on scim, slack\n" in text
    assert text.count(FINDING.rule) == 1


def test_root_causes_stand_at_the_end_with_what_mends_them():
    text = words(printed(whole()).partition("Root causes")[2])
    assert "1 case counter_as_expected Follow one user through the steps" in text


@pytest.mark.parametrize("width", WIDTHS)
def test_a_scenario_is_a_line_with_a_letter_for_each_target(width):
    text = printed(whole(), width=width, targets=["scim", "slack"])
    assert "\nscim\n| slack\n" in text
    assert f"\n. F  {E5}" in text
    assert f"\ns E  {E6}" in text


def test_fifty_targets_keep_the_lines_of_a_scenario_within_the_console():
    names = [f"target-{number}" for number in range(40)]
    cases = [event for name in names for event in case(E5, name, GOOD)]
    text = printed([whole()[0], *cases, whole()[-1]], width=80, targets=names)
    assert max(map(len, text.splitlines())) <= 80


def test_cases_that_were_not_judged_are_counted_by_reason_apart_from_those_that_hold():
    skipped = CaseFinished(E6, "scim", "skipped", reason="the client does not offer groups", lacking=("groups",))
    idle = CaseFinished(E6, "slack", "not exercised", reason="no request met write.lost_response")
    events = [CaseStarted(E6, "scim"), skipped, CaseStarted(E6, "slack"), idle, RunFinished(NOON, 0, 0, 1, 0, 1.0, 1)]
    text = words(printed([*whole()[:1], *events]))
    assert f"1 case not offered: groups ({E6})" in text
    assert f"1 case no request met write.lost_response ({E6})" in text
    assert text.endswith("0 of 2 cases hold, 1 not exercised, 1 skipped; 1.0 s")


def test_a_run_without_findings_ends_with_what_to_do_next():
    good = [*whole()[:5], RunFinished(NOON, 1, 0, 0, 0, 1.0)]
    assert "Next: init" in printed(good, next_steps=["Next: init"])
    assert "Next: init" not in printed(whole(), next_steps=["Next: init"])


def test_what_a_client_does_not_offer_is_one_line_of_the_table():
    reason = "the client does not offer groups (writes groups); memberships (writes memberships on the group)"
    skipped = CaseFinished(E6, "scim", "skipped", reason=reason, lacking=("groups", "memberships"))
    text = printed([*whole()[:1], CaseStarted(E6, "scim"), skipped, whole()[-1]], width=80, details="2025")
    assert "not offered: groups, memberships" in text


def test_warnings_about_requests_are_told_by_rule_with_what_mends_them():
    linted = RequestsLinted(E5, "scim", (WARNING,) * 5)
    text = words(printed([*whole()[:4], linted, *whole()[4:]]))
    assert "Warnings about requests, which decide no verdict waits no request comes early" in text
    assert f"{E5} on scim: none and 4 times more to mend it a pause source RFC 9110" in text


def test_advice_on_requests_is_no_warning():
    advice = replace(WARNING, check="advises", severity="info")
    linted = RequestsLinted(E5, "scim", (advice, advice, WARNING))
    text = words(printed([*whole()[:4], linted, *whole()[4:]]))
    assert "which decide no verdict waits" in text
    assert "Advice on requests advises" in text


def test_an_error_of_ours_stands_apart_from_the_findings():
    text = printed(whole())
    findings, ours = text.index("Findings"), text.index("Errors of ours")
    assert findings < ours < text.index("KeyError: 'id'", ours)


def test_the_last_line_counts_and_times():
    last = printed(whole()).splitlines()[-1]
    assert last == "1 of 4 cases hold, 1 has 2 findings, 1 skipped, 1 ended in an error of ours; 1 min 15 s"


def test_quiet_leaves_out_what_holds():
    events = [*whole()[:5], whole()[-1]]
    assert E5 not in printed(events, quiet=True)
    assert E5 in printed(events)
    assert f". F  {E5}" in printed(whole(), quiet=True, targets=["scim", "slack"])


def test_details_show_steps_and_the_summary_as_on_the_page():
    text = printed(whole(), details="2025")
    assert "  1. sync\n" in text
    assert "     User Sync Summary\n       Impacted: 5\n" in text
    assert "Partial Synced: 0" in text
    assert "no summary is to be seen" in text
    assert "said      warning: many groups" in text


def test_details_in_the_earlier_layout_show_three_counters_of_groups():
    text = printed(whole(), details="earlier")
    assert "     Groups\n       Impacted: 2\n       Success: 2\n       Failed: 0\n" in text


def test_a_file_gets_neither_colour_nor_bar():
    assert "\x1b" not in printed(whole(), progress=Console(file=io.StringIO(), force_terminal=False))


def test_a_terminal_gets_both_and_the_bar_is_taken_away():
    file = io.StringIO()
    console = Console(file=file, width=100, force_terminal=True, color_system="standard")
    report = ConsoleReport(console, progress=console)
    for event in whole():
        report(event)
    assert "0/4" in file.getvalue()
    assert "\x1b[" in file.getvalue()
    assert "/4" not in file.getvalue().rpartition("Findings")[2]


def test_what_a_target_says_cannot_steer_the_terminal():
    evil = replace(FINDING, seen="\x1b[2J\x07\ud800 [red]x[/red] \u202e")
    text = printed([*case("e5-\x1b[2J", "slack", GOOD, evil)], terminal=False) + printed(
        [RunStarted(NOON, "c\x1b]0;x", 1), *case("e5", "slack", GOOD, evil), whole()[-1]]
    )
    assert "\x1b" not in text
    assert "\\x1b[2J\\x07\\ud800 [red]x[/red] \\u202e" in text
    text.encode()


def test_a_case_broken_off_before_its_first_rest_is_no_trouble():
    events = [event for event in whole() if not isinstance(event, CheckpointReached)]
    assert "2 findings" in printed(events)


def test_the_row_shows_the_first_rest_that_went_wrong():
    started, step, wrong, finished = case(E5, "scim", replace(GOOD, users=replace(GOOD.users, failed=5)), FINDING)
    right = CheckpointReached(E5, "scim", 2, GOOD, WANTED)
    events = [started, step, wrong, step, right, finished, whole()[-1]]
    assert "users I5 S0 U5 P0 F5" in printed(events, details="2025")


@pytest.mark.parametrize(
    "expected, seen, shown",
    [
        (After(users={"impacted": 5, "success": frozenset({4, 5})}), GOOD, "users I5 S4|5"),
        (After(sections="both"), GOOD, "groups I2 S2"),
        (After(sections="users"), replace(GOOD, groups=None), "no groups"),
        (After(hidden=True), None, "no summary"),
        (After(wire=(Requests("*", at_most=0),), refused="external"), GOOD, "the client refuses"),
        (After(wire=(Requests("*", at_most=0),)), GOOD, "no request"),
        (After(groups={"impacted": 2}), replace(GOOD, groups=None), "no groups"),
    ],
)
def test_expectations_of_every_kind_fit_in_a_row(expected, seen, shown):
    started, step, _, finished = case(E5, "scim", GOOD)
    checkpoint = CheckpointReached(E5, "scim", 1, seen, expected, refused=expected.refused)
    text = words(printed([started, step, checkpoint, finished, whole()[-1]], width=160, details="2025"))
    assert shown in text
    assert not expected.refused or "refused: external" in text


def test_the_last_line_of_a_run_without_findings_leaves_out_what_was_skipped():
    text = printed([*whole()[:5], *whole()[9:11], RunFinished(NOON, 76, 0, 3, 0, 1.0)])
    assert text.splitlines()[-1] == "all 76 cases that were played hold, 3 skipped; 1.0 s"
