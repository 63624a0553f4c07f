"""The attributes that Slack's schemas list, for both versions, and the URNs that each version calls them by.

Source: the `Schemas/Users` and `Schemas/Groups` answers of version 1 that go-slack-scimapi's tests embed; `active` is a
string there. Version 2 is derived: no recording of it is public.
"""

from __future__ import annotations

from provcheck.mock_targets.scim.attribute_text import Json, attributes_from
from provcheck.mock_targets.scim.catalog import Catalog, catalog_of

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GUEST = "urn:ietf:params:scim:schemas:extension:slack:guest:2.0:User"
DIRECTORY = "urn:ietf:params:scim:schemas:extension:slack:directory:2.0:User"
PROFILE = "urn:ietf:params:scim:schemas:extension:slack:profile:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
EXTENSIONS = (ENTERPRISE, GUEST, PROFILE)
VERSION_1 = {
    **dict.fromkeys((USER, GROUP, LIST), "urn:scim:schemas:core:1.0"),
    ENTERPRISE: "urn:scim:schemas:extension:enterprise:1.0",
    GUEST: "urn:scim:schemas:extension:slack:guest:1.0",
    PROFILE: "urn:scim:schemas:extension:slack:profile:1.0",
}
"""What version 1 calls the same thing. Documents speak version 2; version 1 is translated at the edge."""
_EXTENSION_OF = {spelling.lower(): urn for urn in EXTENSIONS for spelling in (urn, VERSION_1[urn])}
_EXTENSION_OF["urn:scim:schemas:extension:slack:guest:2.0:user"] = GUEST  # in one sentence of the reference

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
    PROFILE: "startDate dateTime | The person's first day.",
}
_NAMES = {
    USER: "User",
    GROUP: "Group",
    ENTERPRISE: "EnterpriseUser",
    GUEST: "SlackGuestUser",
    PROFILE: "SlackProfileUser",
}
DOCUMENTS: dict[str, Json] = {
    urn: {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
        "id": urn,
        "name": _NAMES[urn],
        "description": f"Core {_NAMES[urn]}" if urn in (USER, GROUP) else "An extension of the user",
        "attributes": attributes_from(rows),
    }
    for urn, rows in _ROWS.items()
}
_GUESTS = attributes_from("restricted m | Whether a guest, as filters ask it.\nultra_restricted m | Likewise.")
CATALOG: Catalog = catalog_of(
    {**DOCUMENTS[USER], "attributes": [*DOCUMENTS[USER]["attributes"], *_GUESTS]}, DOCUMENTS[GROUP]
)


def extension(urn: str) -> str | None:
    """The extension that a URN of either version names, in the words of version 2; None if it names none."""
    return _EXTENSION_OF.get(urn.lower())


def split(path: str) -> tuple[str | None, str]:
    """A path into the extension it is qualified by (or None) and the rest, whether a colon or a dot parts them."""
    low = path.lower()
    cores = dict.fromkeys((USER.lower(), VERSION_1[USER]))
    for spelling, urn in (*_EXTENSION_OF.items(), *cores.items()) if low.startswith("urn:") else ():
        if low == spelling and urn:
            return urn, ""
        if low.startswith(spelling) and low[len(spelling) : len(spelling) + 1] in (":", "."):
            return urn, path[len(spelling) + 1 :]
    return None, path


def spoken(urn: str, version: int) -> str:
    """A URN in the words of a version."""
    return VERSION_1[urn] if version == 1 else urn


def schema_1(kind: str) -> Json:
    """The schema of users or groups as version 1 was recorded to show it."""
    core = VERSION_1[USER]
    rows = [_row_1(row, core) for row in DOCUMENTS[USER if kind == "User" else GROUP]["attributes"]]
    shown: Json = {"name": kind, "description": f"Core {kind}", "endpoint": f"/{kind}s", "attributes": rows}
    if kind == "Group":
        return {**shown, "schema": core}
    for kept in (ENTERPRISE, GUEST):
        urn = VERSION_1[kept]
        subs = [_row_1(row, urn) for row in DOCUMENTS[kept]["attributes"]]
        # The enterprise extension is recorded as multi-valued, though there is only one.
        row = {"name": urn, "type": "complex", "multiValued": kept == ENTERPRISE, "schema": urn, "subAttributes": subs}
        rows.append({**row, "description": "An extension of the user.", **_PLAIN_1})
    return {"id": "urn:scim:schemas:core:1.0:User", **shown, "schema": [core, VERSION_1[ENTERPRISE]]}


_PLAIN_1 = {"readOnly": False, "required": False, "caseExact": False}


def _row_1(row: Json, schema: str | None) -> Json:
    kept = ("name", "type", "multiValued", "description", "required", "caseExact", "canonicalValues")
    shown: Json = {key: row[key] for key in kept if key in row} | {"readOnly": row["mutability"] == "readOnly"}
    if schema:
        shown["schema"] = schema
    if row["multiValued"]:
        shown["multiValuedAttributeChildName"] = "address" if row["name"] == "addresses" else row["name"][:-1]
    if "subAttributes" in row:
        subs = [_row_1(sub, None) for sub in row["subAttributes"]]
        shown["subAttributes"] = subs[0] if row["name"] == "manager" else subs  # recorded as a single object
    return shown
