"""A law: something that holds for every summary of every correct client, whatever the scenario.

A law is its documentation: the name of the function is its title, the docstring its claim, the argument its source.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from provcheck.harness.model import Counters, Finding, SyncSummary
from provcheck.harness.oracle.journal import Entry, Journal
from provcheck.harness.oracle.observed import Observation


@dataclass(frozen=True, slots=True)
class Case:
    """What the laws look at: a summary at rest, and what can be seen of the run, if anything can.

    `summary` None: the rule is disabled and the client showed none, or it never shows any (`silent`). `recent` is the
    journal since the connection or the rule last changed: what was sent earlier is judged by the switches of that time.
    `lately` is the journal since the previous rest.
    """

    summary: SyncSummary | None
    observation: Observation | None = None
    recent: Journal = field(default_factory=Journal)
    lately: Journal = field(default_factory=Journal)
    silent: bool = field(default=False, kw_only=True)

    def sections(self) -> Iterator[tuple[str, Counters]]:
        """The sections of the summary, by name."""
        if self.summary is not None:
            yield "users", self.summary.users
            if self.summary.groups is not None:
                yield "groups", self.summary.groups


@dataclass(frozen=True, slots=True)
class Violation:
    """How a law is broken: by whom or what, and the exchanges that show it."""

    entity: str
    expected: str
    seen: str
    exchanges: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Law:
    """A named check. `claim` is one sentence, `source` where it is documented or what it follows from."""

    name: str
    claim: str
    source: str
    test: Callable[[Case], Iterable[Violation]]

    def check(self, case: Case) -> list[Finding]:
        """The findings about a case; none when the law holds or says nothing about it."""
        return [
            Finding(self.name, self.claim, each.entity, each.expected, each.seen, self.source, each.exchanges)
            for each in self.test(case)
        ]


def law(source: str) -> Callable[[Callable[[Case], Iterable[Violation]]], Law]:
    """Make a law of a function; its docstring's first paragraph is the claim."""

    def make(test: Callable[[Case], Iterable[Violation]]) -> Law:
        claim = " ".join((inspect.getdoc(test) or "").split("\n\n")[0].split())
        return Law(test.__name__, claim, source, test)

    return make


def numbers(entries: Iterable[Entry]) -> tuple[int, ...]:
    """The sequence numbers of exchanges."""
    return tuple(entry.seq for entry in entries)
