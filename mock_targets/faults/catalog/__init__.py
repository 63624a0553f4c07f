"""The fault catalogue: what real targets do to their clients, addressable by name.

An entry is data. Add one to the table of its subject; the control API, the command line and the reference page are
drawn from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from provcheck.mock_targets.faults.catalog.answers import ANSWERS
from provcheck.mock_targets.faults.catalog.changes import CHANGES
from provcheck.mock_targets.faults.catalog.connections import CONNECTIONS
from provcheck.mock_targets.faults.catalog.lists import LISTINGS
from provcheck.mock_targets.faults.catalog.named import TIERS, NamedFault
from provcheck.mock_targets.faults.description import read_fault
from provcheck.mock_targets.faults.fault import BadFault, Fault
from provcheck.mock_targets.reading import nearest

__all__ = ["CATALOGUE", "TIERS", "NamedFault", "find", "read"]

CATALOGUE: Mapping[str, NamedFault] = MappingProxyType(
    {
        entry.name: entry
        for tier in range(1, len(TIERS) + 1)
        for entry in (*CHANGES, *LISTINGS, *ANSWERS, *CONNECTIONS)
        if entry.tier == tier
    }
)
"""Every named fault, those that bite most clients first."""


def find(name: str) -> NamedFault:
    """The fault of this name. Raises BadFault, with the name that was probably meant."""
    try:
        return CATALOGUE[name]
    except KeyError:
        raise BadFault(f"no fault is called {name!r:.80}{nearest(name, CATALOGUE)}") from None


def read(description: Mapping[str, Any]) -> Fault:
    """A fault from a description that may name one (`fault`) and change some of its parameters. Raises BadFault."""
    if "fault" not in description:
        return read_fault(description)
    name = description["fault"]
    if not isinstance(name, str):
        raise BadFault(f"fault is the name of a fault, not {name!r}")
    return find(name).fault(**{key: value for key, value in description.items() if key != "fault"})
