"""No command writes over a file that it reads, or that it writes by another option; numbers of seconds are finite."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from provcheck.harness.cli import _COMMANDS, main
from provcheck.harness.commands.files import READ, WRITTEN, FileCommand

FILES = ("FILE", "RUN", "FILE...")
ELSEWHERE = {"access_log": "serve checks it by itself: the targets share no code with the harness"}
"""Parameters of files that are checked in another way, and why."""


def commands() -> dict[str, click.Command]:
    context = click.Context(main)
    return {name: command for name in _COMMANDS if (command := main.get_command(context, name)) is not None}


def names_file(parameter: click.Parameter) -> bool:
    metavar = parameter.metavar or ""
    return (isinstance(parameter.type, click.Path) and metavar != "DIR") or any(word in metavar for word in FILES)


def test_every_file_of_every_command_is_known_as_read_or_written() -> None:
    offenders = [
        f"{name} {parameter.name}"
        for name, command in commands().items()
        for parameter in command.params
        if names_file(parameter) and parameter.name not in {*READ, *WRITTEN, *ELSEWHERE}
    ]
    assert not offenders


def test_every_command_that_writes_a_file_looks_before_it_does() -> None:
    offenders = [
        name
        for name, command in commands().items()
        if not isinstance(command, FileCommand) and any(each.name in WRITTEN for each in command.params)
    ]
    assert not offenders


CLASHES = [
    ["sync", "--source", "a.csv", "--connection", "c.toml", "--audit", "a.csv"],
    ["sync", "--source", "a.csv", "--connection", "c.toml", "--audit", "c.toml"],
    ["sync", "--source", "a.csv", "--connection", "c.toml", "--state", "s.json", "--audit", "./s.json"],
    ["sync", "--source", "a.csv", "--connection", "c.toml", "--audit", "c.state.json"],
    ["sync", "--source", "c.state.json", "--connection", "c.toml"],
    ["report", "run.jsonl", "--report", "html=./run.jsonl"],
    ["report", "run.jsonl", "--report", "jsonl=run.jsonl"],
    ["report", "run.jsonl", "--report", "html=link.jsonl"],
    ["watch", "scim", "--source", "a.csv", "--report", "jsonl=a.csv"],
    ["watch", "scim", "--seed", "s.json", "--report", "jsonl=s.json"],
    ["check", "--client-log", "q.jsonl", "--report", "jsonl=q.jsonl", "--client", "python client.py"],
    ["check", "--report", "jsonl=z.out", "--report", "html=./z.out"],
    ["check", "--client-log", "client.py", "--client", "python client.py"],
    ["check", "--scenario-file", "s.json", "--report", "html=s.json"],
    ["serve", "--seed", "s.json", "--access-log", "./s.json"],
]


@pytest.mark.parametrize("arguments", CLASHES, ids=" ".join)
def test_no_file_is_written_over(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.csv", "c.toml", "s.json", "run.jsonl", "client.py"):
        (tmp_path / name).write_text("kept", encoding="utf-8")
    (tmp_path / "link.jsonl").symlink_to("run.jsonl")
    done = CliRunner().invoke(main, arguments)
    assert (done.exit_code, done.output.count("\n")) == (2, 1), done.output
    assert "would write" in done.output
    assert {path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {"kept"}


@pytest.mark.parametrize("text", ["nan", "inf", "-1", "0", "1e300", "soon"])
def test_seconds_are_finite(text: str) -> None:
    offenders, found = [], 0
    for name, command in commands().items():
        for parameter in command.params:
            if isinstance(parameter.type, click.types.FloatParamType | click.FloatRange):
                found += 1
                done = CliRunner().invoke(main, [name, parameter.opts[0], text])
                if done.exit_code != 2 or "Invalid value" not in done.output:
                    offenders.append(f"{name} {parameter.name}: {done.output}")
    assert found
    assert not offenders
