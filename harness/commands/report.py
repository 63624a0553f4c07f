"""`provcheck report`: reads the JSON lines report of a run again, prints it, and prints the exchanges in it.

Exit code 0: printed. 2: the file cannot be read, or does not hold what is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import click

from provcheck.harness.commands.parameters import ReadFile, StrictCommand, Whole
from provcheck.harness.commands.report_option import Look, open_reports, report_option
from provcheck.harness.errors import Refused

if TYPE_CHECKING:
    from provcheck.harness.model import CaseFinished, CaseStarted, Event
    from provcheck.harness.report.record import RunRecord


@click.command(
    cls=StrictCommand,
    name="report",
    short_help="Read the report of a run, and the exchanges in it.",
    apart=[("numbers", "reports"), ("numbers", "quiet"), ("numbers", "details"), ("numbers", "layout")],
)
@click.argument("file", metavar="RUN.jsonl", type=ReadFile())
@click.option(
    "--exchange",
    "numbers",
    multiple=True,
    metavar="NUMBER",
    type=Whole(1, 1_000_000_000),
    help="Print this exchange in full; repeatable.",
)
@click.option("--scenario", "patterns", multiple=True, metavar="GLOB", help="Only scenarios that match; repeatable.")
@click.option("--target", "targets", multiple=True, metavar="GLOB", help="Only targets that match; repeatable.")
@report_option
@click.option("--quiet", "-q", is_flag=True, help="On the console, leave out the cases that hold.")
@click.option("--details", is_flag=True, help="On the console, print every case step by step, and its exchanges.")
@click.option(
    "--layout",
    type=click.Choice(["2025", "earlier"]),
    default="2025",
    show_default=True,
    help="Layout of the summaries.",
)
def report(file: str, **options: Any) -> None:
    """Read the report of a run again (`check --report jsonl=RUN.jsonl`, or watch), and the exchanges in it.

    Findings name exchanges by number, counted from 1 in each case. A report holds those that show its findings, with
    some beside them; secrets are redacted, long bodies cut.

    \b
      provcheck report run.jsonl
      provcheck report run.jsonl --exchange 5 --scenario e5-create-not-allowed --target scim
      provcheck report run.jsonl --report html=run.html
    """
    from provcheck.harness.report.recorded import BadRun, events

    try:
        found = _chosen(events(file), options["patterns"], options["targets"])
    except BadRun as error:
        raise Refused(str(error)) from None
    if options["numbers"]:
        _print_exchanges(found, options["numbers"])
        return
    profiles = dict.fromkeys(each.profile for each in _started(found))
    look = Look(quiet=options["quiet"], details=options["layout"] if options["details"] else None)
    with ExitStack() as end:
        listeners = open_reports(options["reports"], list(profiles), look, end)
        for event in found:
            for listener in listeners:
                listener(event)


def _started(found: Iterable[Event]) -> list[CaseStarted]:
    from provcheck.harness.model import CaseStarted

    return [event for event in found if isinstance(event, CaseStarted)]


def _chosen(found: Iterable[Event], patterns: Sequence[str], targets: Sequence[str]) -> list[Event]:
    """Return the events of the cases that match, with the numbers of the run made to fit. Raises Refused."""
    from provcheck.harness import checks
    from provcheck.harness.model import CaseFinished, RunFinished, RunStarted

    ranks = {check.name: check.rank for check in checks.all()}
    kept: list[Event] = []
    for event in found:
        if isinstance(event, RunStarted | RunFinished):
            kept.append(event)
        elif _matches(event.scenario, patterns) and _matches(event.profile, targets):
            kept.append(_ranked(event, ranks) if isinstance(event, CaseFinished) else event)
    if not _started(kept):
        raise Refused("the report has no such case")
    verdicts = Counter[str](each.verdict for each in kept if isinstance(each, CaseFinished))
    return [_counted(each, verdicts) for each in kept]


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return not patterns or any(fnmatchcase(name, pattern) for pattern in patterns)


def _ranked(event: CaseFinished, ranks: dict[str, int]) -> CaseFinished:
    """Return the event with each finding in the order of causes of this version."""
    findings = (replace(each, rank=ranks.get(each.check, each.rank)) for each in event.findings)
    return replace(event, findings=tuple(findings))


def _counted(event: Event, verdicts: Counter[str]) -> Event:
    from provcheck.harness.model import RunFinished, RunStarted

    if isinstance(event, RunStarted):
        return replace(event, cases=verdicts.total())
    if isinstance(event, RunFinished):
        return replace(
            event,
            holds=verdicts["holds"],
            findings=verdicts["findings"],
            skipped=verdicts["skipped"],
            errors=verdicts["error"],
            not_exercised=verdicts["not exercised"],
        )
    return event


def _print_exchanges(found: Iterable[Event], numbers: Sequence[int]) -> None:
    """Print exchanges of every case that has one of them. Raises Refused if none has."""
    from rich.console import Console
    from rich.text import Text

    from provcheck.harness.report.exchanges import in_full
    from provcheck.harness.report.record import RunRecord
    from provcheck.harness.report.text import one_line

    run = RunRecord()
    for event in found:
        run(event)
    console = Console(highlight=False, markup=False, emoji=False)
    printed = False
    for played in run.cases:
        chosen = [each for each in (played.finished.exchanges if played.finished else ()) if each.seq in numbers]
        if chosen:
            printed = True
            console.print(Text(one_line(f"{played.started.scenario} on {played.started.profile}"), style="bold"))
            for line in (line for each in chosen for line in in_full(each)):
                console.print(line, soft_wrap=True)
            console.print()
    if not printed:
        raise Refused(_none(run, numbers))


def _none(run: RunRecord, numbers: Sequence[int]) -> str:
    """Return why there is no such exchange, with the numbers that there are."""
    wanted = " or ".join(map(str, numbers))
    held = sorted({each.seq for played in run.cases if played.finished for each in played.finished.exchanges})
    if not held:
        return f"there is no exchange {wanted}: only cases with findings have exchanges, and these have none"
    shown = ", ".join(map(str, held[:40])) + (f" and {len(held) - 40} more" if len(held) > 40 else "")
    return f"there is no exchange {wanted} in these cases; there are {shown}"
