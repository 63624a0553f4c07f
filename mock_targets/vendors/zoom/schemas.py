"""The attributes of Zoom's users and groups in SCIM: a part of the core schemas, with extensions of its own.

Source: developers.zoom.us, SCIM2 API, Users and Groups. No schema is served; attributes that are not here are ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from provcheck.mock_targets.directory import IndexSpec, folded
from provcheck.mock_targets.scim import core_mapping as scim
from provcheck.mock_targets.scim.attribute_text import Json, attributes_from
from provcheck.mock_targets.scim.catalog import (
    ENTERPRISE_URN,
    GROUP_URN,
    USER_URN,
    Catalog,
    CustomExtension,
    catalog_of,
    core_part,
)
from provcheck.mock_targets.scim.indexes import emails, texts
from provcheck.mock_targets.target.core_mapping import Core, CoreMapping, Words

LOGINS = "urn:us:zoom:scim:schemas:extension:1.0:ZoomUser"
ACCOUNT = "urn:ietf:params:scim:schemas:extension:zoom:1.0:User"
GROUP_ALIAS = "urn:ietf:params:scim:schemas:extension:zoom:2.0:Group"
LICENCES = ("Basic", "Licensed", "On-Prem")
"""The values of userType."""
BASIC = LICENCES[0]

_USER = """
externalId userName displayName name.givenName,familyName,formatted title userType locale preferredLanguage timezone
active emails.value,type,primary phoneNumbers.value,type roles.value,display,type,primary groups.value,$ref,display
"""
_GROUP = "externalId displayName members.value,$ref,display,type"
_LOGINS = """
loginType complex | How the person signs in.
  workEmail boolean | By e-mail address and password.
  sso boolean | By single sign-on.
"""
_ACCOUNT = """
personalLinkName | The name in the link of the personal room.
pronouns | The person's pronouns.
zoomWhiteboard boolean | Whether a licence for whiteboards is assigned.
zoomRooms boolean | Whether a licence for rooms is assigned.
"""
THIN = frozenset(
    ("schemas", "id", "meta", "name", "emails", "displayName", "userName", "active", "userType", ENTERPRISE_URN, LOGINS)
)
"""What a list shows of a user; of the enterprise extension, the department alone.
Source: devforum.zoom.us/t/111286: licences, manager, organization and cost centre appear only in single users."""


def _extensions() -> list[CustomExtension]:
    documents: tuple[tuple[str, Json], ...] = (
        ("User", core_part(ENTERPRISE_URN, "employeeNumber costCenter organization division department manager.value")),
        ("User", {"id": LOGINS, "name": "ZoomUser", "attributes": attributes_from(_LOGINS)}),
        ("User", {"id": ACCOUNT, "name": "ZoomAccount", "attributes": attributes_from(_ACCOUNT)}),
        ("Group", {"id": GROUP_ALIAS, "name": "ZoomGroup", "attributes": attributes_from("emailAlias | Its address.")}),
    )
    return [CustomExtension(kind, document) for kind, document in documents]


@cache
def catalog(membership_style: str = "group") -> Catalog:
    """The schemas under a style of memberships."""
    return catalog_of(
        core_part(USER_URN, _USER, ("userName", "emails.value")),
        core_part(GROUP_URN, _GROUP, ("displayName",)),
        _extensions(),
        membership_style=membership_style,
    )


_PLACES = {word: place for word, place in scim.USER_PLACES.items() if word not in ("nickName", "address")}


def _start_user(core: Core) -> Json:
    """A user that a seed makes: active, with a basic licence."""
    return {"active": True, "userType": BASIC, **scim.start_user(core)}


CORE_MAPPING = CoreMapping(
    user=Words(_PLACES, _start_user, scim.reader(lambda: catalog().user)),
    group=Words(scim.GROUP_PLACES, scim.start_group, scim.reader(lambda: catalog().group)),
)
KINDS: Mapping[str, tuple[IndexSpec, ...]] = {
    "User": (
        IndexSpec("userName", texts("userName"), folded, unique=True),
        IndexSpec("email", emails, folded),
    ),
    "Group": (IndexSpec("displayName", texts("displayName"), folded),),
}
