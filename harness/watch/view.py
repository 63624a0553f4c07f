"""Shows a running watch: a live screen on a terminal, else plain lines.

What comes from a client is printed as it is, never as markup, and control characters are made visible.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from provcheck.harness.lint import LintFinding
from provcheck.harness.model import COUNTERS, SyncSummary
from provcheck.harness.model.expectation import LABELS
from provcheck.harness.report.printable import Printable
from provcheck.harness.report.text import one_line
from provcheck.harness.watch.verdict import Judged

SHOWN = 14
"""Maximum number of exchanges on the live screen."""
FINDINGS = 6
"""Maximum number of findings on the live screen; the others are counted."""
WIDTHS = {"#": 5, "target": 10, "request": None, "operation": 13, "entity": 12, "status": 6, "outcome": None}
"""Columns on the live screen; those without a width share what is left."""
STYLES = {"error": "bold red", "warning": "yellow", "info": "dim"}


def entity(entry: Mapping[str, Any]) -> str:
    """Return the first name of the entity of an exchange, else its id."""
    intents = entry.get("intents") or [entry]
    first = next((each["names"][0] for each in intents if each.get("names")), "")
    more = len(intents) - 1
    return one_line(f"{first or entry.get('id') or ''}{f' +{more}' if more > 0 else ''}")


def outcome(entry: Mapping[str, Any]) -> str:
    """Return whether an exchange was applied, and why not."""
    parts = [] if entry.get("applied") in (None, "none") else [f"applied: {entry['applied']}"]
    parts += [f"refused by {entry['refused_by']}"] if entry.get("refused_by") else []
    parts += [f"fault {fault}" for fault in entry.get("faults") or ()]
    return one_line(", ".join(parts))


def counters(summary: SyncSummary) -> str:
    """Return a summary as one line."""
    sections = [("users", summary.users), ("groups", summary.groups)]
    return "; ".join(
        f"{name}: " + ", ".join(f"{LABELS[word]} {getattr(values, word)}" for word in COUNTERS)
        for name, values in sections
        if values is not None
    )


def _request(entry: Mapping[str, Any]) -> str:
    query = f"?{entry['query']}" if entry.get("query") else ""
    return one_line(f"{entry['method']} {entry['path']}{query}")


class Lines:
    """Prints a line for each event, for a file or a log."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def exchange(self, target: str, entry: dict[str, Any]) -> None:
        """Print an exchange."""
        status = entry.get("status") or entry.get("answer")
        at = str(entry.get("at", ""))[11:19]
        words = [at, target, f"#{entry['seq']}", _request(entry), str(entry["operation"]), entity(entry)]
        self._print("  ".join(each for each in (*words, f"-> {status}", outcome(entry)) if each))

    def finding(self, target: str, finding: LintFinding) -> None:
        """Print a finding."""
        rule, numbers = finding.rule, ", ".join(f"#{number}" for number in finding.numbers[:6])
        self._print(f"  {rule.severity} {rule.id} {target} {numbers}: {finding.violation.seen}. {rule.claim}")

    def state(self, target: str, judged: Judged) -> None:
        """Print a summary."""
        self._print(f"  {target}: {counters(judged.summary)} ({judged.note})")

    def refresh(self) -> None:
        """Do nothing: lines are printed at once."""

    def _print(self, text: str) -> None:
        self._console.print(Text(one_line(text)), soft_wrap=True)


class Screen:
    """The latest exchanges, the findings and the summaries, on a terminal. Used in a with block."""

    def __init__(self, console: Console) -> None:
        self._latest: deque[tuple[str, dict[str, Any]]] = deque(maxlen=SHOWN)
        self._findings: deque[tuple[str, LintFinding]] = deque(maxlen=FINDINGS)
        self._counts: Counter[str] = Counter()
        self._states: dict[str, Judged] = {}
        self._total, self._dirty = 0, True
        self._live = Live(console=console, auto_refresh=False, transient=True)

    def __enter__(self) -> Screen:
        self._live.start()
        self.refresh()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def exchange(self, target: str, entry: dict[str, Any]) -> None:
        """Keep an exchange for the next refresh."""
        self._latest.append((target, entry))
        self._total, self._dirty = self._total + 1, True

    def finding(self, target: str, finding: LintFinding) -> None:
        """Keep a finding for the next refresh."""
        self._findings.append((target, finding))
        self._counts[finding.rule.severity] += 1
        self._dirty = True

    def state(self, target: str, judged: Judged) -> None:
        """Keep a summary for the next refresh."""
        self._states[target] = judged
        self._dirty = True

    def refresh(self) -> None:
        """Draw the screen, if anything is new."""
        if self._dirty:
            self._live.update(Printable(self._drawn()), refresh=True)
            self._dirty = False

    def _drawn(self) -> Group:
        waiting = Text("Waiting for the first request. Ctrl-C ends the watch.", style="dim")
        parts: list[Any] = [self._exchanges() if self._latest else waiting]
        if self._counts:
            counts = ", ".join(f"{count} {severity}" for severity, count in self._counts.items())
            parts += [Text(), Text(f"Lint: {counts}", style="bold"), *map(_finding, self._findings)]
        for target, state in self._states.items():
            parts += [Text(), Text(f"{target}: {counters(state.summary)}", style="bold")]
            parts.append(Text(one_line(state.note), style="dim"))
        return Group(*parts)

    def _exchanges(self) -> Table:
        table = Table(box=None, pad_edge=False, title=f"{self._total} requests", title_justify="left", expand=True)
        for name, width in WIDTHS.items():
            shares: dict[str, Any] = {"width": width} if width else {"ratio": 1, "min_width": 8}
            table.add_column(name, **shares, no_wrap=True, overflow="ellipsis")
        for target, entry in self._latest:
            status = entry.get("status") or entry.get("answer")
            good = isinstance(status, int) and status < 400
            cells = [entry["seq"], target, _request(entry), entry["operation"], entity(entry)]
            told = Text(one_line(str(status)), style="green" if good else "red")
            table.add_row(*(Text(one_line(str(cell))) for cell in cells), told, Text(outcome(entry)))
        return table


def _finding(kept: tuple[str, LintFinding]) -> Text:
    target, finding = kept
    rule, number = finding.rule, finding.numbers[0] if finding.numbers else ""
    text = f"  {rule.id} {target} #{number}: {finding.violation.seen}. {rule.claim}"
    return Text(one_line(text), style=STYLES[rule.severity], no_wrap=True, overflow="ellipsis")
