"""The runner of console blocks notices what a page says wrongly."""

from __future__ import annotations

from contextlib import nullcontext
from shutil import which

import pytest

from tests.documentation.pages import Block
from tests.documentation.terminal import Terminal

pytestmark = pytest.mark.skipif(not which("bash"), reason="console blocks are run by bash")


@pytest.mark.parametrize(
    "text, complaint",
    [
        ("$ echo a; echo b\na\nb\n", ""),
        ("$ echo a; echo b\n...\nb\n", ""),
        ("$ echo a; echo b\nb\na\n", "printed no 'a'"),
        ("$ echo a\nb\n", "printed no 'b'"),
        ("$ false\n", "exit code 1"),
        ("$ exit 3   # exits 3\n", ""),
        ("$ true   # exits 3\n", "exit code 0"),
        ("$ cat page.txt\nwritten\n", ""),
    ],
)
def test_a_command_does_what_the_page_shows(text, complaint, tmp_path):
    terminal = Terminal(tmp_path, "page.md")
    terminal.play(Block("text", "page.txt", "written\n", 1))
    expected = pytest.raises(AssertionError, match=complaint) if complaint else nullcontext()
    with expected:
        terminal.play(Block("console", "", text, 1))
