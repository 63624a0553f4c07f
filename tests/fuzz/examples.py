"""How long the generators of these tests run: a few examples in the suite, many at night.

`PROVCHECK_FUZZ_EXAMPLES=100000 pytest -n0 tests/fuzz` sets how many each of them makes.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

FUZZ_EXAMPLES = int(os.environ.get("PROVCHECK_FUZZ_EXAMPLES", "0"))
"""Examples of each generator; 0: as many as the test has time for in the suite."""

UNHURRIED = pytest.mark.timeout(0 if FUZZ_EXAMPLES else 120)
"""No limit of time at night."""


def fuzzed(usual: int) -> settings:
    """Settings for so many examples, or for as many as the environment asks for; the same ones in every run."""
    return settings(
        max_examples=FUZZ_EXAMPLES or usual,
        deadline=None,
        derandomize=not FUZZ_EXAMPLES,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
