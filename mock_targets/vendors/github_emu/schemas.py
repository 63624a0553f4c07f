"""What GitHub knows of a user and of a group: a part of the core schemas, with requirements of its own.

Attributes that are not here are passed over without a word. Source: docs.github.com, rest/enterprise-admin/scim.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from provcheck.mock_targets.query.attributes import Attribute, table_of
from provcheck.mock_targets.scim.catalog import GROUP_URN, USER_URN
from provcheck.mock_targets.scim.leniency import Leniency
from provcheck.mock_targets.scim.schema import ResourceSchema
from provcheck.mock_targets.target.flags import Behaviour

_OBSERVED = {"userName", "externalId", "emails", "emails.value", "roles.value"}
_DOCUMENTED = _OBSERVED | {
    "active",
    "displayName",
    "name.givenName",
    "name.familyName",
    "emails.type",
    "emails.primary",
}
_REQUIRED: Mapping[str, set[str]] = {
    "observed": _OBSERVED,
    "documented": _DOCUMENTED,
    "relaxed": {"userName", "emails.value", "roles.value"},
    "organization": {"userName", "emails", "emails.value", "name", "name.givenName", "name.familyName"},
}
"""Which attributes must be there. `relaxed` is for resources that were planted without some of them."""

_LOWER_CASE = Leniency(
    string_booleans=True,
    dotted_keys=True,
    creates_missing_values=True,
    remove_with_value=True,
    remove_absent=True,
    ignores_read_only=True,
    ignores_unknown_attributes=True,
    member_extras=True,
    foreign_schemas=True,
)
_ANY_CASE = replace(_LOWER_CASE, any_case_operations=True)
ORGANIZATION_TOLERANCE = replace(_ANY_CASE, missing_schemas=True, loose_patch_schemas=True)
"""Organization SCIM asks for no `schemas`: its API description leaves them optional."""


def leniency_of(behaviour: Behaviour) -> Leniency:
    """What the enterprise accepts beyond the RFC at this moment."""
    return _ANY_CASE if behaviour.accepts_capital_operations else _LOWER_CASE


@cache
def user_schema(required: str = "observed", *, writes_groups: bool = False) -> ResourceSchema:
    """A user of an enterprise. `required` is a rule of `required_attributes`, `relaxed` or `organization`."""
    must = _REQUIRED[required]
    rows = (
        *_common(must, "externalId"),
        _row("userName", must),
        _row("active", must, type="boolean"),
        _row("displayName", must),
        _complex("name", must, _texts("name", must, "givenName", "familyName", "middleName", "formatted")),
        _complex("emails", must, _texts("emails", must, "value", "type") + _primary("emails", must), many=True),
        _complex("roles", must, _texts("roles", must, "value", "display", "type") + _primary("roles", must), many=True),
        _membership("groups", writable=writes_groups),
    )
    return _schema("User", USER_URN, rows, "groups", writable=writes_groups)


@cache
def group_schema(required: str = "observed", *, writes_members: bool = True) -> ResourceSchema:
    """A group of an enterprise. `required` is a rule of `required_attributes`, or `relaxed`."""
    rows = (
        *_common(_REQUIRED[required], "externalId"),
        _row("displayName", {"displayName"}),
        _membership("members", writable=writes_members),
    )
    return _schema("Group", GROUP_URN, rows, "members", writable=writes_members)


def _schema(kind: str, urn: str, rows: Iterable[Attribute], membership: str, *, writable: bool) -> ResourceSchema:
    attributes = tuple(rows)
    return ResourceSchema(
        kind=kind,
        urn=urn,
        endpoint=f"/{kind}s",
        attributes=attributes,
        table=table_of(attributes),
        extensions=(),
        extension_table={},
        membership=membership,
        relation=membership if writable else None,
    )


def _common(must: set[str], *names: str) -> tuple[Attribute, ...]:
    read_only: dict[str, Any] = {"mutability": "readOnly"}
    return (
        Attribute("schemas", "schemas", "reference", multi_valued=True, required=True),
        Attribute("id", "id", case_exact=True, **read_only),
        Attribute("meta", "meta", "complex", **read_only),
        *(replace(_row(name, must), case_exact=True) for name in names),
    )


def _row(path: str, must: set[str], **rest: Any) -> Attribute:
    return Attribute(path.rpartition(".")[2], path, required=path in must, **rest)


def _texts(parent: str, must: set[str], *names: str) -> tuple[Attribute, ...]:
    return tuple(_row(f"{parent}.{name}", must) for name in names)


def _primary(parent: str, must: set[str]) -> tuple[Attribute, ...]:
    return (_row(f"{parent}.primary", must, type="boolean"),)


def _complex(name: str, must: set[str], subs: tuple[Attribute, ...], *, many: bool = False) -> Attribute:
    return _row(name, must, type="complex", multi_valued=many, sub_attributes=subs, subs=table_of(subs))


def _membership(name: str, *, writable: bool) -> Attribute:
    subs = (
        Attribute("value", f"{name}.value", case_exact=True, mutability="immutable"),
        Attribute("$ref", f"{name}.$ref", "reference", mutability="immutable"),
    )
    mutability = "readWrite" if writable else "readOnly"
    return _complex_of(name, subs, mutability)


def _complex_of(name: str, subs: tuple[Attribute, ...], mutability: str) -> Attribute:
    return Attribute(
        name, name, "complex", multi_valued=True, mutability=mutability, sub_attributes=subs, subs=table_of(subs)
    )
