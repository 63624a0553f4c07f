"""A user of Slack being changed, in terms that both versions share.

Slack keeps two addresses and two numbers, one postal address, role and photo: what a client calls the `work` number is
the mobile one. A document holds what is set. Source: https://docs.slack.dev/reference/scim-api#user-attributes,
#patch-users-id, #errors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from provcheck.mock_targets.directory import Document, Record
from provcheck.mock_targets.http.codes import Refused, refuse_named
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.query.text import is_email
from provcheck.mock_targets.scim.catalog import ENTERPRISE_URN
from provcheck.mock_targets.scim.document_editor import DocumentEditor
from provcheck.mock_targets.scim.paths import PatchPath
from provcheck.mock_targets.scim.schema import Json
from provcheck.mock_targets.scim.slots import Slot, Slots, anything, has_type, is_primary, is_unmarked
from provcheck.mock_targets.scim.values import check_time
from provcheck.mock_targets.scim.write_rules import WriteRule
from provcheck.mock_targets.vendors.slack.schemas import GUEST, PROFILE

MAX_USER_NAME = 21
MAX_DISPLAY_NAME = 80
ADDRESS_PARTS = ("streetAddress", "locality", "region", "postalCode", "country")
CUSTOM_FIELDS = ("addresses", "phoneNumbers", "userType", "roles", "preferredLanguage", "locale", ENTERPRISE_URN)
"""The custom profile fields, which only the long form shows; the name's prefix and the start date go with them."""
KEPT_BY_PUT = {
    "User": ("userName", "name.givenName", "name.familyName", "active", "emails", "hasCustomFields", GUEST),
    "Group": ("displayName", "externalId"),
}
NEEDED = {"User": {"userName": "username_required", "emails": "email_empty"}}
CANNOT_GO = {
    "User": {
        "bot_users": "cannot_disable_bot_user_with_scim",
        "primary_owner": "cannot_disable_primary_owner",
        "forgotten_users": "cannot_modify_gdpr",
    },
    "Group": {"linked_groups": "idp_group_linked_to_channels"},
}
"""Who cannot be deactivated, and which groups cannot be deleted: the flag that lists them, and the code."""
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")


def _address(item: Json) -> Json:
    value = item.get("value")
    if not value:
        raise Refused("email_invalid")
    if not is_email(value.strip()):
        raise Refused("bad_email_address")
    return {**item, "value": value.strip()}


def _photo(item: Json) -> Json:
    if not item.get("value", "https://").lower().startswith(("https://", "http://", "data:")):
        raise Refused("photos_invalid")
    return item


_FIRST = Slot({"primary": True}, (is_primary, has_type("work"), is_unmarked), is_needed=True)
PHONES = (
    Slot({"type": "mobile"}, (lambda item: item.get("type") == "work" or item.get("primary") is False, anything)),
    Slot({"primary": True}, (is_primary, has_type("mobile"), lambda item: item.get("type") != "work")),
)
LISTS: Mapping[str, Slots] = {
    "emails": Slots((_FIRST, Slot({"primary": False})), is_distinct=True, check=_address),
    "phoneNumbers": Slots(PHONES),
    "addresses": Slots((Slot({}, (is_primary, has_type("work"), anything)),), ADDRESS_PARTS),
    "roles": Slots((Slot({"primary": True}, (is_primary, anything)),), takes_texts=True),
    "photos": Slots((Slot({"type": "photo"}, (is_primary, anything)),), takes_texts=True, check=_photo),
}
"""What is kept of the attributes that are lists."""


def is_long(document: Document) -> bool:
    """Whether a user was ever given a custom profile field."""
    given = document.get("hasCustomFields") or any(key in document for key in (*CUSTOM_FIELDS, PROFILE))
    return given or "honorificPrefix" in document.get("name", {})


def slack_name(value: str) -> str:
    """A user name as Slack writes it: lower case, special characters as `_`; of an e-mail address the first part.

    An e-mail address is cut to the length that is allowed; another name is not.
    """
    email = is_email(value)
    local = value.partition("@")[0] if email else value
    written = "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in local.lower())
    return written[:MAX_USER_NAME] if email else written


class SlackEditor(DocumentEditor):
    """A group, or what is common to groups and users."""

    slots = LISTS
    clears_blanks = True

    def apply(self, op: str, path: PatchPath, value: Any, *, given: bool) -> None:
        """Apply one operation. Raises Refused for an emoji anywhere in its value."""
        if _EMOJI.search(str(value)):
            raise Refused("invalid_emoji_not_allowed")
        super().apply(op, path, value, given=given)


