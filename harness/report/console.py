"""The console report: a progress bar during the run, a line for each scenario, findings in full, a last line.

A scenario is printed when all its cases are done: as a line of the matrix, or with a row for each case. Nothing is
coloured and no bar is drawn without a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Column
from rich.text import Text

from provcheck.harness.model.event import (
    CaseFinished,
    CaseStarted,
    CheckpointReached,
    Event,
    RequestsLinted,
    RunFinished,
    RunStarted,
    StepTaken,
)
from provcheck.harness.model.layout import Layout
from provcheck.harness.report import console_details, console_summary, record
from provcheck.harness.report.case_record import LEGEND, Played
from provcheck.harness.report.matrix import LEGEND as SIGNS
from provcheck.harness.report.matrix import CaseMatrix
from provcheck.harness.report.printable import Printable
from provcheck.harness.report.table import CaseTable
from provcheck.harness.report.text import counted, duration, printable

LEVELS = {"documented": "Documented examples", "derived": "Derived scenarios", "observed": "What was watched"}
"""Heading of the rows of a level."""
TARGET_WIDTH = 21


class ConsoleReport:
    """Prints a run to a console.

    `progress` is where the bar is drawn, if anywhere: the same console, or the one of standard error. `targets` are
    the names of the columns. `quiet` leaves out scenarios without a finding. `details` prints a row
    for each case and its steps, with its summaries in that layout of the page, instead of the matrix. `requests` tells
    what was found about requests. `next_steps` are lines printed before the last one, if all cases hold.
    """

    def __init__(
        self,
        console: Console,
        *,
        progress: Console | None = None,
        targets: Iterable[str] = (),
        quiet: bool = False,
        details: Layout | None = None,
        requests: bool = True,
        next_steps: Sequence[str] = (),
    ) -> None:
        self._console, self._quiet, self._details, self._requests = console, quiet, details, requests
        self._next_steps = next_steps
        self._bar = _Bar(progress)
        self._targets = list(targets)
        self._table: CaseTable | CaseMatrix = (
            CaseTable(console.width, max([TARGET_WIDTH, *map(len, self._targets)]))
            if details
            else CaseMatrix(console.width, self._targets)
        )
        self._group: list[Played] = []
        self._bad: list[Played] = []
        self._idle: list[Played] = []
        self._linted: list[RequestsLinted] = []
        self._begun: RunStarted | None = None
        self._level = ""

    def __call__(self, event: Event) -> None:
        """Handle an event of the run."""
        match event:
            case RunStarted():
                self._begin(event)
            case CaseStarted():
                self._start(event)
            case StepTaken() | CheckpointReached():
                self._group[-1].events.append(event)
            case RequestsLinted() if self._requests:
                self._linted.append(event)
            case CaseFinished():
                self._finish(event)
            case RunFinished():
                self._end(event)

    def close(self) -> None:
        """Remove the progress bar, if it is still shown."""
        self._bar.stop()

    def _print(self, *parts: RenderableType) -> None:
        """Print parts, each on lines of its own; a file gets no spaces at the end of a line.

        Nothing is cropped: whatever may not be wrapped, such as a command to copy, is wider than the console then.
        """
        shown = map(Printable, parts)
        if self._console.is_terminal:
            self._console.print(*shown, sep="\n", crop=False)
            return
        with self._console.capture() as captured:
            self._console.print(*shown, sep="\n", crop=False)
        self._console.file.write("\n".join(line.rstrip(" ") for line in captured.get().split("\n")))

    def _begin(self, event: RunStarted) -> None:
        self._begun = event
        self._bar.start(event.cases)
        if not self._quiet:
            subject = f"Checking {printable(event.client)}: {counted(event.cases, 'case')}"
            on = f" on {counted(len(self._targets), 'target')}" if self._targets else ""
            legend = f"Counters: {LEGEND}." if self._details else SIGNS
            self._print(Text(f"{subject}{on}."), Text(legend, style="dim"))

    def _start(self, event: CaseStarted) -> None:
        if self._group and self._group[0].started.scenario != event.scenario:
            self._show_group()
        self._group.append(Played(event))
        self._bar.show(f"{event.scenario} on {event.profile}")

    def _finish(self, event: CaseFinished) -> None:
        self._group[-1].finished = event
        self._bar.advance()
        if event.verdict in ("findings", "error"):
            self._bad.append(self._group[-1])
        if event.verdict in ("skipped", "not exercised"):
            self._idle.append(self._group[-1])

    def _show_group(self) -> None:
        group, self._group = self._group, []
        shown = [each for each in group if not (self._quiet and each.verdict in record.QUIET)]
        if not shown:
            return
        self._show_level(shown[0].started.level)
        if self._details is None:
            self._print(self._table.scenario(group))
            return
        self._print(self._table.scenario(shown), Text())
        for each in shown:
            self._print(console_details.details(each, self._details))

    def _show_level(self, level: str) -> None:
        if level == self._level and level:
            return
        if not self._level:
            self._print(Text(), self._table.header())
        self._level = level or "none"
        self._print(Text(), Text(LEVELS.get(level, "Scenarios"), style="bold underline"), Text())

    def _end(self, event: RunFinished) -> None:
        self._show_group()
        self._bar.stop()
        if self._level and not self._details:
            self._print(Text())
        findings = partial(console_details.findings, exchanges=self._details is not None)
        for verdict, heading, section in (
            ("findings", "Findings", findings),
            ("error", "Errors of ours, which say nothing about the client", console_details.error),
        ):
            cases = [each for each in self._bad if record.verdict(each) == verdict]
            if cases:
                self._print(Text(heading, style="bold underline"), *self._hint(cases), Text())
            for group in record.by_scenario(cases).values():
                for alike in record.alike(group):
                    self._print(section(alike, again=record.again(self._begun, alike[0])))
        idle = () if self._quiet or self._details else console_summary.idle(self._idle)
        steps = () if event.findings or event.errors else self._next_steps
        self._print(
            *console_summary.requests(self._linted, self._bad),
            *console_summary.causes(self._bad),
            *idle,
            *(Text(line) for line in steps),
            self._last_line(event),
        )

    def _hint(self, cases: Sequence[Played]) -> Iterator[Text]:
        """Yield how the exchanges that findings name can be looked at, where they are not printed."""
        if self._details is None and any(found.exchanges for each in cases for found in record.findings(each)):
            yield Text("Exchanges: --details prints them; provcheck report reads them from --report jsonl=FILE.", "dim")

    def _last_line(self, event: RunFinished) -> Text:
        found = sum(len(record.findings(each)) for each in self._bad)
        parts = [_held(event)]
        if event.findings:
            parts.append(f"{counted(event.findings, 'has', 'have')} {counted(found, 'finding')}")
        parts += [f"{event.not_exercised} not exercised"] if event.not_exercised else []
        parts += [f"{event.skipped} skipped"] if event.skipped else []
        parts += [f"{event.errors} ended in an error of ours"] if event.errors else []
        style = "bold magenta" if event.errors else "bold red" if event.findings else "bold green"
        return Text(f"{', '.join(parts)}; {duration(event.seconds)}", style=style)


class _Bar:
    """A progress bar, or nothing."""

    def __init__(self, console: Console | None) -> None:
        self._progress = None if console is None or not console.is_terminal else _progress(console)
        self._task = TaskID(0)

    def start(self, total: int) -> None:
        if self._progress is not None:
            self._task = self._progress.add_task("", total=total)
            self._progress.start()

    def show(self, what: str) -> None:
        if self._progress is not None:
            self._progress.update(self._task, description=printable(what))

    def advance(self) -> None:
        if self._progress is not None:
            self._progress.advance(self._task)

    def stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()


def _progress(console: Console) -> Progress:
    what = TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis"))
    return Progress(BarColumn(bar_width=24), MofNCompleteColumn(), what, console=console, transient=True)


def _held(event: RunFinished) -> str:
    total = _total(event)
    if event.holds and event.holds < total and event.holds == total - event.skipped - event.not_exercised:
        done = "exercised" if event.not_exercised else "played"
        return f"all {counted(event.holds, 'case')} that {'was' if event.holds == 1 else 'were'} {done} hold"
    return f"{event.holds} of {counted(total, 'case')} hold" + ("s" if total == 1 else "")


def _total(event: RunFinished) -> int:
    return event.holds + event.findings + event.not_exercised + event.skipped + event.errors
