"""`provcheck lint`: findings by rule, exit codes, JSON, the list of rules, bad usage."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from provcheck.harness.cli import main
from provcheck.harness.vendors import linter
from tests.lint.imagined_exchange import ask, look, made, numbered, user

GOOD = numbered([look(), made()])
BAD = numbered([look(), ask("POST /Users", user(schemas="left out")), ask("GET /Users/1", headers={"Accept": None})])


@pytest.fixture
def lint(tmp_path):
    def run(entries, *options):
        path = tmp_path / "journal.json"
        path.write_text(entries if isinstance(entries, str) else json.dumps(entries), encoding="utf-8")
        return CliRunner().invoke(main, ["lint", str(path), *options])

    return run


def test_nothing_found_ends_with_0(lint):
    result = lint(GOOD)
    assert (result.exit_code, result.stdout) == (0, "no findings\n")


def test_an_error_ends_with_1_and_is_told_with_its_exchange_its_source_and_how_to_mend_it(lint):
    result = lint(BAD)
    assert result.exit_code == 1
    assert "error   SCIM201" in result.stdout
    assert "#2: no schemas" in result.stdout
    assert "source: RFC 7643, section 3" in result.stdout
    assert result.stdout.endswith("1 error, 1 info\n")


@pytest.mark.parametrize(("level", "code"), [("never", 0), ("error", 0), ("warning", 0), ("info", 1)])
def test_what_fails_can_be_chosen(lint, level, code):
    assert lint(numbered([ask("GET /Users/1", headers={"Accept": None})]), "--fail-on", level).exit_code == code


def test_rules_can_be_left_out(lint):
    assert lint(BAD, "--ignore", "scim201, SCIM104").stdout == "no findings\n"


def test_json_is_one_object_for_each_finding(lint):
    found = [json.loads(line) for line in lint(BAD, "--json").stdout.splitlines()]
    assert [(each["rule"], each["exchanges"]) for each in found] == [("SCIM104", [3]), ("SCIM201", [2])]


def test_every_rule_is_listed():
    listed = CliRunner().invoke(main, ["lint", "--list"]).stdout
    assert all(rule.id in listed and rule.claim in listed for rule in linter().rules)


def test_the_list_of_rules_is_there_as_json_as_well():
    lines = CliRunner().invoke(main, ["lint", "--list", "--json"]).stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [rule.id for rule in linter().rules]


def test_many_violations_of_one_rule_are_summed_up(lint):
    result = lint(numbered([ask(f"GET /Users/{n}", headers={"Accept": None}) for n in range(20)]))
    assert "and 12 more" in result.stdout


@pytest.mark.parametrize("text", ["", "{}", "nonsense", "[1]"])
def test_a_broken_file_is_told_in_one_line_and_ends_with_2(lint, text):
    result = lint(text)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [["lint"], ["lint", "--ignore", "SCIM999", "x"], ["lint", "no-such-file.har"]])
def test_bad_usage_ends_with_2(arguments):
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "name, told",
    [
        ("okta", "okta is a preset of scim: --target scim"),
        ("slak", "did you mean slack?"),
        ("zzz", "there is no store"),
    ],
)
def test_a_store_that_nobody_knows_is_refused_with_the_one_that_was_meant(name, told):
    result = CliRunner().invoke(main, ["lint", "--target", name, "session.har"])
    assert result.exit_code == 2
    assert told in result.stderr
