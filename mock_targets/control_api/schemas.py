"""JSON Schemas (2020-12) of the request and response bodies of the control API."""

from __future__ import annotations

from typing import Any, get_args

from provcheck.mock_targets.control_api.shapes import (
    FLAG_VALUE,
    MAYBE_NUMBER,
    MAYBE_TEXT,
    NUMBER,
    TEXT,
    TEXTS,
    Schema,
    list_of,
    object_of,
    ref,
)
from provcheck.mock_targets.faults import description
from provcheck.mock_targets.faults.catalog import CATALOGUE
from provcheck.mock_targets.faults.effects.effect import MOMENTS, Moment
from provcheck.mock_targets.journal.journal import AnswerState, Applied
from provcheck.mock_targets.journal.query import Criteria
from provcheck.mock_targets.reading import json_schema
from provcheck.mock_targets.target.tokens import TokenState, TokenUse

_TARGET: dict[str, Schema] = {
    "name": TEXT,
    "title": TEXT,
    "source": TEXT,
    "base_url": TEXT,
    "urls": {"type": "object", "additionalProperties": TEXT},
    "token": TEXT,
    "oauth": {"anyOf": [{"type": "null"}, ref("OAuthAccess")]},
    "sample_path": TEXT,
}
_ACCESS: dict[str, Schema] = dict.fromkeys(("token_url", "client_id", "client_secret"), TEXT)
_INTENT = object_of(
    {"operation": TEXT, "kind": MAYBE_TEXT, "id": MAYBE_TEXT, "names": TEXTS, "applied": {"type": "boolean"}}
)
_MESSAGE = object_of({"headers": {"type": "object", "additionalProperties": TEXT}, "body": TEXT})

