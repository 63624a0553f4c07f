"""The generated pages are what the declarations say, and nothing in them breaks a table."""

from __future__ import annotations

import re

import pytest

from provcheck.harness.reference import PAGES, __main__, markdown, pages
from tests.documentation.pages import REFERENCE


def test_the_generated_pages_are_up_to_date():
    written = {path.name: path.read_text(encoding="utf-8") for path in REFERENCE.iterdir()}
    drawn = pages()
    stale = [name for name in {*drawn, *written} if written.get(name) != drawn.get(name)]
    assert not stale, f"{stale}: python -m provcheck.harness.reference docs/reference"


def test_rows_of_a_table_have_as_many_cells_as_its_heading():
    wrong, width = [], 0
    for line in "\n".join(text for name, text in pages().items() if name.endswith(".md")).splitlines():
        cells = line.replace("\\|", "").count("|") if line.startswith("|") else 0
        if cells and width and cells != width:
            wrong.append(line)
        width = cells
    assert not wrong


def test_links_within_a_page_lead_to_its_headings():
    page = PAGES["control-api.md"]()
    headings = {heading.lower() for heading in re.findall(r"^## (.*)$", page, re.MULTILINE)}
    assert set(re.findall(r"\(#([^)]+)\)", page)) <= headings


def test_text_cannot_break_out_of_a_table():
    assert markdown.cell("a|b <i>\n c & d") == "a\\|b &lt;i> c &amp; d"


def test_the_tool_writes_every_page(tmp_path):
    assert __main__.main([str(tmp_path)]) == 0
    assert {path.name for path in tmp_path.iterdir()} == set(PAGES)


@pytest.mark.parametrize("arguments", [[], ["a", "b"], ["/no/such/folder"]])
def test_the_tool_says_in_one_line_how_it_is_called(arguments, capsys):
    assert __main__.main(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("usage: python -m provcheck.harness.reference FOLDER (")
    assert error.count("\n") == 1
