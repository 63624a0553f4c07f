"""Generated scenarios: drawn from a seed as data, played on a virtual clock, judged by invariants, made small.

The rule to know: a trial is data from its first step to its last. Whoever plays, shrinks or stores one draws nothing.
"""

from harness.generate.drawing import draw
from harness.generate.ledger import Ledger
from harness.generate.play import Play, play
from harness.generate.runner import run_trials, trials
from harness.generate.scenario_file import BadScenarioFile, parse, read, write
from harness.generate.shrink import shrink
from harness.generate.trial import Trial

__all__ = [
    "BadScenarioFile",
    "Ledger",
    "Play",
    "Trial",
    "draw",
    "parse",
    "play",
    "read",
    "run_trials",
    "shrink",
    "trials",
    "write",
]
