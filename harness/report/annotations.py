"""Findings as GitHub's workflow commands: lines that its runner turns into annotations of the run.

Findings that are equal on several targets make one line, because the runner shows few of them.
Source: docs.github.com/actions/reference/workflow-commands-for-github-actions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from provcheck.harness.model.event import Event
from provcheck.harness.model.finding import Finding, ranked
from provcheck.harness.report import record
from provcheck.harness.report.record import RunRecord
from provcheck.harness.report.text import counted, printable

_ESCAPES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTIES = _ESCAPES | {":": "%3A", ",": "%2C"}


class AnnotationsReport:
    """Collects a run and writes its annotations at its end. Closes the stream only if it has opened it."""

    def __init__(self, stream: TextIO, *, closes: bool = True) -> None:
        self._stream, self._closes = stream, closes
        self._record = RunRecord()

    def __call__(self, event: Event) -> None:
        """Handle an event of the run."""
        self._record(event)

    def close(self) -> None:
        """Write the annotations."""
        self._stream.writelines(f"{line}\n" for line in commands(self._record))
        if self._closes:
            self._stream.close()
        else:
            self._stream.flush()


def commands(run: RunRecord) -> Iterator[str]:
    """Yield a line for each group of equal cases, by root cause, and one for each error of provcheck."""
    for name, cases in record.by_scenario(run.cases).items():
        for group in record.alike(cases):
            where = f"{name} on {', '.join(each.started.profile for each in group)}"
            found, word = ranked(record.findings(group[0])), record.verdict(group[0])
            if found:
                severity = "warning" if found[0].severity == "warning" else "error"
                yield _command(severity, f"{record.in_words(found[0].check)} does not hold: {where}", _message(found))
            elif word in ("error", record.BROKEN_OFF):
                reason = group[0].finished.reason if group[0].finished else "the run was broken off"
                yield _command("warning", f"provcheck itself failed: {where}", reason)


def _message(found: list[Finding]) -> str:
    first, fix = found[0], found[0].fix
    lines = [f"{first.entity}: expected {first.expected}, seen {first.seen}", first.rule, f"source: {first.source}"]
    lines += [f"to mend it: {fix}"] if fix else []
    lines += [f"and {counted(len(found) - 1, 'more finding')}"] if len(found) > 1 else []
    return "\n".join(lines)


def _command(severity: str, title: str, message: str) -> str:
    one_line = " ".join(printable(title).split())
    return f"::{severity} title={_escaped(one_line, _IN_PROPERTIES)}::{_escaped(printable(message), _ESCAPES)}"


def _escaped(text: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(each, each) for each in text)
