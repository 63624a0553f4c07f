"""What there is to talk to: the declarations of the mock targets, for commands that list and explain them.

Nothing is served or built for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from provcheck.mock_targets import registry
from provcheck.mock_targets.faults.catalog import CATALOGUE, TIERS, NamedFault
from provcheck.mock_targets.target.target import TargetSpec

__all__ = ["TIERS", "NamedFault", "TargetSpec", "control_api", "faults", "targets"]


def targets(names: Iterable[str] = ()) -> list[TargetSpec]:
    """The targets of these names, or all. Raises LookupError, with a message of one line."""
    return [registry.find(name) for name in dict.fromkeys(names) or registry.names()]


def faults() -> list[NamedFault]:
    """The faults that can be armed by their name, those that bite most clients first."""
    return list(CATALOGUE.values())


def control_api() -> dict[str, Any]:
    """The OpenAPI document of the control API, as `provcheck serve` serves it with every target."""
    from provcheck.mock_targets.control_api.openapi import document  # late: it imports the web framework

    return document("http://127.0.0.1:8080/_control", {spec.name: spec for spec in targets()})
