"""What people see of a watch: lines in a log, a screen on a terminal, and nothing that steers the terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from provcheck.harness.lint import LintFinding, Violation
from provcheck.harness.lint.rules import RULES
from provcheck.harness.model import Counters, SyncSummary
from provcheck.harness.watch.verdict import Judged
from provcheck.harness.watch.view import Lines, Screen

ENTRY = {
    "seq": 7,
    "at": "2026-01-01T10:11:12+00:00",
    "method": "POST",
    "path": "/v2/Users",
    "query": "",
    "operation": "user.create",
    "intents": [{"names": ["ada"]}, {"names": ["bob"]}],
    "status": 503,
    "applied": "no",
    "faults": ["outage"],
    "refused_by": None,
}
FINDING = LintFinding(RULES[0], Violation((7,), "something \x1b[31modd [bold]"), "scim")
STATE = Judged(SyncSummary(Counters(impacted=2, failed=1), Counters()), "a note")


def console(*, terminal):
    return Console(file=io.StringIO(), force_terminal=terminal, width=160, height=40, highlight=False, markup=False)


@pytest.fixture
def lines():
    output = console(terminal=False)
    return Lines(output), output.file.getvalue


def test_an_exchange_is_one_line(lines):
    view, printed = lines
    view.exchange("scim", ENTRY)
    assert printed() == ("10:11:12  scim  #7  POST /v2/Users  user.create  ada +1  -> 503  applied: no, fault outage\n")


def test_a_lost_answer_is_told_as_such(lines):
    view, printed = lines
    view.exchange("scim", {**ENTRY, "status": None, "answer": "lost"})
    assert "-> lost" in printed()


def test_a_summary_is_one_line_with_both_sections(lines):
    view, printed = lines
    view.state("scim", STATE)
    assert "users: Impacted 2, Success 0, Unsynced 0, Partially Synced 0, Failed 1; groups: Impacted 0" in printed()


def test_what_a_client_sent_never_steers_the_terminal(lines):
    view, printed = lines
    view.finding("scim", FINDING)
    view.exchange("scim", {**ENTRY, "path": "/v2/\x1b]0;x\x07/[red]", "intents": [{"names": ["\x9b2J"]}]})
    assert "\x1b" not in printed()
    assert "\x9b" not in printed()
    assert "[bold]" in printed()


def test_the_screen_shows_exchanges_findings_and_summaries():
    output = console(terminal=True)
    with Screen(output) as screen:
        for _ in range(30):
            screen.exchange("scim", ENTRY)
        screen.finding("scim", FINDING)
        screen.state("scim", STATE)
        screen.refresh()
    shown = output.file.getvalue()
    for words in ("Waiting for the first request", "30 requests", "SCIM101", "Impacted 2", "a note", "fault outage"):
        assert words in shown
