"""The events of one case, and the table row made from them.

A row has little room, so it shows counters by letter: `users I5 S4 U0 P1 F0`; LEGEND says what the letters mean.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from provcheck.harness.model.event import CaseFinished, CaseStarted, CheckpointReached, Expectation, StepTaken
from provcheck.harness.model.expectation import LABELS
from provcheck.harness.model.finding import root
from provcheck.harness.model.summary import COUNTERS, SyncSummary
from provcheck.harness.report.text import counted, printable

LETTERS: Mapping[str, str] = {name: label[0] for name, label in LABELS.items()}
"""Counter -> the letter that stands for it."""
LEGEND = ", ".join(f"{LETTERS[name]} {label}" for name, label in LABELS.items())

MANY = 10
"""Number of findings from which a verdict is shortened, to keep its column narrow."""

Asserted = Mapping[str, Mapping[str, frozenset[int]]]
"""Section -> counter -> the accepted values."""


@dataclass(slots=True)
class Played:
    """The events of one case, in their order."""

    started: CaseStarted
    events: list[StepTaken | CheckpointReached] = field(default_factory=list)
    finished: CaseFinished | None = None

    @property
    def verdict(self) -> str:
        """The verdict in one or two words."""
        if self.finished is None:
            return "broken off"
        if self.finished.verdict == "findings":
            number = len(self.finished.findings)
            return counted(number, "finding") if number < MANY else f"{number} found"
        return self.finished.verdict

    @property
    def shown(self) -> CheckpointReached | None:
        """The checkpoint for the row: the first with unexpected counters, else the last."""
        checkpoints = [each for each in self.events if isinstance(each, CheckpointReached)]
        wrong = (each for each in checkpoints if not _agrees(each))
        return next(wrong, checkpoints[-1] if checkpoints else None)


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a case in a table. `expected` and `seen` have a line for each section.

    `reason` stands in their place: why the case was skipped, or which error of ours ended it.
    """

    target: str
    expected: tuple[str, ...]
    seen: tuple[str, ...]
    verdict: str
    reason: str = ""


def row(played: Played) -> Row:
    """The row of a case."""
    started, checkpoint = played.started, played.shown
    idle = played.finished is not None and played.finished.verdict == "not exercised"
    if checkpoint is None or idle:
        return Row(started.profile, (), (), played.verdict, printable(brief(played.finished)))
    return Row(started.profile, _expected(checkpoint), _seen(checkpoint), played.verdict)


def brief(finished: CaseFinished | None) -> str:
    """Return the reason why a case has no counters: the missing capabilities, or the error that ended it."""
    if finished is None:
        return ""
    if finished.lacking:
        return f"not offered: {', '.join(finished.lacking)}"
    return finished.reason or (root(finished.findings).seen if finished.findings else "")


def _expected(checkpoint: CheckpointReached) -> tuple[str, ...]:
    counters = asserted(checkpoint.expectation)
    if counters:
        return tuple(f"{section} {_letters(values)}" for section, values in counters.items())
    telling = "" if checkpoint.expectation is None else checkpoint.expectation.headline()
    return (printable(telling),) if telling else ()


def _letters(values: Mapping[str, frozenset[int]]) -> str:
    return " ".join(f"{LETTERS[name]}{'|'.join(map(str, sorted(accepted)))}" for name, accepted in values.items())


def _seen(checkpoint: CheckpointReached) -> tuple[str, ...]:
    counters = asserted(checkpoint.expectation)
    if not counters and checkpoint.said:
        return (printable(checkpoint.said[0]),)
    if checkpoint.seen is None:
        return ("no summary",)
    return tuple(_section(checkpoint.seen, name, counters.get(name, {})) for name in counters or ("users", "groups"))


def _section(summary: SyncSummary, section: str, wanted: Container[str]) -> str:
    """The asserted counters, and all others that are not 0."""
    values = summary.as_dict()[section]
    if values is None:
        return f"no {section}"
    names = [name for name in COUNTERS if name in wanted or values[name]] or ["impacted"]
    return f"{section} " + " ".join(f"{LETTERS[name]}{values[name]}" for name in names)


def asserted(expectation: Expectation | None) -> Asserted:
    """The counters that an expectation names, by section."""
    found: dict[str, dict[str, frozenset[int]]] = {}
    for section, name, accepted in () if expectation is None else expectation.counters():
        found.setdefault(section, {})[name] = accepted
    return {section: {name: values[name] for name in COUNTERS if name in values} for section, values in found.items()}


def _agrees(checkpoint: CheckpointReached) -> bool:
    wanted = () if checkpoint.expectation is None else checkpoint.expectation.counters()
    seen = checkpoint.seen
    return all(seen is not None and seen.count(section, name) in accepted for section, name, accepted in wanted)
