"""Text for reports: escapes what could control a terminal or break a file."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Sequence

KEPT = "\n\t"
_COMMAND = re.compile(r"((?:^|\n)[ \t]*):(?=:)")


def printable(text: str) -> str:
    """Return the text with control characters, lone surrogates and invisible characters escaped.

    The first colon of a line that a CI runner would take for a command (`::error::...`) is escaped as well.
    """
    shown = "".join(each if each.isprintable() or each in KEPT else _escape(each) for each in text)
    return _COMMAND.sub(r"\1\\x3a", shown) if "::" in shown else shown


def one_line(text: str) -> str:
    """Return the text escaped in the same way, and its line breaks as well."""
    return printable(text.replace("\r", "\\r").replace("\n", "\\n"))


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: `1 finding`, `2 findings`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def duration(seconds: float) -> str:
    """Return a duration in seconds as text."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"


def command_line(words: Sequence[str], platform: str = sys.platform) -> str:
    """Return a command to copy, quoted as the shell of the platform reads it (Windows knows double quotes only)."""
    return subprocess.list2cmdline(words) if platform == "win32" else shlex.join(words)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
