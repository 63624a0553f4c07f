"""What cannot be armed: operations that a target does not have, and faults that none of its APIs can show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from fnmatch import fnmatchcase

from provcheck.mock_targets.faults.conditions import ByMethod
from provcheck.mock_targets.faults.effects.effect import Effect
from provcheck.mock_targets.faults.facts import Surface
from provcheck.mock_targets.faults.fault import BadFault, Fault
from provcheck.mock_targets.journal.operation_names import operation_names, unknown_operation


def neutral_operations(kinds: Iterable[str]) -> frozenset[str]:
    """The operations that requests are about whatever the API, for the kinds of resource that a target has."""
    known = tuple(kinds)
    names = {name for name in operation_names(known) if "." in name and not name.endswith(".unknown")}
    return frozenset(name for name in names if "Group" in known or _kind(name) != "member")


def check_fault(fault: Fault, surfaces: Iterable[Surface]) -> None:
    """Raises BadFault for an operation that no API has, and for a fault that none can show."""
    apis = tuple(surfaces)
    unknown = unknown_operation(fault.operation, sorted({name for api in apis for name in api.operations}))
    if unknown:
        raise BadFault(unknown)
    reasons = [reason_against(fault, api) for api in apis]
    if all(reasons):
        raise BadFault(f"the fault cannot be shown: {'; '.join(dict.fromkeys(filter(None, reasons)))}")


def reason_against(fault: Fault, surface: Surface) -> str | None:
    """Why an API cannot show a fault; None if it can."""
    asked = _asked(fault, surface)
    if not asked:
        return f"{surface.label} has no such requests"
    for part in fault.parts:
        reason = part.applies_to(surface)
        if reason is not None:
            return reason
    for effect in fault.effects:
        if not any(fnmatchcase(operation, pattern) for operation in asked for pattern in effect.meets):
            return f"{' or '.join(_given(effect))} needs {' or '.join(effect.meets)}, not {fault.operation}"
    return None


def _given(effect: Effect) -> tuple[str, ...]:
    """The fields by which an effect is there."""
    return effect.given_by or tuple(each.name for each in fields(effect))


def _asked(fault: Fault, surface: Surface) -> list[str]:
    """The operations of an API that the fault is meant for, by the method that it asks for."""
    asked = [operation for operation in surface.operations if fnmatchcase(operation, fault.operation)]
    method = next((each.method for each in fault.conditions if isinstance(each, ByMethod)), None)
    if method is None:
        return asked
    kinds = {_kind(operation) for by, operation in surface.requests if by == method}
    if kinds & {"user", "group"}:
        kinds.add("member")
    return [operation for operation in asked if _kind(operation) in kinds]


def _kind(operation: str) -> str:
    return operation.partition(".")[0]
