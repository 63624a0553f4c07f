"""Rate limits: a burst at once, then a steady rate, on a clock that stands still."""

from __future__ import annotations

import pytest

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.target.rate_limit import Limit, RateLimiter


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


def test_a_burst_passes_and_the_next_waits(clock):
    rate_limiter = RateLimiter([Limit(("user.*",), per_minute=60, burst=3)], clock)
    assert [rate_limiter.admit("user.get") for _ in range(4)] == [None, None, None, 1]


def test_waiting_as_told_is_enough(clock):
    rate_limiter = RateLimiter([Limit(("*",), per_minute=20, burst=1)], clock)
    rate_limiter.admit("me")
    clock.sleep(rate_limiter.admit("me"))
    assert rate_limiter.admit("me") is None


def test_other_operations_are_not_limited(clock):
    rate_limiter = RateLimiter([Limit(("user.create",), per_minute=1, burst=1)], clock)
    rate_limiter.admit("user.create")
    assert rate_limiter.admit("user.get") is None


def test_a_refused_request_costs_nothing(clock):
    rate_limiter = RateLimiter([Limit(("*",), per_minute=60, burst=1)], clock)
    rate_limiter.admit("me")
    for _ in range(10):
        rate_limiter.admit("me")
    clock.sleep(1)
    assert rate_limiter.admit("me") is None


def test_a_bucket_never_holds_more_than_its_burst(clock):
    rate_limiter = RateLimiter([Limit(("*",), per_minute=60, burst=2)], clock)
    clock.sleep(3600)
    assert [rate_limiter.admit("me") for _ in range(3)] == [None, None, 1]


def test_the_strictest_limit_decides(clock):
    rate_limiter = RateLimiter(
        [Limit(("*",), per_minute=60, burst=5), Limit(("user.*",), per_minute=6, burst=1)], clock
    )
    rate_limiter.admit("user.get")
    assert rate_limiter.admit("user.get") == 10


def test_reset_fills_every_bucket(clock):
    rate_limiter = RateLimiter([Limit(("*",), per_minute=1, burst=1)], clock)
    rate_limiter.admit("me")
    rate_limiter.reset()
    assert rate_limiter.admit("me") is None
