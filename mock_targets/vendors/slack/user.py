"""A user of Slack being changed, in terms that both versions share.

Slack keeps two addresses and two numbers, one postal address, role and photo: what a client calls the `work` number is
the mobile one. A document holds what is set. Source: https://docs.slack.dev/reference/scim-api#user-attributes,
#patch-users-id, #errors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from provcheck.mock_targets.directory import Directory, Document
from provcheck.mock_targets.http.codes import Refused, refuse_named
from provcheck.mock_targets.scim.catalog import ENTERPRISE_URN
from provcheck.mock_targets.scim.document_editor import DocumentEditor
from provcheck.mock_targets.scim.schema import Json
from provcheck.mock_targets.scim.slots import Item, Slot, Slots, anything, has_type, is_primary
from provcheck.mock_targets.scim.values import check_time
from provcheck.mock_targets.scim.write_rules import WriteRule
from provcheck.mock_targets.target.flags import Behaviour
from provcheck.mock_targets.vendors.slack.schemas import GUEST, PROFILE

MAX_USER_NAME = 21
MAX_DISPLAY_NAME = 80
ADDRESS_PARTS = ("streetAddress", "locality", "region", "postalCode", "country")
CUSTOM_FIELDS = ("addresses", "phoneNumbers", "userType", "roles", "preferredLanguage", "locale", ENTERPRISE_URN)
"""The custom profile fields, which only the long form shows; the name's prefix and the start date go with them."""
KEPT_BY_PUT = ("userName", "name.givenName", "name.familyName", "active", "emails", "hasCustomFields", GUEST)
_CANNOT_LEAVE = {
    "bot_users": "cannot_disable_bot_user_with_scim",
    "primary_owner": "cannot_disable_primary_owner",
    "forgotten_users": "cannot_modify_gdpr",
}
"""Whom SCIM cannot deactivate: the flag that lists them, and the code."""
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")


def _is_unmarked(item: Item) -> bool:
    return item.get("type") is None and item.get("primary") is None


def _is_second(item: Item) -> bool:
    return item.get("type") == "work" or item.get("primary") is False


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


EMAILS = (
    Slot({"primary": True}, (is_primary, has_type("work"), _is_unmarked), is_needed=True),
    Slot({"primary": False}),
)
PHONES = (
    Slot({"type": "mobile"}, (_is_second, anything)),
    Slot({"primary": True}, (is_primary, has_type("mobile"), lambda item: item.get("type") != "work")),
)
LISTS: Mapping[str, Slots] = {
    "emails": Slots(EMAILS, check=_address),
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


def is_email(value: str) -> bool:
    """Whether a text has the form of an e-mail address."""
    local, _at, host = value.partition("@")
    return bool(local and host) and "@" not in host and not any(letter.isspace() for letter in value)


def check_emojis(value: object) -> None:
    """Raise Refused for a value with an emoji anywhere in it."""
    if _EMOJI.search(str(value)):
        raise Refused("invalid_emoji_not_allowed")


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


def _check_name(value: Any) -> None:
    parts = [value.get(part) for part in ("givenName", "familyName")] if isinstance(value, dict) else []
    if parts and all(isinstance(part, str) and part.isspace() for part in parts):
        raise Refused("invalid_name_required")


def _check_manager(value: Any) -> None:
    if value is not None and (not isinstance(value, dict) or "managerId" not in value):
        raise Refused("improper_enterprise_schema_format")


class UserEditor(SlackEditor):
    """A user. User name and nick name are one thing."""

    checks = {"name": _check_name, "manager": _check_manager, "expiration": check_time, "startDate": check_time}

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
        check_emojis(wanted)
        name = self._document["userName"] = slack_name(wanted.strip())
        if name != old:
            if len(name) > MAX_USER_NAME:
                raise Refused("long_username", user=wanted)
            refuse_named(name, {"reserved_user_names": "username_not_allowed"}, self.behaviour, user=name)
            refuse_named(name, {"channel_names": "username_taken"}, self.behaviour, username=name)
        self._document.setdefault("active", True)
        return super().finish()


def write_rules(can: Behaviour) -> Mapping[str, WriteRule]:
    """What Slack does about single attributes of a user."""
    creates, updates = "accepted" if can.keeps_external_id else "ignored", can.external_id_updates
    return {
        "hasCustomFields": WriteRule(create="ignored", update="ignored"),
        "profileUrl": WriteRule(update="ignored"),
        "password": WriteRule(create="ignored"),  # it is never returned
        "externalId": WriteRule(
            create=creates, update=updates, code="invalid_request_payload", flag="external_id_updates"
        ),
        "displayName": WriteRule(
            update=can.display_name_updates,
            code="invalid_display_name",
            flag="display_name_updates",
            check=_check_display_name,
        ),
    }


def _check_display_name(name: str, document: Document) -> None:
    for is_wrong, code in (
        (name.startswith("@"), "invalid_starts_with_at"),
        ("@" in name, "invalid_name_specials"),
        (len(name) > MAX_DISPLAY_NAME, "invalid_name_maxlength"),
    ):
        if is_wrong:
            raise Refused(code, user=document["userName"])


def completed(before: Document | None, after: Document, can: Behaviour, directory: Directory) -> Document:
    """A user as Slack keeps it once it was made or changed. Raises Refused for what nobody may do."""
    if after == before:
        return after
    new, guest = dict(after), after.get(GUEST)
    emails = after.get("emails", ())
    if len({item["value"].casefold() for item in emails}) < len(emails):
        new["emails"] = emails[:1]
    if guest is not None and guest.get("type") != "multi":
        raise Refused("invalid_attribute_format")  # others cannot be made by SCIM
    if guest is not None and (before is None or guest != before.get(GUEST)) and can.plan != "enterprise":
        raise Refused("permission_denied", flag="plan")
    manager = after.get(ENTERPRISE_URN, {}).get("manager")
    if manager:
        new[ENTERPRISE_URN] = {**after[ENTERPRISE_URN], "manager": {"managerId": _user_id(manager, directory)}}
    if before is None:
        new = {"displayName": after["userName"], **new}
        return {**new, "name": after.get("name") or {"givenName": new["displayName"]}}
    if before.get("emails") and not any(item["primary"] for item in new.get("emails", ())):
        raise Refused("missing_primary_email")
    if is_long(before):
        new["hasCustomFields"] = True
    refuse_named(before["userName"], {"forgotten_users": "cannot_modify_gdpr"}, can)
    if before["active"] and not after["active"]:
        check_may_leave(before, can)
    if (guest is None) != (GUEST not in before):
        new["active"] = True
        if guest is not None:
            refuse_named(before["userName"], dict.fromkeys(("primary_owner", "admins"), "cannot_make_user_guest"), can)
    return new


def check_may_leave(document: Document, can: Behaviour) -> None:
    """Raise Refused when this person cannot be deactivated."""
    refuse_named(document["userName"], _CANNOT_LEAVE, can)


def _user_id(manager: Json, directory: Directory) -> str:
    """The id of a manager named by id, address or user name; what was sent when there is none."""
    sent = str(manager["managerId"]).strip()
    found = directory.find("User", "email", sent) or directory.find("User", "userName", sent)
    return found[0].id if found else sent
