"""A finding: the client under test is wrong, with what shows it. An error (we are wrong) is never a finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from provcheck.harness.model.summary import Section

Severity = Literal["fault", "warning", "info"]
"""`info` is said by the linter alone: advice, which is no fault of a client."""
UNRANKED = 1_000_000
"""The rank of what no check of the runner found, such as a finding of the linter: it is the cause of nothing else."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    `check` names the check, `rule` says in one sentence what must hold, `entity` is who or what breaks it (a user, a
    group, a counter), `source` is the page and row, or the section, the rule comes from, and `exchanges` are the
    sequence numbers of the journal entries that show it. `fix` is how a client is usually mended, `rank` the place of
    the check in the order of causes (0 is the nearest to a cause). `section` is that of the counter that `entity` is.
    `cause` says in a few words which of several causes it is, where the check knows more than one.
    """

    check: str
    rule: str
    entity: str
    expected: str
    seen: str
    source: str
    exchanges: tuple[int, ...] = ()
    severity: Severity = field(default="fault", kw_only=True)
    fix: str = field(default="", kw_only=True)
    rank: int = field(default=UNRANKED, kw_only=True)
    section: Section | Literal[""] = field(default="", kw_only=True)
    cause: str = field(default="", kw_only=True)

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON-ready data."""
        return asdict(self)


def ranked(findings: Sequence[Finding]) -> list[Finding]:
    """The findings of a case, the strongest first: faults before warnings, then those nearest to a cause."""
    return sorted(findings, key=_strength)


def root(findings: Sequence[Finding]) -> Finding:
    """The strongest finding of a case, its root cause."""
    return min(findings, key=_strength)


def _strength(finding: Finding) -> tuple[bool, int]:
    return finding.severity == "warning", finding.rank
