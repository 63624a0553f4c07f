"""PATCH (RFC 7644 section 3.5.2): a message becomes operations, the operations a new document and membership edits.

All or nothing: the given document is never changed, and an error anywhere leaves the caller with what it had.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import orjson

from provcheck.mock_targets.operations.membership_changes import MembershipEdit
from provcheck.mock_targets.query.attributes import Place
from provcheck.mock_targets.scim.document_editor import DocumentEditor
from provcheck.mock_targets.scim.errors import InvalidPath, InvalidSyntax, InvalidValue, NoTarget
from provcheck.mock_targets.scim.leniency import RFC, Leniency
from provcheck.mock_targets.scim.paths import (
    MISSING,
    Operation,
    PatchPath,
    UnknownAttribute,
    resolve_path,
    with_colon,
    with_quotes,
)
from provcheck.mock_targets.scim.schema import Extension, Json, ResourceSchema

PATCH_URN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
MAX_OPERATIONS = 10_000
"""Most operations one message may carry."""

_MESSAGE = frozenset({"schemas", "Operations"})
_OPERATION = frozenset({"op", "path", "value"})
_WORDS = ("add", "remove", "replace")


class PatchResult(NamedTuple):
    """What a PATCH makes: the new document (the very same object when nothing changed) and the edits, in order."""

    document: Json
    edits: tuple[MembershipEdit, ...]
    changed: bool


def patch(body: object, document: Json, schema: ResourceSchema, *, leniency: Leniency = RFC) -> PatchResult:
    """Apply a PATCH message to a document.

    Raises InvalidSyntax, InvalidPath, InvalidFilter, InvalidValue, NoTarget and Mutability. Whether members exist, or
    a unique value is free, is for the directory to say.
    """
    return apply(read_operations(body, schema, leniency=leniency), document, schema, leniency=leniency)


def apply(
    operations: Iterable[Operation], document: Json, schema: ResourceSchema, *, leniency: Leniency = RFC
) -> PatchResult:
    """Apply the operations of a message to a document. Raises what they are refused with, as `patch` does."""
    change = DocumentEditor(document, schema, leniency).carry_out(operations)
    return PatchResult(change.document, tuple(change.edits), change.document is not document)


def read_operations(body: object, schema: ResourceSchema, *, leniency: Leniency = RFC) -> list[Operation]:
    """The operations of a PATCH message; a value object without path becomes one operation for each of its keys."""
    operations: list[Operation] = []
    passed_over: list[UnknownAttribute] = []
    for item in _items(body, leniency):
        try:
            operations.extend(_read_item(item, schema, leniency))
        except UnknownAttribute as error:
            if not (error.foreign and leniency.foreign_schemas):
                raise
            passed_over.append(error)
    if passed_over and not operations:
        raise passed_over[0]  # the client would take its change for made
    return operations


def is_patch_message(body: object) -> bool:
    """Whether a body is meant as a PATCH message, and not as a partial resource."""
    return isinstance(body, dict) and any(key.lower() == "operations" for key in body)


def _items(body: object, leniency: Leniency) -> list[Any]:
    if not isinstance(body, dict):
        raise InvalidSyntax("the body is a PatchOp message, a JSON object")
    _check_words(body, _MESSAGE, leniency)
    schemas = _word(body, "schemas", leniency)
    if not leniency.loose_patch_schemas and not (isinstance(schemas, list) and PATCH_URN in schemas):
        raise InvalidSyntax(f"schemas must name {PATCH_URN}")
    items = _word(body, "Operations", leniency)
    if isinstance(items, dict) and leniency.single_for_list:
        items = [items]
    if not isinstance(items, list):
        raise InvalidSyntax("Operations is a list of operations")
    if not items and not leniency.empty_operations:
        raise InvalidSyntax("Operations holds one operation at least")
    if len(items) > MAX_OPERATIONS:
        raise InvalidSyntax(f"Operations holds more than {MAX_OPERATIONS} operations")
    return items


def _check_words(message: Mapping[str, Any], known: frozenset[str], leniency: Leniency) -> None:
    if message.keys() - known and not (leniency.ignores_unknown_attributes or leniency.any_case_keys):
        odd = next(key for key in message if key not in known)
        raise InvalidSyntax(f"a PATCH message has no {odd!r:.80}")


def _word(message: Mapping[str, Any], name: str, leniency: Leniency) -> Any:
    """The value of a word of the message, or MISSING."""
    if name in message:
        return message[name]
    if leniency.any_case_keys:
        return next((value for key, value in message.items() if key.lower() == name.lower()), MISSING)
    return MISSING


def _read_item(item: Any, schema: ResourceSchema, leniency: Leniency) -> Iterator[Operation]:
    if not isinstance(item, dict):
        raise InvalidSyntax("every operation is a JSON object")
    if not leniency.ignores_unknown_patch_members:
        _check_words(item, _OPERATION, leniency)
    op = _operation_name(_word(item, "op", leniency), leniency)
    value = _word(item, "value", leniency)
    path = _path_text(_word(item, "path", leniency), leniency)
    if path is None:
        yield from _without_path(op, value, schema, leniency)
        return
    if op == "add" and value is None:
        raise InvalidValue("add needs a value")  # null is none (RFC 7643 section 2.5)
    yield from whole_schema(Operation(op, _resolve(path, schema, leniency), value), schema, leniency)


def _operation_name(op: Any, leniency: Leniency) -> str:
    name = op.lower() if isinstance(op, str) and leniency.any_case_operations else op
    if name not in _WORDS:
        shown = f", not {op!r:.60}" if isinstance(op, str) else ""
        raise InvalidSyntax(f"op is one of add, remove and replace{shown}")
    return str(name)


def _path_text(path: Any, leniency: Leniency) -> str | None:
    if path is MISSING or path is None:
        return None
    if not isinstance(path, str):
        raise InvalidPath("the path is a string")
    if leniency.empty_path:
        return path.strip().removeprefix("/") or None
    if not path:
        raise InvalidPath("the path is empty")
    return path


def _resolve(path: str, schema: ResourceSchema, leniency: Leniency) -> PatchPath:
    """The meaning of a path. Raises UnknownAttribute and other refusals."""
    if leniency.loose_quotes and "[" in path and '"' not in path:
        path = with_quotes(path)
    if leniency.dotted_extension_paths:
        path = with_colon(path, schema)
    return resolve_path(path, schema)


def _without_path(op: str, value: Any, schema: ResourceSchema, leniency: Leniency) -> Iterator[Operation]:
    if op == "remove":
        raise NoTarget("remove needs a path")
    if value is MISSING:
        raise InvalidValue(f"{op} needs a value")
    yield from by_key(op, None, _value_object(value, leniency), schema, leniency)


def _value_object(value: Any, leniency: Leniency) -> Mapping[str, Any]:
    if isinstance(value, str) and leniency.json_string_values:
        try:
            value = orjson.loads(value)
        except ValueError:
            raise InvalidValue("the value is a string but not JSON") from None
    if isinstance(value, list) and len(value) == 1 and leniency.list_for_single:
        value = value[0]
    if not isinstance(value, dict):
        raise InvalidValue("an operation without path takes an object of attributes")
    return value


def by_key(
    op: str,
    extension: Extension | None,
    value: Mapping[str, Any],
    schema: ResourceSchema,
    leniency: Leniency,
    *,
    nested: bool = False,
) -> Iterator[Operation]:
    """One operation for each key of a value object, in the core schema or in an extension. Raises InvalidPath."""
    table = extension.table if extension else schema.table
    container = extension.urn if extension else None
    for key, item in value.items():
        if extension is not None and key.lower() == "schemas":
            continue  # clients that keep extensions as resources say it again in here
        attribute = table.get(key) or table.get(key.lower())
        if attribute is not None:
            yield Operation(op, PatchPath(attribute.path, Place(container, attribute, None)), item)
            continue
        text = f"{container}:{key}" if container else key
        if leniency.dotted_keys or (extension is None and schema.extension(key) is not None):
            try:
                resolved = _resolve(text, schema, leniency)
            except UnknownAttribute as error:
                if leniency.ignores_unknown_attributes or (error.foreign and leniency.foreign_schemas):
                    continue
                raise
            if nested and resolved.place.attribute is None:
                raise InvalidPath(f"{text!r:.100} is a whole schema inside a schema")
            yield from whole_schema(Operation(op, resolved, item), schema, leniency)
        elif not _is_passed_over(key, leniency):
            raise InvalidPath(f"a {schema.kind} has no attribute {text!r:.100}")


def _is_passed_over(key: str, leniency: Leniency) -> bool:
    return leniency.ignores_unknown_attributes or (leniency.foreign_schemas and key[:4].lower() == "urn:")


def whole_schema(operation: Operation, schema: ResourceSchema, leniency: Leniency) -> Iterator[Operation]:
    """An operation on a whole extension (or on the core URN) becomes one for each attribute it names.

    Raises NoTarget, InvalidPath and InvalidValue.
    """
    place = operation.path.place
    if place.attribute is not None:
        yield operation
        return
    extension = schema.extension(place.container) if place.container else None
    if operation.op == "remove" or operation.value is None:
        if extension is None:
            raise NoTarget("a whole resource cannot be removed by PATCH")
        for row in sorted(extension.attributes, key=lambda row: row.required):  # what it requires goes last
            if row.mutability != "readOnly":
                yield Operation("remove", PatchPath(row.path, Place(extension.urn, row, None)), MISSING)
    elif isinstance(operation.value, dict):
        yield from by_key(operation.op, extension, operation.value, schema, leniency, nested=True)
    else:
        raise InvalidValue(f"{operation.path.text} takes an object of attributes")
