"""Reads the bodies of both versions: a whole resource, and the changes that PATCH asks for.

Version 1 sends a partial resource that is laid over the old one (`meta.attributes` and `"operation": "delete"` take
away); version 2 sends a list of operations, and for the start date alone a partial user as well.
Source: https://docs.slack.dev/reference/scim-api#patch-users-id, #patch-groups-id, #patch-groups-id-2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from provcheck.mock_targets.operations.membership_changes import Member, MembershipEdit
from provcheck.mock_targets.query.attributes import AnyText
from provcheck.mock_targets.query.compile import compile_query
from provcheck.mock_targets.query.errors import BadQuery
from provcheck.mock_targets.query.tree import Query, described_values, paths, renamed, selected_values
from provcheck.mock_targets.scim.grammar import Grammar
from provcheck.mock_targets.scim.schema import Json
from provcheck.mock_targets.target.flags import Behaviour
from provcheck.mock_targets.vendors.slack import schemas
from provcheck.mock_targets.vendors.slack.document import UserEditor
from provcheck.mock_targets.vendors.slack.errors import SlackError, refused_filter
from provcheck.mock_targets.vendors.slack.values import is_deleted, is_true

MAX_OPERATIONS = 10_000
MAX_PATH = 1024
MAX_FILTER = 8192
GRAMMAR = Grammar(
    single_quotes=True,
    bare_values=True,
    typed=False,
    operators=frozenset(("eq", "co", "sw", "gt", "ge", "lt", "le")),
    has_not=False,
    has_brackets=False,
    max_terms=100,
    max_nesting=20,
)
"""More is read than the RFC knows (values in single quotes or bare, `restricted eq 1`) and less (no `not`, no `ne`).
Source: https://docs.slack.dev/reference/scim-api#filter; a junk filter was seen answered with `no_filters`."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a PatchOp: an attribute or (a URN) an extension, a part of it, a selection among its values."""

    op: str
    name: str
    sub: str
    where: Query | None
    value: Any


def read_filter(text: str) -> Query:
    """The tree of a filter. Raises SlackError."""
    try:
        if len(text) > MAX_FILTER:
            raise BadQuery("too long", flaw="too_large")
        return GRAMMAR.filter(text)
    except BadQuery as error:
        raise refused_filter(error, text) from None


def read_body(body: Any) -> Json:
    """A body that is an object with `schemas`. Raises SlackError: invalid_request_payload, missing_schema_element."""
    if not isinstance(body, dict):
        raise SlackError("invalid_request_payload")
    if body.get("schemas") in (None, [], ""):
        raise SlackError("missing_schema_element")
    if not isinstance(body["schemas"], list):
        raise SlackError("invalid_attribute_format")
    return body


def attributes(body: Mapping[str, Any], behaviour: Behaviour) -> dict[str, Any]:
    """The attributes that a body gives: neither read-only ones nor extensions that `schemas` fails to name."""
    listed = set(_flat(body["schemas"])) if behaviour.needs_extension_urns else None
    return {
        key: value
        for key, value in body.items()
        if key.lower() not in ("schemas", "id", "meta", "groups")
        and (listed is None or (urn := schemas.extension(key)) in (None, schemas.ENTERPRISE) or urn in listed)
    }


def is_patch_op(body: Mapping[str, Any]) -> bool:
    """Whether a body of PATCH is a list of operations."""
    return "Operations" in body or "operations" in body


def operations(body: Mapping[str, Any]) -> Iterator[Operation]:
    """The operations of a PatchOp, one for each attribute of one without a path. Raises SlackError."""
    listed = body.get("Operations", body.get("operations"))
    if not isinstance(listed, list) or len(listed) > MAX_OPERATIONS:
        raise SlackError("invalid_request_payload")
    for item in listed:
        op = item.get("op") if isinstance(item, dict) else None
        if not isinstance(op, str) or op.lower() not in ("add", "replace", "remove"):
            raise SlackError("invalid_request_payload")
        path, value = item.get("path"), item.get("value")
        if path not in (None, ""):
            yield Operation(op.lower(), *read_path(path), value)
        elif op.lower() == "remove" or not isinstance(value, dict):
            raise SlackError("invalid_request_payload")
        else:
            given = (key for key in value if key.lower() not in ("schemas", "id", "meta"))
            yield from (Operation(op.lower(), *read_path(key), value[key]) for key in given)


def read_path(text: object) -> tuple[str, str, Query | None]:
    """The attribute or extension that a path names, a part of it, and a selection. Raises SlackError."""
    if not isinstance(text, str) or len(text) > MAX_PATH:
        raise SlackError("invalid_request_payload")
    urn, rest = schemas.split(text.strip().removeprefix("/"))
    if urn is not None:
        return urn, rest, None
    try:
        path, query, sub = GRAMMAR.path(rest)
    except BadQuery as error:
        where = error.flaw if "[" in rest else None
        raise (refused_filter(error, rest) if where else SlackError("invalid_request_payload")) from None
    name, _, inner = path.partition(".")
    return name, inner or sub or "", query


