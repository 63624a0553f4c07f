"""Pure functions that know the right answer: from a scenario alone, from what a target shows, and from the laws.

The oracle shares no code with any client or mock: it would agree with their mistakes.
"""

from provcheck.harness.oracle import laws
from provcheck.harness.oracle.counters import by_expectation, by_implication, by_observation, by_simulation
from provcheck.harness.oracle.expectations import judge
from provcheck.harness.oracle.expected import Expected, expected
from provcheck.harness.oracle.journal import Journal
from provcheck.harness.oracle.law import Case, Law, Violation
from provcheck.harness.oracle.observed import Observation, Observed, Range, observe

__all__ = [
    "Case",
    "Expected",
    "Journal",
    "Law",
    "Observation",
    "Observed",
    "Range",
    "Violation",
    "by_expectation",
    "by_implication",
    "by_observation",
    "by_simulation",
    "expected",
    "judge",
    "laws",
    "observe",
]
