"""SCIM 1.1 over the same documents: bodies, filters and errors translated at the edge.

Inside there is only the 2.0 form. In 1.1 a User and a Group share one URN, a manager is a `managerId`, and a PATCH is
a partial resource in which `meta.attributes` and `"operation": "delete"` take things away (SCIM 1.1 section 3.3.2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from provcheck.mock_targets.scim.catalog import ENTERPRISE_URN
from provcheck.mock_targets.scim.errors import InvalidSyntax, InvalidValue
from provcheck.mock_targets.scim.leniency import RFC, Leniency
from provcheck.mock_targets.scim.patch import PatchResult, apply, by_key, whole_schema
from provcheck.mock_targets.scim.paths import MISSING, Operation, PatchPath, UnknownAttribute, resolve_path
from provcheck.mock_targets.scim.schema import Json, ResourceSchema, requalified
from provcheck.mock_targets.scim.validate import Incoming, read_resource

CORE_URN = "urn:scim:schemas:core:1.0"
ENTERPRISE_1_URN = "urn:scim:schemas:extension:enterprise:1.0"


def resource_from_1(
    body: object, schema: ResourceSchema, *, current: Mapping[str, Any] | None = None, leniency: Leniency = RFC
) -> Incoming:
    """Read a 1.1 resource for a create or a replace. Raises what `read_resource` raises."""
    if not isinstance(body, dict):
        raise InvalidSyntax(f"the body is a {schema.kind}, a JSON object")
    return read_resource(body_from_1(body, schema), schema, current=current, leniency=leniency)


def body_from_1(body: Mapping[str, Any], schema: ResourceSchema) -> Json:
    """A 1.1 resource in the words of 2.0. Raises InvalidSyntax for one that speaks 2.0 already."""
    lower = {key.lower(): key for key in body}
    new = {_key_from_1(key): value for key, value in body.items()}
    urns = body.get(lower.get("schemas", "schemas"))
    if isinstance(urns, list):
        new["schemas"] = [_urn_from_1(urn, schema) for urn in urns]
    enterprise = new.get(ENTERPRISE_URN)
    if isinstance(enterprise, dict):
        new[ENTERPRISE_URN] = {key: _manager_from_1(key, value) for key, value in enterprise.items()}
    return new


def under_urns(urns: Mapping[str, str]) -> Callable[[Json], Json]:
    """Puts a rendered resource under other URNs (each by the one it stands for), as `schemas` and as keys."""

    def renamed(resource: Json) -> Json:
        named = {urns.get(key, key): value for key, value in resource.items()}
        return named | {"schemas": [urns.get(urn, urn) for urn in resource["schemas"]]}

    return renamed


def resource_to_1(resource: Mapping[str, Any]) -> Json:
    """A rendered 2.0 resource in the words of 1.1."""
    new: Json = {}
    for key, value in resource.items():
        if key == "schemas":
            new[key] = [_urn_to_1(urn) for urn in value]
        elif key == ENTERPRISE_URN:
            new[ENTERPRISE_1_URN] = {name: _manager_to_1(name, part) for name, part in value.items()}
        elif key == "meta":
            new[key] = {name: part for name, part in value.items() if name != "resourceType"}
        elif isinstance(value, list):
            new[key] = [_without_ref(item) for item in value]
        else:
            new[key] = value
    return new


def patch_from_1(body: object, document: Json, schema: ResourceSchema, *, leniency: Leniency = RFC) -> PatchResult:
    """Apply a 1.1 PATCH: what `meta.attributes` lists goes first, then the rest of the body is merged in.

    Raises what `patch` raises; the document given stays as it is.
    """
    if not isinstance(body, dict):
        raise InvalidSyntax(f"the body is a partial {schema.kind}, a JSON object")
    lenient = replace(leniency, remove_absent=True, remove_with_value=True, ignores_read_only=True, dotted_keys=True)
    operations = partial_operations(body_from_1(body, schema), schema, lenient, rename=attribute_from_1)
    return apply(operations, document, schema, leniency=lenient)


def partial_operations(
    body: Mapping[str, Any],
    schema: ResourceSchema,
    leniency: Leniency,
    *,
    rename: Callable[[str, ResourceSchema], str] | None = None,
) -> Iterator[Operation]:
    """A partial resource (SCIM 1.1 section 3.3.2) as operations: what takes things away comes first.

    `rename` turns the names in `meta.attributes` into those of the schema. Raises InvalidPath and InvalidValue.
    """
    for name in _removed_names(body):
        path = _path(name if rename is None else rename(name, schema), schema, leniency)
        if path is not None:
            yield from whole_schema(Operation("remove", path, MISSING), schema, leniency)
    given = {key: value for key, value in body.items() if key.lower() not in ("schemas", "meta")}
    for operation in by_key("replace", None, given, schema, leniency):
        yield from _merged(operation, schema, leniency)


def attribute_from_1(path: str, schema: ResourceSchema) -> str:
    """An attribute path of 1.1 (in `attributes`, `sortBy`, a filter) in the words of 2.0."""
    path = requalified(path, {ENTERPRISE_1_URN: ENTERPRISE_URN, CORE_URN: schema.urn})
    head, dot, sub = path.rpartition(".")
    return f"{head}.value" if dot and sub.lower() == "managerid" else path


def error_body(status: int, detail: str) -> Json:
    """The body of an error in 1.1 (section 3.9)."""
    return {"Errors": [{"description": detail, "code": str(status)}]}


def _key_from_1(key: str) -> str:
    if key.lower() == ENTERPRISE_URN.lower():
        raise InvalidSyntax(f"{ENTERPRISE_URN} belongs to SCIM 2.0; here it is {ENTERPRISE_1_URN}")
    return ENTERPRISE_URN if key.lower() == ENTERPRISE_1_URN else key


def _urn_from_1(urn: Any, schema: ResourceSchema) -> Any:
    if not isinstance(urn, str):
        return urn
    if urn.lower() in (schema.urn.lower(), ENTERPRISE_URN.lower()):
        raise InvalidSyntax(f"{urn} belongs to SCIM 2.0; here it is {_urn_to_1(urn)}")
    return {CORE_URN: schema.urn, ENTERPRISE_1_URN: ENTERPRISE_URN}.get(urn.lower(), urn)


def _urn_to_1(urn: str) -> str:
    if urn == ENTERPRISE_URN:
        return ENTERPRISE_1_URN
    return CORE_URN if urn.startswith("urn:ietf:params:scim:schemas:core:2.0:") else urn


def _manager_from_1(key: str, value: Any) -> Any:
    if key.lower() != "manager" or not isinstance(value, dict):
        return value
    return {("value" if name.lower() == "managerid" else name): part for name, part in value.items()}


def _manager_to_1(key: str, value: Any) -> Any:
    if key != "manager":
        return value
    return {("managerId" if name == "value" else name): part for name, part in value.items() if name != "$ref"}


def _without_ref(item: Any) -> Any:
    return {name: part for name, part in item.items() if name != "$ref"} if isinstance(item, dict) else item


def _removed_names(body: Mapping[str, Any]) -> list[str]:
    meta = next((value for key, value in body.items() if key.lower() == "meta"), None)
    if not isinstance(meta, dict):
        return []
    names = next((value for key, value in meta.items() if key.lower() == "attributes"), None)
    if names is None:
        return []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InvalidValue("meta.attributes is a list of attribute names")
    return names


def _path(name: str, schema: ResourceSchema, leniency: Leniency) -> PatchPath | None:
    try:
        return resolve_path(name, schema)
    except UnknownAttribute:
        if leniency.ignores_unknown_attributes:
            return None
        raise


def _merged(operation: Operation, schema: ResourceSchema, leniency: Leniency) -> Iterator[Operation]:
    """A list is merged into the one that is there; its entries may ask for their own removal."""
    attribute, value = operation.path.place.attribute, operation.value
    if attribute is None:  # a whole extension: what it holds was taken apart before
        yield operation
        return
    if isinstance(value, dict) and leniency.single_for_list:
        value = [value]
    if not attribute.multi_valued or not isinstance(value, list) or attribute.type != "complex":
        yield operation
        return
    gone = [_plain_part(item) for item in value if _is_deletion(item)]
    kept = [_plain_part(item) for item in value if not _is_deletion(item)]
    if gone and attribute.name == schema.relation:
        gone = [{name: part for name, part in item.items() if name.lower() == "value"} for item in gone]
    if gone:
        yield Operation("remove", operation.path, gone)
    if kept:
        yield Operation("add", operation.path, kept)


def _is_deletion(item: Any) -> bool:
    if not isinstance(item, dict):
        return False
    operation = next((part for name, part in item.items() if name.lower() == "operation"), None)
    return isinstance(operation, str) and operation.lower() == "delete"


def _plain_part(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    return {name: part for name, part in item.items() if name.lower() != "operation"}
