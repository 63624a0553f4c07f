"""Generated scenarios catch clients with a mistake, and make what catches them small."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from provcheck.harness.generate import Trial, read, run_trials, trials
from provcheck.harness.model import CaseFinished, Event
from tests.broken_clients import catalogue

MISTAKES = {
    "creates-again-after-a-lost-answer": "an_unsure_create_is_looked_up_first",
    "ignores-retry-after": "waits_as_long_as_asked",
    "forgets-leavers": "leavers_are_dealt_with",
    "resync-writes-everything-again": "a_second_resync_writes_nothing",
    "resync-believes-its-own-state": "a_resync_brings_users_in_line",
}


LOST = ("lost_answer", "lost_request", "conn.reset")


def promising(name: str) -> Iterator[Trial]:
    """Trials in which the mistake may matter: where it takes a lost answer, those that lose one."""
    for trial in trials(800, seed="mistakes"):
        creates = [fault for fault in trial.faults if fault.operation in ("user.create", "user.*", "*")]
        if name != "creates-again-after-a-lost-answer" or any(fault.name in LOST for fault in creates):
            yield trial


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_caught_and_shown_with_few_people(name: str, tmp_path: Path) -> None:
    ended = list[Event]()
    with catalogue.all()[name].in_place() as make_client:
        for trial in islice(promising(name), 120):
            run_trials([trial], listeners=[ended.append], make_client=make_client, keep=tmp_path)
            if list(tmp_path.iterdir()):
                break
    caught = ended[-2]
    assert isinstance(caught, CaseFinished)
    assert MISTAKES[name] in {finding.check for finding in caught.findings}
    file = next(tmp_path.iterdir())
    assert caught.again == f"provcheck check --scenario-file {file}"
    small = read(file)
    given = small.given
    assert len(given.population.users) + len(given.population.groups) + len(given.accounts) <= 3
    assert small.size < trial.size
