"""Judges a client that nobody can drive: by what arrives at the targets, and what they hold afterwards.

The rule to know: from the wire alone only some counters follow; the others need the source (`judging`, `tally`).
"""

from harness.watch.expect import BadExpectation, Expectations
from harness.watch.judging import Judged, judged
from harness.watch.session import Session
from harness.watch.tally import Tally, tally

__all__ = ["BadExpectation", "Expectations", "Judged", "Session", "Tally", "judged", "tally"]
