"""The kinds of reports by the word that selects them on the command line, and how each is opened.

    check --report console --report html=report.html

`console` needs to know its terminal and is opened by the command itself; all others are opened here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Protocol

from provcheck.harness.model.event import Event

CONSOLE = "console"
_TO_FILES: Mapping[str, str] = {
    "jsonl": "provcheck.harness.report.json_lines:JsonLinesReport",
    "junit": "provcheck.harness.report.junit:JUnitReport",
    "markdown": "provcheck.harness.report.markdown:MarkdownReport",
    "html": "provcheck.harness.report.html:HtmlReport",
    "annotations": "provcheck.harness.report.annotations:AnnotationsReport",
}
"""Word -> module and class of the report, imported when it is used."""
_BINARY = ("junit",)
_ALSO_TO_STDOUT = ("annotations",)
METAVAR = "console|jsonl=FILE|junit=FILE|markdown=FILE|html=FILE|annotations[=FILE]"


class Report(Protocol):
    """A listener that is closed at the end of a run."""

    def __call__(self, event: Event) -> None:
        """Handle an event of the run."""

    def close(self) -> None:
        """Finish the report, also that of an interrupted run."""


class BadReport(ValueError):
    """The kind of report is unknown, lacks its file, or takes none."""


def asked(values: Sequence[str]) -> list[tuple[str, str]]:
    """Read values of --report: return kind and file of each, once. Raises BadReport."""
    found: list[tuple[str, str]] = []
    for value in values:
        kind, equals, file = value.partition("=")
        alone = kind == CONSOLE or kind in _ALSO_TO_STDOUT
        if kind not in (CONSOLE, *_TO_FILES) or (kind == CONSOLE and equals) or not (file or (alone and not equals)):
            raise BadReport(f"{value!r} is none of {METAVAR.replace('|', ', ')}")
        found.append((kind, file))
    found = list(dict.fromkeys(found))
    files = [file for _, file in found if file]
    for file in files:
        if files.count(file) > 1:
            raise BadReport(f"two reports cannot be written to {file!r}")
    return found


def opened(kind: str, file: str) -> Report:
    """Open a report, other than the console, on a file. Raises OSError."""
    make = _maker(kind)
    if not file:
        return make(sys.stdout, closes=False)
    path, binary = Path(file), kind in _BINARY
    stream: IO[Any] = path.open("wb") if binary else path.open("w", encoding="utf-8")
    return make(stream)


def _maker(kind: str) -> Callable[..., Report]:
    module, _, name = _TO_FILES[kind].partition(":")
    make: Callable[..., Report] = getattr(import_module(module), name)
    return make
