"""Correct clients in real time over real sockets: none is accused.

A part of the catalogue each, spread over clients and targets; `PROVCHECK_WHOLE_CORPUS=1 pytest -n0` on this file plays
all of it with each client on each target, which takes a quarter of an hour.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import product
from pathlib import Path

import pytest

from provcheck.harness.commands.client_option import driven
from provcheck.harness.model import CaseFinished, Event
from provcheck.harness.run import Case, cases, run

WHOLE = bool(os.environ.get("PROVCHECK_WHOLE_CORPUS"))
UNHURRIED = pytest.mark.timeout(0 if WHOLE else 240)
PYTHON = tuple(f"tests.correct_clients.{name}:make" for name in ("list_and_diff", "look_up", "bulk"))
TARGETS = ("scim+", "scim+1.1", "slack+", "github_emu")
SHARE = 1 if WHOLE else 3 * len(PYTHON) * len(TARGETS)
"""One of so many cases is played by a client on a target: together a third of the catalogue."""
AT_ONCE = 6
"""Clients that run beside each other: most of the time each waits, as a target or a limit asks it to."""
EVENT_DRIVEN = f"node {Path(__file__).parent / 'event_driven' / 'client.mjs'}"
EVENTS = (
    "e?-*",
    "existing-account-different*",
    "two-accounts-match",
    "search-fails",
    "name-passes-*",
    "restart-then-*",
)
LIMITS = ("e?-*", "rate-limit-*", "fault-rate-*", "fault-auth-*", "server-errors-for-a-moment")
"""Scenarios in which requests are on their way while a limit or a refusal arrives."""


def finished(spec: str, chosen: Sequence[Case]) -> list[CaseFinished]:
    """How the cases end for a client that is driven as `check --client` drives it."""
    ended: list[Event] = []
    with ExitStack() as end:
        played = [case for case in chosen if "large" not in case.scenario.tags]
        run(played, listeners=[ended.append], **driven(spec, 60, end))
    return [each for each in ended if isinstance(each, CaseFinished)]


def accused(ended: Sequence[CaseFinished]) -> dict[tuple[str, str], object]:
    """The findings, and our own errors, by scenario and target."""
    return {
        (each.scenario, each.profile): each.reason or [(one.check, one.entity, one.seen) for one in each.findings]
        for each in ended
        if each.verdict in ("findings", "error")
    }


def chosen(patterns: Sequence[str]) -> list[Case]:
    """The scenarios that match on the generic target; the whole catalogue on every one if all is asked for."""
    return [case for each in TARGETS for case in cases([each])] if WHOLE else cases(["scim+"], patterns)


@UNHURRIED
def test_a_correct_client_has_no_finding_in_real_time() -> None:
    pairs = list(product(PYTHON, TARGETS))
    parts = [cases([target])[place * SHARE // len(pairs) :: SHARE] for place, (_, target) in enumerate(pairs)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        ended = list(pool.map(finished, (spec for spec, _ in pairs), parts))
    assert {spec: found for (spec, _), each in zip(pairs, ended, strict=True) if (found := accused(each))} == {}
    assert sum(one.verdict == "holds" for each in ended for one in each) > 50


@UNHURRIED
@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_an_event_driven_client_that_searches_by_post_is_not_accused() -> None:
    ended = finished(EVENT_DRIVEN, chosen(EVENTS))
    assert accused(ended) == {}
    assert sum(each.verdict == "holds" for each in ended) > 10


@UNHURRIED
def test_requests_of_four_workers_that_a_limit_or_a_refusal_meets_on_their_way_are_not_held_against_a_client() -> None:
    ended = finished("tests.correct_clients.parallel:make", chosen(LIMITS))
    assert accused(ended) == {}
    assert sum(each.verdict == "holds" for each in ended) > 10
