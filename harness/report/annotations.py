"""Findings as GitHub's workflow commands: lines that its runner turns into annotations of the run.

Findings that are equal on several targets make one line, because the runner shows few of them. A line names the file of
the client, so that it is shown there: where a stack trace in the finding points, or the script in the client's command.
Source: docs.github.com/actions/reference/workflow-commands-for-github-actions.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO
from urllib.parse import unquote

from provcheck.harness.model.event import Event
from provcheck.harness.model.finding import Finding, ranked
from provcheck.harness.report import record
from provcheck.harness.report.record import RunRecord
from provcheck.harness.report.text import counted, printable

_ESCAPES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PYTHON_FRAME = re.compile(r'File "([^"]+)", line (\d+)')
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
    script = _script(run.begun.command) if run.begun else ""
    for name, cases in record.by_scenario(run.cases).items():
        for group in record.alike(cases):
            where = f"{name} on {', '.join(each.started.profile for each in group)}"
            found, word = ranked(record.findings(group[0])), record.verdict(group[0])
            if found:
                severity = "warning" if found[0].severity == "warning" else "error"
                title = f"{record.in_words(found[0].check)} does not hold: {where}"
                yield _command(severity, title, _message(found), _place(found[0].seen) or _file(script))
            elif word in ("error", record.BROKEN_OFF):
                reason = group[0].finished.reason if group[0].finished else "the run was broken off"
                yield _command("warning", f"provcheck itself failed: {where}", reason)


def _message(found: list[Finding]) -> str:
    first, fix = found[0], found[0].fix
    lines = [f"{first.entity}: expected {first.expected}, seen {first.seen}", first.rule, f"source: {first.source}"]
    lines += [f"to mend it: {fix}"] if fix else []
    lines += [f"and {counted(len(found) - 1, 'more finding')}"] if len(found) > 1 else []
    return "\n".join(lines)


def _command(severity: str, title: str, message: str, place: Mapping[str, str] | None = None) -> str:
    properties = {**(place or {}), "title": " ".join(printable(title).split())}
    told = ",".join(f"{name}={_escaped(printable(value), _IN_PROPERTIES)}" for name, value in properties.items())
    return f"::{severity} {told}::{_escaped(printable(message), _ESCAPES)}"


def _script(command: Sequence[str]) -> str:
    """The first file in the command of the client; empty if there is none, or no command."""
    if "--client" not in command:
        return ""
    spec = command[command.index("--client") + 1]
    return next((word for word in spec.replace("'", " ").replace('"', " ").split() if _inside(word)), "")


def _place(seen: str) -> Mapping[str, str]:
    """File and line of the innermost frame of a stack trace that is in the checkout; Node begins with it."""
    frames = [*_node_frames(seen), *reversed(_PYTHON_FRAME.findall(seen))]
    return next(({"file": file, "line": line} for named, line in frames if (file := _inside(unquote(named)))), {})


def _node_frames(seen: str) -> Iterator[tuple[str, str]]:
    """The file and the line of every `file:line:column` in a text."""
    for word in seen.replace("(", " ").replace(")", " ").split():
        rest, _, column = word.rpartition(":")
        name, _, line = rest.rpartition(":")
        if name and line.isdecimal() and column.isdecimal():
            yield name, line


def _file(name: str) -> Mapping[str, str]:
    return {"file": _inside(name)} if name else {}


def _inside(name: str) -> str:
    """A path from the top of the checkout, with slashes; empty if no file of it is called so."""
    top = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd()).resolve()
    try:
        path = Path(name.removeprefix("file://")).resolve()
        return path.relative_to(top).as_posix() if path.is_file() else ""
    except (OSError, ValueError):
        return ""


def _escaped(text: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(each, each) for each in text)
