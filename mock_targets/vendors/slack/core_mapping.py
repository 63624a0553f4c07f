"""Slack's documents in core words, for seeds, snapshots and judges.

A seed stores a user as Slack would: the user name in Slack's form, cut to what is allowed. There is no word
`nickName`: Slack's mirrors the user name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provcheck.mock_targets.directory import Document
from provcheck.mock_targets.scim.core_mapping import (
    GROUP_PLACES,
    USER_PLACES,
    InExtension,
    Leading,
    reader,
    start_group,
    start_user,
)
from provcheck.mock_targets.target.core_mapping import At, Core, CoreMapping, Place, Words
from provcheck.mock_targets.vendors.slack import schemas
from provcheck.mock_targets.vendors.slack.render import TIMEZONE
from provcheck.mock_targets.vendors.slack.user import ADDRESS_PARTS, LISTS, MAX_USER_NAME, is_email, slack_name


class _UserName:
    """The user name, in Slack's form."""

    def read(self, document: Document) -> Any:
        """As it is kept."""
        return document.get("userName")

    def write(self, document: Document, value: Any) -> None:
        """Set it in Slack's form, cut to what is allowed."""
        document["userName"] = slack_name(value.strip())[:MAX_USER_NAME]


class _Phones:
    """The two phone numbers, under the types that a client writes them with."""

    def read(self, document: Document) -> Any:
        """Those that are set."""
        kept = document.get("phoneNumbers") or ()
        return [{"value": item["value"], "type": "mobile" if "primary" in item else "work"} for item in kept] or None

    def write(self, document: Document, value: Any) -> None:
        """Set both."""
        At(("phoneNumbers",)).write(document, LISTS["phoneNumbers"].filled((), value or (), replaces=True) or None)


_PLACES: Mapping[str, Place] = {
    **{word: place for word, place in USER_PLACES.items() if word != "nickName"},
    "userName": _UserName(),
    "email": Leading("emails", new={"primary": True}),
    "timezone": At(("timezone",), default=TIMEZONE),
    "phoneNumbers": _Phones(),
    "address": Leading("addresses", ADDRESS_PARTS, new={}),
    "manager": InExtension(("manager", "managerId")),
}


def _start_user(core: Core) -> Document:
    wanted = core["userName"].strip()
    name = core.get("displayName") or slack_name(wanted)[:MAX_USER_NAME]
    user = {**start_user(core), "displayName": name}
    if not core.get("givenName") and not core.get("familyName"):
        user["name"] = {"givenName": name}
    return {**user, "emails": [{"value": wanted, "primary": True}]} if is_email(wanted) else user


CORE_MAPPING = CoreMapping(
    user=Words(_PLACES, _start_user, reader(lambda: schemas.CATALOG.user)),
    group=Words(GROUP_PLACES, start_group, reader(lambda: schemas.CATALOG.group)),
)
