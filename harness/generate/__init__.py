"""Generated scenarios: drawn from a seed, run on a virtual clock, judged by checks, and shrunk when they fail.

A trial is data. Randomness is used only by `draw`; running, shrinking and storing a trial are deterministic.
"""

from provcheck.harness.generate.coverage import Coverage
from provcheck.harness.generate.generator import draw
from provcheck.harness.generate.play import Play, play
from provcheck.harness.generate.runner import run_trials, trials
from provcheck.harness.generate.scenario_file import BadScenarioFile, parse, read, write
from provcheck.harness.generate.shrink import shrink
from provcheck.harness.generate.trial import Trial

__all__ = [
    "BadScenarioFile",
    "Coverage",
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
