"""Plays scenarios on targets with a client and judges every checkpoint; tells listeners what happens, as events."""

from provcheck.harness.run.cases import Case, UnknownTarget, cases
from provcheck.harness.run.runner import Listener, run

__all__ = ["Case", "Listener", "UnknownTarget", "cases", "run"]
