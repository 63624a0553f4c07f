"""Reads the bodies of both versions: what must be in every one, and the changes that PATCH asks for.

Version 1 sends a partial user that is laid over the old one (`meta.attributes` and `"operation": "delete"` take away);
version 2 sends a list of operations, and for the start date alone a partial user as well.
Source: https://docs.slack.dev/reference/scim-api#patch-users-id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from provcheck.mock_targets.target.flags import Behaviour
from provcheck.mock_targets.vendors.slack import slots, urns
from provcheck.mock_targets.vendors.slack.document_editor import DocumentEditor
from provcheck.mock_targets.vendors.slack.errors import SlackError
from provcheck.mock_targets.vendors.slack.filters import Filter, Term, Terms
from provcheck.mock_targets.vendors.slack.paths import Path, read_path

MAX_OPERATIONS = 10_000
Json = dict[str, Any]


class Operation(NamedTuple):
    """One operation of a PatchOp; `path` is None for one that carries an object of attributes."""

    op: str
    path: Path | None
    value: Any


def read_body(body: Any) -> Json:
    """A body that is an object with `schemas`. Raises SlackError: invalid_request_payload, missing_schema_element."""
    if not isinstance(body, dict):
        raise SlackError("invalid_request_payload")
    schemas = body.get("schemas")
    if schemas is None or schemas == [] or schemas == "":
        raise SlackError("missing_schema_element")
    if not isinstance(schemas, list):
        raise SlackError("invalid_attribute_format")
    return body


def attributes(body: Mapping[str, Any], behaviour: Behaviour) -> Iterator[tuple[str, Any]]:
    """The attributes that a body gives: neither read-only ones nor extensions that `schemas` fails to name."""
    named = set(_flat(body["schemas"])) if behaviour.needs_extension_urns else None
    for key, value in body.items():
        urn = urns.extension(key)
        if urn in (urns.GUEST, urns.PROFILE) and named is not None and urn not in named:
            continue
        if key.lower() not in ("schemas", "id", "meta", "groups"):
            yield key, value


def is_patch_op(body: Mapping[str, Any]) -> bool:
    """Whether a body of PATCH is a list of operations."""
    return "Operations" in body or "operations" in body


def removed_attributes(body: Mapping[str, Any]) -> Iterator[Path]:
    """The attributes that version 1 lists for removal in `meta.attributes`. Raises SlackError."""
    meta = body.get("meta")
    if not isinstance(meta, dict) or meta.get("attributes") is None:
        return
    if not isinstance(meta["attributes"], list):
        raise SlackError("invalid_attribute_format")
    for text in meta["attributes"]:
        yield read_path(text)


def operations(body: Mapping[str, Any]) -> Iterator[Operation]:
    """The operations of a PatchOp. Raises SlackError: invalid_request_payload."""
    listed = body.get("Operations", body.get("operations"))
    if not isinstance(listed, list) or len(listed) > MAX_OPERATIONS:
        raise SlackError("invalid_request_payload")
    for item in listed:
        if not isinstance(item, dict) or not isinstance(item.get("op"), str):
            raise SlackError("invalid_request_payload")
        op = item["op"].lower()
        if op not in ("add", "replace", "remove"):
            raise SlackError("invalid_request_payload")
        path = item.get("path")
        if path in (None, "") and (op == "remove" or not isinstance(item.get("value"), dict)):
            raise SlackError("invalid_request_payload")
        yield Operation(op, None if path in (None, "") else read_path(path), item.get("value"))


def flattened(listed: Iterator[Operation]) -> Iterator[Operation]:
    """The same, with an operation on each attribute in place of one without a path."""
    for operation in listed:
        if operation.path is None:
            for key, value in operation.value.items():
                if key.lower() not in ("schemas", "id", "meta"):
                    yield Operation(operation.op, read_path(key), value)
        else:
            yield operation


def merge_user(editor: DocumentEditor, body: Mapping[str, Any], behaviour: Behaviour) -> None:
    """Lay a partial user of version 1 over a draft. Raises SlackError."""
    put_all(editor, body, behaviour, replaces=False)
    for path in removed_attributes(body):
        editor.remove(path.name, path.sub)


def put_all(editor: DocumentEditor, body: Mapping[str, Any], behaviour: Behaviour, *, replaces: bool) -> None:
    """Set every attribute that a body gives. Raises SlackError."""
    given = dict(attributes(body, behaviour))
    low = {key.lower(): value for key, value in given.items()}
    if "username" in low or "nickname" in low:
        editor.put_names(low.get("username"), low.get("nickname"))
    for key, value in given.items():
        editor.put(key, value, replaces=replaces)


def operate_user(editor: DocumentEditor, operation: Operation) -> None:
    """Apply one operation of version 2 to a draft. Raises SlackError."""
    path, value = operation.path, operation.value
    assert path is not None
    if path.where is not None:
        _on_selected(editor, operation, path, path.where)
    elif operation.op == "remove":
        editor.remove(path.name, path.sub)
    elif path.low == "username":
        editor.put_names("" if value is None else value, None)
    elif path.low == "nickname":
        editor.put_names(None, "" if value is None else value)
    elif path.low == "name" and path.sub:
        editor.put_name_part(path.sub, value)
    elif path.sub:
        editor.put(path.name, _nested(path.sub, value), replaces=operation.op == "replace")
    else:
        editor.put(path.name, value, replaces=operation.op == "replace")


def _on_selected(editor: DocumentEditor, operation: Operation, path: Path, where: Filter) -> None:
    """An operation on some of the values of a list; a list that has no such value gets one as the filter says."""
    if path.low not in ("emails", "phonenumbers", "addresses", "roles", "photos"):
        raise SlackError("invalid_request_payload")
    key = {"phonenumbers": "phoneNumbers"}.get(path.low, path.low)
    kept = [item for item in editor.document.get(key) or () if item.get("value") or key == "addresses"]
    chosen = [item for item in kept if where.matches(_offers(item))]
    by_value = "value" in where.names()
    if not chosen and not by_value and key in ("addresses", "roles", "photos"):
        chosen = kept  # there is only one, whatever its type was
    if operation.op == "remove":
        if any(item["primary"] for item in chosen if key == "emails"):
            raise SlackError("missing_primary_email")
        if chosen:
            editor.put_list(key, [{**item, "operation": "delete"} for item in chosen], replaces=False)
    elif chosen or not by_value:
        said = operation.value if isinstance(operation.value, dict) else {path.sub or "value": operation.value}
        target = _as_sent(key, chosen[0]) if chosen else _described(where)
        editor.put_list(key, [{**target, **_only_the_value(said, key)}], replaces=False)


def _as_sent(key: str, item: Mapping[str, Any]) -> Json:
    """A kept value in the words of a request, which calls the mobile phone `work`."""
    return {**item, "type": "work"} if key == "phoneNumbers" and "primary" not in item else dict(item)


def _only_the_value(said: Mapping[str, Any], key: str) -> Json:
    """What a selected value becomes; which of the slots it is in does not change by that."""
    return {part: value for part, value in said.items() if key == "addresses" or part not in ("type", "primary")}


def _offers(item: Mapping[str, Any]) -> Any:
    def offers(name: str) -> list[str]:
        value = next((own for key, own in item.items() if key.lower() == name), None)
        if name == "primary":
            return ["true" if slots.is_true(value) else "false"]
        return [value] if isinstance(value, str) else []

    return offers


def _described(where: Filter) -> Json:
    terms = where.terms if isinstance(where, Terms) else (where,)
    said: Json = {term.name: term.value for term in terms if isinstance(term, Term) and term.operator == "eq"}
    if "primary" in said:
        said["primary"] = said["primary"] == "true"
    return said


def _nested(path: str, value: Any) -> Any:
    """`manager.managerId` and a value as an object of objects."""
    for part in reversed(path.split(".")):
        value = {part: value}
    return value


def _flat(schemas: Any) -> Iterator[str | None]:
    """The URNs in `schemas`; Slack's own Python client nests the list in itself."""
    for item in schemas if isinstance(schemas, list) else [schemas]:
        if isinstance(item, list):
            yield from _flat(item)
        elif isinstance(item, str):
            yield urns.extension(item)
