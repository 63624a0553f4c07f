"""The fault catalogue: what real targets do to their clients, addressable by name.

An entry is data. Add one to the table of its subject; the control API, the command line and the reference page are
drawn from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from provcheck.mock_targets.faults.catalog.answers import ANSWERS
from provcheck.mock_targets.faults.catalog.changes import CHANGES
from provcheck.mock_targets.faults.catalog.connections import CONNECTIONS
from provcheck.mock_targets.faults.catalog.lists import LISTINGS
from provcheck.mock_targets.faults.catalog.named import TIERS, NamedFault
from provcheck.mock_targets.faults.fault import BadFault, Fault
from provcheck.mock_targets.faults.reading import read_fault

__all__ = ["CATALOGUE", "TIERS", "NamedFault", "find", "parse", "read"]

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
        near = get_close_matches(name, CATALOGUE, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise BadFault(f"no fault is called {name!r}{hint}") from None


def read(description: Mapping[str, Any]) -> Fault:
    """A fault from a description that may name one (`fault`) and change some of its parameters. Raises BadFault."""
    if "fault" not in description:
        return read_fault(description)
    name = description["fault"]
    if not isinstance(name, str):
        raise BadFault(f"fault is the name of a fault, not {name!r}")
    return find(name).fault(**{key: value for key, value in description.items() if key != "fault"})


def parse(text: str) -> Fault:
    """A fault as a command line gives it: `NAME` or `NAME:ENTITY`. Raises BadFault."""
    name, colon, entity = text.partition(":")
    if colon and not entity:
        raise BadFault(f"{text!r} names no entity after the colon")
    return find(name).fault(entity=entity) if colon else find(name).fault()
