"""`provcheck check --generate` and `--scenario-file`: reports, exit codes, and how a failure is played again."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from provcheck.harness.cli import main
from tests.broken_clients import catalogue


def provcheck(*words: str) -> Result:
    """The command, run here."""
    return CliRunner().invoke(main, ["check", *words])


def test_generated_scenarios_hold_and_the_seed_is_told(tmp_path: Path) -> None:
    told = provcheck("--generate", "5", "--seed", "cli", "--failures", str(tmp_path / "failures"))
    assert told.exit_code == 0, told.output
    assert "5 of 5 cases hold" in told.output
    assert "Seed: cli." in told.output
    assert not (tmp_path / "failures").exists()


def test_details_print_the_coverage() -> None:
    told = provcheck("--generate", "3", "--target", "slack", "--details")
    assert "faults that struck" in told.output
    assert "a_second_resync_writes_nothing" in told.output


def test_reports_get_every_case(tmp_path: Path) -> None:
    provcheck("--generate", "3", "--seed", "r", "--target", "scim", "--report", f"jsonl={tmp_path / 'r.jsonl'}")
    events = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text().splitlines()]
    ended = [event for event in events if event["type"] == "case_finished"]
    assert [event["scenario"] for event in ended] == ["generated-r-1", "generated-r-2", "generated-r-3"]


def test_a_failure_is_written_and_one_command_plays_it_again(tmp_path: Path) -> None:
    with catalogue.all()["resync-writes-everything-again"].in_place():
        told = provcheck("--generate", "6", "--target", "slack", "--failures", str(tmp_path))
        assert told.exit_code == 1, told.output
        _, _, printed = told.output.replace("\n  ", " ").partition("again: ")
        words = shlex.split(printed.partition(".json")[0] + ".json")[2:]
        assert words[0] == "--scenario-file"
        again = provcheck(*words)
        assert again.exit_code == 1
        assert "a_second_resync_writes_nothing" in again.output
    assert provcheck(*words).exit_code == 0, "the intact client holds"


@pytest.mark.parametrize("seed", ["feature/x", "../../outside", "a b:c\\d", "x" * 300])
def test_a_failure_under_any_seed_is_a_finding_with_a_file_of_its_own(tmp_path: Path, seed: str) -> None:
    folder = tmp_path / "failures"
    with catalogue.all()["resync-writes-everything-again"].in_place():
        told = provcheck("--generate", "3", "--seed", seed, "--target", "slack", "--failures", str(folder))
    assert told.exit_code == 1, told.output
    assert "error of ours" not in told.output
    assert len(list(folder.glob("*.json"))) >= 1
    assert [each.name for each in tmp_path.iterdir()] == ["failures"]


def test_a_failure_that_cannot_be_written_is_a_finding_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with catalogue.all()["resync-writes-everything-again"].in_place():
        told = provcheck("--generate", "3", "--target", "slack", "--failures", str(tmp_path / "file" / "x"))
    assert told.exit_code == 1, told.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--generate", "1", "--live"], "Error: generated scenarios and scenario files are played"),
        (
            ["--generate", "1", "--client", "node client.mjs"],
            "Error: generated scenarios and scenario files are played",
        ),
        (["--generate", "1", "--target", "nix"], "Error: there is no target 'nix'"),
        (["--generate", "1", "--target", "scim+zoom_pending"], "Error: generated scenarios assume what scim+zoom_pend"),
        (["--scenario-file", "gone.json"], "Error: gone.json: No such file or directory"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(words: list[str], message: str) -> None:
    told = provcheck(*words)
    assert told.exit_code == 2
    assert told.output.startswith(message)
    assert told.output.count("\n") == 1


def test_a_flag_that_the_target_lacks_is_our_error_and_no_finding(tmp_path: Path) -> None:
    file = tmp_path / "flag.json"
    given = {"users": [{"id": "u", "user_name": "ada"}], "flags": {"no_such_flag": True}}
    file.write_text(json.dumps({"provcheck_scenario": 1, "target": "scim", "given": given}))
    told = provcheck("--scenario-file", str(file))
    assert told.exit_code == 2
    assert "no_such_flag" in told.output
