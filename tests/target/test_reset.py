"""A reset is atomic: what is being answered ends first, and nothing of it is left behind."""

from __future__ import annotations

import threading

from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.target.rate_limit import InFlight


def test_a_reset_waits_for_requests_that_are_being_answered() -> None:
    target = Environment(["scim"], seed=1).target("scim")
    entered, finish = threading.Event(), threading.Event()

    def answer() -> None:
        with target.in_flight:
            entered.set()
            finish.wait(5)
            target.directory.add("User", {"userName": "late"})

    worker = threading.Thread(target=answer)
    worker.start()
    entered.wait(5)
    reset = threading.Thread(target=target.reset)
    reset.start()
    finish.set()
    worker.join()
    reset.join()
    assert list(target.directory.all("User")) == []


def test_requests_that_come_during_a_reset_are_held_back_until_it_is_over() -> None:
    in_flight, seen = InFlight(), []

    def come() -> None:
        with in_flight:
            seen.append("request")

    with in_flight.none():
        worker = threading.Thread(target=come)
        worker.start()
        seen.append("reset")
    worker.join()
    assert seen == ["reset", "request"]
