"""Rate limits by the hour: counted in windows that begin with their first request, as x-ratelimit headers tell them.

Only what succeeded counts against the limits on users and group members; every authenticated request counts against
that of the token. Source: docs.github.com, rate limits for the REST API; provisioning with SCIM using the REST API.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable
from math import ceil

from provcheck.mock_targets.clock import Clock
from provcheck.mock_targets.http.errors import TooManyRequests
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.target.target import Target

HOUR = 3600.0
REQUESTS, USERS = "requests", "users"


class RateLimited(TooManyRequests):
    """An hourly limit is reached."""

    flag = "enforces_rate_limits"


class Hourly:
    """How much of everything was used in its present hour."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._windows: dict[Hashable, tuple[float, int]] = {}

    def used(self, key: Hashable) -> int:
        """The count in the present window."""
        return self._window(key)[1]

    def seconds_left(self, key: Hashable) -> float:
        """Until the window ends; a whole hour when none is open."""
        return self._window(key)[0] + HOUR - self._clock.monotonic()

    def add(self, key: Hashable, amount: int = 1) -> None:
        """Count something."""
        with self._lock:
            start, used = self._window(key)
            self._windows[key] = start, used + amount

    def _window(self, key: Hashable) -> tuple[float, int]:
        now = self._clock.monotonic()
        start, used = self._windows.get(key, (now, 0))
        return (start, used) if now - start < HOUR else (now, 0)


def hourly(target: Target) -> Hourly:
    """The counts of a target; they are forgotten with everything else when it is reset."""
    found: Hourly | None = target.memory.get("hourly")
    return found if found is not None else target.memory.setdefault("hourly", Hourly(target.clock))


def admit(request: Request, key: Hashable, limit: int, *, amount: int = 1) -> None:
    """Raise RateLimited when an hour's limit has no room for so much more."""
    counts = hourly(request.target)
    if request.behaviour.enforces_rate_limits and counts.used(key) + amount > limit:
        raise RateLimited("the rate limit is exceeded", retry_after=max(1, ceil(counts.seconds_left(key))))


def count_request(request: Request) -> None:
    """Let a request in, and count it. Raises RateLimited."""
    admit(request, REQUESTS, request.behaviour.requests_per_hour)
    hourly(request.target).add(REQUESTS)


def rate_headers(request: Request) -> dict[str, str]:
    """The x-ratelimit headers. Without enforcement something always remains: clients stop by themselves at 0."""
    counts, limit = hourly(request.target), request.behaviour.requests_per_hour
    least = 0 if request.behaviour.enforces_rate_limits else 1
    remaining = max(least, limit - counts.used(REQUESTS))
    reset = request.target.clock.now().timestamp() + counts.seconds_left(REQUESTS)
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Used": str(max(0, limit - remaining)),
        "X-RateLimit-Reset": str(ceil(reset)),
        "X-RateLimit-Resource": "scim",
    }
