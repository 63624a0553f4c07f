"""The kinds of reports by the word that selects them on the command line, and how each is opened.

    check --report console --report html=report.html

`console` needs to know its terminal and is opened by the command itself; all others are opened here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Protocol

from provcheck.harness.model.event import Event

CONSOLE = "console"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of report. `audience` and `contents` are what its documentation says.

    `maker` is the module below `harness.report` and the class, imported when it is used. `binary`: it writes bytes.
    `stdout`: without a file it is written to standard output.
    """

    audience: str
    contents: str
    maker: str = ""
    binary: bool = False
    stdout: bool = False


KINDS: Mapping[str, Kind] = {
    CONSOLE: Kind(
        audience="you, now",
        contents="a line for each scenario with a column for each target, findings in full; `--details`: every case "
        "with its steps and summaries",
        stdout=True,
    ),
    "html": Kind(
        audience="colleagues",
        contents="one file without scripts or network: root causes with rule, source and suggested fix; every case "
        "with its steps, its sync summaries in both layouts of the page, and the exchanges that show a finding; light "
        "and dark; prints",
        maker="html:HtmlReport",
    ),
    "markdown": Kind(
        audience="a pull request",
        contents="counts, what does not hold, findings folded away; at most 60,000 characters",
        maker="markdown:MarkdownReport",
    ),
    "junit": Kind(
        audience="a build server",
        contents="JUnit XML that both strict schemas of the format accept (Jenkins', Ant's)",
        maker="junit:JUnitReport",
        binary=True,
    ),
    "jsonl": Kind(
        audience="a program, and `provcheck report`",
        contents="every event as a JSON object, the moment it happens",
        maker="json_lines:JsonLinesReport",
    ),
    "annotations": Kind(
        audience="a CI runner",
        contents="workflow commands that mark the line of a file, equal findings on several targets as one",
        maker="annotations:AnnotationsReport",
        stdout=True,
    ),
}
"""Every kind by the word that selects it. A new one is an entry here: help, messages and reference follow."""


def usage(word: str) -> str:
    """How a kind is written on the command line: `html=FILE`, `annotations[=FILE]`."""
    kind = KINDS[word]
    return word if not kind.maker else f"{word}[=FILE]" if kind.stdout else f"{word}=FILE"


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
        known = KINDS.get(kind)
        if known is None or not (known.maker if file else known.stdout and not equals):
            raise BadReport(f"{value!r} is none of {', '.join(map(usage, KINDS))}")
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
    path, binary = Path(file), KINDS[kind].binary
    stream: IO[Any] = path.open("wb") if binary else path.open("w", encoding="utf-8")
    return make(stream)


def _maker(kind: str) -> Callable[..., Report]:
    module, _, name = KINDS[kind].maker.partition(":")
    make: Callable[..., Report] = getattr(import_module(f"{__package__}.{module}"), name)
    return make
