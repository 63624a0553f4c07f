"""The attributes that Slack's schemas list, for both versions, and the URNs that each version calls them by.

Source: the `Schemas/Users` and `Schemas/Groups` answers of version 1 that go-slack-scimapi's tests embed; `active` is a
string there. Version 2 is derived: no recording of it is public.
"""

from __future__ import annotations

from dataclasses import replace

from provcheck.mock_targets.scim.attribute_text import Json, attributes_from
from provcheck.mock_targets.scim.catalog import SCHEMA_URN, CustomExtension, catalog_of
from provcheck.mock_targets.scim.grammar import Grammar
from provcheck.mock_targets.scim.schema import Spelling

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GUEST = "urn:ietf:params:scim:schemas:extension:slack:guest:2.0:User"
DIRECTORY = "urn:ietf:params:scim:schemas:extension:slack:directory:2.0:User"
PROFILE = "urn:ietf:params:scim:schemas:extension:slack:profile:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
EXTENSIONS = (ENTERPRISE, GUEST, PROFILE)
CORE_1 = "urn:scim:schemas:core:1.0"
VERSION_1 = {
    **dict.fromkeys((USER, GROUP, LIST), CORE_1),
    ENTERPRISE: "urn:scim:schemas:extension:enterprise:1.0",
    GUEST: "urn:scim:schemas:extension:slack:guest:1.0",
    PROFILE: "urn:scim:schemas:extension:slack:profile:1.0",
}
"""What version 1 calls the same thing. Documents speak version 2; version 1 is translated at the edge."""
_GUEST_AS_WELL = "urn:scim:schemas:extension:slack:guest:2.0:user"  # in one sentence of the reference
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

_ROWS = {
    USER: """
id r! | Slack's own id of the person; never changes.
userName !u | The name that identifies the person in Slack.
name complex | The parts of the person's name.
  familyName | The last name.
  givenName | The first name.
  honorificPrefix | What stands before the name, such as a title.
nickName | The same as the user name.
displayName | The name shown to others.
profileUrl | Where the person's profile is found.
userType | How the person relates to the organisation.
title | The person's job.
preferredLanguage | The language the person likes to read.
locale | The place whose formats the person is used to.
timezone | The time zone, by its name in the tz database.
active | Whether the person can use Slack.
password w | A first password; it is never shown.
emails complex m! | E-mail addresses: a primary and a second one.
  value ! | The value itself.
  type (work,home,other) | What the value is for.
  primary boolean | Whether this is the preferred value.
photos complex m | The profile photo.
  value ! | The value itself.
  type (photo,thumbnail) | What the value is for.
  primary boolean | Whether this is the preferred value.
groups complex mr | The groups the person is in.
  value r | The id of the group.
  display r | The name of the group.
addresses complex m | The postal address.
  streetAddress | Street and number.
  locality | The city.
  region | The state or region.
  postalCode | The postal code.
  country | The country.
  type (work,home,other) | What the value is for.
  primary boolean | Whether this is the preferred value.
phoneNumbers complex m | Phone numbers: a primary and a mobile one.
  value ! | The value itself.
  type (work,home,mobile,pager,fax,other) | What the value is for.
  primary boolean | Whether this is the preferred value.
roles complex m | What the person does.
  value | The role.
  type | Its kind.
  primary boolean | Whether this is the preferred value.
""",
    GROUP: """
id r! | Slack's own id of the group; never changes.
displayName r! | The name of the group.
members complex m! | The people in the group.
  value r! | The id of the person.
  display r | The name of the person.
""",
    ENTERPRISE: """
employeeNumber | The number by which the employer knows the person.
costCenter | The cost centre.
organization | The organisation.
division | The division.
department | The department.
manager complex | The person's manager.
  managerId | The manager's id.
""",
    GUEST: """
type ! (multi) | The kind of guest.
expiration dateTime | When the guest's account ends.
""",
    DIRECTORY: "",
    PROFILE: "startDate dateTime | The person's first day.",
}
_NAMES = {
    USER: "User",
    GROUP: "Group",
    ENTERPRISE: "EnterpriseUser",
    GUEST: "SlackGuestUser",
    DIRECTORY: "SlackDirectoryUser",
    PROFILE: "SlackProfileUser",
}
DOCUMENTS: dict[str, Json] = {
    urn: {
        "id": urn,
        "name": _NAMES[urn],
        "description": f"Core {_NAMES[urn]}" if urn in (USER, GROUP) else "An extension of the user",
        "attributes": attributes_from(rows),
    }
    for urn, rows in _ROWS.items()
}
"""The schemas as they are shown."""
_KEPT_BESIDE = """
restricted rm | Whether a guest, as filters ask it.
ultra_restricted rm | Whether a guest of a single channel, who cannot be made by SCIM.
hasCustomFields boolean | Whether the person was ever given a custom profile field, which decides the form of answers.
"""


def _kept(row: Json) -> Json:
    """An attribute as it is kept: what is required has codes of its own, and times have forms of their own."""
    inner = {"subAttributes": [_kept(sub) for sub in row["subAttributes"]]} if "subAttributes" in row else {}
    return {**row, "required": False, **({"type": "string"} if row["type"] == "dateTime" else {}), **inner}


def _kept_document(urn: str, description: str, beside: str = "", **changes: Json) -> Json:
    rows = (*DOCUMENTS[urn]["attributes"], *attributes_from(beside))
    kept = [{**_kept(row), **changes.get(row["name"], {})} for row in rows]
    return {**DOCUMENTS[urn], "description": description, "attributes": kept}


CATALOG = replace(
    catalog_of(
        _kept_document(USER, "User Account", _KEPT_BESIDE, active={"type": "boolean", "required": True}),
        _kept_document(
            GROUP,
            "Group",
            "externalId r | Kept by seeds alone.",
            displayName={"mutability": "readWrite", "required": True},
        ),
        [CustomExtension("User", _kept_document(urn, "")) for urn in (ENTERPRISE, GUEST, DIRECTORY, PROFILE)],
        spelling=Spelling(
            aliases={"address": "addresses", "email": "emails"},  # an example of the reference; a client's filter
            urns={**{VERSION_1[urn]: urn for urn in EXTENSIONS}, CORE_1: None, _GUEST_AS_WELL: GUEST},
            grammar=GRAMMAR,
        ),
    ),
    schema_documents={urn: {"schemas": [SCHEMA_URN], **DOCUMENTS[urn]} for urn in (USER, GROUP, *EXTENSIONS)},
)
