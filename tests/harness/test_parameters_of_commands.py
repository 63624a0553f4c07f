"""What the parameters of every command refuse: files written over, numbers out of range, and contradictions."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from provcheck.harness.cli import _COMMANDS, main
from provcheck.harness.commands.parameters import ReadFile, Seconds, StrictCommand, Whole

FILES = ("FILE", "RUN", "DIR")
ONLY_EMPTY = ("init directory",)
"""Parameters of directories in which nothing can be written over, because they must be empty."""


def parameters() -> list[tuple[str, click.Parameter]]:
    context = click.Context(main)
    commands = {name: command for name in _COMMANDS if (command := main.get_command(context, name)) is not None}
    assert all(isinstance(command, StrictCommand) for command in commands.values())
    return [(name, parameter) for name, command in commands.items() for parameter in command.params]


def test_every_parameter_that_names_a_file_says_whether_it_is_read_or_written() -> None:
    offenders = [
        f"{name} {parameter.name}"
        for name, parameter in parameters()
        if (isinstance(parameter.type, click.Path) or any(word in (parameter.metavar or "") for word in FILES))
        and not isinstance(parameter.type, ReadFile)
    ]
    assert [each for each in offenders if each not in ONLY_EMPTY] == []


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
    ["check", "--generate", "1", "--failures", "z.out", "--report", "html=./z.out"],
    ["serve", "--seed", "s.json", "--access-log", "./s.json"],
    ["serve", "scim", "--schema", "s.json:User", "--access-log", "s.json"],
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


NO_NUMBERS = ("nan", "inf", "-inf", "-1e3", "1e300", "soon", "", " ", "1_0", "\u0663", "9" * 6000, "-" + "9" * 30)


def test_every_number_has_a_range_and_is_written_in_digits() -> None:
    loose = (click.types.IntParamType, click.types.FloatParamType, click.types.FuncParamType)
    offenders, found = [], 0
    for name, parameter in parameters():
        if isinstance(parameter.type, loose):
            offenders.append(f"{name} {parameter.name} has no range")
        if not isinstance(parameter.type, Whole | Seconds):
            continue
        for text in (*NO_NUMBERS, *(("0",) if isinstance(parameter.type, Seconds) else ())):
            found += 1
            done = CliRunner().invoke(main, [name, f"{parameter.opts[0]}={text}"])
            if done.exit_code != 2 or "Invalid value" not in done.output or len(done.output) > 600:
                offenders.append(f"{name} {parameter.name} {text:.9}: {done.output:.300}")
    assert found > 100
    assert offenders == []


def test_no_option_with_one_value_is_given_twice() -> None:
    offenders = []
    for name, parameter in parameters():
        if isinstance(parameter, click.Option) and not (parameter.multiple or parameter.is_flag):
            value = parameter.type.choices[0] if isinstance(parameter.type, click.Choice) else "1"
            done = CliRunner().invoke(main, [name, *(f"{parameter.opts[0]}={value}",) * 2])
            if (done.exit_code, done.output) != (2, f"Error: {parameter.opts[0]} is given twice\n"):
                offenders.append(f"{name} {parameter.name}: {done.output}")
    assert offenders == []


CONTRADICTIONS = [
    ["contract", "--schema", "--scenario-file"],
    ["lint", "--list", "x.har"],
    ["lint", "--list", "--target", "scim"],
    ["list", "flags", "--json", "--markdown"],
    ["list", "checks", "--target", "nosuch"],
    ["list", "faults", "--target", "nosuch"],
    ["report", "run.jsonl", "--exchange", "5", "--report", "html=run.html"],
    ["report", "run.jsonl", "--exchange", "5", "--details"],
    ["serve", "scim", "--set", "supports_etag=on", "--set", "supports_etag=off"],
    ["serve", "scim", "--profile", "scim=rfc", "--profile", "scim=tolerant"],
    ["serve", "scim", "--expose", "a.example.com", "--public-url", "https://b.example.com"],
    ["serve", "scim", "--port-per-target", "--public-url", "https://b.example.com"],
    ["serve", "scim", "--"],
    ["watch", "scim", "--port", "0", "--expect", "users.impacted=5", "--expect", "users.impacted=6"],
    ["check", "--seed", "1"],
    ["check", "--generate", "1", "--scenario", "e6"],
    ["check", "--generate", "1", "--live"],
    ["check", "--generate", "1", "--require", "groups"],
    ["check", "--client-log", "a.log"],
]


@pytest.mark.parametrize("arguments", CONTRADICTIONS, ids=" ".join)
def test_what_contradicts_itself_is_refused_in_one_line(arguments: list[str]) -> None:
    done = CliRunner().invoke(main, arguments)
    assert (done.exit_code, done.output[:7], done.output.count("\n")) == (2, "Error: ", 1), done.output
