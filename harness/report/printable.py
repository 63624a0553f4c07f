"""The last filter before a console: whatever a report is made of, no text in it steers a terminal or a CI runner."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment

from provcheck.harness.report.text import printable


@dataclass(frozen=True, slots=True)
class Printable:
    """A part of a report; styles stay as they are."""

    part: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render the part with its texts escaped."""
        blank = True
        for text, style, control in console.render(self.part, options):
            if control:
                yield Segment(text, style, control)
                continue
            # Of a segment within a line, nothing is the start of that line.
            shown = printable(text) if blank else printable(f".{text}")[1:]
            blank = text.endswith("\n") or (blank and not text.strip())
            yield Segment(shown, style)
