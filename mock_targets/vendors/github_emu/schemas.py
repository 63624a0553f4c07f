"""What GitHub knows of users and groups: a part of the core schemas, with requirements of its own.

Attributes that are not here are passed over without a word. Source: docs.github.com, rest/enterprise-admin/scim.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache

from provcheck.mock_targets.directory import Document
from provcheck.mock_targets.scim.catalog import GROUP_URN, USER_URN, Catalog, catalog_of, core_part
from provcheck.mock_targets.scim.errors import InvalidValue
from provcheck.mock_targets.scim.grammar import Grammar
from provcheck.mock_targets.scim.leniency import Leniency
from provcheck.mock_targets.scim.schema import ResourceSchema, Spelling
from provcheck.mock_targets.scim.validate import check_document

_USER = "externalId userName active displayName name.givenName,familyName,middleName,formatted "
_USER += "emails.value,type,primary roles.value,display,type,primary groups.value,$ref"
_GROUP = "externalId displayName members.value,$ref"

_SPELLING = Spelling(grammar=Grammar(single_quotes=True))
"""The page itself quotes with apostrophes: `emails[type eq 'work'].value`."""

_OBSERVED = {"userName", "externalId", "emails", "emails.value", "roles.value"}
_NAMES = {"name.givenName", "name.familyName"}
_REQUIRED: Mapping[str, Collection[str]] = {
    "observed": _OBSERVED,
    "documented": {*_OBSERVED, *_NAMES, "active", "displayName", "emails.type", "emails.primary"},
    "relaxed": {"userName", "emails.value", "roles.value"},
    "organization": {"userName", "emails", "emails.value", "name", *_NAMES},
}
"""Which attributes of a user must be there. `relaxed` is for resources that were seeded without some of them."""

LOWER_CASE = Leniency(
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
"""What enterprises accept beyond the RFC."""
ANY_CASE = replace(LOWER_CASE, any_case_operations=True)
ORGANIZATION = replace(ANY_CASE, missing_schemas=True, loose_patch_schemas=True)
"""Organization SCIM asks for no `schemas`: its API description leaves them optional."""


@cache
def catalog(required: str, membership_style: str = "none") -> Catalog:
    """The schemas under a rule of `required_attributes`, or `relaxed` or `organization`."""
    user, group = _REQUIRED[required], {"displayName"} | ({"externalId"} & {*_REQUIRED[required]})
    documents = core_part(USER_URN, _USER, user), core_part(GROUP_URN, _GROUP, group)
    return catalog_of(*documents, spelling=_SPELLING, membership_style=membership_style)


def fitting(schema: ResourceSchema, document: Document) -> ResourceSchema:
    """The schema, or one with few requirements if the document was seeded without some of what is required."""
    try:
        check_document(document, schema)
    except InvalidValue:
        style = {"groups": "user", "members": "group"}.get(schema.relation or "", "none")
        return catalog("relaxed", style).schemas[schema.kind]
    return schema
