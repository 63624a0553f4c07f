"""A whole resource from a client, for create and replace: checked against the schema and made canonical.

What comes out is a document: canonical names, no `id`, no `meta`, no memberships. The body is never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from provcheck.mock_targets.operations.membership_changes import Member, MembershipEdit
from provcheck.mock_targets.operations.write_service import Change
from provcheck.mock_targets.query.attributes import Attribute
from provcheck.mock_targets.query.text import is_plain, shared
from provcheck.mock_targets.scim.errors import InvalidSyntax, InvalidValue, Mutability
from provcheck.mock_targets.scim.leniency import RFC, Leniency
from provcheck.mock_targets.scim.membership import read_members
from provcheck.mock_targets.scim.schema import Extension, Json, ResourceSchema
from provcheck.mock_targets.scim.values import read_value


class Incoming(NamedTuple):
    """What a body says: the document, and the memberships (None: the body does not speak of them)."""

    document: Json
    members: tuple[Member, ...] | None

    def change(self, *, empties: bool) -> Change:
        """The change that the body asks for; with `empties`, a body without memberships ends all of them."""
        if self.members is None and not empties:
            return Change(self.document)
        return Change(self.document, (MembershipEdit("replace", self.members or ()),))


def read_resource(
    body: object, schema: ResourceSchema, *, current: Mapping[str, Any] | None = None, leniency: Leniency = RFC
) -> Incoming:
    """Read the body of a create, or of a replace of `current`.

    Read-only attributes are passed over (RFC 7644 section 3.3). Raises InvalidSyntax, InvalidValue and Mutability.
    """
    if not isinstance(body, dict):
        raise InvalidSyntax(f"the body is a {schema.kind}, a JSON object")
    document: Json = {"schemas": [schema.urn]}
    members, urns = None, None
    for key, value in body.items():
        attribute = schema.table.get(key) or schema.table.get(key.lower())
        if attribute is not None and attribute.is_open_text and is_plain(value) and attribute.name not in document:
            document[attribute.name] = shared(value)
        elif attribute is None:
            _read_extension(document, schema, key, value, leniency)
        elif attribute.name == "schemas":
            urns = value
        elif attribute.name == schema.relation:
            members = read_members(attribute, value, leniency)
        elif attribute.mutability != "readOnly":
            if attribute.name in document:
                raise InvalidSyntax(f"{attribute.name} is given twice")
            read = read_value(attribute, value, leniency)
            if read is not None:
                document[attribute.name] = read
    _check_schemas(urns, schema, leniency)
    if current is not None:
        _keep_what_may_not_change(document, current, schema)
    check_document(document, schema)
    return Incoming(with_schemas(document, schema), members)


def with_schemas(document: Json, schema: ResourceSchema) -> Json:
    """Let `schemas` name the core schema and the extensions that are there; changes the given document."""
    document["schemas"] = _urns(schema.urn, *(key for key in document if ":" in key))
    return document


@lru_cache(maxsize=1024)
def _urns(*urns: str) -> list[str]:
    """One list for all documents that have the same schemas; documents are never changed in place."""
    return list(urns)


def check_document(document: Mapping[str, Any], schema: ResourceSchema) -> None:
    """Raise InvalidValue when a required attribute or extension is missing."""
    _check_required(schema.needed, document)
    for extension in schema.extensions:
        own = document.get(extension.urn)
        if own is not None:
            _check_required(extension.needed, own)
        elif extension.required:
            raise InvalidValue(f"the extension {extension.urn} is required")


def check_urns(urns: object, schema: ResourceSchema, leniency: Leniency) -> set[str]:
    """The URNs of a `schemas` attribute in lower case. Raises InvalidSyntax for one that no schema has."""
    if isinstance(urns, str) and leniency.single_for_list:
        urns = [urns]
    if not isinstance(urns, list) or not all(isinstance(urn, str) for urn in urns):
        raise InvalidSyntax("schemas is a list of URNs")
    named = {urn.lower() for urn in urns}
    if not leniency.foreign_schemas:
        for urn in urns:
            if urn.lower() != schema.urn.lower() and schema.extension(urn) is None:
                raise InvalidSyntax(f"there is no schema {urn!r:.100} for a {schema.kind}")
    return named


def _check_schemas(urns: object, schema: ResourceSchema, leniency: Leniency) -> None:
    if type(urns) is list and schema.urn in urns and _are_canonical(urns, schema):
        return
    if urns is None or urns == []:
        if leniency.missing_schemas:
            return
        raise InvalidSyntax("schemas is required")
    if schema.urn.lower() not in check_urns(urns, schema, leniency) and not leniency.missing_schemas:
        raise InvalidSyntax(f"schemas must name {schema.urn}")


def _are_canonical(urns: list[Any], schema: ResourceSchema) -> bool:
    """Whether the URNs are those of the schema, written as there: what most clients send."""
    return all(type(urn) is str and urn in schema.urns for urn in urns)


def _read_extension(document: Json, schema: ResourceSchema, key: str, value: Any, leniency: Leniency) -> None:
    extension = schema.extension(key)
    if extension is None:
        foreign = key[:4].lower() == "urn:"
        if leniency.ignores_unknown_attributes or (foreign and leniency.foreign_schemas):
            return
        raise InvalidSyntax(f"a {schema.kind} has no attribute {key!r:.100}")
    if extension.urn in document:
        raise InvalidSyntax(f"{extension.urn} is given twice")
    if value is None:
        return
    if not isinstance(value, dict):
        raise InvalidValue(f"{extension.urn} is an object")
    read = _extension_values(extension, value, leniency)
    if read:
        document[extension.urn] = read


def _extension_values(extension: Extension, value: Mapping[str, Any], leniency: Leniency) -> Json:
    read: Json = {}
    for key, item in value.items():
        attribute = extension.table.get(key) or extension.table.get(key.lower())
        if attribute is None:
            if leniency.ignores_unknown_attributes:
                continue
            raise InvalidSyntax(f"{extension.urn} has no attribute {key!r:.100}")
        if attribute.is_open_text and is_plain(item) and attribute.name not in read:
            read[attribute.name] = shared(item)
            continue
        if attribute.mutability == "readOnly":
            continue
        if attribute.name in read:
            raise InvalidSyntax(f"{attribute.path} is given twice")
        own = read_value(attribute, item, leniency)
        if own is not None:
            read[attribute.name] = own
    return read


def _check_required(attributes: Iterable[Attribute], values: Mapping[str, Any]) -> None:
    for attribute in attributes:
        if values.get(attribute.name, "") == "":
            raise InvalidValue(f"{attribute.path} is required")


def _keep_what_may_not_change(document: Json, current: Mapping[str, Any], schema: ResourceSchema) -> None:
    """A replace leaves read-only, hidden and immutable values as they are (RFC 7644 section 3.5.1)."""
    _keep(document, current, schema.attributes)
    for extension in schema.extensions:
        if extension.urn in current:
            own = dict(document.get(extension.urn, {}))
            _keep(own, current[extension.urn], extension.attributes)
            if own:
                document[extension.urn] = own


def _keep(new: Json, old: Mapping[str, Any], attributes: Iterable[Attribute]) -> None:
    for attribute in attributes:
        if attribute.mutability == "readWrite" or attribute.name not in old:
            continue
        if attribute.mutability == "immutable" and new.get(attribute.name, old[attribute.name]) != old[attribute.name]:
            raise Mutability(f"{attribute.path} cannot change once it is set")
        new.setdefault(attribute.name, old[attribute.name])
