"""What there is to talk to: the declarations of the mock targets, for commands that list and explain them.

Nothing is served or built for it.
"""

from __future__ import annotations

from collections.abc import Iterable

from provcheck.mock_targets import registry
from provcheck.mock_targets.faults.catalog import CATALOGUE, NamedFault
from provcheck.mock_targets.faults.catalog import markdown as faults_table
from provcheck.mock_targets.target.target import TargetSpec

__all__ = ["NamedFault", "TargetSpec", "faults", "faults_table", "targets"]


def targets(names: Iterable[str] = ()) -> list[TargetSpec]:
    """The targets of these names, or all. Raises LookupError, with a message of one line."""
    return [registry.find(name) for name in dict.fromkeys(names) or registry.names()]


def faults() -> list[NamedFault]:
    """The faults that can be armed by their name, those that bite most clients first."""
    return list(CATALOGUE.values())
