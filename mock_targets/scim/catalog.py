"""The schemas a server offers: the standard ones and extensions loaded from files, with the documents that show them.

A schema is read from its own document (RFC 7643 section 7), standard or not, so what is served is what is enforced.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from scim2_models import EnterpriseUser, Group, User

from provcheck.mock_targets.http.errors import BadJson
from provcheck.mock_targets.http.json import read_file
from provcheck.mock_targets.query.attributes import Attribute, table_of
from provcheck.mock_targets.scim.schema import RFC_SPELLING, Extension, Json, ResourceSchema, Spelling
from provcheck.mock_targets.target.target import BadSchema as BadSchema

USER_URN = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP_URN = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE_URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SCHEMA_URN = "urn:ietf:params:scim:schemas:core:2.0:Schema"
RESOURCE_TYPE_URN = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"

_NAME = re.compile(r"\$?[A-Za-z][A-Za-z0-9$_-]*")
_URN = re.compile(r"urn:[A-Za-z0-9][A-Za-z0-9-]*(:[A-Za-z0-9][A-Za-z0-9._-]*)+", re.IGNORECASE)
_CHOICES = {
    "type": ("string", "boolean", "decimal", "integer", "dateTime", "reference", "binary", "complex"),
    "mutability": ("readWrite", "readOnly", "immutable", "writeOnly"),
    "returned": ("default", "always", "never", "request"),
    "uniqueness": ("none", "server", "global"),
}
_DESCRIPTIONS = {USER_URN: "User Account", GROUP_URN: "Group", ENTERPRISE_URN: "Enterprise User"}
"""As RFC 7643 section 8.7.1 has them."""
_READ_ONLY = {"mutability": "readOnly"}
_NO_CHANGES: Mapping[str, Json] = {}
_FLAGS = ("multiValued", "required", "caseExact")
_PLAIN_ROW: Json = {
    "type": "string",
    "multiValued": False,
    "description": "",
    "required": False,
    "caseExact": False,
    "mutability": "readWrite",
    "returned": "default",
    "uniqueness": "none",
}
_COMMON: list[Json] = [
    {"name": "schemas", "type": "reference", "multiValued": True, "required": True, "returned": "always"},
    {"name": "id", "caseExact": True, "mutability": "readOnly", "returned": "always", "uniqueness": "server"},
    {"name": "externalId", "caseExact": True},
    {
        "name": "meta",
        "type": "complex",
        "mutability": "readOnly",
        "subAttributes": [
            {"name": "resourceType", "caseExact": True, "mutability": "readOnly"},
            {"name": "created", "type": "dateTime", "mutability": "readOnly"},
            {"name": "lastModified", "type": "dateTime", "mutability": "readOnly"},
            {"name": "location", "type": "reference", "caseExact": True, "mutability": "readOnly"},
            {"name": "version", "caseExact": True, "mutability": "readOnly"},
        ],
    },
]


@dataclass(frozen=True, slots=True)
class CustomExtension:
    """An extension schema for one kind of resource (`User` or `Group`)."""

    kind: str
    document: Json
    required: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Catalog:
    """The resource schemas of a server by kind, and the documents for /Schemas and /ResourceTypes (without `meta`)."""

    schemas: Mapping[str, ResourceSchema]
    schema_documents: Mapping[str, Json] = field(default_factory=dict)
    resource_type_documents: Mapping[str, Json] = field(default_factory=dict)

    @property
    def user(self) -> ResourceSchema:
        """The schema of users."""
        return self.schemas["User"]

    @property
    def group(self) -> ResourceSchema:
        """The schema of groups."""
        return self.schemas["Group"]


def make_catalog(*, membership_style: str = "group", extensions: Iterable[CustomExtension] = ()) -> Catalog:
    """Compile the standard schemas and the given extensions.

    `membership_style` says where memberships are written: `group`, `user` or `none`. Raises BadSchema.
    """
    documents = _standard_documents()
    _show_style(documents, membership_style)
    attached: dict[str, list[CustomExtension]] = {
        "User": [CustomExtension("User", documents[ENTERPRISE_URN])],
        "Group": [],
    }
    for extension in extensions:
        if extension.kind not in attached:
            raise BadSchema(f"there is no resource type {extension.kind!r} to extend")
        check_schema_document(extension.document)
        if extension.document["id"].lower() in {urn.lower() for urn in documents}:
            raise BadSchema(f"the schema {extension.document['id']} is there already")
        documents[extension.document["id"]] = extension.document
        attached[extension.kind].append(extension)
    kinds = (("User", USER_URN, "groups", "user"), ("Group", GROUP_URN, "members", "group"))
    schemas = {}
    for kind, urn, membership, style in kinds:
        relation = membership if style == membership_style else None
        schemas[kind] = _compile(kind, documents[urn], attached[kind], membership=membership, relation=relation)
    types = {kind: _resource_type(schema, documents[schema.urn]) for kind, schema in schemas.items()}
    shown = {urn: {"schemas": [SCHEMA_URN], **document} for urn, document in documents.items()}
    return Catalog(schemas, shown, types)


def core_part(
    urn: str,
    names: str,
    required: Collection[str] = (),
    changes: Mapping[str, Json] = _NO_CHANGES,
    more: Iterable[Json] = (),
) -> Json:
    """The document of a vendor's schema that is a part of a core schema, in the order of the vendor.

    `names` are the attributes with blanks between, with sub-attributes behind a dot (`userName emails.value,type`).
    `required` are the paths of those that must be there, `changes` what is otherwise than in RFC 7643, and `more` the
    rows that it does not have.
    """

    def row(known: Json, path: str) -> Json:
        own = {**_PLAIN_ROW, **known, "required": path in required, **changes.get(path, {})}
        return {key: value for key, value in own.items() if key != "subAttributes"}

    document = _standard_documents()[urn]
    core = {each["name"]: each for each in (*_COMMON, *document["attributes"])}
    rows: dict[str, Json] = {}
    for each in names.split():
        name, _, parts = each.partition(".")
        rows[name] = row(core[name], name)
        if parts:
            subs = {sub["name"]: sub for sub in core[name]["subAttributes"]}
            rows[name]["subAttributes"] = [row(subs[part], f"{name}.{part}") for part in parts.split(",")]
    return {**document, "attributes": [*rows.values(), *more]}


def catalog_of(
    user: Json,
    group: Json,
    extensions: Iterable[CustomExtension] = (),
    *,
    spelling: Spelling = RFC_SPELLING,
    membership_style: str | None = None,
) -> Catalog:
    """The catalog of a vendor's own schemas, given as documents (RFC 7643 section 7).

    Without a `membership_style` memberships can be written from both sides: whether they may is the dialect's to say.
    """
    listed = tuple(extensions)
    schemas, types = {}, {}
    for kind, document, membership in (("User", user, "groups"), ("Group", group, "members")):
        attached = [extension for extension in listed if extension.kind == kind]
        relation = membership if membership_style in (None, kind.lower()) else None
        if relation is None:
            rows = [row | _READ_ONLY if row["name"] == membership else row for row in document["attributes"]]
            document = {**document, "attributes": rows}
        schema = _compile(kind, document, attached, membership=membership, relation=relation)
        schemas[kind] = _spelt(schema, spelling)
        types[kind] = _resource_type(schema, document)
    documents = (user, group, *(extension.document for extension in listed))
    return Catalog(schemas, {document["id"]: {"schemas": [SCHEMA_URN], **document} for document in documents}, types)


def _spelt(schema: ResourceSchema, spelling: Spelling) -> ResourceSchema:
    """The schema, found by other names as well."""
    names = {other: schema.table[own] for other, own in spelling.aliases.items() if own in schema.table}
    own = schema.extension_table
    urns = {other: own[urn] for other, urn in spelling.urns.items() if urn is not None and urn in own}
    return replace(schema, table={**schema.table, **names}, extension_table={**own, **urns}, spelling=spelling)


@cache
def standard_catalog(membership_style: str = "group") -> Catalog:
    """The catalog without custom extensions; made once for each style."""
    return make_catalog(membership_style=membership_style)


def load_extension(path: Path, *, kind: str = "User", required: bool = False) -> CustomExtension:
    """Read an extension schema from a JSON file that holds one schema resource. Raises BadSchema."""
    try:
        document = read_file(path)
    except BadJson as error:
        raise BadSchema(error.detail) from None
    try:
        check_schema_document(document)
    except BadSchema as error:
        raise BadSchema(f"{path}: {error}") from None
    return CustomExtension(kind, document, required)


def check_schema_document(document: object) -> None:
    """Raise BadSchema unless this is a usable schema resource (RFC 7643 section 7)."""
    if not isinstance(document, dict):
        raise BadSchema("a schema is a JSON object")
    urn = document.get("id")
    if not isinstance(urn, str) or not _URN.fullmatch(urn):
        raise BadSchema(f"'id' must be the URN of the schema, not {urn!r:.100}")
    if not isinstance(document.get("name", ""), str):
        raise BadSchema("'name' must be a string")
    _check_attributes(document.get("attributes"), urn, nested=False)


def _check_attributes(rows: object, where: str, *, nested: bool) -> None:
    if not isinstance(rows, list) or not rows:
        raise BadSchema(f"{where}: the attributes must be a list that is not empty")
    seen: set[str] = set()
    for row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("name"), str) or not _NAME.fullmatch(row["name"]):
            raise BadSchema(f"{where}: every attribute is an object with a 'name' (letters, digits, $ - _)")
        name = row["name"]
        if name.lower() in seen:
            raise BadSchema(f"{where}: {name} is there twice")
        seen.add(name.lower())
        _check_row(row, f"{where}:{name}", nested=nested)


def _check_row(row: Json, where: str, *, nested: bool) -> None:
    for key, choices in _CHOICES.items():
        if row.get(key, choices[0]) not in choices:
            raise BadSchema(f"{where}: {key!r} must be one of {', '.join(choices)}")
    for key in _FLAGS:
        if not isinstance(row.get(key, False), bool):
            raise BadSchema(f"{where}: {key!r} must be true or false")
    for key in ("canonicalValues", "referenceTypes"):
        values = row.get(key) or []
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise BadSchema(f"{where}: {key!r} must be a list of strings")
    if row.get("type") == "complex":
        if nested:
            raise BadSchema(f"{where}: a sub-attribute cannot be complex (RFC 7643 section 2.3.8)")
        _check_attributes(row.get("subAttributes"), where, nested=True)


def _standard_documents() -> dict[str, Json]:
    documents = {urn: deepcopy(document) for urn, document in _model_documents().items()}
    for urn, description in _DESCRIPTIONS.items():
        documents[urn]["description"] = description
    manager = next(row for row in documents[ENTERPRISE_URN]["attributes"] if row["name"] == "manager")
    for sub in manager["subAttributes"]:
        sub["required"] = False  # as the schema of RFC 7643 section 8.7.1 has it: a server fills in $ref itself
    return documents


@cache
def _model_documents() -> dict[str, Json]:
    models: tuple[Any, ...] = (User, Group, EnterpriseUser)
    dumps = [model.to_schema().model_dump() for model in models]
    for dump in dumps:
        _unwrap(dump["attributes"])
    return {dump["id"]: {key: value for key, value in dump.items() if key != "schemas"} for dump in dumps}


def _unwrap(rows: Iterable[Json]) -> None:
    """Take the line breaks of the RFC's page layout out of the descriptions."""
    for row in rows:
        row["description"] = " ".join((row.get("description") or "").split())
        _unwrap(row.get("subAttributes") or ())