def removed_attributes(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The attributes that version 1 lists for removal in `meta.attributes`. Raises SlackError."""
    meta = body.get("meta")
    listed = meta.get("attributes") if isinstance(meta, dict) else None
    if listed is not None and not isinstance(listed, list):
        raise SlackError("invalid_attribute_format")
    return [read_path(text)[:2] for text in listed or ()]


def operate_user(editor: UserEditor, operation: Operation) -> None:
    """Apply one operation of version 2 to a user. Raises SlackError."""
    low, sub, value = operation.name.lower(), operation.sub, operation.value
    if operation.where is not None:
        _operate_on_selected(editor, operation, operation.where)
    elif operation.op == "remove":
        editor.remove(operation.name, sub)
    elif low in ("username", "nickname"):
        said = "" if value is None else value
        editor.put_names(*((said, None) if low == "username" else (None, said)))
    elif low == "name" and sub:
        editor.put_name(
            {part: value for part in ("givenName", "familyName", "honorificPrefix") if part.lower() == sub.lower()}
        )
    else:
        for part in reversed(sub.split(".") if sub else ()):
            value = {part: value}
        editor.put(operation.name, value, replaces=operation.op == "replace")


def _operate_on_selected(editor: UserEditor, operation: Operation, where: Query) -> None:
    """An operation on some of the values of a list; a list that has no such value gets one as the filter says."""
    key = {"phonenumbers": "phoneNumbers"}.get(operation.name.lower(), operation.name.lower())
    if key not in ("emails", "phoneNumbers", "addresses", "roles", "photos"):
        raise SlackError("invalid_request_payload")
    kept = [item for item in editor.document.get(key) or () if item.get("value") or key == "addresses"]
    test = compile_query(where, AnyText()).matches
    chosen = [item for item in kept if test({name.lower(): _text(value) for name, value in item.items()})]
    by_value = "value" in {path.lower() for path in paths(where)}
    if not chosen and not by_value and key in ("addresses", "roles", "photos"):
        chosen = kept  # there is only one, whatever its type was
    if operation.op == "remove":
        if any(item["primary"] for item in chosen if key == "emails"):
            raise SlackError("missing_primary_email")
        if chosen:
            editor.put_list(key, [{**item, "operation": "delete"} for item in chosen], replaces=False)
    elif chosen or not by_value:
        said = operation.value if isinstance(operation.value, dict) else {operation.sub or "value": operation.value}
        target = _as_sent(key, chosen[0]) if chosen else _described(where)
        # Which of the slots a selected value is in does not change by what it becomes.
        said = {part: value for part, value in said.items() if key == "addresses" or part not in ("type", "primary")}
        editor.put_list(key, [{**target, **said}], replaces=False)


def _text(value: Any) -> Any:
    """A kept value as filters see it: `primary` is a text, and there even where it is false."""
    return ["true" if is_true(value) else "false"] if isinstance(value, bool) else value


def _as_sent(key: str, item: Mapping[str, Any]) -> Json:
    """A kept value in the words of a request, which calls the mobile phone `work`."""
    return {**item, "type": "work"} if key == "phoneNumbers" and "primary" not in item else dict(item)


def _described(where: Query) -> Json:
    said: Json = {path.lower(): value for path, value in (described_values(where) or {}).items()}
    return {**said, "primary": said["primary"] == "true"} if "primary" in said else said


def _flat(listed: Any) -> Iterator[str | None]:
    """The extensions in `schemas`; Slack's own Python client nests the list in itself."""
    for item in listed if isinstance(listed, list) else [listed]:
        if isinstance(item, list):
            yield from _flat(item)
        elif isinstance(item, str):
            yield schemas.extension(item)


def whole_members(value: Any, code: str) -> MembershipEdit:
    """A list that stands for all memberships. Raises SlackError (`code`)."""
    return MembershipEdit("replace", _members(value, code))


def merged_members(value: Any, code: str) -> list[MembershipEdit]:
    """A list of version 1's PATCH: each is added unless its `operation` is `delete`. Raises SlackError (`code`)."""
    listed = value if isinstance(value, list) else [] if value is None else [value]
    return [MembershipEdit("remove" if is_deleted(item) else "add", _members(item, code)) for item in listed]


def operated_members(operation: Operation, code: str) -> MembershipEdit:
    """An operation of version 2 on the whole list or on `members[value eq U123]`. Raises SlackError (`code`)."""
    if operation.where is not None:
        ids = selected_values(renamed(operation.where, str.lower))
        if operation.op != "remove" or ids is None:
            raise SlackError(code)
        return MembershipEdit("remove", tuple(Member(id) for id in ids))
    if operation.op == "remove" and operation.value is None:
        return MembershipEdit("replace")
    return MembershipEdit(operation.op, _members(operation.value, code))  # type: ignore[arg-type]  # one of the three


def _members(value: Any, code: str) -> tuple[Member, ...]:
    ids = []
    for item in value if isinstance(value, list) else [] if value is None else [value]:
        id = item.get("value") if isinstance(item, dict) else item
        if not isinstance(id, str) or not id.strip():
            raise SlackError(code)
        ids.append(id.strip())
    return tuple(Member(id) for id in dict.fromkeys(ids))
