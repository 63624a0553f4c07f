"""The contract as a JSON Schema (2020-12), and the check of a message against it.

This is what `provcheck contract --schema` prints and what answers are judged by; there is no other.
Everything the harness sends is closed (`additionalProperties` false); in answers a client may say more than it must.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, get_args

from provcheck.harness.contract.abilities import ABILITIES
from provcheck.harness.model import COUNTERS
from provcheck.harness.model.audit import Action, EntityKind, Outcome
from provcheck.harness.model.connection import MembershipHandling, MembershipStyle, RemoveAction
from provcheck.harness.vendors import stores

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
        "close": "The scenario is over. A command that is not started anew should end after its answer.",
    }
)
"""Every method, and what it asks."""

Schema = dict[str, Any]


class BadMessage(ValueError):
    """A message breaks the schema; the text says where and how, in one line."""


def _text(**more: Any) -> Schema:
    return {"type": "string", **more}


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _closed(required: Mapping[str, Any], **optional: Any) -> Schema:
    properties = {**required, **optional}
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _open(required: Mapping[str, Any], **optional: Any) -> Schema:
    return {"type": "object", "properties": {**required, **optional}, "required": list(required)}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


_YES_NO: Schema = {"type": "boolean"}
_TEXTS = _list(_text())
_TEXT_TABLE: Schema = {"type": "object", "additionalProperties": {"type": "string"}}
_DONE = _open({}, refused=_text(minLength=1, description="Why you cannot serve this rule; then nothing was written."))
_NOTHING = _closed({})


def _values() -> Schema:
    """The values that messages are made of."""
    return {
        "user": _closed(
            {
                **{word: _text() for word in ("id", "user_name", "email", "given_name", "family_name")},
                **{word: _text() for word in ("display_name", "external_id")},
                "active": _YES_NO,
                "attributes": _TEXT_TABLE,
            }
        ),
        "group": _closed(
            {"id": _text(), "name": _text(), "members": _TEXTS, "external": _YES_NO, "external_id": _text()}
        ),
        "population": _closed({"users": _list(_ref("user")), "groups": _list(_ref("group"))}),
        "changes": _closed(
            {
                "users": _closed({"put": _list(_ref("user")), "removed": _TEXTS}),
                "groups": _closed({"put": _list(_ref("group")), "removed": _TEXTS}),
            }
        ),
        "connection": _connection(),
        "rule": _closed(
            {
                **{word: _text() for word in ("name", "source", "target")},
                "enabled": _YES_NO,
                "user_filter": _maybe(_text()),
                "groups": _maybe(_TEXTS),
                "mapping": _TEXT_TABLE,
            }
        ),
        "counters": _open({name: {"type": "integer"} for name in COUNTERS}),
        "audit_record": _open(
            {
                "at": _text(description="ISO 8601, with an offset"),
                "entity_kind": {"enum": list(get_args(EntityKind))},
                "entity": _text(description="The source id; group id/user id for a membership"),
                "action": {"enum": list(get_args(Action))},
                "outcome": {"enum": list(get_args(Outcome))},
            },
            detail=_text(),
            remote_id=_maybe(_text()),
        ),
    }


def _connection() -> Schema:
    texts = ("name", "base_url", "token", "users_resource", "groups_resource", "authentication_method")
    secrets = ("basic_auth_user", "basic_auth_password", "oauth_client_id", "oauth_client_secret")
    more = ("authorization_type", "oauth_token_request", "user_filter", "group_name_source")
    switches = ("create_users", "update_users", "disable_users", "deprovision_users", "supports_groups")
    return _closed(
        {
            **{word: _text() for word in (*texts, *secrets, *more)},
            **dict.fromkeys(switches, _YES_NO),
            "kind": {"enum": [each.name for each in stores() if each.type]},
            "scim_version": {"enum": ["2.0", "1.1"]},
            "unique_user_identifier": {"enum": ["userName", "workEmail"]},
            "schema_extension_urns": _TEXTS,
            "remove_action": {"enum": list(get_args(RemoveAction))},
            "group_membership_handling": {"enum": list(get_args(MembershipHandling))},
            "membership_style": {"enum": list(get_args(MembershipStyle))},
            "members_per_request": _maybe({"type": "integer", "minimum": 1}),
        }
    )


_PARAMS: Mapping[str, Schema] = {
    "describe": _closed({"contract": {"type": "integer"}}),
    "configure": _closed({"connection": _ref("connection"), "rule": _ref("rule"), "fresh": _YES_NO}),
    "apply": _closed({"population": _ref("population"), "changes": _maybe(_ref("changes"))}),
    "resync": _closed({"population": _ref("population")}),
    **dict.fromkeys(("restart", "summary", "orphans", "warnings", "audit", "close"), _NOTHING),
}
_RESULTS: Mapping[str, Schema] = {
    "describe": _open(
        {
            "contract": {"type": "integer"},
            "name": _text(minLength=1),
            "capabilities": _list({"enum": list(ABILITIES)}),
        },
        version=_text(),
        targets=_list({"enum": [each.name for each in stores() if each.type]}),
    ),
    "configure": _DONE,
    "apply": _DONE,
    "resync": _DONE,
    "summary": _open({"summary": _maybe(_open({"users": _ref("counters")}, groups=_maybe(_ref("counters"))))}),
    "orphans": _open({"orphans": _TEXTS}),
    "warnings": _open({"warnings": _TEXTS}),
    "audit": _open({"records": _list(_ref("audit_record"))}),
    **dict.fromkeys(("restart", "close"), _open({})),
}


@cache
def schema() -> Schema:
    """The whole contract: a message is a request of one of the methods, or an answer."""
    asks = {f"{method}_request": _request(method) for method in METHODS}
    values = _values()
    values |= {f"{method}_params": _PARAMS[method] for method in METHODS}
    values |= {f"{method}_result": {"description": METHODS[method], **_RESULTS[method]} for method in METHODS}
    answer = _open({"jsonrpc": {"const": "2.0"}, "id": {"type": "integer"}})
    error = _open({"code": {"type": "integer"}, "message": _text()})
    values["answer"] = answer | {
        "oneOf": [
            {"required": ["result"], "properties": {"result": {"type": "object"}}},
            {"required": ["error"], "properties": {"error": error}},
        ]
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "provcheck client contract, version 1",
        "description": "JSON-RPC 2.0. The result of a request of METHOD is described by $defs/METHOD_result.",
        "oneOf": [*map(_ref, asks), _ref("answer")],
        "$defs": values | asks,
    }


def _request(method: str) -> Schema:
    return {
        "description": METHODS[method],
        **_closed(
            {
                "jsonrpc": {"const": "2.0"},
                "id": {"type": "integer"},
                "method": {"const": method},
                "params": _ref(f"{method}_params"),
            }
        ),
    }


def check_result(method: str, result: object) -> None:
    """Raises BadMessage when this is no answer to the method."""
    _check(f"{method}_result", result)


def check_params(method: str, params: object) -> None:
    """Raises BadMessage when these are no parameters of the method."""
    _check(f"{method}_params", params)


def check_answer(message: object) -> None:
    """Raises BadMessage when this is no answer at all, whatever was asked."""
    _check("answer", message)


@cache
def _validator(name: str) -> Any:
    from jsonschema import Draft202012Validator  # only who speaks to a client pays for it

    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schema()["$defs"]})


def _check(name: str, value: object) -> None:
    from jsonschema.exceptions import best_match

    error = best_match(_validator(name).iter_errors(value))
    if error is not None:
        error = _meant(error)
        place = error.json_path.removeprefix("$").lstrip(".")
        text = error.message if len(error.message) <= _MOST else f"{error.message[:_MOST]} ..."
        raise BadMessage(f"{place}: {text}" if place else text)


def _meant(error: Any) -> Any:
    """Of a value that may have several forms: what is wrong with the one form that it has the type of."""
    while error.context:
        forms: dict[Any, list[Any]] = {}
        for each in error.context:
            forms.setdefault(each.relative_schema_path[0], []).append(each)
        near = [form for form in forms.values() if not any(_of_another_type(each) for each in form)]
        if len(near) != 1:
            break
        error = near[0][0]
    return error


def _of_another_type(error: Any) -> bool:
    return error.validator == "type" and not error.relative_path


_MOST = 200
"""Characters of a validator's message that are shown; it may quote a whole population."""
