"""How exchanges with a target are printed: a line each, or in full with their bodies.

They come from the target's journal, where secrets are redacted, and are cut to a bounded size for a report.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from urllib.parse import unquote_plus

from rich.text import Text

from provcheck.harness.model.excerpt import Excerpt
from provcheck.harness.model.finding import Finding
from provcheck.harness.report.text import counted, one_line, printable

WIDTH = 64
"""Maximum width of a line of JSON, in columns."""


def listed(exchanges: Sequence[Excerpt], findings: Iterable[Finding]) -> Iterator[Text]:
    """Yield the exchanges of a case: those that its findings name in full, the others as a line each.

    Where findings name none, those that went wrong are in full.
    """
    named = {seq for finding in findings for seq in finding.exchanges}
    whole = named.intersection(each.seq for each in exchanges) or {each.seq for each in exchanges if _went_wrong(each)}
    for gap, each in missing(exchanges):
        if gap:
            yield Text(f"    {counted(gap, 'exchange')} left out", style="dim")
        yield from in_full(each) if each.seq in whole else [headline(each)]


def _went_wrong(each: Excerpt) -> bool:
    return each.status is None or each.status >= 400 or bool(each.faults) or each.answer != "complete"


def in_full(each: Excerpt) -> Iterator[Text]:
    """Yield the lines of an exchange with its bodies."""
    yield headline(each)
    if "%" in each.path:
        yield _line(f"      {unquote_plus(each.path.partition('?')[2])}")
    for name, body in (("request", each.request), ("answer", each.response)):
        if body:
            yield Text(f"      {name}", style="dim")
            yield from (_line(f"        {line}") for line in printable(pretty(body)).split("\n"))


def _line(text: str) -> Text:
    """A line that is not wrapped, so that it can be copied."""
    return Text(one_line(text), no_wrap=True, overflow="ignore")


def headline(each: Excerpt) -> Text:
    """Return an exchange as one line: number, time, request, what it was about, answer, what became of it."""
    about = " ".join([each.operation, *([", ".join(each.names)] if each.names else [])])
    call = Text(one_line(f"#{each.seq}  {time_of(each.at)}  {each.method} {each.path}"), style="bold")
    bad = each.status is None or each.status >= 400
    status = Text("no answer" if each.status is None else str(each.status), style="red" if bad else "green")
    told = "".join(f", {one_line(word)}" for word in outcome(each))
    line = Text.assemble("  ", call, f"  {one_line(about)} -> ", status, told)
    line.no_wrap, line.overflow = True, "ignore"
    return line


def outcome(each: Excerpt) -> Iterator[str]:
    """Yield what became of an exchange, in words."""
    if each.applied != "none":
        yield f"applied: {each.applied}"
    if each.answer != "complete":
        yield f"answer {each.answer}"
    yield from (f"fault {fault}" for fault in each.faults)
    if each.refused_by:
        yield f"refused by {each.refused_by}"


def missing(exchanges: Iterable[Excerpt]) -> Iterator[tuple[int, Excerpt]]:
    """Yield each exchange with the number of those left out before it."""
    last = 0
    for each in exchanges:
        yield each.seq - last - 1, each
        last = each.seq


def time_of(at: str) -> str:
    """The time of day of an exchange, to the millisecond; an invalid time is returned unchanged."""
    try:
        return datetime.fromisoformat(at).isoformat(timespec="milliseconds")[11:23]
    except ValueError:
        return at


def pretty(body: str) -> str:
    """A body for reading: JSON indented, anything else unchanged."""
    try:
        return _laid_out(json.loads(body), 0)
    except (ValueError, RecursionError):
        return body


def _laid_out(value: object, depth: int) -> str:
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + 2 * depth <= WIDTH or not isinstance(value, dict | list):
        return flat
    if isinstance(value, dict):
        inner = [f"{json.dumps(key, ensure_ascii=False)}: {_laid_out(each, depth + 1)}" for key, each in value.items()]
    else:
        inner = [_laid_out(each, depth + 1) for each in value]
    before, after = "{}" if isinstance(value, dict) else "[]"
    margin = "\n" + "  " * depth
    return f"{before}{margin}  {f',{margin}  '.join(inner)}{margin}{after}"
