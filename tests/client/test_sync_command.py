"""`provcheck sync` as a person runs it: files in, summary out, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from provcheck.harness import vendors
from provcheck.harness.cli import main
from provcheck.harness.client import sync_run as command
from provcheck.harness.client.store import StateStore
from provcheck.harness.client.sync_run import BadOrder, Order, read_connection
from provcheck.harness.commands.sync import sync
from provcheck.mock_targets.clock import VirtualClock
from tests.client.provisioning_rig import Rig

CSV = """userName,email,givenName,familyName,groups
ada,ada@example.com,Ada,Lovelace,Staff;Board
bob,bob@example.com,Bob,Bird,Staff
"""


@pytest.fixture
def rig(monkeypatch: pytest.MonkeyPatch) -> Rig:
    made = Rig()
    monkeypatch.setattr(command.requests, "Session", lambda: made.session)
    monkeypatch.setattr(command, "SystemClock", lambda: made.clock)
    return made


@pytest.fixture
def files(tmp_path: Path, rig: Rig) -> tuple[Path, Path]:
    source, connection = tmp_path / "people.csv", tmp_path / "c.toml"
    source.write_text(CSV)
    connection.write_text(
        f'type = "scim"\nSCIM_URL = "{rig.target.base_url}"\nOAUTH_ACCESS_TOKEN = "{rig.target.token}"\n'
    )
    return source, connection


def run(files: tuple[Path, Path], *more: str) -> Result:
    return CliRunner().invoke(sync, ["--source", str(files[0]), "--connection", str(files[1]), *more])


def test_a_sync_prints_the_summary_and_ends_well(rig: Rig, files: tuple[Path, Path]) -> None:
    result = run(files)
    assert result.exit_code == 0, result.output
    assert "User Sync Summary" in result.stdout
    assert rig.members("Staff") == {"ada", "bob"}
    assert rig.members("Board") == {"ada"}


def test_the_summary_names_the_file_and_the_connection(rig: Rig, files: tuple[Path, Path]) -> None:
    files[1].write_text('name = "Staging"\n' + files[1].read_text())
    assert "Source: people.csv\nTarget: Staging" in run(files).stdout


def test_a_second_sync_sends_only_what_changed(rig: Rig, files: tuple[Path, Path]) -> None:
    run(files)
    since = rig.mark()
    assert run(files).exit_code == 0
    assert rig.writes(since) == []
    files[0].write_text(CSV.replace("Lovelace", "Byron"))
    assert run(files).exit_code == 0
    assert rig.writes(since) == ["user.update"]


def test_the_summary_comes_in_the_earlier_layout_too(files: tuple[Path, Path]) -> None:
    assert "User Sync Summary" not in run(files, "--layout", "earlier").stdout


def test_a_full_resync_repairs_what_was_changed_at_the_target(rig: Rig, files: tuple[Path, Path]) -> None:
    run(files)
    url = f"{rig.target.base_url}/Users/{rig.account('ada')['id']}"
    patch = {"op": "replace", "path": "name.familyName", "value": "Vandal"}
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [patch]}
    assert rig.session.patch(url, json=body, headers=rig.target.headers).ok
    assert run(files, "--resync").exit_code == 0
    assert rig.account("ada")["familyName"] == "Lovelace"


def test_a_failure_is_named_and_ends_with_one(rig: Rig, files: tuple[Path, Path]) -> None:
    rig.target.flags.allows_create_users = False
    result = run(files)
    assert result.exit_code == 1
    assert "failed: user ada: HTTP 403" in result.stderr


def test_an_orphan_is_named_and_ends_with_one(rig: Rig, files: tuple[Path, Path]) -> None:
    run(files)
    rig.target.flags.allows_disable_users = False
    files[0].write_text(CSV.splitlines()[0] + "\n" + CSV.splitlines()[1] + "\n")
    result = run(files)
    assert result.exit_code == 1
    assert "left behind: user bob" in result.stderr


def test_wrong_credentials_end_with_one_and_say_so(files: tuple[Path, Path]) -> None:
    files[1].write_text(files[1].read_text().replace("ACCESS_TOKEN = ", "ACCESS_TOKEN = 'wrong' #"))
    result = run(files)
    assert result.exit_code == 1
    assert "refused the credentials" in result.stderr
    assert "failed: 4 users and groups were not reached" in result.stderr
    assert len(result.stderr.splitlines()) == 2


def test_a_token_may_come_from_the_environment(
    rig: Rig, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    files[1].write_text(f'type = "scim"\nSCIM_URL = "{rig.target.base_url}"\n')
    monkeypatch.setenv("PROVCHECK_TOKEN", rig.target.token)
    assert run(files).exit_code == 0


def test_a_rule_that_is_not_enabled_syncs_nothing(rig: Rig, files: tuple[Path, Path]) -> None:
    files[1].write_text(files[1].read_text() + "[rule]\nenabled = false\n")
    result = run(files)
    assert result.exit_code == 0
    assert "not enabled" in result.stderr
    assert len(rig.target.journal) == 0


def test_every_event_can_be_kept_as_json_lines(files: tuple[Path, Path], tmp_path: Path) -> None:
    run(files, "--audit", str(tmp_path / "audit.jsonl"))
    records = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text().splitlines()]
    assert {record["entity"] for record in records if record["entity_kind"] == "user"} == {"ada", "bob"}


@pytest.mark.parametrize(
    "connection, word",
    [
        ("type = ", "is not TOML"),
        ('type = "scim"\n', "needs SCIM_URL"),
        ('type = "scim"\nSCIM_URL = "http://x"\nCREATE = true\n', "has no 'CREATE'; did you mean CREATE_USERS?"),
        ('type = "scim"\nconfiguration = 5\n', "configuration is an object, not 5"),
        ('type = "scim"\nSCIM_URL = "ftp://x"\n', "starts with http"),
        ('type = "scim"\nSCIM_URL = "http://x"\n[rule]\nwho = "all"\n', "the rule has no 'who'; it has name, source,"),
        (
            'type = "scim"\nSCIM_URL = "http://x"\n[rule]\nenabled = "yes"\n',
            "the rule: enabled is true or false",
        ),
        ('type = "scim"\nSCIM_URL = "http://x"\n[rule]\ngroups = [1]\n', "the rule: groups[0] is a text, not 1"),
        ('type = "scim"\nSCIM_URL = "http://x"\n[rule]\nuser_filter = "nonsense"\n', "a user filter reads like"),
    ],
)
def test_a_connection_that_makes_no_sense_is_one_line_and_ends_with_two(
    files: tuple[Path, Path], connection: str, word: str
) -> None:
    files[1].write_text(connection)
    result = run(files)
    assert result.exit_code == 2
    assert word in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_files_that_are_missing_are_one_line_and_end_with_two(files: tuple[Path, Path], tmp_path: Path) -> None:
    for broken in ((tmp_path / "none.csv", files[1]), (files[0], tmp_path / "none.toml")):
        result = run(broken)
        assert result.exit_code == 2
        assert "No such file" in result.stderr


def test_a_state_file_that_is_none_is_one_line_and_ends_with_two(rig: Rig, files: tuple[Path, Path]) -> None:
    Order(*files).state_path.write_text("{}")
    result = run(files)
    assert result.exit_code == 2
    assert "is not a state of this client" in result.stderr
    assert len(rig.target.journal) == 0


def test_a_state_that_cannot_be_written_is_an_error(files: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(BadOrder, match="No such file or directory"):
        command.sync(Order(*files, tmp_path / "no" / "where.json"), vendors)


def test_secrets_do_not_show_in_what_is_printed_about_an_order(files: tuple[Path, Path]) -> None:
    assert "hush" not in repr(Order(*files, token="hush"))
    connection, _ = read_connection(files[1], vendors)
    assert connection.token not in repr(connection)


def test_a_name_that_is_no_text_fails_alone_and_can_be_reported(files: tuple[Path, Path], tmp_path: Path) -> None:
    odd = tmp_path / "people.json"
    odd.write_text('{"users": [{"userName": "\\ud800"}, {"userName": "ada"}]}')
    result = run((odd, files[1]), "--audit", str(tmp_path / "audit.jsonl"))
    assert result.exit_code == 1
    assert "Success: 1" in result.stdout
    assert "failed: user \\ud800" in result.stderr
    assert run((odd, files[1])).exit_code == 1


def test_help_says_what_the_command_does() -> None:
    assert "Provision a target" in CliRunner().invoke(sync, ["--help"]).output


def test_the_session_is_closed_after_the_sync(
    rig: Rig, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[bool] = []
    monkeypatch.setattr(rig.session, "close", lambda: closed.append(True))
    assert run(files).exit_code == 0
    assert closed


def test_a_sync_does_not_run_beside_another_one_with_the_same_state(rig: Rig, files: tuple[Path, Path]) -> None:
    state = files[1].with_suffix(".state.json")
    with StateStore(state).locked():
        result = run(files)
    assert result.exit_code == 2
    assert result.stderr == f"Error: {state}: another sync with this state is running; wait until it ends\n"
    assert rig.target.snapshot()["users"] == []
    assert run(files).exit_code == 0


def test_the_last_line_says_why_a_target_was_not_reached(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "SystemClock", VirtualClock)
    (tmp_path / "people.csv").write_text("userName\nada\n", encoding="utf-8")
    (tmp_path / "scim.toml").write_text('type = "scim"\nSCIM_URL = "http://127.0.0.1:9/v2"\n', encoding="utf-8")
    files = ["--source", str(tmp_path / "people.csv"), "--connection", str(tmp_path / "scim.toml")]
    for more in ([], ["--dry-run"]):
        done = CliRunner().invoke(main, ["sync", *files, "--token", "some-token", *more])
        last = done.stderr.splitlines()[-1]
        assert last.startswith("failed: 1 user or group was not reached: "), last
        assert "127.0.0.1:9: connection refused" in last
