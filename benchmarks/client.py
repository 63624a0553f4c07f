"""The reference client against a target in the same process: a large first sync, and a second one without a change."""

from __future__ import annotations

import time

USERS, GROUPS, MEMBERS = 10_000, 1_000, 100


def large_sync() -> tuple[float, float, int]:
    """Seconds of the first and of the second sync, and the writes that the second one sent."""
    raise SystemExit("filled in below")
