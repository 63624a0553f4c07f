"""The conformance tables of the vendors: each row has tests, each row cited is there, each source is listed."""

from __future__ import annotations

import re

import pytest

from tests.documentation.pages import DOCS, TOP

VENDORS = sorted(path.stem for path in (DOCS / "conformance").glob("*.md"))
each_table = pytest.mark.parametrize("vendor", VENDORS)


def page_of(vendor: str) -> str:
    return (DOCS / "conformance" / f"{vendor}.md").read_text(encoding="utf-8")


def modules_of(vendor: str) -> set[str]:
    """The modules of tests that a table names."""
    return set(re.findall(r"test_\w+\.py", page_of(vendor)))


def numbers_of(module: str) -> list[int]:
    """The rows that tests of a module are named after: `test_row_7_...`."""
    text = (TOP / "tests" / "vendors" / module).read_text(encoding="utf-8")
    return [int(number) for number in re.findall(r"^def test_row_(\d+)_", text, re.M)]


def rows(vendor: str) -> dict[int, list[str]]:
    """The cells of each row, by its number."""
    found = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in re.findall(r"^\| \d+ \|.*$", page_of(vendor), re.M)
    ]
    return {int(cells[0]): cells for cells in found}


def cited(vendor: str) -> dict[int, set[str]]:
    """The modules of tests, by the number of the row that one of their tests is named after."""
    found: dict[int, set[str]] = {}
    for module in modules_of(vendor):
        for number in numbers_of(module):
            found.setdefault(number, set()).add(module)
    return found


def test_every_module_with_tests_of_rows_is_named_in_one_table():
    with_rows = sorted(path.name for path in (TOP / "tests" / "vendors").glob("test_*.py") if numbers_of(path.name))
    assert with_rows == sorted(module for vendor in VENDORS for module in modules_of(vendor))


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
    page = page_of(vendor)
    listed = {tag for tags in re.findall(r"^\| ([A-Z0-9]+(?:, [A-Z0-9]+)*) \|", page, re.M) for tag in tags.split(", ")}
    wrong = []
    for number, (*_, evidence, source, _tests) in rows(vendor).items():
        tags = set(re.findall(r"\b[A-Z][A-Z0-9]+\b", source.partition("RFC")[0]))
        if not tags <= listed or not (source or evidence == "inferred"):
            wrong.append(f"{number}: {source or evidence}")
    assert not wrong
