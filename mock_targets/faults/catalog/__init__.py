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
from provcheck.mock_targets.journal.operation_names import operation_names
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
        raise BadFault(f"no fault is called {name!r:.80}{nearest(name, CATALOGUE) or _meant(name)}") from None


def _meant(name: str) -> str:
    """What to do about a name that comes near to none of the catalogue."""
    if name in operation_names(("User", "Group")):
        return f"; {name} is an operation: describe a fault of it by fields, as in operation={name} status=503"
    return "; provcheck list faults prints all names, and fields describe any other: operation=user.create status=503"


def read(description: Mapping[str, Any]) -> Fault:
    """A fault from a description that may name one (`fault`) and change some of its parameters. Raises BadFault."""
    if "fault" not in description:
        return read_fault(description)
    name = description["fault"]
    if not isinstance(name, str):
        raise BadFault(f"fault is the name of a fault, not {name!r}")
    return find(name).fault(**{key: value for key, value in description.items() if key != "fault"})
