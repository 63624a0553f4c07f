"""The attributes that Slack's schemas list, for both versions, and the URNs that each version calls them by.

Source: the `Schemas/Users` and `Schemas/Groups` answers of version 1 that go-slack-scimapi's tests embed; `active` is a
string there. Version 2 is derived: no recording of it is public.
"""

from __future__ import annotations

from dataclasses import replace

from provcheck.mock_targets.scim.attribute_text import Json, attributes_from
from provcheck.mock_targets.scim.catalog import (
    ENTERPRISE_URN,
    GROUP_URN,
    SCHEMA_URN,
    USER_URN,
    CustomExtension,
    catalog_of,
    core_part,
)
from provcheck.mock_targets.scim.grammar import Grammar
from provcheck.mock_targets.scim.schema import Spelling

GUEST = "urn:ietf:params:scim:schemas:extension:slack:guest:2.0:User"
DIRECTORY = "urn:ietf:params:scim:schemas:extension:slack:directory:2.0:User"
PROFILE = "urn:ietf:params:scim:schemas:extension:slack:profile:2.0:User"
CORE_1 = "urn:scim:schemas:core:1.0"
VERSION_1 = {
    **dict.fromkeys((USER_URN, GROUP_URN), CORE_1),
    ENTERPRISE_URN: "urn:scim:schemas:extension:enterprise:1.0",
    GUEST: "urn:scim:schemas:extension:slack:guest:1.0",
    PROFILE: "urn:scim:schemas:extension:slack:profile:1.0",
}
"""What version 1 calls the same thing. Documents speak version 2; version 1 is translated at the edge."""
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

_USER = """
id userName name.familyName name.givenName name.honorificPrefix nickName displayName profileUrl userType title
preferredLanguage locale timezone active password emails.value emails.type emails.primary photos.value photos.type
photos.primary groups.value groups.display addresses.streetAddress addresses.locality addresses.region
addresses.postalCode addresses.country addresses.type addresses.primary phoneNumbers.value phoneNumbers.type
phoneNumbers.primary roles.value roles.type roles.primary
""".split()
_GROUP = ("id", "displayName", "members.value", "members.display")
_ENTERPRISE = ("employeeNumber", "costCenter", "organization", "division", "department")
_READ_ONLY = {"mutability": "readOnly"}
_OF_MEMBERS = dict.fromkeys(("members.value", "members.display"), _READ_ONLY)
_TEXTS = dict.fromkeys(("profileUrl", "photos.value"), {"type": "string"})


def _shown(name: str, document: Json, description: str = "An extension of the user") -> Json:
    return {**document, "name": name, "description": description}


_MANAGER = attributes_from("manager complex | The person's manager.\n  managerId | The manager's id.")
_GUEST_ROWS = attributes_from("type ! (multi) | The kind of guest.\nexpiration | When the guest's account ends.")
_EXTENSIONS = (
    _shown("EnterpriseUser", core_part(ENTERPRISE_URN, _ENTERPRISE, more=_MANAGER)),
    _shown("SlackGuestUser", {"id": GUEST, "attributes": _GUEST_ROWS}),
    _shown("SlackDirectoryUser", {"id": DIRECTORY, "attributes": []}),
    _shown("SlackProfileUser", {"id": PROFILE, "attributes": attributes_from("startDate | The person's first day.")}),
)
_NEEDED = ("id", "userName", "emails", "emails.value", "photos.value", "phoneNumbers.value")
_NEEDED_OF_GROUP = ("id", "displayName", "members", "members.value")
_USER_DOCUMENT = core_part(USER_URN, _USER, _NEEDED, {**_TEXTS, "active": {"type": "string"}})
_GROUP_DOCUMENT = core_part(GROUP_URN, _GROUP, _NEEDED_OF_GROUP, {**_OF_MEMBERS, "displayName": _READ_ONLY})
DOCUMENTS: dict[str, Json] = {
    USER_URN: _shown("User", _USER_DOCUMENT, "Core User"),
    GROUP_URN: _shown("Group", _GROUP_DOCUMENT, "Core Group"),
    **{document["id"]: document for document in _EXTENSIONS},
}
"""The schemas as they are shown."""
_BESIDE = """
restricted rm | Whether a guest, as filters ask it.
ultra_restricted rm | Whether a guest of a single channel, who cannot be made by SCIM.
hasCustomFields boolean | Whether the person was ever given a custom profile field, which decides the form of answers.
"""
_KEPT_USER = core_part(USER_URN, _USER, ("userName", "active"), _TEXTS, attributes_from(_BESIDE))
_KEPT_BY_SEEDS = attributes_from("externalId r | Kept by seeds alone.")
CATALOG = replace(
    catalog_of(
        _shown("User", _KEPT_USER, "User Account"),
        core_part(GROUP_URN, _GROUP, ("displayName",), _OF_MEMBERS, _KEPT_BY_SEEDS),
        [CustomExtension("User", document) for document in _EXTENSIONS],
        spelling=Spelling(
            aliases={"address": "addresses", "email": "emails"},  # an example of the reference; a client's filter
            urns={
                **{urn_1: urn for urn, urn_1 in VERSION_1.items()},
                CORE_1: None,
                "urn:scim:schemas:extension:slack:guest:2.0:user": GUEST,  # in one sentence of the reference
            },
            grammar=GRAMMAR,
        ),
    ),
    schema_documents={urn: {"schemas": [SCHEMA_URN], **DOCUMENTS[urn]} for urn in VERSION_1},
)
"""What is kept, where other attributes are required than the schemas say, and what is shown."""
