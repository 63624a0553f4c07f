"""A correct client that sends several requests at once, with real threads over real sockets, is not accused."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from provcheck.harness.commands.client_option import driven
from provcheck.harness.model import CaseFinished, Event
from provcheck.harness.run import cases, run

CHOSEN = ("e?-*", "rate-limit-*", "fault-rate-*", "fault-auth-*", "server-errors-for-a-moment")


@pytest.mark.timeout(180)
def test_requests_of_four_workers_that_a_limit_or_a_refusal_meets_on_their_way_are_not_held_against_a_client() -> None:
    ended: list[Event] = []
    with ExitStack() as end:
        client = driven("tests.correct_clients.parallel:make", 60, end)
        run(cases(["scim+"], CHOSEN), listeners=[ended.append], **client)
    finished = [each for each in ended if isinstance(each, CaseFinished)]
    accused = {
        each.scenario: each.reason or [(found.check, found.entity, found.seen) for found in each.findings]
        for each in finished
        if each.verdict in ("findings", "error")
    }
    assert accused == {}
    assert sum(each.verdict == "holds" for each in finished) > 10
