"""Runs scenarios on targets with a client, judges every checkpoint, and sends events to listeners."""

from provcheck.harness.run.cases import Case, UnknownTarget, cases
from provcheck.harness.run.runner import Listener, run

__all__ = ["Case", "Listener", "UnknownTarget", "cases", "run"]
