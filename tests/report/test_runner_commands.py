"""Whatever is in a field, it reaches neither a terminal nor a CI runner as a command."""

from __future__ import annotations

import io
import json
import re

import pytest
from click.testing import CliRunner
from rich.console import Console

from provcheck.harness.cli import main
from provcheck.harness.commands.lint import describe
from provcheck.harness.lint import LintFinding, Violation
from provcheck.harness.lint.rules import RULES
from provcheck.harness.model import Counters, SyncSummary
from provcheck.harness.report import ConsoleReport
from provcheck.harness.report.json_lines import JsonLinesReport
from provcheck.harness.report.printable import Printable
from provcheck.harness.watch.verdict import Judged
from provcheck.harness.watch.view import Lines, Screen
from tests.lint.imagined_exchange import ask, numbered
from tests.report.hostile_run import PAYLOADS, RUNNER_COMMANDS, hostile

ESCAPES = ("\x1b]0;title\x07", "\x9b31m", "\x1b[2J\r", "\u202e")
HOSTILE = "\n".join((*RUNNER_COMMANDS, *ESCAPES))
_V2 = re.compile(r"\s*::(error|warning|notice|add-mask|set-output|stop-commands|group)(?: .*)?::", re.IGNORECASE)
_V1 = re.compile(r"##(\w*)\[")


def commands(text: str) -> list[str]:
    """The lines that steer a terminal, or that a runner takes for commands (`ActionCommand.TryParse` in its source)."""
    return [
        line
        for line in re.split(r"[\n\r\x0b\x0c\x85\u2028\u2029]", text)
        if _V2.match(line) or _V1.search(line) or any(each in line for each in "\x1b\x07\x9b\u202e")
    ]


def test_the_payloads_are_commands() -> None:
    assert all(commands(each) for each in (*RUNNER_COMMANDS[:-1], *ESCAPES))


@pytest.mark.parametrize("width", [30, 45, 80, 125, 170])
@pytest.mark.parametrize("payload", [HOSTILE, *RUNNER_COMMANDS, "x" * 17 + "::error::y " * 40, *PAYLOADS[:3]])
def test_the_console_report(width: int, payload: str) -> None:
    file = io.StringIO()
    report = ConsoleReport(Console(file=file, width=width, highlight=False, markup=False), details="2025")
    for event in hostile(payload):
        report(event)
    report.close()
    assert commands(file.getvalue()) == []


def test_json_lines_keep_the_value_and_hold_no_command() -> None:
    file = io.StringIO()
    for event in hostile(HOSTILE):
        JsonLinesReport(file)(event)
    assert commands(file.getvalue()) == []
    assert json.loads(file.getvalue().splitlines()[1])["title"] == HOSTILE


ENTRY = {
    "seq": 7,
    "at": HOSTILE,
    "method": HOSTILE,
    "path": HOSTILE,
    "query": HOSTILE,
    "operation": HOSTILE,
    "intents": [{"names": [HOSTILE]}],
    "status": None,
    "answer": HOSTILE,
    "applied": HOSTILE,
    "faults": [HOSTILE],
    "refused_by": HOSTILE,
}


def test_the_views_of_a_watch() -> None:
    finding = LintFinding(RULES[0], Violation((7,), HOSTILE), HOSTILE)
    file = io.StringIO()
    console = Console(file=file, width=60, height=40, force_terminal=False, highlight=False, markup=False)
    lines, screen = Lines(console), Screen(console)
    for view in (lines, screen):
        view.exchange("scim", ENTRY)
        view.finding("scim", finding)
        view.state("scim", Judged(SyncSummary(Counters(impacted=2, failed=1), Counters()), HOSTILE))
    console.print(Printable(screen._drawn()))
    assert len(file.getvalue()) > 500
    assert commands(file.getvalue()) == []
    assert commands("\n".join(describe([finding]))) == []


def test_a_store_that_lint_refuses() -> None:
    result = CliRunner().invoke(main, ["lint", "x.har", "--target", "##[group]x"])
    assert "[group]x" in result.output
    assert commands(result.output) == []


@pytest.mark.parametrize("options", [(), ("--json",), ("--target", "scim")])
def test_lint_of_a_recording(tmp_path, options) -> None:
    entries = numbered(
        [
            ask(f"{verb} /Users/##[error]x{each}?{each}", {each: each, "schemas": [each]}, 400)
            for verb in ("GET", "POST", "PATCH", "PUT")
            for each in ("::error::x", "##[error]y", "\x1b]0;x\x07")
        ]
    )
    file = tmp_path / "##[group]::error::.json"
    file.write_text(json.dumps(entries), encoding="utf-8")
    result = CliRunner().invoke(main, ["lint", str(file), *options])
    assert len(result.output) > 500
    assert commands(result.output) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--client", f"x {HOSTILE}"),
        ("check", "--scenario", HOSTILE),
        ("check", "--target", HOSTILE),
        ("lint", HOSTILE[:200]),
        ("explain", HOSTILE),
        ("sync", "--source", HOSTILE[:100], "--connection", HOSTILE[:100]),
        ("watch", HOSTILE),
        ("serve", HOSTILE),
        ("serve", "scim", "--set", HOSTILE),
        ("watch", "scim", "--expect", HOSTILE),
    ],
    ids=lambda arguments: " ".join(arguments)[:15],
)
def test_what_a_command_says_when_it_refuses(arguments) -> None:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code == 2, result.output
    assert commands(result.output) == []


def test_generated_scenarios_under_any_seed(tmp_path) -> None:
    options = ("--seed", HOSTILE, "--target", "scim", "--failures", str(tmp_path), "--details")
    result = CliRunner().invoke(main, ["check", "--generate", "2", *options])
    assert result.exit_code == 0, result.output
    assert commands(result.output) == []