NAMED: dict[str, Schema] = {
    "Problem": object_of(
        {"type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT},
        description="An error (RFC 9457)",
    ),
    "Target": object_of(_TARGET),
    "OAuthAccess": object_of(_ACCESS, description="What an OAuth 2 client of the target is configured with"),
    "OAuthClient": object_of({**_ACCESS, "refresh_token": TEXT, "private_key": TEXT}),
    "IssuedToken": object_of(
        {
            **dict.fromkeys(("id", "grant_type"), TEXT),
            "use": {"enum": list(get_args(TokenUse))},
            "scopes": TEXTS,
            "subject": MAYBE_TEXT,
            "age": {"type": "number", "description": "In seconds on the clock of the target"},
            "expires_in": {"type": ["number", "null"], "description": "In seconds; null: it does not expire"},
            "state": {"enum": list(get_args(TokenState))},
        }
    ),
    "TargetDescription": object_of(
        {
            **_TARGET,
            "flags": list_of(ref("Flag")),
            "memory": object_of({"journal_bytes": NUMBER, "bytes_of_all": NUMBER, "byte_limit": NUMBER}),
            "profiles": {"type": "object", "additionalProperties": ref("FlagValues")},
            "profile_faults": {"type": "object", "additionalProperties": list_of({"type": "object"})},
        }
    ),
    "Flag": object_of(
        {
            "name": TEXT,
            "type": {"enum": ["boolean", "integer", "string"]},
            "value": FLAG_VALUE,
            "default": FLAG_VALUE,
            "choices": TEXTS,
            "doc": TEXT,
            "source": TEXT,
        }
    ),
    "FlagValues": {"type": "object", "additionalProperties": FLAG_VALUE},
    "FlagChange": {
        "type": "object",
        "properties": {"profile": {**MAYBE_TEXT, "description": "Applied before the values beside it"}},
        "additionalProperties": FLAG_VALUE,
        "examples": [{"allows_create_users": False}, {"profile": "tolerant"}],
    },
    "Exchange": object_of(
        {
            "seq": NUMBER,
            "at": {"type": "string", "format": "date-time"},
            "method": TEXT,
            "path": TEXT,
            "query": TEXT,
            "operation": TEXT,
            "kind": MAYBE_TEXT,
            "id": MAYBE_TEXT,
            "names": TEXTS,
            "intents": list_of(_INTENT),
            "status": MAYBE_NUMBER,
            "applied": {"enum": list(get_args(Applied))},
            "answer": {"enum": list(get_args(AnswerState))},
            "fault": MAYBE_TEXT,
            "faults": TEXTS,
            "moments": list_of({"enum": list(MOMENTS)}),
            "refused_by": MAYBE_TEXT,
            "duration_ms": {"type": "number"},
            "request": _MESSAGE,
            "response": _MESSAGE,
            "error": MAYBE_TEXT,
            "connection": {
                **MAYBE_NUMBER,
                "description": "The client's port, the same for as long as its connection is; null in process",
            },
            "last_begun": NUMBER,
            "parts": {**list_of(ref("Exchange")), "description": "The operations of a batch request (SCIM Bulk)"},
        }
    ),
    "Journal": object_of(
        {
            "target": TEXT,
            "exchanges": list_of(ref("Exchange")),
            "next": NUMBER,
            "last_seq": NUMBER,
            "ended_by_reset": {
                **TEXTS,
                "description": "Method and path of requests that a fault held over a reset; they applied nothing after",
            },
        },
        description="The name of the target, so that a saved journal can be linted without more options",
    ),
    "Archive": {"type": "object", "properties": {"log": {"type": "object"}}, "required": ["log"]},
    "Count": object_of(
        {
            "count": NUMBER,
            "nearest": {
                "anyOf": [
                    {"type": "null"},
                    object_of(
                        {
                            "seq": NUMBER,
                            "method": TEXT,
                            "path": TEXT,
                            "operation": TEXT,
                            "status": MAYBE_NUMBER,
                            "missed": list_of(object_of({"criterion": TEXT, "wanted": {}, "seen": {}})),
                        }
                    ),
                ]
            },
        }
    ),
    "CatalogueFault": object_of(
        {
            **dict.fromkeys(("name", "doc", "applied", "seen", "client", "counter"), TEXT),
            "tier": NUMBER,
            "description": {"type": "object"},
        }
    ),
}

_READ: dict[str, tuple[Any, Schema]] = {
    "Criteria": (Criteria, {"operation": "user.create", "entity": "ada", "status": 201}),
}
"""What the API reads by its declaration, each with an example."""


def shapes_read() -> dict[str, Schema]:
    """The shapes of what is read by a declaration; drawn when they are asked for, because that takes pydantic."""
    shapes: dict[str, Schema] = {}
    for name, (kind, example) in _READ.items():
        drawn = json_schema(kind, ref_template=ref("{model}")["$ref"])
        shapes |= {**drawn.pop("$defs", {}), name: {**drawn, "examples": [example]}}
    return shapes | _fault_shapes()


def _fault_shapes() -> dict[str, Schema]:
    """A fault that is described, one that is named, and one that is armed."""
    fields = description.schema()["properties"]
    moments = [_at(moment) for moment in MOMENTS]
    cuts = {"required": ["truncates_at"], "properties": {"truncates_at": {"type": "integer"}}}
    return {
        "Fault": object_of(
            {},
            fields,
            anyOf=[moments[0], {**cuts, "not": {"required": ["moment"]}}, *moments[1:]],
            examples=[{"operation": "user.create", "moment": "after", "loses_answer": True}],
        ),
        "NamedFault": object_of(
            {"fault": {"enum": list(CATALOGUE)}},
            fields,
            description="A fault of the catalogue; what stands beside its name changes its parameters",
            examples=[{"fault": "create.conflict_exists", "entity": "ada"}],
        ),
        "ArmedFault": object_of({"id": TEXT, **fields, "seen": NUMBER, "fired": NUMBER, "struck": NUMBER}),
    }


def _at(moment: Moment) -> Schema:
    """A fault of this moment, with at least one of its effects; without a moment it is meant for the first."""
    effects = [
        {"required": [name], "properties": {name: {"not": {"const": default}}}}
        for name, default in description.effective(moment).items()
    ]
    named = {} if moment == MOMENTS[0] else {"required": ["moment"]}
    return {**named, "properties": {"moment": {"const": moment}}, "anyOf": effects}
