"""Slack's documents in core words, for seeds, snapshots and judges.

A seed stores a user as Slack would: the user name in Slack's form, cut to what is allowed. There is no word
`nickName`: Slack's mirrors the user name.
"""

from __future__ import annotations

from collections.abc import Mapping

from provcheck.mock_targets.directory import Document
from provcheck.mock_targets.scim import core_mapping as scim
from provcheck.mock_targets.target.core_mapping import At, Core, CoreMapping, Place, Words
from provcheck.mock_targets.vendors.slack.render import TIMEZONE
from provcheck.mock_targets.vendors.slack.schemas import CATALOG
from provcheck.mock_targets.vendors.slack.user import ADDRESS_PARTS, LISTS, MAX_USER_NAME, is_email, slack_name


def _seeded_name(name: str) -> str:
    return slack_name(name.strip())[:MAX_USER_NAME]


_PLACES: Mapping[str, Place] = {
    **{word: place for word, place in scim.USER_PLACES.items() if word != "nickName"},
    "userName": At(("userName",), form=_seeded_name),
    "email": scim.Leading("emails", new={"primary": True}),
    "timezone": At(("timezone",), default=TIMEZONE),
    "phoneNumbers": scim.InSlots("phoneNumbers", LISTS["phoneNumbers"], ("work", "mobile")),
    "address": scim.Leading("addresses", ADDRESS_PARTS, new={}),
    "manager": scim.InExtension(("manager", "managerId")),
}


def _start_user(core: Core) -> Document:
    wanted = core["userName"].strip()
    name = core.get("displayName") or _seeded_name(wanted)
    user = {**scim.start_user(core), "displayName": name}
    if not core.get("givenName") and not core.get("familyName"):
        user["name"] = {"givenName": name}
    return {**user, "emails": [{"value": wanted, "primary": True}]} if is_email(wanted) else user


CORE_MAPPING = CoreMapping(
    user=Words(_PLACES, _start_user, scim.reader(lambda: CATALOG.user)),
    group=Words(scim.GROUP_PLACES, scim.start_group, scim.reader(lambda: CATALOG.group)),
)
