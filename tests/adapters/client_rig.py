"""Plays one scenario with a client given in a way that a person would give it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from provcheck.harness.adapters import Subject, connected
from provcheck.harness.model import CaseFinished, Event, Finding
from provcheck.harness.run import Case, cases, run

HERE = Path(__file__).parent
PYTHON = f"{sys.executable} -S -E"
NOTHING_TO_DO = "e5-create-not-allowed"
"""A scenario in which a client that does nothing and says so is right."""


def rogue(how: str, method: str) -> str:
    """The command of the client that misbehaves like this when it is asked that."""
    return f"{PYTHON} {HERE / 'rogue.py'} '{how}' {method}"


def one_case(scenario: str = NOTHING_TO_DO, profile: str = "scim") -> list[Case]:
    """The one case of a scenario on a profile."""
    return [case for case in cases([profile], [scenario]) if case.configuration.id == profile]


def play(spec: str, chosen: Sequence[Case] = (), *, timeout: float = 10) -> list[CaseFinished]:
    """How the cases end with this client. Raises UnusableClient."""
    with connected(spec, timeout=timeout) as subject:
        return play_with(subject, chosen or one_case())


def play_with(subject: Subject, chosen: Sequence[Case]) -> list[CaseFinished]:
    """How the cases end with a client that is connected."""
    ended: list[CaseFinished] = []

    def listen(event: Event) -> None:
        if isinstance(event, CaseFinished):
            ended.append(event)

    run(chosen, listeners=[listen], make_client=subject.make, offers=subject.description, real_time=True)
    return ended


def findings(spec: str, chosen: Sequence[Case] = (), *, timeout: float = 10) -> tuple[Finding, ...]:
    """What is found about this client."""
    return tuple(found for end in play(spec, chosen, timeout=timeout) for found in end.findings)