def _show_style(documents: dict[str, Json], style: str) -> None:
    """Let the served schemas say from which side memberships are written."""
    if style not in ("group", "user", "none"):
        raise ValueError(f"there is no membership style {style!r}")
    for urn, name, own in ((USER_URN, "groups", "user"), (GROUP_URN, "members", "group")):
        row = next(row for row in documents[urn]["attributes"] if row["name"] == name)
        row["mutability"] = "readWrite" if style == own else "readOnly"
        for sub in row["subAttributes"]:
            if style != own:
                sub["mutability"] = "readOnly"
            elif sub["name"] != "display" or own == "group":
                sub["mutability"] = "immutable"  # RFC 7643 section 4.2; `groups.display` is read-only by section 8.7.1


def _compile(
    kind: str, document: Json, attached: list[CustomExtension], *, membership: str, relation: str | None
) -> ResourceSchema:
    attributes = tuple(_attribute(row) for row in (*_COMMON, *document["attributes"]))
    extensions = tuple(_extension(custom) for custom in attached)
    return ResourceSchema(
        kind=kind,
        urn=document["id"],
        endpoint=f"/{kind}s",
        attributes=attributes,
        table=table_of(attributes),
        extensions=extensions,
        extension_table={
            spelling: extension for extension in extensions for spelling in (extension.urn, extension.urn.lower())
        },
        membership=membership,
        relation=relation,
    )


