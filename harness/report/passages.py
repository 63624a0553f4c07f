"""The longer passages of the console report: findings in full, errors of ours, and a case step by step.

Every passage about a case ends with the one command that plays it again.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from harness.model.event import CaseFinished, CheckpointReached, StepTaken
from harness.model.finding import Finding
from harness.model.layout import Layout, sections
from harness.report.played import Played
from harness.report.wording import printable


def findings(finished: CaseFinished) -> RenderableType:
    """Everything that was found in a case."""
    return Group(
        _heading(finished), *(Padding(_finding(each), (0, 0, 1, 2), expand=False) for each in finished.findings)
    )


def error(finished: CaseFinished) -> RenderableType:
    """An error of ours, which says nothing about the client."""
    return Group(
        _heading(finished), Padding(Text(printable(finished.reason), style="magenta"), (0, 0, 1, 2), expand=False)
    )


def details(played: Played, layout: Layout) -> RenderableType:
    """A case step by step, with every summary as the page shows it."""
    heading = Text(f"{played.started.scenario} on {played.started.profile}", style="bold")
    return Group(heading, *_course(played.events, layout), Text())


def _heading(finished: CaseFinished) -> RenderableType:
    by_name = shlex.join(["provcheck", "check", "--scenario", finished.scenario, "--target", finished.profile])
    again = finished.again or by_name
    name = Text.assemble((printable(finished.scenario), "bold"), " on ", (finished.profile, "bold"))
    return Group(name, Text(f"  again: {again}", style="dim"))


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


def _course(events: Sequence[StepTaken | CheckpointReached], layout: Layout) -> Iterator[RenderableType]:
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
