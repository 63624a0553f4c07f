"""The shapes of faults in the control API: one for each moment, because each moment has its own effects."""

from __future__ import annotations

from provcheck.mock_targets.control_api.shapes import MAYBE_TEXT, NUMBER, TEXT, Schema, list_of, object_of
from provcheck.mock_targets.faults.catalog import CATALOGUE
from provcheck.mock_targets.faults.fault import MOMENTS
from provcheck.mock_targets.faults.reading import EFFECTS, FRAMING, LISTS, LONGEST, METHODS, REWRITES, RIVALS, TRAITS


def _maybe(shape: Schema, **more: object) -> Schema:
    return {"type": [shape["type"], "null"], **{key: value for key, value in shape.items() if key != "type"}, **more}


def _one_of(words: object, doc: str) -> Schema:
    return {"enum": [*words, None], "description": doc}  # type: ignore[misc]  # a mapping or a tuple of words


def _seconds(doc: str) -> Schema:
    return {"type": "number", "minimum": 0, "maximum": LONGEST, "description": doc}


_PATHS: Schema = {"propertyNames": {"minLength": 1}}
FIELDS: dict[str, Schema] = {
    "operation": {"type": "string", "description": "An operation or a pattern: user.create, member.*, *"},
    "moment": {"enum": list(MOMENTS)},
    "entity": {**MAYBE_TEXT, "description": "An id, userName, displayName or externalId; null is any"},
    "skip": {**NUMBER, "description": "Matches that pass unharmed first"},
    "times": {"type": ["integer", "null"], "minimum": 1, "description": "How often it fires; null is always"},
    "lasts": _maybe(_seconds("It fires for so long after the first time; null is for ever")),
    "method": _one_of(METHODS, "Only requests by this method"),
    "only_if": _one_of(TRAITS, "Only requests of this kind"),
    "above": _maybe(NUMBER, description="Only requests with more than so many such operations"),
    "parallel_above": _maybe(NUMBER, description="Only while more than so many requests are being answered"),
    "status": {"type": ["integer", "null"], "minimum": 200, "maximum": 599},
    "headers": {
        "type": "object",
        "propertyNames": {
            "not": {"enum": sorted(FRAMING | {name.title() for name in FRAMING})},
            "pattern": "^[A-Za-z0-9-]*[A-Za-z0-9][A-Za-z0-9-]*$",
        },
        "additionalProperties": {"type": ["string", "null"], "pattern": "^[ -~]*$"},
        "description": "Null takes a header away",
    },
    "body": {"description": "What is answered; null is the target's own"},
    "delay": _seconds("Seconds before the effect"),
    "loses_answer": {"type": "boolean", "description": "The connection ends without an answer"},
    "resets": {"type": "boolean", "description": "The connection ends by a reset"},
    "truncates_at": _maybe(NUMBER, description="The connection ends after this many bytes of the body"),
    "dribbles": _seconds("Seconds that the body takes to arrive"),
    "retry_date": {
        "type": ["number", "null"],
        "minimum": -86_400 * 366,
        "maximum": 86_400 * 366,
        "description": "A Retry-After that is a date, so many seconds from now",
    },
    "drops": {**list_of({"type": "string", "minLength": 1}), "description": "Attributes that are left out"},
    "sets": {"type": "object", **_PATHS, "description": "Values that are put into the answer, by path"},
    "rewrites": {"type": "object", **_PATHS, "additionalProperties": {"enum": list(REWRITES)}},
    "lists": _one_of(LISTS, "In what way lists go wrong"),
    "rival": _one_of(RIVALS, "Somebody else makes a resource of the same name first"),
    "vanishes": {"type": "boolean", "description": "Somebody else deletes what is meant first"},
    "hides_by_id": _seconds("Seconds for which what was made cannot be read"),
    "hides_by_filter": _seconds("Seconds for which what was made cannot be found"),
    "keeps": _maybe(NUMBER, description="So many of the members or attributes are applied"),
    "applies_after": _seconds("Seconds until the change is made"),
    "name": {"type": "string", "description": "How the journal calls it; the id unless given"},
}

_FELT: dict[str, Schema] = {
    **{name: {"type": "number", "exclusiveMinimum": 0} for name in ("delay", "dribbles", "hides_by_id")},
    **{name: {"type": "number", "exclusiveMinimum": 0} for name in ("hides_by_filter", "applies_after")},
    **{name: {"const": True} for name in ("loses_answer", "resets", "vanishes")},
    **{name: {"type": "integer"} for name in ("status", "truncates_at", "keeps")},
    **{name: {"type": "object", "minProperties": 1} for name in ("headers", "sets", "rewrites")},
    **{name: {"type": "string"} for name in ("lists", "rival")},
    "retry_date": {"type": "number"},
    "drops": {"type": "array", "minItems": 1},
    "body": {"not": {"type": "null"}},
}
"""Each effect, when it is one."""


def _at(moment: str) -> Schema:
    """A fault of this moment: at least one of its effects."""
    effects = [{"required": [name], "properties": {name: _FELT[name]}} for name in sorted(EFFECTS[moment])]
    return {"properties": {"moment": {"const": moment}}, "anyOf": effects}


_CUTS = {"required": ["truncates_at"], "properties": {"truncates_at": {"type": "integer"}}}
FAULT_SHAPES: dict[str, Schema] = {
    "Fault": object_of(
        {},
        FIELDS,
        anyOf=[
            _at("before"),
            {**_CUTS, "not": {"required": ["moment"]}},
            *({"required": ["moment"], **_at(moment)} for moment in MOMENTS if moment != "before"),
        ],
        examples=[{"operation": "user.create", "moment": "after", "loses_answer": True}],
    ),
    "NamedFault": object_of(
        {"fault": {"enum": list(CATALOGUE)}},
        FIELDS,
        description="A fault of the catalogue; what stands beside its name changes its parameters",
        examples=[{"fault": "create.conflict_exists", "entity": "ada"}],
    ),
    "ArmedFault": object_of({"id": TEXT, **FIELDS, "seen": NUMBER, "fired": NUMBER}),
    "CatalogueFault": object_of(
        {
            **dict.fromkeys(("name", "doc", "applied", "seen", "client", "counter"), TEXT),
            "tier": NUMBER,
            "description": {"type": "object"},
        }
    ),
}