def attributes_of(custom: CustomExtension) -> tuple[Attribute, ...]:
    """The attributes of an extension, compiled."""
    return tuple(_attribute(row, prefix=f"{custom.document['id']}:") for row in custom.document["attributes"])


def _extension(custom: CustomExtension) -> Extension:
    rows = attributes_of(custom)
    return Extension(custom.document["id"], custom.required, rows, table_of(rows))


def _attribute(row: Json, *, prefix: str = "") -> Attribute:
    path = prefix + row["name"]
    subs = tuple(_attribute(sub, prefix=path + ".") for sub in row.get("subAttributes") or ())
    return Attribute(
        name=row["name"],
        path=path,
        type=row.get("type", "string"),
        multi_valued=row.get("multiValued", False),
        required=row.get("required", False),
        case_exact=row.get("caseExact", False),
        mutability=row.get("mutability", "readWrite"),
        returned=row.get("returned", "default"),
        uniqueness=row.get("uniqueness", "none"),
        canonical_values=tuple(row.get("canonicalValues") or ()),
        reference_types=tuple(row.get("referenceTypes") or ()),
        sub_attributes=subs,
        subs=table_of(subs),
    )


def _resource_type(schema: ResourceSchema, document: Json) -> Json:
    resource_type: Json = {
        "schemas": [RESOURCE_TYPE_URN],
        "id": schema.kind,
        "name": schema.kind,
        "endpoint": schema.endpoint,
        "description": document.get("description") or schema.kind,
        "schema": schema.urn,
    }
    if schema.extensions:
        resource_type["schemaExtensions"] = [
            {"schema": extension.urn, "required": extension.required} for extension in schema.extensions
        ]
    return resource_type
