"""Reads the JSON description of a fault, strictly: what cannot be meant is refused with one line that says why.

Each moment has its own effects, and an effect that could not be felt at a moment is an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provcheck.mock_targets.faults.fault import FIELDS, MOMENTS, BadFault, Fault

FRAMING = frozenset(("content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "trailer", "te"))
"""Headers that say where a message ends: a fault that lied there would leave the client waiting."""

TRAITS: Mapping[str, str] = {
    "patch_without_path": "a PATCH with an operation that has no path",
    "patch_with_id": "a PATCH that names the id of the resource in its body",
    "patch_with_urn_path": "a PATCH with a path that begins with the URN of a schema",
    "patch_with_capitals": "a PATCH whose op is not in lower case (Add, Replace)",
    "patch_of_several": "a PATCH with more than one operation",
    "clears": "a PATCH that clears something: remove, or a value of null, an empty text or list",
    "filter": "a list with a filter",
    "filter_beyond_eq": "a list with a filter that uses more than eq and and",
    "filter_not_latin": "a list with a filter that holds signs beyond ASCII",
    "scim_json": "a body sent as application/scim+json",
}
"""Kinds of requests to which a fault can be narrowed (`only_if`)."""

LISTS: Mapping[str, str] = {
    "repeats_row": "a page after the first begins with the last row of the page before",
    "repeats_page": "every page is the first",
    "skips_row": "a page after the first begins one row too late",
    "total_of_page": "totalResults is the number of rows in the page",
    "unfiltered": "the filter is ignored: everybody is listed",
    "empty": "the list is empty",
}
"""Ways in which a list goes wrong (`lists`)."""

REWRITES: Mapping[str, str] = {
    "lower": "in lower case",
    "upper": "in upper case",
    "compact": "without spaces, dashes, dots and brackets",
}
"""Ways in which a text is rewritten (`rewrites`)."""

RIVALS = ("active", "inactive")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
LONGEST = 3600.0
"""Seconds; no wait of a fault is longer."""

_NUMBER, _TEXT = (int, float), (str,)
_TYPES: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("operation", "moment", "name"), _TEXT),
    **dict.fromkeys(("entity", "method", "only_if", "lists", "rival"), (str, type(None))),
    "skip": (int,),
    **dict.fromkeys(("times", "status", "truncates_at", "above", "parallel_above", "keeps"), (int, type(None))),
    **dict.fromkeys(("headers", "sets", "rewrites"), (dict,)),
    "body": (object,),
    **dict.fromkeys(("delay", "dribbles", "hides_by_id", "hides_by_filter", "applies_after"), _NUMBER),
    **dict.fromkeys(("lasts", "retry_date"), (*_NUMBER, type(None))),
    **dict.fromkeys(("loses_answer", "resets", "vanishes"), (bool,)),
    "drops": (list, tuple),
}
_CHOICES: dict[str, tuple[str, ...]] = {
    "moment": MOMENTS,
    "method": METHODS,
    "only_if": tuple(TRAITS),
    "lists": tuple(LISTS),
    "rival": RIVALS,
}

_IN_PLACE = frozenset(("status", "delay", "loses_answer", "resets", "retry_date"))
_ON_THE_ANSWER = _IN_PLACE | {"headers", "body", "truncates_at", "dribbles", "drops", "sets", "rewrites"}
EFFECTS: Mapping[str, frozenset[str]] = {
    "before": _IN_PLACE | {"lists", "rival", "vanishes"},
    "after": _ON_THE_ANSWER | {"hides_by_id", "hides_by_filter"},
    "wire": _ON_THE_ANSWER,
    "partial": frozenset(("keeps", "drops")),
    "later": frozenset(("applies_after",)),
}
"""What a fault can do at each moment; one of these is needed."""
_BESIDE: Mapping[str, frozenset[str]] = {
    "before": frozenset(("headers", "body", "truncates_at", "hides_by_filter")),
    "partial": frozenset(("delay",)),
    "later": frozenset(("status", "headers", "body", "delay")),
}
"""What may stand beside them."""
_EVERY_EFFECT = frozenset().union(*EFFECTS.values())


def read_fault(description: Mapping[str, Any]) -> Fault:
    """A fault from its JSON description. Raises BadFault with one line that says what is wrong.

    One that only cuts the answer is meant for the moment after, if nothing else is said.
    """
    for key, value in description.items():
        if key not in _TYPES:
            raise BadFault(f"a fault has no field {key!r}; it has {', '.join(FIELDS)}")
        wrong_bool = isinstance(value, bool) and _TYPES[key] not in ((bool,), (object,))
        if wrong_bool or not isinstance(value, _TYPES[key]):
            raise BadFault(f"{key} cannot be {value!r}")
    cuts_only = description.get("truncates_at") is not None and not description.get("status")
    moment = "after" if cuts_only else "before"
    given: dict[str, Any] = {key: tuple(value) if key == "drops" else value for key, value in description.items()}
    fault = Fault(**{"moment": moment, **given})
    for check in (_check_choices, _check_ranges, _check_shapes, _check_effects):
        check(fault)
    return fault


def _check_choices(fault: Fault) -> None:
    for name, choices in _CHOICES.items():
        value = getattr(fault, name)
        if value is not None and value not in choices:
            raise BadFault(f"{name} is {' or '.join(choices)}, not {value!r}")


def _check_ranges(fault: Fault) -> None:
    if fault.status is not None and not 200 <= fault.status <= 599:
        raise BadFault(f"status is between 200 and 599, not {fault.status}")
    for name in ("delay", "dribbles", "hides_by_id", "hides_by_filter", "applies_after", "lasts"):
        if not 0 <= (getattr(fault, name) or 0) <= LONGEST:
            raise BadFault(f"{name} is between 0 and {LONGEST:.0f} seconds")
    if abs(fault.retry_date or 0) > 86_400 * 366:
        raise BadFault("retry_date is at most a year from now")
    if fault.skip < 0 or (fault.times is not None and fault.times < 1):
        raise BadFault("skip is at least 0, times at least 1 or null")
    for name in ("truncates_at", "above", "parallel_above", "keeps"):
        if (getattr(fault, name) or 0) < 0:
            raise BadFault(f"{name} is at least 0")


def _check_shapes(fault: Fault) -> None:
    for name, value in fault.headers.items():
        _check_header(name, value)
    for name in ("drops", "sets", "rewrites"):
        if not all(isinstance(path, str) and path for path in getattr(fault, name)):
            raise BadFault(f"{name} names attributes by their paths")
    for how in fault.rewrites.values():
        if how not in REWRITES:
            raise BadFault(f"a text is rewritten {' or '.join(REWRITES)}, not {how!r}")


def _check_header(name: str, value: Any) -> None:
    if not name.isascii() or not name.replace("-", "").isalnum():
        raise BadFault(f"{name!r} is not the name of a header")
    if name.lower() in FRAMING:
        raise BadFault(f"{name} is not for a fault to set: it would leave the client waiting; use truncates_at")
    if value is not None and (not isinstance(value, str) or not value.isascii() or not value.isprintable()):
        raise BadFault(f"header {name} takes printable ASCII text, or null to take it away, not {value!r}")


def _check_effects(fault: Fault) -> None:
    moment, used = fault.moment, _used(fault)
    stray = used - EFFECTS[moment] - _BESIDE.get(moment, frozenset())
    if "truncates_at" in used and moment == "before" and not fault.status:
        raise BadFault("truncates_at needs the moment after (or a status): before the change there is no answer to cut")
    if stray:
        raise BadFault(f"{', '.join(sorted(stray))} cannot be felt at the moment {moment}")
    if not used & EFFECTS[moment]:
        raise BadFault(f"a fault needs an effect; at the moment {moment}: {', '.join(sorted(EFFECTS[moment]))}")


def _used(fault: Fault) -> frozenset[str]:
    """The effects that differ from doing nothing; some of them do something at 0 as well."""
    by_zero = {"truncates_at", "keeps", "retry_date", "body"}
    return frozenset(
        name
        for name in _EVERY_EFFECT
        if (getattr(fault, name) is not None if name in by_zero else bool(getattr(fault, name)))
    )
