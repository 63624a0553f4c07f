"""The checks: everything that can judge a provisioning client at a checkpoint. A new one is one function, in here.

Each says its claim, its source and how to mend a client in one place; see `check`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module

from provcheck.harness.checks.check import MODULES, Check, Violation, check
from provcheck.harness.checks.checkpoint import GENERATED, PHASES, Checkpoint, Failure, Phase, Trouble
from provcheck.harness.model import Finding

__all__ = [
    "GENERATED",
    "PHASES",
    "Check",
    "Checkpoint",
    "Failure",
    "Phase",
    "Trouble",
    "Violation",
    "all",
    "check",
    "judge",
    "of",
]


@cache
def all() -> tuple[Check, ...]:
    """Every check, those nearest to a cause first."""
    modules = (import_module(f"{__name__}.{name}") for name in MODULES)
    found = (each for module in modules for each in vars(module).values() if isinstance(each, Check))
    return tuple(sorted(dict.fromkeys(found), key=lambda each: each.rank))


def of(phases: Iterable[Phase]) -> tuple[Check, ...]:
    """The checks that are asked in one of these phases."""
    wanted = frozenset(phases)
    return tuple(each for each in all() if wanted & set(each.phases))


def judge(checkpoint: Checkpoint) -> list[Finding]:
    """Every finding about a checkpoint, each once; none when the client did all right."""
    return list(dict.fromkeys(finding for each in _asked(checkpoint.phase) for finding in each.judge(checkpoint)[0]))


@cache
def _asked(phase: Phase) -> tuple[Check, ...]:
    return of((phase,))
