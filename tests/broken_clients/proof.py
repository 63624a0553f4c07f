"""Plays scenarios with a client and tells what was found, case by case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from provcheck.harness.contract import EVERYTHING
from provcheck.harness.model import CaseFinished, Event, Finding
from provcheck.harness.run import Case, cases, run

from .breaking import QUIET, BrokenClient

Place = tuple[str, str]
"""A scenario and a target profile, by name."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one case ended: the findings, and the error where it could not be played at all."""

    findings: tuple[Finding, ...]
    error: str = ""


def case_of(place: Place) -> Case:
    """The case of a scenario on a profile. Raises LookupError where the profile lacks what the scenario needs."""
    found = {case.configuration.id: case for case in cases([place[1]], [place[0]])}
    if place[1] not in found:
        raise LookupError(f"{place[0]} is not played on {place[1]}")
    return found[place[1]]


def played(
    chosen: Iterable[Case], client: BrokenClient | None = None, *, silent: bool = False
) -> Mapping[Place, Verdict]:
    """The verdict of every case; without a broken client the intact one plays (`silent`: and reports no summary)."""
    ended: dict[Place, Verdict] = {}

    def note(event: Event) -> None:
        if isinstance(event, CaseFinished):
            ended[event.scenario, event.profile] = Verdict(
                tuple(event.findings), event.reason if event.verdict == "error" else ""
            )

    if client is None:
        run(list(chosen), listeners=[note], offers=QUIET if silent else EVERYTHING)
        return ended
    with client.in_place() as make_client:
        run(list(chosen), listeners=[note], make_client=make_client, client=client.name, offers=client.offers)
    return ended
