"""`provcheck check`: what it plays, where it reports, and how it ends."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

import provcheck.harness.run
from provcheck.harness.adapters import ReferenceAdapter
from provcheck.harness.cli import main
from provcheck.harness.commands.check import NEXT_STEPS

ONE = ["--target", "slack+", "--scenario", "e5"]
genuine_run = provcheck.harness.run.run


class CountsWithheldAsFailed(ReferenceAdapter):
    """A client with one mistake."""

    def summary(self):
        """The summary, with Unsynced users counted as Failed."""
        summary = super().summary()
        users = summary.users
        return replace(summary, users=replace(users, failed=users.unsynced, unsynced=0))


def check(*arguments: str):
    return CliRunner().invoke(main, ["check", *arguments])


def with_client(monkeypatch, **options):
    monkeypatch.setattr(provcheck.harness.run, "run", lambda cases, **given: genuine_run(cases, **given, **options))


def test_all_hold_is_exit_code_0():
    result = check(*ONE)
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1].startswith("1 of 1 case holds; ")


def test_findings_are_exit_code_1(monkeypatch):
    with_client(monkeypatch, make_client=CountsWithheldAsFailed)
    result = check(*ONE)
    assert result.exit_code == 1
    assert "users.failed" in result.output


def test_an_error_of_ours_is_exit_code_2(monkeypatch):
    monkeypatch.setattr("provcheck.harness.checks.judge", lambda *_: 1 / 0)
    result = check(*ONE)
    assert result.exit_code == 2
    assert "Errors of ours" in result.output
    assert "Traceback" not in result.output


def test_a_run_that_fails_as_a_whole_is_one_line(monkeypatch):
    monkeypatch.setattr(provcheck.harness.run, "run", lambda *_, **__: 1 / 0)
    result = check(*ONE)
    assert (result.exit_code, result.stderr) == (2, "Error: ZeroDivisionError: division by zero\n")


def test_ctrl_c_is_no_finding(monkeypatch, tmp_path):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(provcheck.harness.run, "run", interrupted)
    result = check(*ONE, "--report", f"junit={tmp_path / 'x.xml'}")
    assert (result.exit_code, result.stderr) == (130, "interrupted\n")
    assert (tmp_path / "x.xml").read_bytes().startswith(b"<?xml")


@pytest.mark.parametrize(
    "arguments, word",
    [
        (["--target", "skim"], "scim"),
        (["--target", "scim+okta"], "did you mean scim+okta_like"),
        (["--scenario", "e9"], "provcheck list scenarios prints them all"),
        (["--scenario", "joinr"], "is it joiner?"),
        (["--scenario", "erased"], "'*erased*' is all"),
        (["--generate", "2", "--scenario", "joiner"], "leave them out here"),
        (["--generate", "2", "--level", "derived"], "leave them out here"),
        (["--seed", "x"], "--seed is for generated scenarios alone: add --generate N"),
        (["--failures", "x"], "--failures is for generated scenarios alone"),
        (["--client", "FOO=bar node x"], "variables are set by env, as in 'env FOO=bar node x'"),
        (["--client", "localhost:9000"], "a service is named with its scheme, http://localhost:9000"),
        (["--client", "my.module"], "a Python object is named package.module:factory"),
        (["--client", "http://127.0.0.1:99999"], "that is no address of a service"),
        (["--scenario", "e1", "--target", "slack"], "nothing to check"),
        (["--level", "documented", "--scenario", "joiner"], "nothing to check"),
        (["--report", "junit=/no/such/directory/x.xml"], "cannot write /no/such/directory/x.xml"),
        (["--report", "junit"], "jsonl=FILE"),
        (["--report", "pdf=x"], "jsonl=FILE"),
        (["--report", "html=x", "--report", "junit=x"], "two reports cannot be written to 'x'"),
        (["--report", "console=x"], "jsonl=FILE"),
        (["--level", "some"], "documented"),
        (["surplus"], "surplus"),
        (["--require", "restrat"], "is it restart or status or create?"),
        (["--require", "restart", "--generate", "2"], "--require is for named scenarios alone"),
        (["--min-played", "0"], "--min-played"),
    ],
)
def test_bad_usage_is_exit_code_2_and_says_why_in_one_line(arguments, word):
    result = check(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert word in result.stderr.splitlines()[-1]


def test_reports_to_files_leave_the_console_alone(tmp_path):
    lines, xml = tmp_path / "run.jsonl", tmp_path / "run.xml"
    result = check(*ONE, "--report", f"jsonl={lines}", "--report", f"junit={xml}")
    assert (result.exit_code, result.output) == (0, "")
    kinds = [json.loads(line)["type"] for line in lines.read_text().splitlines()]
    assert (kinds[0], kinds[-1]) == ("run_started", "run_finished")
    assert ET.parse(xml).find("testsuite").get("tests") == "1"


@pytest.mark.parametrize(
    "kind, begins",
    [("markdown", "## ✅ provcheck: 1 of 1 cases hold"), ("html", "<!DOCTYPE html>"), ("annotations", "")],
)
def test_a_report_for_readers_is_a_file(tmp_path, kind, begins):
    result = check(*ONE, "--report", f"{kind}={tmp_path / 'x'}")
    assert (result.exit_code, result.output) == (0, "")
    assert (tmp_path / "x").read_text(encoding="utf-8").startswith(begins)


def test_annotations_go_to_the_log_unless_a_file_is_named(monkeypatch):
    with_client(monkeypatch, make_client=CountsWithheldAsFailed)
    result = check(*ONE, "--report", "console", "--report", "annotations")
    assert result.exit_code == 1
    (line,) = [line for line in result.output.splitlines() if line.startswith("::")]
    assert line.startswith(
        "::error title=failed needs an error that stayed does not hold%3A e5-create-not-allowed on slack::"
    )


def test_the_reference_client_can_be_named():
    assert check(*ONE, "--client", "reference").exit_code == 0


def test_console_and_file_go_together(tmp_path):
    result = check(*ONE, "--report", "console", "--report", f"jsonl={tmp_path / 'x'}")
    assert "1 of 1 case holds" in result.output
    assert (tmp_path / "x").stat().st_size > 0


def test_events_say_what_is_given_and_where_it_is_documented(tmp_path):
    check(*ONE, "--report", f"jsonl={tmp_path / 'x'}")
    started = json.loads((tmp_path / "x").read_text().splitlines()[1])
    assert started["title"] == "Five users, creating not allowed"
    assert (started["level"], started["source"].rpartition(", ")[2]) == ("documented", "row 5")


def test_details_show_the_page():
    result = check(*ONE, "--details", "--layout", "earlier")
    assert "Users\n       Impacted: 5\n" in result.output
    assert "1. sync" in result.output


def test_a_newcomer_is_told_what_to_do_next_and_somebody_with_a_client_is_not():
    text = check(*ONE).output
    for command in ("provcheck init", "provcheck check --client", "provcheck serve"):
        assert f"\n  {command}" in text
    assert max(map(len, NEXT_STEPS)) <= 80
    assert "provcheck init" not in check(*ONE, "--client", "reference").output


def test_columns_stand_in_the_order_of_the_targets():
    lines = check("--level", "documented").output.splitlines()
    assert [line for line in lines if line.lstrip("| ") == "scim" or line.endswith("scim+no-groups")] == [
        "scim",
        "| scim+no-groups",
    ]


def test_quiet_is_one_line_when_all_hold():
    assert len(check(*ONE, "--quiet").output.splitlines()) == 1


def test_live_targets_are_checked_too():
    result = check(*ONE, "--live")
    assert result.exit_code == 0, result.output


def test_a_pipe_of_any_encoding_gets_text_without_colour():
    program = f"import sys; sys.argv = ['provcheck', 'check', *{ONE!r}]; from provcheck.harness.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        env={"PYTHONIOENCODING": "ascii", "PATH": "", "COLUMNS": "80"},
    )
    assert b"\x1b" not in done.stdout + done.stderr
    assert done.stderr == b""
    assert max(map(len, done.stdout.splitlines())) <= 80


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
@pytest.mark.parametrize("kind", ["jsonl", "junit", "markdown", "html"])
def test_a_full_disk_is_one_line(kind):
    result = check(*ONE, "--report", f"{kind}=/dev/full")
    assert (result.exit_code, result.stderr) == (2, "Error: cannot go on: No space left on device\n")


def test_a_reader_who_goes_away_is_no_error():
    program = f"import sys; sys.argv = ['provcheck', 'check', *{ONE!r}]; from provcheck.harness.cli import main; main()"
    playing = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    playing.stdout.close()
    assert playing.stderr.read() == b""
    playing.stderr.close()
    assert playing.wait() == 141


STARTER = Path(provcheck.harness.run.__file__).parents[1] / "starters" / "client.py.txt"


@pytest.fixture
def careless(tmp_path) -> Path:
    """The starter client, which creates whether or not it is allowed to; its path has a space in it."""
    file = tmp_path / "my clients" / "care less.py"
    file.parent.mkdir()
    written = STARTER.read_text().replace('if account is None and not self.connection["create_users"]:', "if False:")
    file.write_text(written)
    return file


def checks_found(lines: Path) -> set[str]:
    ended = [json.loads(line) for line in lines.read_text().splitlines()]
    return {finding["check"] for each in ended if each["type"] == "case_finished" for finding in each["findings"]}


def test_the_command_that_is_printed_finds_the_same_again(careless, tmp_path):
    spec = shlex.join([sys.executable, str(careless)])
    first, second = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    chosen = ["--target", "scim+", "--scenario", "e5", "--timeout", "20", "--lint"]
    result = check(*chosen, "--client", spec, "--report", "console", "--report", f"jsonl={first}")
    line = next(each for each in result.output.splitlines() if each.startswith("  again: "))
    program, *words = shlex.split(line.removeprefix("  again: "))
    assert (program, words[0]) == ("provcheck", "check")
    assert words[1:] == [
        *("--client", spec, "--timeout", "20", "--lint"),
        *("--scenario", "e5-create-not-allowed", "--target", "scim+"),
    ]
    again = CliRunner().invoke(main, [*words, "--report", f"jsonl={second}"])
    assert again.exit_code == 1
    assert "no_create_while_not_allowed" in checks_found(second)
    assert checks_found(second) == checks_found(first)


@pytest.mark.parametrize("option", [[], ["--live"], ["--client", "reference"]])
def test_the_command_that_is_told_repeats_what_matters_and_nothing_else(tmp_path, option):
    check(*ONE, *option, "--report", f"jsonl={tmp_path / 'x'}")
    started = json.loads((tmp_path / "x").read_text().splitlines()[0])
    assert started["command"] == ["provcheck", "check", *(each for each in option if each == "--live")]


def test_lint_tells_about_requests_and_decides_nothing(careless):
    spec = shlex.join([sys.executable, str(careless)])
    chosen = ["--target", "scim+no-groups", "--scenario", "e1", "--client", spec]
    plain, linted = check(*chosen), check(*chosen, "--lint")
    assert (plain.exit_code, linted.exit_code) == (0, 0)
    assert "Advice on requests" not in plain.output
    assert "Advice on requests" in linted.output
    assert "Warnings about requests" not in linted.output
    assert "SCIM106" in linted.output


def test_generated_scenarios_know_nothing_of_lint():
    result = check("--generate", "1", "--lint")
    assert result.exit_code == 2
    assert "leave out --lint\n" in result.stderr


def test_a_script_without_what_starts_it_is_told_so(careless):
    result = check("--client", shlex.quote(str(careless)))
    assert result.exit_code == 2
    assert f"say what starts it, as in 'python3 {careless}'" in result.stderr


def test_a_client_that_breaks_off_is_told_in_its_row_and_by_the_contract(tmp_path):
    file = tmp_path / "client.py"
    file.write_text(
        STARTER.read_text().replace(
            "def apply(self", 'def apply(self, **_):\n        sys.exit("boom")\n\n    def was(self'
        )
    )
    spec = shlex.join([sys.executable, str(file)])
    result = check("--target", "scim+", "--scenario", "e5", "--details", "--client", spec)
    assert result.exit_code == 1
    table, _, told = result.output.partition("Findings")
    assert "last words: boom" in " ".join(table.split())
    assert "source provcheck, the client contract" in " ".join(told.split())


@pytest.mark.parametrize(
    "demands, said",
    [
        (["--require", "create"], ""),
        (["--require", "restart"], "Error: --require restart: no chosen case needs it\n"),
        (["--min-played", "1"], ""),
        (["--min-played", "2"], "Error: 1 cases were played and 0 were not; at least 2 were demanded (--min-played)\n"),
    ],
)
def test_a_run_that_played_less_than_demanded_is_exit_code_2(demands, said):
    result = check("--scenario", "joiner", "--target", "scim+", *demands)
    assert (result.exit_code, result.stderr) == (2 if said else 0, said)


def test_a_run_in_which_nothing_was_played_is_exit_code_2_and_says_what_unlocks_it():
    client = "tests.harness.test_command_check:OffersNothing"
    result = check("--scenario", "joiner", "--scenario", "restart-t*", "--target", "scim+", "--client", client)
    assert result.exit_code == 2
    assert result.stderr == "Error: 0 cases were played and 7 were not; so nothing was checked\n"
    assert "What further capabilities of the client unlock" in result.stdout
    assert "create: 1 case" in result.stdout


class OffersNothing:
    """A client without a capability."""

    def describe(self, contract):
        """Who this is."""
        return {"contract": contract, "name": "nothing", "capabilities": []}

    def close(self):
        """End."""
