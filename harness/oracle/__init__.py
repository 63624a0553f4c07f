"""Pure functions that know the right answer: from a scenario alone, from what a target shows, and from the laws.

The oracle shares no code with any client or mock: it would agree with their mistakes.
"""

from harness.oracle import laws
from harness.oracle.expected import Expected, expected
from harness.oracle.journal import Journal
from harness.oracle.judges import by_expectation, by_implication, by_observation, by_simulation
from harness.oracle.law import Breach, Case, Law
from harness.oracle.observed import Observed, Range, Sight, observe
from harness.oracle.shown import judge

__all__ = [
    "Breach",
    "Case",
    "Expected",
    "Journal",
    "Law",
    "Observed",
    "Range",
    "Sight",
    "by_expectation",
    "by_implication",
    "by_observation",
    "by_simulation",
    "expected",
    "judge",
    "laws",
    "observe",
]
