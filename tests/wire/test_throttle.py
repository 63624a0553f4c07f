"""Rate limits: a burst at once, then a steady rate, on a clock that stands still."""

from __future__ import annotations

import pytest

from mock_targets.control.clock import VirtualClock
from mock_targets.wire.throttle import Limit, Throttle


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


def test_a_burst_passes_and_the_next_waits(clock):
    throttle = Throttle([Limit(("user.*",), per_minute=60, burst=3)], clock)
    assert [throttle.admit("user.get") for _ in range(4)] == [None, None, None, 1]


def test_waiting_as_told_is_enough(clock):
    throttle = Throttle([Limit(("*",), per_minute=20, burst=1)], clock)
    throttle.admit("me")
    clock.sleep(throttle.admit("me"))
    assert throttle.admit("me") is None


def test_other_operations_are_not_limited(clock):
    throttle = Throttle([Limit(("user.create",), per_minute=1, burst=1)], clock)
    throttle.admit("user.create")
    assert throttle.admit("user.get") is None


def test_a_refused_request_costs_nothing(clock):
    throttle = Throttle([Limit(("*",), per_minute=60, burst=1)], clock)
    throttle.admit("me")
    for _ in range(10):
        throttle.admit("me")
    clock.sleep(1)
    assert throttle.admit("me") is None


def test_a_bucket_never_holds_more_than_its_burst(clock):
    throttle = Throttle([Limit(("*",), per_minute=60, burst=2)], clock)
    clock.sleep(3600)
    assert [throttle.admit("me") for _ in range(3)] == [None, None, 1]


def test_the_strictest_limit_decides(clock):
    throttle = Throttle([Limit(("*",), per_minute=60, burst=5), Limit(("user.*",), per_minute=6, burst=1)], clock)
    throttle.admit("user.get")
    assert throttle.admit("user.get") == 10


def test_reset_fills_every_bucket(clock):
    throttle = Throttle([Limit(("*",), per_minute=1, burst=1)], clock)
    throttle.admit("me")
    throttle.reset()
    assert throttle.admit("me") is None
