"""The longer sections of the console report: findings in full, errors of provcheck, and a case step by step.

The command that plays a case again is one line, however long, so that it can be copied; print these
sections without cropping.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from provcheck.harness.model.event import CheckpointReached, StepTaken
from provcheck.harness.model.finding import Finding, ranked
from provcheck.harness.model.layout import Layout, sections
from provcheck.harness.report import record
from provcheck.harness.report.case_record import Played
from provcheck.harness.report.exchanges import listed
from provcheck.harness.report.text import printable


def findings(alike: Sequence[Played], *, again: str, exchanges: bool = False) -> RenderableType:
    """Return all findings of equal cases, the root cause first; with the `exchanges` that show them on request."""
    told = (Padding(_finding(each), (0, 0, 1, 2), expand=False) for each in ranked(record.findings(alike[0])))
    shown = alike[0].finished.exchanges if exchanges and alike[0].finished else ()
    wire = [*listed(shown, record.findings(alike[0]))]
    if wire:
        wire = [Text(f"  exchanges on {alike[0].started.profile}", style="dim"), *wire, Text()]
    return Group(*_heading(alike, again), *told, *wire)


def error(alike: Sequence[Played], *, again: str) -> RenderableType:
    """Return an error of provcheck, which is no verdict on the client."""
    reason = alike[0].finished.reason if alike[0].finished else ""
    return Group(*_heading(alike, again), Padding(Text(printable(reason), style="magenta"), (0, 0, 1, 2), expand=False))


def details(played: Played, layout: Layout) -> RenderableType:
    """Return a case step by step, with every summary in a layout of the sync status page."""
    heading = Text(f"{played.started.scenario} on {played.started.profile}", style="bold")
    return Group(heading, *_history(played.events, layout), Text())


def _heading(alike: Sequence[Played], again: str) -> Iterator[Text]:
    targets = ", ".join(each.started.profile for each in alike)
    yield Text.assemble((printable(alike[0].started.scenario), "bold"), " on ", (printable(targets), "bold"))
    if again:
        yield Text(f"  again: {printable(again)}", style="dim", no_wrap=True, overflow="ignore")


def _finding(finding: Finding) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, value in _facts(finding):
        grid.add_row(label, Text(printable(value)))
    warning = " (warning)" if finding.severity == "warning" else ""
    return Group(
        Text(f"{printable(finding.check)}{warning}", style="bold red"), Padding(grid, (0, 0, 0, 2), expand=False)
    )


def _facts(finding: Finding) -> Iterator[tuple[str, str]]:
    yield "rule", finding.rule
    yield "entity", finding.entity
    yield "expected", finding.expected
    yield "seen", finding.seen
    yield "source", finding.source
    if finding.exchanges:
        yield "exchanges", ", ".join(map(str, finding.exchanges))


def _history(events: Sequence[StepTaken | CheckpointReached], layout: Layout) -> Iterator[RenderableType]:
    for each in events:
        if isinstance(each, StepTaken):
            yield _indented(2, f"{each.number}. {each.words}")
            continue
        for line in each.expected:
            yield _indented(5, f"expected  {line}", "dim")
        for line in each.said:
            yield _indented(5, f"said      {line}")
        page = "no summary is to be seen\n" if each.seen is None else sections(each.seen, layout)
        yield _indented(5, page.rstrip("\n"))


def _indented(columns: int, text: str, style: str = "") -> RenderableType:
    return Padding(Text(printable(text), style=style), (0, 0, 0, columns), expand=False)
