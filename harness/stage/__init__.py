"""Where scenarios are played: mock targets in process or on real sockets, set up, watched and read out.

The rule to know: this is the only package of the harness that imports the mock targets.
"""

from harness.stage.scene import Scene, UnusableTarget
from harness.stage.stage import Stage
from harness.stage.tripwire import Tripped, Tripwire

__all__ = ["Scene", "Stage", "Tripped", "Tripwire", "UnusableTarget"]