def _check_name(value: Any) -> None:
    parts = [value.get(part) for part in ("givenName", "familyName")] if isinstance(value, dict) else []
    if parts and all(isinstance(part, str) and part.isspace() for part in parts):
        raise Refused("invalid_name_required")


def _check_manager(value: Any) -> None:
    if value is not None and (not isinstance(value, dict) or "managerId" not in value):
        raise Refused("improper_enterprise_schema_format")


_CHECKS = {"name": _check_name, "manager": _check_manager, "expiration": check_time, "startDate": check_time}


class UserEditor(SlackEditor):
    """A user. User name and nick name are one thing."""

    checks = _CHECKS

    def finish(self) -> Document:
        """The new document, with the user name in Slack's form. Raises Refused for a bad name."""
        user, nick, old = self._document["userName"], self._document.pop("nickName", None), self._before.get("userName")
        if "nickName" in self.given and nick is None and "userName" not in self.given:
            raise Refused("username_empty")
        if "password" in self.given:
            raise Refused("password_change_not_allowed")
        is_stale = old is not None and self.behaviour.stale_nick_name_wins
        by_nick = nick is not None and (is_stale or "userName" not in self.given)
        if nick is not None and len(slack_name(nick.strip())) > MAX_USER_NAME:
            raise Refused("long_nickname", user=nick)
        wanted = nick if by_nick else user
        name = self._document["userName"] = slack_name(wanted.strip())
        if name != old:
            if len(name) > MAX_USER_NAME:
                raise Refused("long_username", user=wanted)
            refuse_named(name, {"reserved_user_names": "username_not_allowed"}, self.behaviour, user=name)
            refuse_named(name, {"channel_names": "username_taken"}, self.behaviour, username=name)
        self._document.setdefault("active", True)
        return super().finish()


def _check_display_name(name: str, document: Document) -> None:
    wrong = {"invalid_starts_with_at": name.startswith("@"), "invalid_name_specials": "@" in name}
    wrong["invalid_name_maxlength"] = len(name) > MAX_DISPLAY_NAME
    for code, is_wrong in wrong.items():
        if is_wrong:
            raise Refused(code, user=document["userName"])


WRITE_RULES = {
    "hasCustomFields": WriteRule(create="ignored", update="ignored"),
    "profileUrl": WriteRule(update="ignored"),
    "password": WriteRule(create="ignored"),  # it is never returned
    "externalId": WriteRule(create="keeps_external_id", update="external_id_updates", code="invalid_request_payload"),
    "displayName": WriteRule(update="display_name_updates", code="invalid_display_name", check=_check_display_name),
}
"""What Slack does about single attributes of a user."""


def completed(record: Record | None, after: Document, request: Request) -> Document:
    """A user as Slack keeps it once it was made or changed. Raises Refused for what nobody may do."""
    before = record.document if record else None
    can, directory = request.behaviour, request.target.directory
    if after == before:
        return after
    new, guest = dict(after), after.get(GUEST)
    if guest is not None and guest.get("type") != "multi":
        raise Refused("invalid_attribute_format")  # others cannot be made by SCIM
    if guest is not None and (before is None or guest != before.get(GUEST)) and can.plan != "enterprise":
        raise Refused("permission_denied", flag="plan")
    manager = after.get(ENTERPRISE_URN, {}).get("manager")
    if manager:  # named by id, address or user name
        sent = manager["managerId"].strip()
        found = directory.find("User", "email", sent) or directory.find("User", "userName", sent)
        new[ENTERPRISE_URN] = {**after[ENTERPRISE_URN], "manager": {"managerId": found[0].id if found else sent}}
    if before is None:
        new = {"displayName": after["userName"], **new}
        return {**new, "name": after.get("name") or {"givenName": new["displayName"]}}
    if before.get("emails") and not any(item["primary"] for item in new.get("emails", ())):
        raise Refused("missing_primary_email")
    if is_long(before):
        new["hasCustomFields"] = True
    refuse_named(before["userName"], {"forgotten_users": "cannot_modify_gdpr"}, can)
    if before["active"] and not after["active"]:
        refuse_named(before["userName"], CANNOT_GO["User"], can)
    if (guest is None) != (GUEST not in before):
        new["active"] = True
        if guest is not None:
            refuse_named(before["userName"], dict.fromkeys(("primary_owner", "admins"), "cannot_make_user_guest"), can)
    return new
