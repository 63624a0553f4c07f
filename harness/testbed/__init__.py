"""Where scenarios are played: mock targets in process or on real sockets, set up, watched and read out.

This is the only package of the harness that imports the mock targets.
"""

from provcheck.harness.testbed.crash_after import CrashAfter, Crashed
from provcheck.harness.testbed.fixture import TargetFixture, UnusableTarget
from provcheck.harness.testbed.testbed import Testbed

__all__ = ["CrashAfter", "Crashed", "TargetFixture", "Testbed", "UnusableTarget"]
