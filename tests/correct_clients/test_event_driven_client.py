"""The event driven client in Node, with POST .search, over standard input and output: it is not accused either."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest

from provcheck.harness.commands.client_option import driven
from provcheck.harness.model import CaseFinished, Event
from provcheck.harness.run import cases, run

CLIENT = Path(__file__).parent / "event_driven" / "client.mjs"
CHOSEN = ("e?-*", "existing-account-different*", "two-accounts-match", "search-fails", "leaver-is-*", "restart-then-*")
"""A process for each case and real time: the whole catalogue takes minutes (`provcheck check --client`)."""


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
@pytest.mark.timeout(240)
def test_an_event_driven_client_that_searches_by_post_is_not_accused() -> None:
    ended: list[Event] = []
    with ExitStack() as end:
        client = driven(f"node {CLIENT}", 60, end)
        run(cases(["scim+"], CHOSEN), listeners=[ended.append], **client)
    finished = [each for each in ended if isinstance(each, CaseFinished)]
    accused = {
        each.scenario: each.reason or [(found.check, found.entity, found.seen) for found in each.findings]
        for each in finished
        if each.verdict in ("findings", "error")
    }
    assert accused == {}
    assert sum(each.verdict == "holds" for each in finished) > 10
