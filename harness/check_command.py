"""`provcheck check`: plays scenarios on targets with the client under test, and reports what was found.

Exit code 0: all hold. 1: findings. 2: an error of ours, or nothing to check; then nothing is said about the client.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from harness.refusal import Refused

if TYPE_CHECKING:
    from harness.model import RunFinished
    from harness.report import ConsoleReport, JsonLinesReport, JUnitReport
    from harness.run import Case

    Report = ConsoleReport | JsonLinesReport | JUnitReport

ReportKind = Literal["console", "jsonl", "junit"]
INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells expect it (128 + SIGINT)."""


class ReportOption(click.ParamType):
    """`console`, `jsonl=FILE` or `junit=FILE`."""

    name = "report"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """What the help shows."""
        return "console|jsonl=FILE|junit=FILE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """The kind and the file; the console has none."""
        kind, equals, file = str(value).partition("=")
        if (kind == "console" and not equals) or (kind in ("jsonl", "junit") and file):
            return kind, file
        self.fail(f"{value!r} is neither console, jsonl=FILE nor junit=FILE", param, ctx)


@click.command(name="check", short_help="Check that a provisioning client gives the documented summaries.")
@click.option(
    "--target", "targets", multiple=True, metavar="NAME", help="Only this target (shell pattern); repeatable."
)
@click.option(
    "--scenario",
    "patterns",
    multiple=True,
    metavar="GLOB",
    help="Only scenarios of this name; repeatable. e6 is enough.",
)
@click.option("--level", type=click.Choice(["documented", "derived", "all"]), default="all", show_default=True)
@click.option("--live", is_flag=True, help="Serve the targets on real sockets instead of in process.")
@click.option(
    "--report",
    "reports",
    multiple=True,
    type=ReportOption(),
    help="Repeatable; console unless something else is given.",
)
@click.option("--quiet", "-q", is_flag=True, help="On the console, leave out what holds.")
@click.option("--details", is_flag=True, help="On the console, print every case step by step, with its sync summaries.")
@click.option(
    "--layout", type=click.Choice(["2025", "earlier"]), default="2025", show_default=True, help="Of those summaries."
)
def check(targets: tuple[str, ...], patterns: tuple[str, ...], level: str, **options: Any) -> None:
    """Check that a provisioning client gives the documented sync summaries.

    Plays every scenario on every target that can show it, with the reference client, and prints a row for each: what
    is given, expected and seen, and the verdict. Ends with 0 if all hold, 1 if there are findings, 2 if we are at
    fault or there is nothing to check.

    \b
      provcheck check
      provcheck check --level documented --target scim --details
      provcheck check --scenario 'leaver-*' --report console --report junit=report.xml
    """
    cases = _chosen(targets, patterns, level)
    try:
        finished = _play(cases, options)
    except click.ClickException:
        raise
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)
    except Exception as error:
        # Whatever else goes wrong here is ours, and must neither look like a finding nor be told as a traceback.
        raise Refused(f"{type(error).__name__}: {error}") from error
    sys.exit(2 if finished.errors else 1 if finished.findings else 0)


def _chosen(targets: Sequence[str], patterns: Sequence[str], level: str) -> list[Case]:
    from harness.run import cases  # late: bad usage and help need none of it

    try:
        chosen = cases(targets, patterns, level)
    except LookupError as error:
        raise Refused(str(error)) from None
    if not chosen:
        raise Refused("there is nothing to check: none of these scenarios fits one of these targets")
    return chosen


def _play(cases: Sequence[Case], options: dict[str, Any]) -> RunFinished:
    from harness.run import run

    with ExitStack() as end:
        listeners = []
        for kind, file in dict.fromkeys(options["reports"]) or [("console", "")]:
            listener = _report(kind, file, [case.profile.id for case in cases], options)
            end.callback(listener.close)
            listeners.append(listener)
        return run(cases, live=options["live"], listeners=listeners)


def _report(kind: str, file: str, targets: Sequence[str], options: dict[str, Any]) -> Report:
    from harness.report import JsonLinesReport, JUnitReport

    if kind == "console":
        return _console(targets, options)
    try:
        if kind == "jsonl":
            return JsonLinesReport(Path(file).open("w", encoding="utf-8"))  # noqa: SIM115  # the report closes it
        return JUnitReport(Path(file).open("wb"))  # noqa: SIM115  # the report closes it
    except OSError as error:
        raise Refused(f"cannot write {file}: {error.strerror}") from None


def _console(targets: Sequence[str], options: dict[str, Any]) -> ConsoleReport:
    from rich.console import Console

    from harness.report import ConsoleReport

    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # names at a target need not fit the terminal's encoding
    console = Console(highlight=False, markup=False, emoji=False)
    return ConsoleReport(
        console,
        progress=console if console.is_terminal else Console(stderr=True),
        targets=targets,
        quiet=options["quiet"],
        details=options["layout"] if options["details"] else None,
    )
