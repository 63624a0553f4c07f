"""Pure functions that know the right answer: from a scenario alone, and from what a target and its journal show.

The oracle shares no code with any client or mock: it would agree with their mistakes.
"""

from provcheck.harness.oracle.expected import Expected, expected
from provcheck.harness.oracle.journal import Journal
from provcheck.harness.oracle.observed import Observation, observe, states
from provcheck.harness.oracle.ranges import Observed, Range

__all__ = ["Expected", "Journal", "Observation", "Observed", "Range", "expected", "observe", "states"]
