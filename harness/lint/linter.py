"""Applies the rules to exchanges: whatever was recorded, from whichever target."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provcheck.harness.lint.conversation import Conversation
from provcheck.harness.lint.exchange import Exchange, read_exchange
from provcheck.harness.lint.rule import SEVERITIES, LintRule, Severity, Violation
from provcheck.harness.lint.rules import RULES
from provcheck.harness.model import Finding

_GITHUB = re.compile(r"github|\.ghe\.com|/enterprises/|/organizations/|/api/v3/scim/", re.IGNORECASE)


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
            severity="warning",
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


def lint(
    entries: Iterable[Mapping[str, Any] | Exchange],
    *,
    target: str = "",
    ignore: Sequence[str] = (),
    scheme: str | None = None,
    over: bool = True,
) -> list[LintFinding]:
    """Every finding about the exchanges with one target, by rule and then in the order of the exchanges.

    `target` names it; without a name the URLs tell whose dialect is spoken. `scheme` is that of the base URL, where
    the entries do not say. `over` False: more is to come, and rules that need the end keep silent.
    """
    exchanges = tuple(each if isinstance(each, Exchange) else read_exchange(each, scheme=scheme) for each in entries)
    conversation = Conversation(vendor_of(target, exchanges), exchanges, over=over)
    return [
        LintFinding(rule, violation, target)
        for rule in RULES
        if rule.id not in ignore
        for violation in rule.check(conversation)
    ]


def warnings(target: str, journal: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """The same as findings of a run, for `provcheck.harness.run.run(..., inspect=warnings)`: they decide no verdict."""
    return [each.as_finding() for each in lint(journal, target=target)]


def vendor_of(target: str, exchanges: Iterable[Exchange]) -> str:
    """Whose dialect is spoken: slack, github, or else scim. A name that says it decides, then the URLs."""
    for name, vendor in (("slack", "slack"), ("github", "github"), ("scim", "scim")):
        if name in target.casefold():
            return vendor
    for x in exchanges:
        meta = x.answer.get("meta")
        place = f"{x.host}{x.path} {meta.get('location', '') if isinstance(meta, dict) else ''}"
        if re.search(r"slack\.com|/slack/", place, re.IGNORECASE):
            return "slack"
        if _GITHUB.search(place):
            return "github"
    return "scim"


def rule_by_id(id: str) -> LintRule:
    """The rule of this id. Raises UnknownRule."""
    for rule in RULES:
        if rule.id == id.upper():
            return rule
    raise UnknownRule(f"there is no rule {id!r}; provcheck lint --list prints them all")


def worst(findings: Iterable[LintFinding]) -> Severity | None:
    """The worst severity among findings; None when there are none."""
    found = {each.rule.severity for each in findings}
    return next((severity for severity in SEVERITIES if severity in found), None)
