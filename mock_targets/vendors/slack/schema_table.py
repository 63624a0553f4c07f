"""The attributes that Slack's schemas list, as one table for both versions.

Source: the `Schemas/Users` and `Schemas/Groups` answers of version 1 that go-slack-scimapi's tests embed; `active` is a
string there. Version 2 is derived: no recording of it is public.
"""

from __future__ import annotations

from dataclasses import dataclass

from provcheck.mock_targets.vendors.slack import urns

HOME = ("work", "home", "other")


@dataclass(frozen=True, slots=True)
class Row:
    """One attribute of a schema. `child` is the name of one value of a list, in version 1."""

    name: str
    description: str
    type: str = "string"
    child: str = ""
    read_only: bool = False
    required: bool = False
    canonical: tuple[str, ...] = ()
    subs: tuple[Row, ...] = ()


def _list(name: str, child: str, description: str, *subs: Row, read_only: bool = False, required: bool = False) -> Row:
    return Row(name, description, "complex", child, read_only=read_only, required=required, subs=subs)


def _type(*values: str) -> Row:
    return Row("type", "What the value is for.", canonical=values)


_VALUE = Row("value", "The value itself.", required=True)
_PRIMARY = Row("primary", "Whether this is the preferred value.", type="boolean")

USER_ROWS = (
    Row("id", "Slack's own id of the person; never changes.", read_only=True, required=True),
    Row("userName", "The name that identifies the person in Slack.", required=True),
    Row(
        "name",
        "The parts of the person's name.",
        type="complex",
        subs=(
            Row("familyName", "The last name."),
            Row("givenName", "The first name."),
            Row("honorificPrefix", "What stands before the name, such as a title."),
        ),
    ),
    Row("nickName", "The same as the user name."),
    Row("displayName", "The name shown to others."),
    Row("profileUrl", "Where the person's profile is found."),
    Row("userType", "How the person relates to the organisation."),
    Row("title", "The person's job."),
    Row("preferredLanguage", "The language the person likes to read."),
    Row("locale", "The place whose formats the person is used to."),
    Row("timezone", "The time zone, by its name in the tz database."),
    Row("active", "Whether the person can use Slack."),
    Row("password", "A first password; it is never shown."),
    _list(
        "emails",
        "email",
        "E-mail addresses: a primary and a second one.",
        _VALUE,
        _type(*HOME),
        _PRIMARY,
        required=True,
    ),
    _list("photos", "photo", "The profile photo.", _VALUE, _type("photo", "thumbnail"), _PRIMARY),
    _list(
        "groups",
        "group",
        "The groups the person is in.",
        Row("value", "The id of the group.", read_only=True),
        Row("display", "The name of the group.", read_only=True),
        read_only=True,
    ),
    _list(
        "addresses",
        "address",
        "The postal address.",
        Row("streetAddress", "Street and number."),
        Row("locality", "The city."),
        Row("region", "The state or region."),
        Row("postalCode", "The postal code."),
        Row("country", "The country."),
        _type(*HOME),
        _PRIMARY,
    ),
    _list(
        "phoneNumbers",
        "phoneNumber",
        "Phone numbers: a primary and a mobile one.",
        _VALUE,
        _type("work", "home", "mobile", "pager", "fax", "other"),
        _PRIMARY,
    ),
    _list("roles", "role", "What the person does.", Row("value", "The role."), Row("type", "Its kind."), _PRIMARY),
)

GROUP_ROWS = (
    Row("id", "Slack's own id of the group; never changes.", read_only=True, required=True),
    Row("displayName", "The name of the group.", read_only=True, required=True),
    _list(
        "members",
        "member",
        "The people in the group.",
        Row("value", "The id of the person.", read_only=True, required=True),
        Row("display", "The name of the person.", read_only=True),
        required=True,
    ),
)

_MANAGER = Row("manager", "The person's manager.", type="complex", subs=(Row("managerId", "The manager's id."),))

EXTENSION_ROWS = {
    urns.ENTERPRISE: (
        Row("employeeNumber", "The number by which the employer knows the person."),
        Row("costCenter", "The cost centre."),
        Row("organization", "The organisation."),
        Row("division", "The division."),
        Row("department", "The department."),
        _MANAGER,
    ),
    urns.GUEST: (
        Row("type", "The kind of guest.", required=True, canonical=("multi",)),
        Row("expiration", "When the guest's account ends.", type="dateTime"),
    ),
    urns.PROFILE: (Row("startDate", "The person's first day.", type="dateTime"),),
}
EXTENSION_NAMES = {
    urns.ENTERPRISE: "EnterpriseUser",
    urns.GUEST: "SlackGuestUser",
    urns.PROFILE: "SlackProfileUser",
}
