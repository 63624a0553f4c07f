"""The declarations of the mock targets, their faults and control API, for commands that list and explain them.

No target is created for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any, get_args, get_type_hints

from provcheck.mock_targets import registry
from provcheck.mock_targets.faults.catalog import CATALOGUE, TIERS, NamedFault
from provcheck.mock_targets.faults.effects.effect import Effect
from provcheck.mock_targets.faults.part import Part
from provcheck.mock_targets.reading import Described
from provcheck.mock_targets.target.preset import Preset
from provcheck.mock_targets.target.target import TargetSpec

__all__ = [
    "TIERS",
    "NamedFault",
    "Part",
    "Preset",
    "TargetSpec",
    "conditions",
    "control_api",
    "effects",
    "faults",
    "fields_of",
    "targets",
]


def targets(names: Iterable[str] = ()) -> list[TargetSpec]:
    """Return the targets of these names, or all. Raises LookupError, with a message of one line."""
    return [registry.find(name) for name in dict.fromkeys(names) or registry.names()]


def faults() -> list[NamedFault]:
    """Return the named faults, those that affect most clients first."""
    return list(CATALOGUE.values())


def conditions() -> Sequence[type[Part]]:
    """Return the kinds of conditions that a fault can have."""
    from provcheck.mock_targets.faults.conditions import CONDITIONS

    return CONDITIONS


def effects() -> Sequence[type[Effect]]:
    """Return the kinds of effects that a fault can have, in the order in which a fault applies them."""
    from provcheck.mock_targets.faults.effects import EFFECTS

    return EFFECTS


def fields_of(part: type[Part]) -> dict[str, str]:
    """Return the fields of a condition or an effect as named in a fault's description, with their meanings."""
    hints = get_type_hints(part, include_extras=True)
    return {
        each.name: next((text.text for text in get_args(hints[each.name]) if isinstance(text, Described)), "")
        for each in fields(part)
    }


def control_api() -> dict[str, Any]:
    """Return the OpenAPI document of the control API, as `provcheck serve` serves it with all targets."""
    from provcheck.mock_targets.control_api.openapi import document  # late: it imports the web framework

    return document("http://127.0.0.1:8080/_control", {spec.name: spec for spec in targets()})
