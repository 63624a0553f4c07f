"""The commands, files and outputs that the pages show are what a reader gets."""

from __future__ import annotations

import shutil

import pytest

from tests.documentation.pages import blocks, written_pages
from tests.documentation.terminal import Terminal

PLAYED = {name: blocks(page) for name, page in written_pages().items() if "```console" in page}
needs_programs = pytest.mark.skipif(
    not (shutil.which("bash") and shutil.which("curl")), reason="the pages show commands of bash and curl"
)


@needs_programs
@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", PLAYED)
def test_the_commands_of_a_page_do_what_it_shows(page, tmp_path):
    terminal = Terminal(tmp_path, page)
    try:
        for block in PLAYED[page]:
            terminal.play(block)
    finally:
        terminal.close()
