"""The description of a fault as JSON: one flat object, whose fields are those of `Fault`, its conditions and effects.

Everything here is drawn from those classes: what is read and refused, what is shown, and the JSON Schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, field, fields, make_dataclass
from functools import cache
from typing import Any, get_type_hints

from provcheck.mock_targets.faults.conditions import CONDITIONS
from provcheck.mock_targets.faults.effects import EFFECTS
from provcheck.mock_targets.faults.effects.effect import Effect, Moment
from provcheck.mock_targets.faults.fault import BadFault, Fault
from provcheck.mock_targets.faults.part import Part
from provcheck.mock_targets.reading import json_schema, read

_PARTS = ("conditions", "effects")
_ADDRESS = tuple(each.name for each in fields(Fault) if each.name not in _PARTS)


def read_fault(description: Mapping[str, Any]) -> Fault:
    """A fault from its JSON description. Raises BadFault with one line that says what is wrong.

    One that only cuts the answer is meant for the moment after, if nothing else is said.
    """
    cuts_only = description.get("truncates_at") is not None and not description.get("status")
    whole = {"moment": "after" if cuts_only else "before", **description}
    flat: Any = read(flat_description(), whole, "a fault", error=BadFault)
    address = {name: getattr(flat, name) for name in _ADDRESS}
    try:
        conditions = tuple(_part(kind, flat) for kind in CONDITIONS if _given(kind, flat))
        return Fault(**address, conditions=conditions, effects=tuple(_effects(flat.moment, flat)))
    except BadFault:
        raise
    except ValueError as error:
        raise BadFault(str(error)) from None


def describe(fault: Fault) -> dict[str, Any]:
    """A fault as JSON-ready data, every field of it."""
    given = {each.name: getattr(part, each.name) for part in fault.parts for each in fields(part)}
    address = {name: getattr(fault, name) for name in _ADDRESS}
    values = {each.name: _default(each) for each in fields(flat_description())} | address | given
    return {name: _plain(value) for name, value in values.items()}


def schema() -> dict[str, Any]:
    """The JSON Schema of a description, without what ties its fields to a moment (see `effective`)."""
    return json_schema(flat_description())


def effective(moment: Moment) -> dict[str, Any]:
    """The fields that make a fault of a moment by themselves, each with the value that stands for nothing."""
    nothing = {each.name: _plain(_default(each)) for each in fields(flat_description())}
    names = {name for kind in EFFECTS if moment in kind.moments for name in _given_by(kind)}
    return {name: nothing[name] for name in sorted(names)}


@cache
def flat_description() -> type:
    """The dataclass of a description: the fields of the fault itself, of every condition and of every effect."""
    known: dict[str, tuple[str, Any, Field[Any]]] = {}
    kinds: tuple[type[Any], ...] = (Fault, *CONDITIONS, *EFFECTS)
    for kind in kinds:
        hints = get_type_hints(kind, include_extras=True)
        for each in fields(kind):
            if each.name not in _PARTS:
                known.setdefault(each.name, (each.name, hints[each.name], _copied(each)))
    return make_dataclass("FaultDescription", known.values(), frozen=True)


def field_names() -> tuple[str, ...]:
    """The name of every field of a description."""
    return tuple(each.name for each in fields(flat_description()))


def _felt_at(names: Iterable[str]) -> str:
    """The moments at which all of these fields are felt, as the end of a sentence."""
    each = [{m for kind in EFFECTS if name in (f.name for f in fields(kind)) for m in kind.moments} for name in names]
    common = sorted(set.intersection(*each)) if each else []
    return f"; add moment={' or moment='.join(common)}" if common else ""


def _effects(moment: Moment, flat: Any) -> Iterator[Effect]:
    """The effects that are described, after a check that they can be felt at the moment."""
    felt = [kind for kind in EFFECTS if moment in (*kind.moments, *kind.beside)]
    given = [kind for kind in felt if _given(kind, flat)]
    used = {name for kind in EFFECTS for name in _used(kind, flat)}
    if "truncates_at" in used and moment == "before" and not flat.status:
        raise BadFault("truncates_at needs the moment after (or a status): before the change there is no answer to cut")
    stray = used - {each.name for kind in felt for each in fields(kind)}
    if stray:
        raise BadFault(f"{', '.join(sorted(stray))} cannot be felt at the moment {moment}{_felt_at(stray)}")
    if not any(moment in kind.moments for kind in given):
        raise BadFault(f"a fault needs an effect; at the moment {moment}: {', '.join(effective(moment))}")
    lost = used - {each.name for kind in given for each in fields(kind)}
    for kind in felt:
        for name in sorted(lost & {each.name for each in fields(kind)}):
            raise BadFault(f"{name} needs {' or '.join(_given_by(kind))} at the moment {moment}")
    return (_part(kind, flat) for kind in given)


def _given_by(kind: type[Part]) -> tuple[str, ...]:
    return kind.given_by or tuple(each.name for each in fields(kind))


def _given(kind: type[Part], flat: Any) -> bool:
    return bool({*_given_by(kind)} & _used(kind, flat))


def _used(kind: type[Part], flat: Any) -> set[str]:
    """The fields that say something else than nothing."""
    return {each.name for each in fields(kind) if getattr(flat, each.name) != _default(each)}


def _part(kind: type[Any], flat: Any) -> Any:
    return kind(**{each.name: getattr(flat, each.name) for each in fields(kind)})


def _default(each: Field[Any]) -> Any:
    return each.default_factory() if each.default_factory is not MISSING else each.default


def _copied(each: Field[Any]) -> Field[Any]:
    if each.default_factory is not MISSING:
        return field(default_factory=each.default_factory)
    return field(default=each.default)  # type: ignore[no-any-return]  # typeshed: the default's type


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value
