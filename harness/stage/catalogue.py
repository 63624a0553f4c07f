"""What there is to talk to: the declarations of the mock targets, for commands that list and explain them.

Nothing is served or built for it.
"""

from __future__ import annotations

from collections.abc import Iterable

from mock_targets import registry
from mock_targets.faults import CATALOGUE, NamedFault
from mock_targets.faults import markdown as faults_table
from mock_targets.wire.target import TargetSpec

__all__ = ["NamedFault", "TargetSpec", "faults", "faults_table", "targets"]


def targets(names: Iterable[str] = ()) -> list[TargetSpec]:
    """The targets of these names, or all. Raises LookupError, with a message of one line."""
    return [registry.find(name) for name in dict.fromkeys(names) or registry.names()]


def faults() -> list[NamedFault]:
    """The faults that can be armed by their name, those that bite most clients first."""
    return list(CATALOGUE.values())
