"""The page of file formats names every field that is declared, and no other."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from provcheck.harness.compare.mapping import MapFile
from provcheck.harness.generate.file_format import CHANGES, EDITS, STEPS, GivenDocument, ScenarioDocument
from provcheck.harness.model import FaultSpec, Rule, SourceGroup, SourceUser
from provcheck.harness.model.options import DEPRECATED, OURS, SWITCHES
from provcheck.harness.model.source_file import GroupEntry, UserEntry
from provcheck.harness.vendors import stores
from provcheck.mock_targets.target.core_words import GROUP_WORDS, USER_WORDS
from tests.documentation.pages import TOP

PAGE = (TOP / "docs" / "file-formats.md").read_text(encoding="utf-8")


def tables(heading: str) -> list[set[str]]:
    """The names in the first column of each table below a heading, up to the next one."""
    section = PAGE.split(f"\n{heading}\n", 1)[1]
    section = re.split(r"\n##+ ", section, maxsplit=1)[0]
    found = re.findall(r"(?:^\|.*\n)+", section, re.MULTILINE)
    return [{name for cell in first_cells(table) for name in re.findall("`([^`]+)`", cell)} for table in found]


def first_cells(table: str) -> list[str]:
    return [row.split("|")[1] for row in table.splitlines()[2:]]


def names(kind: type) -> set[str]:
    return {each.name for each in fields(kind)}


@pytest.mark.parametrize(
    ("heading", "declared"),
    [
        ("### JSON", [names(UserEntry), names(GroupEntry)]),
        ("### Rule", [names(Rule)]),
        ("## Map of compare", [names(MapFile)]),
    ],
)
def test_a_table_lists_the_declared_fields(heading: str, declared: list[set[str]]) -> None:
    assert tables(heading) == declared


def test_the_table_of_connections_lists_every_option() -> None:
    own = {option.key for store in stores() for option in store.options}
    (listed,) = tables("## Connection")
    assert listed == own | {option.key for option in SWITCHES} | {"type", "name"}


@pytest.mark.parametrize("name", [*DEPRECATED, *(option.key for option in OURS)])
def test_other_names_of_options_are_told(name: str) -> None:
    section = PAGE.split("\n## Connection\n", 1)[1].split("\n## Seed\n", 1)[0]
    assert f"`{name}`" in section


def words(heading: str) -> set[str]:
    """Every word that is set as code in a section of the page."""
    section = re.split(r"\n## ", PAGE.split(f"\n## {heading}\n", 1)[1], maxsplit=1)[0]
    return {word for code in re.findall(r"`([^`\n]+)`", section) for word in re.findall(r"\w+", code)}


def test_every_word_of_a_seed_is_told() -> None:
    assert {*USER_WORDS, *GROUP_WORDS} <= words("Seed")


def test_every_word_of_a_scenario_file_is_told() -> None:
    forms = (*STEPS, *EDITS, *CHANGES)
    declared = (ScenarioDocument, GivenDocument, SourceUser, SourceGroup, FaultSpec)
    told = {form.do for form in forms} | {name for form in forms for name in form.fields}
    assert (told | {each for kind in declared for each in names(kind)} - {"outcome"}) <= words("Scenario file")
