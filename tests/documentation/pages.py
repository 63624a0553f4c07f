"""The pages that people write, and the code blocks in them.

The language of a fence says what the tests do with it: `console` is run as printed (`terminal.py`), `sh` and indented
lines are commands that are only understood (they need a network, another program, or do not end), a fence with a title
is a file that later commands of the page read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
DOCS = TOP / "docs"
REFERENCE = DOCS / "reference"
"""Generated pages: compared with what generates them, and not run."""

_FENCE = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the name of the file that it is (or nothing), its text, and its line."""

    language: str
    title: str
    text: str
    line: int


def written_pages() -> dict[str, str]:
    """Every page that is not generated, by its path from the top of the repository."""
    paths = [TOP / "README.md", TOP / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
    return {path.relative_to(TOP).as_posix(): path.read_text("utf-8") for path in paths if path.parent != REFERENCE}


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page, in their order."""
    return [
        Block(found[1], found[2] or "", found[3], page.count("\n", 0, found.start()) + 1)
        for found in _FENCE.finditer(page)
    ]


def commands(page: str) -> list[str]:
    """Every call of provcheck in shell and console blocks and in indented lines, from its name on."""
    fenced = "".join(block.text for block in blocks(page) if block.language in ("sh", "console"))
    indented = "\n".join(re.findall(r"^ {4}.*$", page, re.MULTILINE))
    called = re.findall(r"^(?: {4}|\$ )?.*?\bprovcheck (?=[a-z-]).*$", f"{fenced}\n{indented}", re.MULTILINE)
    return [line[line.index("provcheck ") :] for line in called]
