"""Formats cases as a matrix: a line for each scenario, a column of one letter for each target.

The columns are on the left, so that names of any length and any number of targets fit; the names of the targets stand
above them, one line each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from provcheck.harness.report import record
from provcheck.harness.report.case_record import Played
from provcheck.harness.report.table import style_of
from provcheck.harness.report.text import printable

SIGNS = {"holds": ".", "findings": "F", "skipped": "s", "not exercised": "n", "error": "E", record.BROKEN_OFF: "?"}
"""Verdict -> the letter that stands for it; a blank is a target that lacks what the scenario needs."""
LEGEND = ". holds  F findings  s skipped  n not exercised  E error of provcheck"
LEAST_TITLE = 12
"""Fewest columns that are worth a title."""


class CaseMatrix:
    """Formats the cases of a run for a terminal of `width` columns. `targets`: the names of the columns."""

    def __init__(self, width: int, targets: Iterable[str]) -> None:
        self._width = width
        self._targets = {name: place for place, name in enumerate(dict.fromkeys(targets))}

    def header(self) -> RenderableType:
        """Return the names of the targets, each above its column."""
        lines = [f"{'| ' * place}{printable(name)}" for name, place in self._targets.items()]
        return Text("\n".join(line[: self._width] for line in lines), style="bold")

    def scenario(self, cases: Sequence[Played]) -> RenderableType:
        """Return the line of one scenario."""
        for each in cases:
            self._targets.setdefault(each.started.profile, len(self._targets))
        signs = [Text(" ")] * len(self._targets)
        for each in cases:
            word = record.verdict(each)
            signs[self._targets[each.started.profile]] = Text(SIGNS[word], style=style_of(word))
        cells = Text(" ").join(signs)
        grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
        grid.add_column(width=len(cells))
        grid.add_column(overflow="fold", ratio=1)
        grid.add_row(cells, self._named(cases[0], self._width - len(cells) - 2))
        return grid

    def _named(self, first: Played, room: int) -> Text:
        """The name, and as much of the title as fits on the line."""
        name, title = printable(first.started.scenario), printable(first.started.title)
        left = room - len(name) - 2
        if not title or left < LEAST_TITLE:
            return Text(name, style="bold")
        shown = title if len(title) <= left else f"{title[: left - 3].rstrip()}..."
        return Text.assemble((name, "bold"), "  ", (shown, "dim"))
