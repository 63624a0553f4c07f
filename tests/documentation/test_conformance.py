"""The conformance tables of the vendors: each row has tests, each row cited is there, each source is listed."""

from __future__ import annotations

import re

import pytest

from tests.documentation.pages import DOCS, TOP

TABLES = {"slack": "test_slack_*.py", "github_emu": "test_github_*.py"}
each_table = pytest.mark.parametrize("vendor", TABLES)


def rows(vendor: str) -> dict[int, list[str]]:
    """The cells of each row, by its number."""
    page = (DOCS / "conformance" / f"{vendor}.md").read_text(encoding="utf-8")
    found = [[cell.strip() for cell in line.split("|")[1:-1]] for line in re.findall(r"^\| \d+ \|.*$", page, re.M)]
    return {int(cells[0]): cells for cells in found}


def cited(vendor: str) -> dict[int, set[str]]:
    """The modules of tests, by the number of the row that one of their tests is named after."""
    found: dict[int, set[str]] = {}
    for path in (TOP / "tests" / "vendors").glob(TABLES[vendor]):
        for number in re.findall(r"^def test_row_(\d+)_", path.read_text(encoding="utf-8"), re.M):
            found.setdefault(int(number), set()).add(path.name)
    return found


@each_table
def test_every_row_has_the_tests_that_it_names_and_every_test_its_row(vendor):
    assert {number: set(re.findall(r"test_\w+\.py", cells[-1])) for number, cells in rows(vendor).items()} == cited(
        vendor
    )


@each_table
def test_rows_are_numbered_without_a_gap(vendor):
    assert list(rows(vendor)) == list(range(1, len(rows(vendor)) + 1))


@each_table
def test_every_row_has_a_source_or_says_that_it_is_inferred(vendor):
    page = (DOCS / "conformance" / f"{vendor}.md").read_text(encoding="utf-8")
    listed = {tag for tags in re.findall(r"^\| ([A-Z0-9]+(?:, [A-Z0-9]+)*) \|", page, re.M) for tag in tags.split(", ")}
    wrong = []
    for number, (*_, evidence, source, _tests) in rows(vendor).items():
        tags = set(re.findall(r"\b[A-Z][A-Z0-9]+\b", source.partition("RFC")[0]))
        if not tags <= listed or not (source or evidence == "inferred"):
            wrong.append(f"{number}: {source or evidence}")
    assert not wrong
