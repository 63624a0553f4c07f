"""The contract as a JSON Schema (2020-12), derived from the declarations that messages are read by.

Everything that the harness sends is closed and complete: all members are there, and no others. In answers a client may
say more than it must.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from provcheck.harness.contract.messages import PARAMS, connectable
from provcheck.harness.contract.results import RESULTS, Answer
from provcheck.harness.model.reading import json_schema

METHODS: Mapping[str, str] = MappingProxyType(
    {
        "describe": "Who are you, and what do you set out to do? Asked first, and before every scenario.",
        "configure": "Use this connection and this rule from now on; write nothing. `fresh` true: a new scenario "
        "begins, forget whatever you stored before.",
        "apply": "The source has changed: bring the target in line, then answer. `changes` is what differs from the "
        "population before (null the first time); `population` is all of it.",
        "resync": "Full Resync: evaluate every user and group as if it were new, then answer.",
        "restart": "End and start again from what you stored.",
        "summary": "Your sync summary; null while the rule is not enabled.",
        "orphans": "Source ids of users who left the scope and whose accounts could not be deprovisioned.",
        "warnings": "What you warn of.",
        "audit": "Your audit log since you started, oldest first.",
        "status": "The status block around your sync summary, also while the rule is not enabled.",
        "close": "The scenario is over. A command that is not started anew should end after its answer.",
    }
)
"""Every method, and what it asks."""

Schema = dict[str, Any]

_NAMES = {
    "SourceUser": "user",
    "SourceGroup": "group",
    "Differences_SourceUser_": "user_changes",
    "Differences_SourceGroup_": "group_changes",
    "CountersShown": "counters",
    "RecordShown": "audit_record",
    "SummaryShown": "sync_summary",
    "StatusShown": "sync_status",
}
"""Declarations whose name in the schema is another one than their own in lower case."""


@cache
def schema() -> Schema:
    """The whole contract: a message is a request of one of the methods, or an answer."""
    requests = {f"{method}_request": _request(method) for method in METHODS}
    values = {name: part for method in METHODS for name, part in _sent(f"{method}_params", PARAMS[method]).items()}
    values["connection"]["properties"]["kind"] = {"enum": list(connectable())}
    for name in ("user", "group"):  # the id stands in for one that is missing
        values[name]["properties"]["external_id"] = {"type": "string"}
    for method in METHODS:
        values |= _drawn(f"{method}_result", RESULTS[method], ignore_unknown=True)
        values[f"{method}_result"]["description"] = METHODS[method]
    values |= _drawn("answer", Answer, ignore_unknown=True)
    values["answer"]["oneOf"] = [
        {"required": ["result"], "properties": {"result": {"type": "object"}}},
        {"required": ["error"], "properties": {"error": {"type": "object"}}},
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "provcheck client contract, version 1",
        "description": "JSON-RPC 2.0. The result of a request of METHOD is described by $defs/METHOD_result.",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in (*requests, "answer")],
        "$defs": values | requests,
    }


def _request(method: str) -> Schema:
    properties = {
        "jsonrpc": {"const": "2.0"},
        "id": {"type": "integer"},
        "method": {"const": method},
        "params": {"$ref": f"#/$defs/{method}_params"},
    }
    return {
        "description": METHODS[method],
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _sent(name: str, kind: type) -> dict[str, Schema]:
    """What the harness sends: whatever a field may be left to in the code is written out in a message."""
    parts = _drawn(name, kind, ignore_unknown=False)
    return {name: {**part, "required": list(part.get("properties", ()))} for name, part in parts.items()}


def _drawn(name: str, kind: type, *, ignore_unknown: bool) -> dict[str, Schema]:
    """The schema of a declaration under a name, and those of its parts under theirs."""
    drawn = json_schema(kind, ignore_unknown=ignore_unknown)
    parts = {_named(part): content for part, content in drawn.pop("$defs", {}).items()}
    text = json.dumps({**parts, name: drawn})
    named: dict[str, Schema] = json.loads(re.sub(r"(?<=#/\$defs/)\w+", lambda found: _named(found[0]), text))
    for part in named.values():
        part.pop("description", None)  # of the class, for those who read the code
    return named


def _named(declaration: str) -> str:
    return _NAMES.get(declaration) or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", declaration).lower()
