"""A JSON lines report is read back into the events of its run, and the exchanges in it are printed."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from provcheck.harness.cli import main
from provcheck.harness.model import CaseFinished
from provcheck.harness.model.excerpt import Excerpt
from provcheck.harness.report import ConsoleReport, JsonLinesReport
from provcheck.harness.report.recorded import BadRun, events
from tests.report.recorded_run import BAD, FINDING, case, whole

CREATE = Excerpt(
    *(3, "2025-06-04T12:00:00.250+00:00", "POST", "/v2/Users", "user.create", ("ada",), 403, "no", "complete"),
    refused_by="allows_create_users",
    request='{"userName": "ada", "password": "[redacted]"}',
    response='{"status": "403"}',
    telling=True,
)
LOOK = replace(
    CREATE,
    seq=5,
    method="GET",
    path="/v2/Users?filter=userName%20eq%20%22bob%22",
    operation="user.list",
    names=("bob",),
    status=200,
    applied="none",
    refused_by=None,
    request="",
    telling=False,
)


def with_exchanges(event):
    findings = isinstance(event, CaseFinished) and event.verdict == "findings"
    return replace(event, exchanges=(CREATE, LOOK)) if findings else event


RUN = [with_exchanges(event) for event in whole()]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "run.jsonl"
    report = JsonLinesReport(path.open("w", encoding="utf-8"))
    for event in RUN:
        report(event)
    report.close()
    return str(path)


def printed(found, **look):
    stream = io.StringIO()
    report = ConsoleReport(Console(file=stream, width=100, color_system=None), **look)
    for event in found:
        report(event)
    return stream.getvalue()


def report(*arguments):
    return CliRunner().invoke(main, ["report", *arguments])


@pytest.mark.parametrize("look", [{}, {"details": "2025"}, {"details": "earlier", "quiet": True}])
def test_a_report_that_is_read_prints_what_the_run_printed(file, look):
    assert printed(events(file), **look) == printed(RUN, **look)


def test_findings_come_with_their_exchanges_in_full_and_others_as_a_line():
    text = printed(RUN, details="2025")
    assert (
        "#3  12:00:00.250  POST /v2/Users  user.create ada -> 403, applied: no, refused by allows_create_users" in text
    )
    assert '{"userName": "ada", "password": "[redacted]"}' in text
    assert "1 exchange left out" in text
    assert "#5  12:00:00.250  GET /v2/Users?filter=userName%20eq%20%22bob%22  user.list bob -> 200" in text
    assert 'userName eq "bob"' not in text
    assert "Exchanges: --details prints them" not in text


def test_without_details_the_console_says_where_exchanges_are():
    assert "Exchanges: --details prints them; provcheck report reads them" in printed(RUN)
    assert "POST /v2/Users" not in printed(RUN)


def test_an_exchange_is_printed_by_its_number(file):
    result = report(file, "--exchange", "5")
    assert result.exit_code == 0
    assert result.output.splitlines()[0] == "e5-create-not-allowed on slack"
    assert "  #5  12:00:00.250  GET /v2/Users?filter=userName%20eq%20%22bob%22  user.list bob -> 200" in result.output
    assert '      filter=userName eq "bob"' in result.output
    assert "#3" not in result.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--exchange", "9"], "there is no exchange 9 in these cases; there are 3, 5"),
        (["--exchange", "3", "--target", "scim"], "only cases with findings have exchanges"),
        (["--scenario", "nothing"], "the report has no such case"),
    ],
)
def test_what_a_report_does_not_hold_is_told(file, arguments, told):
    result = report(file, *arguments)
    assert (result.exit_code, told in result.output) == (2, True), result.output


def test_only_the_cases_that_match_are_counted(file):
    result = report(file, "--target", "slack")
    assert result.output.splitlines()[-1].startswith("0 of 2 cases hold, 1 has 2 findings, 1 ended in an error")


def test_any_report_is_made_of_a_report(file, tmp_path):
    html, junit = tmp_path / "a.html", tmp_path / "a.xml"
    assert report(file, "--report", f"html={html}", "--report", f"junit={junit}").exit_code == 0
    assert "allows_create_users" in html.read_text(encoding="utf-8")
    assert b"<failure" in junit.read_bytes()


def test_a_run_that_was_broken_off_is_read_as_far_as_it_came(file, tmp_path):
    cut = tmp_path / "cut.jsonl"
    cut.write_text("\n".join(Path(file).read_text(encoding="utf-8").split("\n")[:6]), encoding="utf-8")
    assert report(str(cut)).exit_code == 0
    assert len(events(cut)) == 6


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "not a report"),
        ("{", "line 1: not JSON"),
        ("[" * 100_000, "line 1: not JSON"),
        ("[]", "line 1: not an event"),
        ('{"type": ["x"]}', "line 1: not an event"),
        (json.dumps({"type": "case_finished", "scenario": "a", "profile": "b", "verdict": "holds"}), "not a report"),
        (json.dumps({"type": "run_started", "schema": 2}), "schema 2"),
        (json.dumps({"type": "run_started", "schema": 1, "at": "now", "client": "a", "cases": 1}), "line 1"),
        (json.dumps({"type": "case_finished", "scenario": 1}), "line 1"),
        ("\x1b]0;x\x07", "not JSON"),
    ],
)
def test_a_file_that_is_no_report_is_told_in_one_line(tmp_path, text, told):
    path = tmp_path / "bad.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadRun, match=told) as raised:
        events(path)
    assert "\n" not in str(raised.value)
    assert report(str(path)).exit_code == 2


def test_a_file_that_is_not_there_is_told():
    result = report("no-such-run.jsonl")
    assert (result.exit_code, result.output) == (2, "Error: no-such-run.jsonl: No such file or directory\n")


def test_what_a_client_said_cannot_steer_the_terminal(tmp_path):
    hostile = replace(CREATE, path="/v2/\x1b]0;x\x07", request="::error::x\n \x1b[2J", names=("\u202e",), telling=True)
    event = replace(case("e5", "slack", BAD, FINDING)[-1], exchanges=(hostile,))
    text = printed([RUN[0], *case("e5", "slack", BAD, FINDING)[:-1], event, RUN[-1]], details="2025")
    assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert not any(line.strip().startswith("::") for line in text.splitlines())
