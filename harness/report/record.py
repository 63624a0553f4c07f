"""The record of a run: every case with its events, for reports that are written as a whole.

A run that was broken off has a last case without an end, and no end of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from provcheck.harness.model.capability import alone
from provcheck.harness.model.event import (
    CaseFinished,
    CaseStarted,
    CheckpointReached,
    Event,
    RequestsLinted,
    RunFinished,
    RunStarted,
    StepTaken,
)
from provcheck.harness.model.finding import Finding, root
from provcheck.harness.report.case_record import Played
from provcheck.harness.report.text import command_line, counted

Linted = tuple[RequestsLinted, Finding]
"""The lint warnings about requests, and the case they are from."""
BROKEN_OFF = "broken off"
VERDICTS = ("findings", "error", BROKEN_OFF, "skipped", "not exercised", "holds")
"""The verdicts of a case, those that need attention first."""
QUIET = ("holds", "skipped", "not exercised")
"""Verdicts that need no attention."""
COUNTED = {"findings": "with findings", "error": "with an error of ours", "holds": "hold"}
"""The words for a number of cases of a verdict."""


@dataclass(slots=True)
class RunRecord:
    """The cases of a run in their order, and the lint warnings, which change no verdict."""

    begun: RunStarted | None = None
    ended: RunFinished | None = None
    cases: list[Played] = field(default_factory=list)
    linted: list[RequestsLinted] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        """Handle an event of the run."""
        match event:
            case RunStarted():
                self.begun = event
            case CaseStarted():
                self.cases.append(Played(event))
            case StepTaken() | CheckpointReached() if self.cases:
                self.cases[-1].events.append(event)
            case RequestsLinted():
                self.linted.append(event)
            case CaseFinished() if self.cases:
                self.cases[-1].finished = event
            case RunFinished():
                self.ended = event

    @property
    def counts(self) -> Counter[str]:
        """The number of cases by verdict."""
        return Counter(verdict(each) for each in self.cases)

    @property
    def seconds(self) -> float:
        """The duration in seconds: of the run, or of its cases so far if it was interrupted."""
        return self.ended.seconds if self.ended else sum(each.finished.seconds for each in self.cases if each.finished)


@dataclass(frozen=True, slots=True)
class Cause:
    """A root cause, and the cases that have it. `finding` is the first of them."""

    finding: Finding
    cases: tuple[Played, ...]

    @property
    def title(self) -> str:
        """The name of the check as words, and which of its causes it is."""
        return in_words(self.finding.check) + (f" ({self.finding.cause})" if self.finding.cause else "")

    @property
    def scenarios(self) -> dict[str, list[Played]]:
        """The cases by scenario."""
        found: dict[str, list[Played]] = {}
        for each in self.cases:
            found.setdefault(each.started.scenario, []).append(each)
        return found


def verdict(played: Played) -> str:
    """One of VERDICTS."""
    return played.finished.verdict if played.finished else BROKEN_OFF


def findings(played: Played) -> tuple[Finding, ...]:
    """Return the findings of a case."""
    return played.finished.findings if played.finished else ()


def again(begun: RunStarted | None, played: Played) -> str:
    """Return the command that runs a case again with the same client; empty if there is none."""
    if played.finished and played.finished.again:
        return played.finished.again
    command = begun.command if begun else ()
    names = ("--scenario", played.started.scenario, "--target", alone(played.started.profile))
    return command_line([*command, *names]) if command else ""


def causes(cases: Sequence[Played]) -> list[Cause]:
    """The root causes of all cases with findings, the most frequent first."""
    by_cause: dict[tuple[str, str], list[Played]] = {}
    for played in cases:
        if findings(played):
            strongest = root(findings(played))
            by_cause.setdefault((strongest.check, strongest.cause), []).append(played)
    found = [Cause(root(findings(group[0])), tuple(group)) for group in by_cause.values()]
    return sorted(found, key=lambda each: -len(each.cases))


def unlocked(cases: Sequence[Played]) -> dict[str, tuple[int, int]]:
    """Capability -> how many skipped cases it would unlock by itself, and how many together with others."""
    single: Counter[str] = Counter()
    together: Counter[str] = Counter()
    for each in cases:
        lacking = each.finished.lacking if each.finished else ()
        (single if len(lacking) == 1 else together).update(lacking)
    words = sorted({*single, *together}, key=lambda word: (-single[word], -together[word], word))
    return {word: (single[word], together[word]) for word in words}


def unlocks(cases: Sequence[Played]) -> list[str]:
    """The same in words, a line for each capability that the client does not offer."""
    return [f"{word}: {unlocked_cases(*numbers)}" for word, numbers in unlocked(cases).items()]


def unlocked_cases(single: int, together: int) -> str:
    """Return in words how many cases a capability unlocks by itself, and how many together with others."""
    if not single:
        return f"{counted(together, 'case')}, together with others"
    more = f", {together} more together with others" if together else ""
    return counted(single, "case") + more


def by_scenario(cases: Sequence[Played]) -> dict[str, list[Played]]:
    """The cases by scenario, in the order in which scenarios were first played."""
    found: dict[str, list[Played]] = {}
    for played in cases:
        found.setdefault(played.started.scenario, []).append(played)
    return found


def alike(cases: Sequence[Played]) -> list[list[Played]]:
    """The cases of a scenario in groups of equal verdict, reason and findings; those with findings first."""
    found: dict[object, list[Played]] = {}
    for played in cases:
        reason = played.finished.reason if played.finished else ""
        equal = frozenset((each.check, each.entity, each.expected, each.seen) for each in findings(played))
        found.setdefault((verdict(played), reason, equal), []).append(played)
    return sorted(found.values(), key=lambda group: VERDICTS.index(verdict(group[0])))


def lint_rules(linted: Sequence[RequestsLinted], bad: Sequence[Played] = ()) -> dict[str, list[Linted]]:
    """What the linter says about requests, by rule: warnings before advice, the most frequent first.

    What counts as a finding of one of the cases `bad` is told with that case.
    """
    counted = {(each.started.scenario, each.started.profile, *_said(found)) for each in bad for found in findings(each)}
    rules: dict[str, list[Linted]] = {}
    for event in linted:
        for finding in event.findings:
            if (event.scenario, event.profile, *_said(finding)) not in counted:
                rules.setdefault(finding.check, []).append((event, finding))
    return dict(sorted(rules.items(), key=lambda item: (is_advice(item[1]), -len(item[1]))))


def is_advice(found: Sequence[Linted]) -> bool:
    """Whether what a rule says is advice, and no warning."""
    return found[0][1].severity == "info"


def _said(finding: Finding) -> tuple[str, str, tuple[int, ...]]:
    return finding.check, finding.seen, finding.exchanges


def in_words(check: str) -> str:
    """A check's name as words: `no_create_while_not_allowed` reads `no create while not allowed`."""
    return check.replace("_", " ")
