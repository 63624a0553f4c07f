"""What to do about a finding: for each check the kind of mistake it points at, and a suggested fix (`hints.toml`).

The checks are in the order of causes. What was sent causes what the target holds, and that what the
summary says; so the strongest finding of a case, its root cause, is that of the first check in the file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from provcheck.harness.model.finding import Finding


@dataclass(frozen=True, slots=True)
class Hint:
    """How near a check is to a cause (0 is the nearest), and how a client that fails it is usually mended."""

    order: int
    fix: str


def _read() -> Mapping[str, Hint]:
    tables = tomllib.loads(files("provcheck.harness.report").joinpath("hints.toml").read_text(encoding="utf-8"))
    rows = (row for table in tables.values() for row in table.items())
    return {check: Hint(order, fix) for order, (check, fix) in enumerate(rows)}


HINTS = _read()
"""Check -> its hint. A test sees to it that every check of the runner has one."""
_UNKNOWN = Hint(len(HINTS), "")


def hint(check: str) -> Hint:
    """The hint of a check; an empty one for a check that is not known."""
    return HINTS.get(check, _UNKNOWN)


def root(findings: Sequence[Finding]) -> Finding:
    """The strongest finding of a case: faults before warnings, then the check nearest to a cause, then the first."""
    return min(findings, key=_strength)


def ranked(findings: Sequence[Finding]) -> list[Finding]:
    """The findings of a case, the strongest first."""
    return sorted(findings, key=_strength)


def _strength(finding: Finding) -> tuple[bool, int]:
    return finding.severity == "warning", hint(finding.check).order
