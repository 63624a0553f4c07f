"""`provcheck list` and the reference of flags: what there is, in three forms."""

from __future__ import annotations

import json
import shlex

import pytest
from click.testing import CliRunner

from provcheck.harness import checks, scenarios, vendors
from provcheck.harness.cli import main
from provcheck.harness.testbed.catalog import targets
from provcheck.harness.vendors import linter
from provcheck.mock_targets.commands.options import find_specs, read_flags


def listed(*arguments: str):
    return CliRunner().invoke(main, ["list", *arguments])


def as_json(*arguments: str):
    return json.loads(listed(*arguments, "--json").stdout)


def test_targets_are_every_way_of_setting_one_up():
    assert [each["name"] for each in as_json("targets")] == [profile.id for profile in vendors.configurations()]
    assert [each["name"] for each in as_json("targets", "--target", "slack+")] == ["slack"]
    assert [each["name"] for each in as_json("targets", "--target", "slack")] == ["slack", "slack+1.1"]


def test_scenarios_come_with_claim_source_and_where_they_can_be_shown():
    found = {each["name"]: each for each in as_json("scenarios")}
    assert set(found) == {scenario.name for scenario in scenarios.all()}
    without_groups = [each.id for each in vendors.configurations() if not each.supports_groups]
    assert found["e1-no-groups-at-target"]["targets"] == without_groups
    assert found["e1-no-groups-at-target"]["source"].endswith("row 1")


def test_scenarios_of_a_target_are_those_it_can_show():
    names = {each["name"] for each in as_json("scenarios", "--target", "slack")}
    assert "e2-groups-at-target" in names
    assert "leaver-is-deleted" not in names


def test_checks_come_with_claim_phases_and_source():
    found = {each["name"]: each for each in as_json("checks")}
    assert list(found) == [check.name for check in checks.all()]
    one = found["no_account_is_doubled"]
    assert one["claim"] == "No source user has two accounts at the target, counting inactive ones."
    assert one["phases"] == ["scenario", "watch"]
    assert one["source"].startswith("our ruling")
    assert f"Asked: {', '.join(one['phases'])}" in listed("checks").stdout


def test_flags_are_the_declared_ones_with_their_sources():
    for target, declared in zip(as_json("flags"), targets()):
        assert [flag["name"] for flag in target["flags"]] == [flag.name for flag in declared.flags]
        assert all(flag["doc"] and flag["source"] for flag in target["flags"])
        assert set(target["profiles"]) == set(declared.profiles)


@pytest.mark.parametrize("what", ["targets", "scenarios", "checks", "flags", "presets", "profiles"])
def test_plain_lists_name_everything(what):
    text = listed(what).stdout
    entries = as_json(what)
    names = [flag["name"] for each in entries for flag in each["flags"]] if what == "flags" else []
    for name in names or [each["name"] for each in entries]:
        assert name in text


def test_every_target_comes_with_the_command_that_serves_it():
    for entry in as_json("targets"):
        program, command, *arguments = shlex.split(entry["serve"])
        options = main.get_command(None, command).make_context(command, arguments).params
        specs = find_specs(options["targets"])
        flags = read_flags(specs, options["profiles"], options["settings"])
        assert program == "provcheck"
        assert entry["flags"].items() <= flags[entry["target"]].items()


def test_lint_rules_are_listed_with_the_targets_that_they_are_for():
    every, of_slack = as_json("rules"), as_json("rules", "--target", "slack")
    assert {rule["id"] for rule in every} == {rule.id for rule in linter().rules}
    assert of_slack == [rule for rule in every if "slack" in rule["targets"]]
    assert listed("rules").stdout.count("Source: ") == len(every)


def test_presets_are_those_of_every_mock_target():
    declared = {(target.name, preset) for target in targets() for preset in target.profiles}
    assert {(each["target"], each["name"]) for each in as_json("presets")} == declared
    assert as_json("profiles") == as_json("presets")


@pytest.mark.parametrize("columns", ["60", "80", "140"])
def test_a_list_of_flags_fits_the_terminal(columns, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    wrapped = [line for line in listed("flags", "--target", "scim").stdout.splitlines() if line.startswith("      ")]
    assert max(len(line) for line in wrapped if len(line.split()) > 1) <= int(columns)


@pytest.mark.parametrize("what", ["targets", "scenarios", "checks", "flags", "rules", "presets"])
def test_markdown_tables_are_rectangular(what):
    rows = [line for line in listed(what, "--markdown").stdout.splitlines() if line.startswith("|")]
    assert len(rows) > 2
    width = None
    for row in rows:
        cells = row.replace("\\|", "").count("|")
        width = cells if width is None or row.startswith(("| flag |", "| preset |")) else width
        assert cells == width, row


@pytest.mark.parametrize(
    "arguments, word",
    [
        (["nothing"], "targets"),
        ([], "targets"),
        (["flags", "--target", "skim"], "scim"),
        (["scenarios", "--target", "skim"], "scim"),
        (["targets", "--json", "--markdown"], "exclude"),
        (["rules", "--target", "okta"], "okta is a preset of scim: --target scim"),
    ],
)
def test_bad_usage_is_exit_code_2(arguments, word):
    result = listed(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert word.casefold() in result.stderr.casefold()
