"""Formats cases as a table: a row for each target, beside or below its scenario, depending on the width.

Wide: scenario, given and rows side by side. Medium: given stands under the scenario. Narrow: both stand above the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from provcheck.harness.report.case_record import Played, Row, row
from provcheck.harness.report.text import printable

WIDE, MEDIUM, NARROW = 152, 120, 76
"""From so many columns on: three parts, two parts, one under the other; below NARROW: every row as a small list."""
NAME_WIDTH = 38
VERDICT_WIDTH = 10
_STYLES = {"holds": "green", "skipped": "dim", "not exercised": "dim", "error": "magenta", "broken off": "magenta"}


def style_of(verdict: str) -> str:
    """Return the style of a verdict."""
    return _STYLES.get(verdict, "bold red")


class CaseTable:
    """Formats the cases of a scenario for a terminal of `width` columns; `target_width`: the longest target name."""

    def __init__(self, width: int, target_width: int) -> None:
        self._width, self._target_width = width, target_width

    def header(self) -> RenderableType:
        """Return the row of column names."""
        names = [Text(name, style="bold") for name in ("target", "expected", "seen", "verdict")]
        if self._width < NARROW:
            return Text("verdict, target, expected, seen", style="bold")
        rows = self._grid()
        rows.add_row(*names)
        return self._beside(Text("scenario", style="bold"), Text("given", style="bold"), rows)

    def scenario(self, cases: Sequence[Played]) -> RenderableType:
        """Return the rows of all cases of one scenario."""
        first = cases[0].started
        name = Text(printable(first.scenario), style="bold", overflow="fold")
        given = Text(printable(first.title))
        rows = [row(each) for each in cases]
        if self._width < NARROW:
            return Group(name, given, *(Padding(_listed(each), (0, 0, 0, 2)) for each in rows))
        return self._beside(name, given, self._rows(rows))

    def _rows(self, rows: Iterable[Row]) -> RenderableType:
        return Group(*map(self._row, rows))

    def _row(self, each: Row) -> Table:
        told = (_lines((each.reason,)),) if each.reason else (_lines(each.expected), _lines(each.seen))
        grid = self._grid(len(told))
        grid.add_row(_lines((each.target,)), *told, Text(each.verdict, style=style_of(each.verdict)))
        return grid

    def _grid(self, told: int = 2) -> Table:
        """Target, so many columns between, verdict; the columns between share the room."""
        grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
        grid.add_column(width=self._target_width, overflow="fold")
        for _ in range(told):
            grid.add_column(ratio=1, overflow="fold")
        grid.add_column(width=VERDICT_WIDTH)
        return grid

    def _beside(self, name: Text, given: Text, rows: RenderableType) -> RenderableType:
        if self._width < MEDIUM:
            above = Text.assemble(name, "  ", given)
            return Group(above, Padding(rows, (0, 0, 0, 1)))
        outer = Table.grid(padding=(0, 2, 0, 0), expand=True)
        outer.add_column(width=NAME_WIDTH, overflow="fold")
        if self._width >= WIDE:
            outer.add_column(width=30, overflow="fold")
            cells: tuple[RenderableType, ...] = (name, given)
        else:
            cells = (Group(name, given),)
        outer.add_column(ratio=1)
        outer.add_row(*cells, rows)
        return outer


def _lines(lines: Iterable[str]) -> Text:
    return Text("\n".join(lines))


def _listed(each: Row) -> RenderableType:
    verdict = Text.assemble((each.verdict, style_of(each.verdict)), "  ", each.target)
    pairs = (("expected", each.expected), ("seen", each.seen), ("because", (each.reason,) if each.reason else ()))
    return Group(verdict, *(Text(f"  {name:<9} {'; '.join(lines)}") for name, lines in pairs if lines))
