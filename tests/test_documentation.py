"""What README.md and CONTRIBUTING.md say is executed, as far as it can be: commands, names, links, the reference."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from provcheck.harness import reference, scenarios
from provcheck.harness import vendors as profiles
from provcheck.harness.cli import main
from provcheck.mock_targets import registry
from provcheck.mock_targets.commands.serve import read_flags

TOP = Path(__file__).resolve().parent.parent
README = (TOP / "README.md").read_text(encoding="utf-8")
PAGES = {name: (TOP / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md")}
NEWCOMER = ("pip install . && provcheck check", "pip install '.[test]' && pytest")


def commands() -> list[str]:
    """Every line of a code block that calls provcheck, from there on."""
    lines = re.findall(r"^(?: {4}|\$ )?.*?\bprovcheck (?=[a-z-]).*$", code(README), re.MULTILINE)
    return [line[line.index("provcheck ") :] for line in lines]


def code(page: str) -> str:
    """The indented and the fenced shell blocks of a page."""
    fenced = re.findall(r"^```(?:sh|console)\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    return "\n".join([*fenced, *re.findall(r"^ {4}.*$", page, re.MULTILINE)])


def arguments(command: str) -> list[str]:
    """The words of a command up to a comment, a pipe or the next command."""
    words = shlex.split(command, comments=True)[1:]
    ends = [place for place, word in enumerate(words) if word in ("&&", "||", "|", "&", ">")]
    return words[: ends[0]] if ends else words


def parsed(command: str) -> tuple[str, dict]:
    """The subcommand and its options, as click reads them. Raises UsageError."""
    name, *rest = arguments(command)
    subcommand = main.get_command(click.Context(main), name)
    assert subcommand is not None, f"there is no command {name}"
    return name, subcommand.make_context(name, rest).params


each_command = pytest.mark.parametrize("command", commands())


def test_the_first_screen_has_the_two_commands_and_no_others():
    screen = README.partition("\n## ")[0]
    found = [line.partition("#")[0].strip() for line in re.findall(r"^ {4}(.*)$", screen, re.MULTILINE)]
    assert found == list(NEWCOMER)


@each_command
def test_a_command_is_understood(command):
    parsed(command)


@each_command
def test_scenarios_and_targets_of_a_command_exist(command):
    name, options = parsed(command)
    if name == "check":
        assert all(profiles.named(each) for each in options["targets"])
        assert all(scenarios.named(each) for each in options["patterns"])
    if name == "serve":
        assert set(options["targets"]) <= set(registry.names())


@pytest.mark.parametrize("command", [each for each in commands() if each.startswith("provcheck serve")])
def test_flags_and_profiles_of_a_command_exist(command):
    options = parsed(command)[1]
    specs = {name: registry.find(name) for name in options["targets"] or registry.names()}
    read_flags(specs, options["profiles"], options["settings"])


@pytest.mark.parametrize("command", [each for each in commands() if each.startswith("provcheck explain")])
def test_what_is_to_be_explained_is_explained(command):
    result = CliRunner().invoke(main, arguments(command))
    assert result.exit_code == 0, result.output


def test_scenarios_that_are_named_exist():
    known = {scenario.name for scenario in scenarios.all()}
    assert set(re.findall(r"\be\d-[a-z0-9-]+", README)) <= known


def test_commands_in_running_text_exist():
    named = set(re.findall(r"`provcheck ([a-z]+)", README))
    assert named <= set(main.list_commands(click.Context(main)))


def test_the_reference_of_flags_is_what_the_command_prints():
    printed = CliRunner().invoke(main, ["list", "flags", "--markdown"]).output
    message = "the reference is out of date: python -m provcheck.harness.reference README.md"
    assert reference.between(README) == f"\n\n{printed}\n", message


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name):
    page = PAGES[name]
    for link in re.findall(r"\]\(([^)\s]+)\)", page):
        path, _, anchor = link.partition("#")
        if path.startswith(("http://", "https://")):
            continue
        assert not path or (TOP / path).exists(), link
        assert not anchor or anchor in anchors((TOP / path).read_text(encoding="utf-8") if path else page), link


def anchors(page: str) -> set[str]:
    """What the headings of a page are called in links."""
    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("block", re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL))
def test_python_in_the_readme_is_python(block):
    ast.parse(block)
