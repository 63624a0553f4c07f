"""All laws, and how a case is tried against them."""

from __future__ import annotations

from provcheck.harness.model import Finding
from provcheck.harness.oracle import conduct_laws, summary_laws, target_laws
from provcheck.harness.oracle.law import Case, Law

_LAWS: tuple[Law, ...] = (*summary_laws.LAWS, *target_laws.LAWS, *conduct_laws.LAWS)


def all() -> tuple[Law, ...]:
    """Every law."""
    return _LAWS


def check(case: Case) -> list[Finding]:
    """The findings of all laws about a case; none when it breaks none."""
    return [finding for law in _LAWS for finding in law.check(case)]
