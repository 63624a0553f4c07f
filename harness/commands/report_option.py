"""The option `--report`: reads its values, and opens the reports as listeners of a run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from provcheck.harness.commands.parameters import WrittenFile
from provcheck.harness.errors import Refused

if TYPE_CHECKING:
    from provcheck.harness.model.layout import Layout
    from provcheck.harness.report import ConsoleReport
    from provcheck.harness.report.kinds import Report


class ReportFile(WrittenFile):
    """KIND=FILE, which the callback of the option has split."""

    name = "report"

    def files(self, value: tuple[str, str]) -> Iterator[str]:
        """Yield the file, if it has one."""
        yield from filter(None, value[1:])


@dataclass(frozen=True, slots=True)
class Look:
    """How the console report looks.

    `quiet`: without cases that hold. `details`: every case step by step, with summaries in this layout. `requests`:
    with lint warnings about requests. `next_steps`: lines near the end if all cases hold. `on_stderr`: printed to
    standard error, because standard output is for programs.
    """

    quiet: bool = False
    details: Layout | None = None
    requests: bool = True
    next_steps: tuple[str, ...] = ()
    on_stderr: bool = False


class ReportOption(click.Option):
    """`--report`; its help is drawn from the kinds of reports when it is asked for."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option and what it says."""
        from provcheck.harness.report.kinds import KINDS, usage  # late: a run needs none of it

        self.help = f"Report to write; repeatable: {', '.join(map(usage, KINDS))}. Default: console."
        return super().get_help_record(ctx)


def report_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option `--report`, read into `reports`: kind and file of each."""
    decorate = click.option(
        "--report",
        "reports",
        multiple=True,
        type=ReportFile(),
        callback=chosen_reports,
        metavar="KIND[=FILE]",
        cls=ReportOption,
    )
    return decorate(command)


def chosen_reports(ctx: click.Context, param: click.Parameter, values: Sequence[str]) -> list[tuple[str, str]]:
    """Callback of the option: return kind and file of each report; by default the console, which has no file."""
    from provcheck.harness.report.kinds import BadReport, asked  # late: help needs none of it

    try:
        return asked(values or ("console",))
    except BadReport as error:
        raise click.BadParameter(str(error), ctx, param) from None


def open_reports(chosen: Sequence[tuple[str, str]], targets: Sequence[str], look: Look, end: ExitStack) -> list[Report]:
    """Open each report as a listener; `end` closes them. Raises Refused if a file cannot be written."""
    listeners = []
    for kind, file in chosen:
        listener = _opened(kind, file, targets, look)
        end.callback(listener.close)
        listeners.append(listener)
    return listeners


def _opened(kind: str, file: str, targets: Sequence[str], look: Look) -> Report:
    from provcheck.harness.report import kinds

    if kind == kinds.CONSOLE:
        return _console(targets, look)
    try:
        return kinds.opened(kind, file)
    except OSError as error:
        raise Refused(f"cannot write {file}: {error.strerror}") from None


def _console(targets: Sequence[str], look: Look) -> ConsoleReport:
    from rich.console import Console

    from provcheck.harness.report import ConsoleReport

    stream = sys.stderr if look.on_stderr else sys.stdout
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")  # names at a target need not fit the terminal's encoding
    console = Console(highlight=False, markup=False, emoji=False, stderr=look.on_stderr)
    progress = console if console.is_terminal else Console(stderr=True)
    return ConsoleReport(
        console,
        progress=progress,
        targets=targets,
        quiet=look.quiet,
        details=look.details,
        requests=look.requests,
        next_steps=look.next_steps,
    )
