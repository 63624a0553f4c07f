"""Judges a client that provcheck cannot drive, by its requests and by the state of the targets afterwards.

From the wire alone only some counters follow; the others need the source (`judging`, `tally`).
"""

from provcheck.harness.watch.expect import BadExpectation, Expectations
from provcheck.harness.watch.session import Session
from provcheck.harness.watch.tally import Tally, tally
from provcheck.harness.watch.verdict import Judged, judged

__all__ = ["BadExpectation", "Expectations", "Judged", "Session", "Tally", "judged", "tally"]
