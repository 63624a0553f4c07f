"""Lints the exchanges with one target: every rule that holds in its dialect, over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from traceback import walk_tb
from typing import Any

from provcheck.harness.lint.conversation import Conversation
from provcheck.harness.lint.dialect import STANDARD, Dialect
from provcheck.harness.lint.exchange import Exchange, read_exchange
from provcheck.harness.lint.rule import SEVERITIES, LintRule, Severity, Violation
from provcheck.harness.lint.rules import RULES
from provcheck.harness.model import Finding
from provcheck.harness.model.redaction import Redactor

RULE_FAILED = LintRule(
    "SCIM000",
    "info",
    "every rule can judge every request",
    "Every rule of the linter can judge every request; one that fails is an error of provcheck, not of the client.",
    "provcheck",
    "Report it, with the exchange.",
    None,
    lambda conversation: (),
)
"""Stands for what went wrong in the linter itself."""


_REDACT = Redactor()
"""Recordings of others hold secrets; what a rule has seen is shown without them."""


class UnknownRule(LookupError):
    """No rule has this id."""


@dataclass(frozen=True, slots=True)
class LintFinding:
    """A rule, and one way in which the exchanges break it. `target` is whose exchanges they are."""

    rule: LintRule
    violation: Violation
    target: str = ""

    @property
    def numbers(self) -> tuple[int, ...]:
        """The exchanges that show it."""
        return self.violation.numbers

    def as_finding(self) -> Finding:
        """As a finding of a run; the linter only warns, it never decides about a verdict."""
        rule = self.rule
        return Finding(
            rule.id,
            rule.claim,
            self.target or rule.title,
            rule.fix,
            self.violation.seen,
            rule.source,
            self.numbers,
            severity="info" if rule.severity == "info" else "warning",
        )

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "rule": self.rule.id,
            "severity": self.rule.severity,
            "title": self.rule.title,
            "seen": self.violation.seen,
            "exchanges": list(self.numbers),
            "target": self.target,
            "source": self.rule.source,
            "fix": self.rule.fix,
        }


@dataclass(frozen=True)
class Linter:
    """The shared rules, and the dialects of the stores with the rules of their own."""

    dialects: tuple[Dialect, ...]
    """Beside the standard one, in the order in which they are tried."""
    unread: frozenset[str] = frozenset()
    """Names of targets that do not speak SCIM: there are no rules for them."""

    @cached_property
    def rules(self) -> tuple[LintRule, ...]:
        """Every rule: the shared ones in the order of their ids, then those of the dialects."""
        return (*RULES, *(rule for dialect in self.dialects for rule in dialect.rules))

    def rule(self, id: str) -> LintRule:
        """The rule of this id. Raises UnknownRule."""
        for rule in self.rules:
            if rule.id == id.upper():
                return rule
        raise UnknownRule(f"there is no rule {id!r}; provcheck lint --list prints them all")

    def held_by(self, rule: LintRule) -> tuple[str, ...]:
        """The names of the dialects in which a rule holds."""
        return tuple(each.name for each in (STANDARD, *self.dialects) if rule in _rules_of(each))

    def dialect_of(self, target: str, exchanges: Iterable[Exchange]) -> Dialect:
        """The dialect of the exchanges: the name of the target decides, then the URLs; else the standard one."""
        for dialect in (*self.dialects, STANDARD):
            if dialect.is_named_in(target):
                return dialect
        for x in exchanges:
            meta = x.answer.get("meta")
            place = f"{x.host}{x.path} {meta.get('location', '') if isinstance(meta, dict) else ''}"
            for dialect in self.dialects:
                if dialect.places and dialect.places.search(place):
                    return dialect
        return STANDARD

    def lint(
        self,
        entries: Iterable[Mapping[str, Any] | Exchange],
        *,
        target: str = "",
        ignore: Sequence[str] = (),
        over: bool = True,
    ) -> list[LintFinding]:
        """Every finding about the exchanges with one target, by rule and then in the order of the exchanges.

        `target` names it; without a name the URLs decide the dialect. `over` False: more is to come, and rules that
        need the end keep silent.
        """
        if target in self.unread:
            return []
        read = (each if isinstance(each, Exchange) else read_exchange(each) for each in entries)
        exchanges = tuple(each for each in read if not each.asks_for_token)
        dialect = self.dialect_of(target, exchanges)
        conversation = Conversation(dialect, exchanges, over=over)
        return [
            finding
            for rule in _rules_of(dialect)
            if rule.id not in ignore
            for finding in _findings(rule, conversation, target)
        ]

    def warnings(self, target: str, journal: Iterable[Mapping[str, Any]]) -> list[Finding]:
        """The same as findings of a run, for `provcheck.harness.run.run(..., inspect=...)`: they decide no verdict."""
        return [each.as_finding() for each in self.lint(journal, target=target)]


def _findings(rule: LintRule, conversation: Conversation, target: str) -> list[LintFinding]:
    """What a rule finds; where it fails, that and no more: an error of ours, and the others are judged all the same."""
    try:
        found = rule.check(conversation)
        return [LintFinding(rule, replace(each, seen=_REDACT.text(each.seen)), target) for each in found]
    except Exception as error:  # whatever foreign text may lead a rule to
        seen = f"{rule.id}: {type(error).__name__}: {error}"
        return [LintFinding(RULE_FAILED, Violation(_judged_last(error), _cut(_REDACT.text(seen))), target)]


def _judged_last(error: Exception) -> tuple[int, ...]:
    """The number of the exchange that a rule was looking at when it failed; None when it is unknown."""
    frames = [frame for frame, _ in walk_tb(error.__traceback__)]
    found = (value for frame in reversed(frames) for value in frame.f_locals.values() if isinstance(value, Exchange))
    return tuple(each.number for each in islice(found, 1))


def _cut(text: str, most: int = 200) -> str:
    return text if len(text) <= most else f"{text[:most]} …"


def _rules_of(dialect: Dialect) -> tuple[LintRule, ...]:
    return (*(rule for rule in RULES if rule.needs is None or rule.needs in dialect.capabilities), *dialect.rules)


def worst(findings: Iterable[LintFinding]) -> Severity | None:
    """The worst severity among findings; None when there are none."""
    found = {each.rule.severity for each in findings}
    return next((severity for severity in SEVERITIES if severity in found), None)
