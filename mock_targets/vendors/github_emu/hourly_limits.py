"""Rate limits by the hour: counted in windows that begin with their first request, as x-ratelimit headers tell them.

Only what succeeded counts against the limits on users and group members; every authenticated request counts against
that of the token. Source: docs.github.com, rate limits for the REST API; provisioning with SCIM using the REST API.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from math import ceil

from provcheck.mock_targets.http.errors import TooManyRequests
from provcheck.mock_targets.operations.context import Operations
from provcheck.mock_targets.target.rate_limit import Windows
from provcheck.mock_targets.target.target import Target

REQUESTS, USERS = "requests", "users"


class RateLimited(TooManyRequests):
    """An hourly limit is reached."""

    flag = "enforces_rate_limits"


def hourly(target: Target) -> Windows:
    """The counts of a target; they are forgotten with everything else when it is reset."""
    found: Windows | None = target.memory.get("hourly")
    return found if found is not None else target.memory.setdefault("hourly", Windows(target.clock, 3600))


def admit(operations: Operations, key: Hashable, limit: int, *, amount: int = 1) -> None:
    """Raise RateLimited when an hour's limit has no room for so much more."""
    left, used = hourly(operations.target).present(key)
    if operations.behaviour.enforces_rate_limits and used + amount > limit:
        raise RateLimited("the rate limit is exceeded", retry_after=max(1, ceil(left)))


def rate_headers(operations: Operations) -> Mapping[str, str]:
    """The x-ratelimit headers. Without enforcement something always remains: clients stop by themselves at 0."""
    can, target = operations.behaviour, operations.target
    limit, (left, used) = can.requests_per_hour, hourly(target).present(REQUESTS)
    remaining = max(0 if can.enforces_rate_limits else 1, limit - used)
    reset = ceil(target.clock.now().timestamp() + left)
    told = {"Limit": limit, "Remaining": remaining, "Used": max(0, limit - remaining), "Reset": reset}
    return {f"X-RateLimit-{word}": str(value) for word, value in (told | {"Resource": "scim"}).items()}
