"""Runs scenarios on targets with a client, judges every checkpoint, and sends events to listeners."""

from provcheck.harness.model.listeners import Listener
from provcheck.harness.run.applicability import asked
from provcheck.harness.run.cases import Case, UnknownTarget, cases
from provcheck.harness.run.runner import run

__all__ = ["Case", "Listener", "UnknownTarget", "asked", "cases", "run"]
