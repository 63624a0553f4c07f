"""Text for reports: escapes what could control a terminal or break a file."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence

KEPT = "\n\t"
_LINE_START = re.compile(r"((?:^|\n)[ \t]*):(?=:)")
_COMMANDS = (
    *("add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "notice"),
    *("remove-matcher", "save-state", "set-env", "set-output", "stop-commands", "warning"),
)
"""Workflow commands, which a CI runner takes at the start of a line: a report may wrap a text anywhere."""
_COMMAND = re.compile(rf":(?=:(?:{'|'.join(_COMMANDS)})[ :])", re.IGNORECASE)
_MARKER = re.compile(r"#(?=#\w{0,16}\[)")
"""The older form (`##[error]`, `##vso[`) counts anywhere in a line."""


def printable(text: str) -> str:
    """Return the text with control characters, lone surrogates and invisible characters escaped.

    What a CI runner would take for a command (`::error::...`, `##[group]`) is escaped as well.
    """
    shown = "".join(each if each.isprintable() or each in KEPT else _escape(each) for each in text)
    if "::" in shown:
        shown = _COMMAND.sub(r"\\x3a", _LINE_START.sub(r"\1\\x3a", shown))
    return _MARKER.sub(r"\\x23", shown) if "##" in shown else shown


def one_line(text: str) -> str:
    """Return the text escaped in the same way, and its line breaks as well."""
    return printable(text.replace("\r", "\\r").replace("\n", "\\n"))


def json_line(value: object) -> str:
    """Return a value as one line of JSON in ASCII that no runner takes for a command."""
    return json.dumps(value).replace("##", "#\\u0023")


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
