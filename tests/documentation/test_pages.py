"""What README.md, CONTRIBUTING.md and the pages in docs/ say is so: commands, names, links, code."""

from __future__ import annotations

import ast
import json
import re
import runpy
import shlex
import tomllib
from collections.abc import Callable, Iterable, Iterator

import click
import yaml

from provcheck.harness import scenarios, vendors
from provcheck.harness.cli import main
from provcheck.harness.model import Rule
from provcheck.harness.model.reading import read
from provcheck.mock_targets import registry
from provcheck.mock_targets.commands.options import read_flags
from tests.documentation.pages import DOCS, TOP, blocks, commands, written_pages

PAGES = written_pages()
README = PAGES["README.md"]
NEWCOMER = ("pip install . && provcheck check", "pip install '.[test]' && pytest")
LONGEST_README = 170


def offenders(rule: Callable[[str], Iterable[object]]) -> list[str]:
    """What is wrong with a page, for every page."""
    return [f"{name}: {what}" for name, page in PAGES.items() for what in rule(page)]


def arguments(command: str) -> list[str]:
    """The words of a command up to a comment, a pipe or the next command."""
    words = shlex.split(command, comments=True)[1:]
    ends = [place for place, word in enumerate(words) if word in ("&&", "||", "|", "&", ">")]
    return words[: ends[0]] if ends else words


def parsed(command: str) -> tuple[str, dict]:
    """The subcommand and its options, as click reads them. Raises UsageError."""
    name, *rest = arguments(command)
    subcommand = main.get_command(click.Context(main), name)
    if subcommand is None:
        raise click.UsageError(f"there is no command {name}")
    return name, subcommand.make_context(name, rest).params


def test_the_first_screen_has_the_two_commands_and_no_others():
    screen = README.partition("\n## ")[0]
    found = [line.partition("#")[0].strip() for line in re.findall(r"^ {4}(.*)$", screen, re.MULTILINE)]
    assert found == list(NEWCOMER)


def test_the_readme_is_short():
    assert len(README.splitlines()) <= LONGEST_README


def test_commands_are_understood():
    def rule(page: str) -> Iterator[str]:
        for command in commands(page):
            try:
                parsed(command)
            except (click.UsageError, ValueError) as error:
                yield f"{command}: {error}"

    assert not offenders(rule)


def test_what_a_command_names_exists():
    def rule(page: str) -> Iterator[str]:
        for command in commands(page):
            name, options = parsed(command)
            if name == "check":
                yield from (f"target {each}" for each in options["targets"] if not vendors.configurations(each))
                yield from (f"scenario {each}" for each in options["patterns"] if not scenarios.named(each))
            if name in ("serve", "watch"):
                specs = {each: registry.find(each) for each in options["targets"] or registry.names()}
                read_flags(specs, options["profiles"], options["settings"])

    assert not offenders(rule)


def test_scenarios_and_commands_in_running_text_exist():
    known = {scenario.name for scenario in scenarios.all()}
    subcommands = set(main.list_commands(click.Context(main)))

    def rule(page: str) -> Iterator[str]:
        yield from set(re.findall(r"\be\d-[a-z0-9-]+-[a-z0-9-]+", page)) - known
        yield from set(re.findall(r"`provcheck ([a-z]+)", page)) - subcommands

    assert not offenders(rule)


def test_paths_that_are_named_exist():
    named = re.compile(r"`((?:mock_targets|harness|tests|docs|examples|benchmarks|\.ci)/[\w./*-]*)`")

    def rule(page: str) -> Iterator[str]:
        return (path for path in named.findall(page) if not any(TOP.glob(path.rstrip("/"))))

    assert not offenders(rule)


def test_places_named_in_the_tables_for_contributors_exist():
    folder, missing = TOP, []
    for line in PAGES["CONTRIBUTING.md"].splitlines():
        heading = re.match(r"#+ (?:.*\(`(\w+)/`\))?", line)
        folder = TOP / (heading[1] or "") if heading else folder
        named = re.findall(r"`([a-z_]+/[\w./*]*)`", line)
        missing += [path for path in named if not any(any(top.glob(path.rstrip("/"))) for top in (folder, TOP))]
    code = "\n".join(
        path.read_text("utf-8") for name in ("mock_targets", "harness") for path in (TOP / name).rglob("*.py")
    )
    constants = set(re.findall(r"`([A-Z_]{4,})`", PAGES["CONTRIBUTING.md"]))
    missing += [name for name in constants if not re.search(rf"^\s*{name}\b", code, re.MULTILINE)]
    assert not missing


def test_links_lead_somewhere():
    wrong = []
    for name, page in PAGES.items():
        folder = (TOP / name).parent
        for link in re.findall(r"\]\(([^)\s]+)\)", page):
            path, _, anchor = link.partition("#")
            target = folder / path if path else TOP / name
            if path.startswith(("http://", "https://")):
                continue
            if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
                wrong.append(f"{name}: {link}")
    assert not wrong


def anchors(page: str) -> set[str]:
    """What the headings of a page are called in links."""
    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def read_connection_file(text: str) -> None:
    options = tomllib.loads(text)
    read(Rule, options.pop("rule", {}), "the rule")
    vendors.read_connection(options)


def test_python_json_and_connection_files_can_be_read():
    readers = {"python": ast.parse, "toml": read_connection_file}

    def rule(page: str) -> Iterator[str]:
        for block in blocks(page):
            read = json.loads if block.language == "json" and block.title else readers.get(block.language)
            try:
                if read:
                    read(block.text)
            except (ValueError, SyntaxError) as error:
                yield f"line {block.line}: {error}"

    assert not offenders(rule)


def test_every_page_is_in_the_navigation_of_the_site():
    navigation = runpy.run_path(str(DOCS / "site" / "navigation.py"))
    site = yaml.safe_load((DOCS / "site" / "mkdocs.yml").read_text(encoding="utf-8"))
    shown = re.findall(r"[\w./-]+\.md", json.dumps(navigation["expanded"](site["nav"])))
    assert sorted(shown) == sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
