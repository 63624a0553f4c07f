"""A rule of the linter: id, severity, what it claims and where that is written, its fix, and its function.

A rule is its documentation: the function's name is the title, the docstring's first paragraph the claim.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from provcheck.harness.lint.conversation import Conversation
from provcheck.harness.lint.dialect import known
from provcheck.harness.lint.exchange import Exchange

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""The worst first: broken or dangerous; likely to fail somewhere; could be better.

An error or a warning is a violation: of a standard, of a vendor's page, of what the target announced. What correct
clients do differently (list or filter, look first or after a 409, one member or many in a request) is at most info.
"""


@dataclass(frozen=True, slots=True)
class Violation:
    """How a rule is broken: the exchanges that show it, and what was seen."""

    numbers: tuple[int, ...]
    seen: str


Judge = Callable[[Conversation], Iterable[Violation]]


@dataclass(frozen=True, slots=True)
class LintRule:
    """One rule. `needs`: the capability of a dialect without which it does not hold; None where it always holds.

    `at_end`: it can only be judged when nothing more will come.
    """

    id: str
    severity: Severity
    title: str
    claim: str
    source: str
    fix: str
    needs: str | None
    judge: Judge
    at_end: bool = False

    def check(self, conversation: Conversation) -> list[Violation]:
        """How the exchanges break the rule; nothing when they do not, or when it does not hold for them."""
        if not conversation.can(self.needs) or (self.at_end and not conversation.over):
            return []
        return list(self.judge(conversation))


def defined_in(namespace: Mapping[str, object]) -> tuple[LintRule, ...]:
    """Return the rules that a module defines: `namespace` is its `vars` or `globals()`."""
    return tuple(each for each in namespace.values() if isinstance(each, LintRule))


def rule(
    id: str,
    severity: Severity,
    source: str,
    fix: str,
    *,
    needs: str | None = None,
    at_end: bool = False,
) -> Callable[[Judge], LintRule]:
    """Make a rule of a function of the whole conversation. Raises UnknownCapability."""

    known(*([needs] if needs else []))

    def make(judge: Judge) -> LintRule:
        title = judge.__name__.replace("_", " ")
        return LintRule(id, severity, title, _claim(judge), source, fix, needs, judge, at_end)

    return make


def on_each(
    id: str, severity: Severity, source: str, fix: str, *, needs: str | None = None
) -> Callable[[Callable[[Exchange], Iterable[str]]], LintRule]:
    """Make a rule of a function of one exchange, which yields what is wrong with it. Raises UnknownCapability."""

    known(*([needs] if needs else []))

    def make(test: Callable[[Exchange], Iterable[str]]) -> LintRule:
        def judge(conversation: Conversation) -> Iterator[Violation]:
            # What all operations of a batch request have in common, their headers say, is wrong once.
            judged: Iterable[Exchange] = conversation
            if needs is not None:
                judged = (x for x in conversation if conversation.dialect.has(needs, x.path))
            found = ((x.number, seen) for x in judged for seen in test(x))
            yield from (Violation((number,), seen) for number, seen in dict.fromkeys(found))

        title = test.__name__.replace("_", " ")
        return LintRule(id, severity, title, _claim(test), source, fix, needs, judge)

    return make


def _claim(function: Callable[..., object]) -> str:
    return " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())
