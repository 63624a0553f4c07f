"""The Markdown report, for a pull request: counts, the cases that need attention, and folded findings.

What a client or a target said goes into code spans, or has every character escaped that Markdown,
HTML or the forge would act on, mentions and issue numbers among them. Forges cut long comments, so the text has a
limit, and says what it left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from provcheck.harness.model.finding import Finding, ranked, root
from provcheck.harness.report import record
from provcheck.harness.report.buffered import WholeReport
from provcheck.harness.report.case_record import Played
from provcheck.harness.report.citations import parts
from provcheck.harness.report.record import Cause, RunRecord
from provcheck.harness.report.text import counted, duration, printable

LIMIT = 60_000
"""Maximum number of characters of a report; forges accept 65,536 in a comment."""
TELLING = 400
"""Maximum number of characters of one value."""
SIGNS = {"holds": "✅", "findings": "❌", "error": "⚠️", record.BROKEN_OFF: "⚠️", "skipped": "➖", "not exercised": "➖"}
_ACTIVE = re.compile(
    r"[\\`*{}\[\]<>|~^$]"  # anywhere
    r"|(?<![^\W_])_|_(?![^\W_])"  # emphasis: wherever it does not stand between letters or digits
    r"|^[-+=#]|(?<=^\d)[.)]|(?<=^\d\d)[.)]|#(?=\w)"  # lists, headings, references to issues
    r"|(?<=www)\.|:(?=//)|:(?=[\w+-]+:)|@"  # addresses, emoji, mentions
)
_INVISIBLE = "&#8203;"


class MarkdownReport(WholeReport[str]):
    """The report as Markdown."""

    def written(self, run: RunRecord) -> str:
        """Return the text."""
        return markdown(run)


def markdown(run: RunRecord) -> str:
    """Return the report, at most LIMIT characters long."""
    blocks = [*_head(run), *_attention(run)]
    folded = [_cause(each, run) for each in record.causes(run.cases)]
    folded += [_ours(each) for each in run.cases if record.verdict(each) in ("error", record.BROKEN_OFF)]
    folded += _requests(run)
    if lines := record.unlocks(run.cases):
        unlocked = [f"- {code(each)}" for each in lines]
        folded.append("\n".join(["What further capabilities of the client unlock:", "", *unlocked]))
    ends = [_matrix(run)] if run.cases else []
    used, left_out = sum(map(len, [*blocks, *ends])) + 200, 0
    for block in folded:
        used += len(block) + 2
        if used < LIMIT:
            blocks.append(block)
        else:
            left_out += 1
    if left_out:
        blocks.append(f"*{counted(left_out, 'more section')} left out here for want of room.*")
    text = "\n\n".join([*blocks, *(end for end in ends if used < LIMIT or len(end) < LIMIT // 2)])
    return text[:LIMIT] + "\n"


def escaped(text: str) -> str:
    """Escape a text for one line: nothing in it is read as Markdown, HTML, a mention or a reference."""
    line = " ".join(printable(text).split()).replace("&", "&amp;")
    return _ACTIVE.sub(lambda match: f"&#{ord(match.group())};{_INVISIBLE if match.group() in '@#.:' else ''}", line)


def code(text: str) -> str:
    """Return a text as a code span (in HTML, so that no character ends it), also for table cells."""
    line = " ".join(printable(text).split())
    line = line if len(line) <= TELLING else line[:TELLING] + " …"
    return f"<code>{escaped(line) or '&#8203;'}</code>"


def _cited(citation: str) -> str:
    return "".join(
        f"[{escaped(part.text)}]({_address(part.address)})" if part.address else _spaced(part.text)
        for part in parts(citation)
    )


def _spaced(text: str) -> str:
    """Escaped, with the spaces at its ends kept."""
    return f"{' ' if text[:1].isspace() else ''}{escaped(text)}{' ' if text[-1:].isspace() and text.strip() else ''}"


def _address(address: str) -> str:
    return re.sub(r"[^\w:/.?=&#%+,~@-]", lambda match: f"%{ord(match.group()):02X}", printable(address))


def _head(run: RunRecord) -> Iterator[str]:
    counts, total = run.counts, len(run.cases)
    bad, ours = counts["findings"], counts["error"] + counts[record.BROKEN_OFF]
    sign = SIGNS["findings" if bad else "error" if ours or not total else "holds"]
    outcome = f"{bad} of {counted(total, 'case')} with findings" if bad else _good(counts, total)
    yield f"## {sign} provcheck: {outcome}"
    client = run.begun.client if run.begun else "no client"
    broken = "" if run.ended else ", **broken off**"
    yield f"{code(client)}, {counted(len(record.by_scenario(run.cases)), 'scenario')}, {duration(run.seconds)}{broken}"
    words = [
        f"{SIGNS[word]} {counts[word]} {record.COUNTED.get(word, word)}"
        for word in reversed(record.VERDICTS)
        if counts[word]
    ]
    if words:
        yield " · ".join(words)


def _good(counts: Mapping[str, int], total: int) -> str:
    """The outcome of a run without findings; cases that were skipped or not exercised do not count as run."""
    holds, idle = counts["holds"], counts["not exercised"]
    if holds < total and holds == total - counts["skipped"] - idle:
        done = "exercised" if idle else "played"
        return f"all {counted(holds, 'case')} that {'was' if holds == 1 else 'were'} {done} hold"
    return f"{holds} of {total} cases hold"


def _attention(run: RunRecord) -> Iterator[str]:
    """A table of the cases that do not hold, one row for equal cases."""
    rows = []
    for name, cases in record.by_scenario(run.cases).items():
        for group in record.alike(cases):
            if record.verdict(group[0]) not in record.QUIET:
                rows.append(_row(name, group))
    if rows:
        yield "\n".join(
            [
                "| scenario | target | verdict | root cause: what does not hold |",
                "| --- | --- | --- | --- |",
                *rows[:100],
            ]
        )
    if len(rows) > 100:
        yield f"*and {len(rows) - 100} more rows*"


def _row(name: str, group: Sequence[Played]) -> str:
    first, targets = group[0], ", ".join(code(each.started.profile) for each in group)
    found = record.findings(first)
    reason = (
        escaped(record.in_words(root(found).check)) if found else code(first.finished.reason if first.finished else "")
    )
    return f"| {code(name)} | {targets} | {SIGNS[record.verdict(first)]} {escaped(first.verdict)} | {reason} |"


def _cause(cause: Cause, run: RunRecord) -> str:
    """A root cause, folded: its fix, and the findings of its cases, equal ones once."""
    finding = cause.finding
    lines = [f"{escaped(finding.rule)}", f"Source: {_cited(finding.source)}"]
    if finding.fix:
        lines.append(f"**To mend it:** {escaped(finding.fix)}")
    for name, cases in cause.scenarios.items():
        for group in record.alike(cases):
            targets = ", ".join(code(each.started.profile) for each in group)
            lines.append(f"{code(name)} on {targets}:\n\n" + "\n".join(_items(ranked(record.findings(group[0])))))
            # Whole, however long, so that it can be copied.
            again = record.again(run.begun, group[0])
            lines += [f"To play it again: <code>{escaped(again)}</code>"] if again else []
    title = f"{printable(cause.title)} does not hold ({counted(len(cause.cases), 'case')})"
    return _folded(title, "\n\n".join(lines))


def _requests(run: RunRecord) -> Iterator[str]:
    """What the linter says about requests, by rule, warnings and advice folded apart; it changes no verdict."""
    lines: dict[str, list[str]] = {}
    for rule, found in record.lint_rules(run.linted, run.cases).items():
        linted, finding = found[0]
        where = f"{code(linted.scenario)} on {code(linted.profile)}: {code(finding.seen)}"
        kind = "advice on requests" if record.is_advice(found) else "warnings about requests"
        lines.setdefault(kind, []).append(
            f"- **{escaped(rule)}** {escaped(finding.rule)} {counted(len(found), 'time')}, first in {where}. "
            f"*To mend it:* {escaped(finding.expected)} *Source:* {_cited(finding.source)}"
        )
    for kind, told in lines.items():
        yield _folded(f"{kind} ({counted(len(told), 'rule')}), which decide no verdict", "\n".join(told))


def _items(findings: Sequence[Finding]) -> Iterator[str]:
    for each in findings[:10]:
        warning = " (warning)" if each.severity == "warning" else ""
        shown = f", exchanges {', '.join(map(str, each.exchanges[:8]))}" if each.exchanges else ""
        yield (
            f"- **{escaped(record.in_words(each.check))}**{warning}, {code(each.entity)}: "
            f"expected {code(each.expected)}, seen {code(each.seen)}{shown}; {_cited(each.source)}"
        )
    if len(findings) > 10:
        yield f"- *and {len(findings) - 10} more*"


def _ours(played: Played) -> str:
    reason = played.finished.reason if played.finished else "the run was broken off"
    return f"{SIGNS['error']} {code(played.started.scenario)} on {code(played.started.profile)}: {code(reason)}"


def _matrix(run: RunRecord) -> str:
    """Every case: a row for each scenario, a column for each target."""
    targets = list(dict.fromkeys(each.started.profile for each in run.cases))
    lines = [f"| scenario | {' | '.join(map(code, targets))} |", f"| --- |{' --- |' * len(targets)}"]
    for name, cases in record.by_scenario(run.cases).items():
        cells = {each.started.profile: f"{SIGNS[record.verdict(each)]} {escaped(each.verdict)}" for each in cases}
        lines.append(f"| {code(name)} | {' | '.join(cells.get(target, '') for target in targets)} |")
    return _folded(f"all {counted(len(run.cases), 'case')}", "\n".join(lines))


def _folded(summary: str, inside: str) -> str:
    return f"<details><summary>{escaped(summary)}</summary>\n\n{inside}\n\n</details>"
