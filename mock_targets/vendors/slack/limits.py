"""The rate limits of an organisation: sets of endpoints, and single endpoints beside them.

Source: https://docs.slack.dev/reference/scim-api/rate-limits. They count for all apps together.
"""

from __future__ import annotations

from provcheck.mock_targets.target.rate_limit import Limit

LIMITS = (
    Limit(("*.create", "*.replace", "*.update", "*.delete"), per_minute=600, burst=180),
    Limit(("*.get", "*.list", "discovery"), per_minute=1000, burst=1000),
    Limit(("user.get",), per_minute=300, burst=300),
    Limit(("user.create",), per_minute=180, burst=20),
    Limit(("user.replace", "user.update"), per_minute=180, burst=20),
    Limit(("user.delete",), per_minute=180, burst=20),
    Limit(("group.get",), per_minute=300, burst=300),
    Limit(("group.create",), per_minute=180, burst=20),
    Limit(("group.replace", "group.update"), per_minute=180, burst=80),
    Limit(("group.delete",), per_minute=180, burst=20),
)
