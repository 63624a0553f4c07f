"""The end of the console report: lint warnings about requests, root causes, and what was not judged.

These are few lines, whatever the run, because they stand where the reader looks first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from provcheck.harness.model.event import RequestsLinted
from provcheck.harness.report import record
from provcheck.harness.report.case_record import Played, brief
from provcheck.harness.report.text import counted, printable

PLACES = 3
"""Maximum number of places named for each warning, and of scenarios for each reason."""
REASONS = 8
"""Maximum number of reasons why cases were not judged."""
IDLE = {
    "skipped": "Skipped, which says nothing about the client",
    "not exercised": "Not exercised, because no request met what the scenario is about",
}


def causes(bad: Sequence[Played]) -> Iterator[RenderableType]:
    """Return the root causes, the most frequent first, each with its fix."""
    found = record.causes(bad)
    if not found:
        return
    yield from _heading("Root causes: the strongest finding of each case")
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    for cause in found:
        of = Text(f" {printable(cause.finding.cause)}" if cause.finding.cause else "")
        name = Text.assemble((printable(cause.finding.check), "bold red"), of)
        grid.add_row(counted(len(cause.cases), "case"), name)
        grid.add_row("", Text(cause.finding.fix or printable(cause.finding.rule)))
    yield Padding(grid, (0, 0, 1, 2), expand=False)


def requests(linted: Sequence[RequestsLinted], bad: Sequence[Played] = ()) -> Iterator[RenderableType]:
    """Return what the linter says about requests, by rule; it changes no verdict."""
    heading = ""
    for rule, found in record.lint_rules(linted, bad).items():
        kind = "Advice on requests" if record.is_advice(found) else "Warnings about requests, which decide no verdict"
        if kind != heading:
            heading = kind
            yield from _heading(heading)
        finding = found[0][1]
        yield Text.assemble((printable(rule), "bold yellow"), f"  {printable(finding.rule)}")
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column(overflow="fold")
        for label, value in _facts(found):
            grid.add_row(label, Text(printable(value)))
        yield Padding(grid, (0, 0, 1, 2), expand=False)


def _facts(found: Sequence[record.Linted]) -> Iterator[tuple[str, str]]:
    finding = found[0][1]
    differing = dict.fromkeys(f"{linted.scenario} on {linted.profile}: {each.seen}" for linted, each in found)
    places = list(differing)[:PLACES]
    more = len(found) - len(places)
    yield "seen", "\n".join([*places, f"and {counted(more, 'time')} more"] if more > 0 else places)
    yield "to mend it", finding.expected
    yield "source", finding.source


def idle(cases: Sequence[Played]) -> Iterator[RenderableType]:
    """Return how many cases were skipped or not exercised, by reason, the most frequent first."""
    for verdict, heading in IDLE.items():
        reasons: dict[str, list[Played]] = {}
        for each in cases:
            if record.verdict(each) == verdict:
                reasons.setdefault(_reason(each), []).append(each)
        if not reasons:
            continue
        yield from _heading(heading)
        ordered = sorted(reasons.items(), key=lambda item: -len(item[1]))
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(justify="right", no_wrap=True)
        grid.add_column(overflow="fold")
        for reason, group in ordered[:REASONS]:
            grid.add_row(counted(len(group), "case"), f"{printable(reason)} ({_named(group)})")
        if rest := sum(len(group) for _, group in ordered[REASONS:]):
            grid.add_row(counted(rest, "case"), f"for {counted(len(ordered) - REASONS, 'other reason')}")
        yield Padding(grid, (0, 0, 1, 2), expand=False)
    if lines := record.unlocks(cases):
        yield from _heading("What further capabilities of the client unlock")
        yield Padding(Text("\n".join(map(printable, lines[:REASONS]))), (0, 0, 1, 2), expand=False)


def _reason(played: Played) -> str:
    """Why a case was not judged; the order in which capabilities are lacking makes no difference."""
    lacking = sorted(played.finished.lacking) if played.finished else []
    return f"not offered: {', '.join(lacking)}" if lacking else brief(played.finished)


def _named(cases: Sequence[Played]) -> str:
    """The scenarios of cases, the first few by name."""
    names = list(record.by_scenario(cases))
    more = f" and {len(names) - PLACES} more" if len(names) > PLACES else ""
    return printable(", ".join(names[:PLACES])) + more


def _heading(text: str) -> Iterator[Text]:
    yield Text(text, style="bold underline")
    yield Text()
