"""A user of Slack being changed: one attribute after the other is put or removed, in terms that both versions share.

A document holds `userName, displayName, name, title, timezone, active, emails` always, and a custom profile field
from the moment it was first set (None once it is cleared again), because that decides which form is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from provcheck.mock_targets.directory import Directory, Document
from provcheck.mock_targets.target.flags import Behaviour
from provcheck.mock_targets.vendors.slack import schemas, values
from provcheck.mock_targets.vendors.slack.errors import SlackError
from provcheck.mock_targets.vendors.slack.flags import named
from provcheck.mock_targets.vendors.slack.values import MAX_USER_NAME, is_true, slack_name, text

NAME_PARTS = ("givenName", "familyName", "honorificPrefix")
CUSTOM_FIELDS = ("addresses", "phoneNumbers", "userType", "roles", "preferredLanguage", "locale", schemas.ENTERPRISE)
"""The custom profile fields, which only the long form shows; the name's prefix and the start date go with them."""
NEEDED = {"title": "", "timezone": "America/Los_Angeles"}
_PLAIN = {name.lower(): name for name in ("title", "timezone", "userType", "preferredLanguage", "locale")}
_LISTS = {name.lower(): name for name in ("emails", "phoneNumbers", "addresses", "roles", "photos")}
_LISTS["address"] = "addresses"  # an example of the reference says so


def blank() -> Document:
    """A user of whom nothing is known yet."""
    name = {"givenName": "", "familyName": ""}
    texts = {"externalId": "", "userName": "", "displayName": "", "name": name, **NEEDED}
    return {**texts, "active": True, "emails": []}


class UserEditor:
    """A document being changed; the one it was made from stays as it was. Every method may raise SlackError."""

    def __init__(self, document: Document, behaviour: Behaviour, directory: Directory, *, is_new: bool) -> None:
        self.document: Document = dict(document)
        self._behaviour, self._directory, self._is_new, self._before = behaviour, directory, is_new, document

    def put_all(self, given: Mapping[str, Any], *, replaces: bool) -> None:
        """Set every attribute that a body gives."""
        low = {key.lower(): value for key, value in given.items()}
        if "username" in low or "nickname" in low:
            self.put_names(low.get("username"), low.get("nickname"))
        for key, value in given.items():
            self.put(key, value, replaces=replaces)

    def put(self, name: str, value: Any, *, replaces: bool) -> None:
        """Set an attribute or a whole extension; an unknown one is passed over. `replaces`: see `values`."""
        low, urn = name.lower(), schemas.extension(name)
        if urn is not None:
            self._put_extension(urn, value)
        elif low in _PLAIN:
            key = _PLAIN[low]
            self.document[key] = text(value) or NEEDED.get(key)
        elif low in _LISTS:
            self.put_list(_LISTS[low], value, replaces=replaces)
        elif low in _SETTERS:
            _SETTERS[low](self, value)

    def put_list(self, key: str, value: Any, *, replaces: bool) -> None:
        """Set what a list attribute keeps."""
        kept = self.document.get(key) or ()
        if key in ("emails", "phoneNumbers"):
            make = values.emails if key == "emails" else values.phones
            self.document[key] = make(kept, value, replaces=replaces)
        elif key == "photos":
            self._keep(key, values.photo(value))
        else:
            self._keep(key, (values.address if key == "addresses" else values.role)(kept, value))

    def put_names(self, user: Any, nick: Any) -> None:
        """Set the user name from `userName` and `nickName`, either of which may be missing (None)."""
        if user is not None and isinstance(nick, str) and not nick.strip():
            nick = None
        if nick is not None and (user is None or (not self._is_new and self._behaviour.stale_nick_name_wins)):
            self._put_user_name(nick, too_long="long_nickname")
        elif isinstance(nick, str) and len(slack_name(nick.strip())) > MAX_USER_NAME:
            raise SlackError("long_nickname", user=nick)
        else:
            self._put_user_name(user, too_long="long_username")

    def put_name(self, value: Any) -> None:
        """Set the parts of the name that are given; those that Slack does not keep are passed over."""
        if not isinstance(value, dict):
            raise SlackError("invalid_attribute_format")
        if all(isinstance(value.get(part), str) and value[part] and not value[part].strip() for part in NAME_PARTS[:2]):
            raise SlackError("invalid_name_required")
        said = {part: text(value[part]) for part in NAME_PARTS if part in value}
        if "honorificPrefix" in said:
            said["honorificPrefix"] = said["honorificPrefix"] or None  # type: ignore[assignment]  # null when cleared
        self.document["name"] = {**self.document["name"], **said}

    def remove(self, name: str, sub: str = "") -> None:
        """Clear an attribute, a part of it or (a URN) an extension, as far as it can be cleared."""
        urn, low = schemas.extension(name), name.lower()
        if urn is not None:
            self._remove_from_extension(urn, sub)
        elif low in ("username", "nickname"):
            raise SlackError("username_empty")
        elif low == "active":
            raise SlackError("invalid_attribute_format")
        elif low == "name":
            parts = [part for part in NAME_PARTS if part in self.document["name"] and sub.lower() in ("", part.lower())]
            self.put_name(dict.fromkeys(parts))
        elif low == "emails":
            self.document["emails"] = [item for item in self.document["emails"] if item["primary"]]
        elif low == "displayname":
            self._put_display_name("")
        elif low in _PLAIN or low in _LISTS:
            key = _PLAIN.get(low) or _LISTS[low]
            self._keep(key, NEEDED.get(key))

    def overwrite(self) -> None:
        """Blank what a PUT blanks: everything but the names, the addresses, `active` and being a guest."""
        self.document |= {**dict.fromkeys(key for key in self.document if key in CUSTOM_FIELDS), **NEEDED}
        if self.document.get(schemas.PROFILE):
            self.document[schemas.PROFILE] = {"startDate": None}
        self.document.pop("photos", None)
        if self._behaviour.display_name_updates == "accepted":
            self.document["displayName"] = ""
        if "honorificPrefix" in self.document["name"]:
            self.document["name"] = {**self.document["name"], "honorificPrefix": None}

    def finish(self) -> Document:
        """The new document: the very one it was made from when nothing changed."""
        name = self.document["name"]
        if self._is_new and not name["givenName"] and not name["familyName"]:
            given = self.document["displayName"] or self.document["userName"]
            self.document["name"] = {**name, "givenName": given}
        if self.document == self._before:
            return self._before
        if not self._is_new:
            check_change(self._before, self.document, self._behaviour)
        return self.document

    def _keep(self, key: str, value: Any) -> None:
        if value is not None:
            self.document[key] = value
        elif key == "photos":
            self.document.pop(key, None)
        elif key in self.document:
            self.document[key] = None

    def _put_user_name(self, wanted: Any, *, too_long: str) -> None:
        if isinstance(wanted, str) and wanted.strip() and slack_name(wanted.strip()) == self.document["userName"]:
            return
        channels, reserved = named(self._behaviour.channel_names), named(self._behaviour.reserved_user_names)
        made = values.user_name(wanted, reserved=reserved, channels=channels, too_long=too_long)
        self.document["userName"] = made

    def _put_display_name(self, value: Any) -> None:
        rule = "accepted" if self._is_new else self._behaviour.display_name_updates
        if rule == "accepted":
            self.document["displayName"] = values.display_name(text(value), user=self.document["userName"])
        elif rule == "refused" and text(value) != self.document["displayName"]:
            raise SlackError("invalid_display_name", flag="display_name_updates")

    def _put_active(self, value: Any) -> None:
        # The schema of version 1 calls it a string.
        if not isinstance(value, bool) and not (isinstance(value, str) and value.lower() in ("true", "false")):
            raise SlackError("invalid_attribute_format")
        self.document["active"] = is_true(value)

    def _put_external_id(self, value: Any) -> None:
        said = text(value)
        if self._is_new:
            self.document["externalId"] = said if self._behaviour.keeps_external_id else ""
        elif said != self.document["externalId"] and self._behaviour.external_id_updates == "refused":
            raise SlackError("invalid_request_payload", flag="external_id_updates")

    def _put_profile_url(self, value: Any) -> None:
        said = text(value)
        if self._is_new and said:
            self.document["profileUrl"] = said

    def _put_password(self, value: Any) -> None:
        if not self._is_new:
            raise SlackError("password_change_not_allowed")
        text(value)  # checked and forgotten: it is never returned

    def _put_extension(self, urn: str, value: Any) -> None:
        kept = self.document.get(urn) or {}
        if urn == schemas.ENTERPRISE:
            self.document[urn] = values.enterprise(kept, value, resolve=self._user_id)
        elif urn == schemas.PROFILE:
            self.document[urn] = values.profile(kept, value)
        elif self._behaviour.plan != "enterprise":
            raise SlackError("permission_denied", flag="plan")
        else:
            self.document[urn] = values.guest(kept, value)
            if not kept and not self._is_new:
                self.document["active"] = True

    def _remove_from_extension(self, urn: str, sub: str) -> None:
        kept = self.document.get(urn)
        if kept and sub:
            self.document[urn] = values.without(urn, kept, sub)
        elif kept and urn == schemas.GUEST:
            del self.document[urn]
            self.document["active"] = True
        elif kept:
            self.document[urn] = {"startDate": None} if urn == schemas.PROFILE else {}

    def _user_id(self, named_by: str) -> str:
        """The id of a user named by id, address or user name; what was sent when there is none."""
        found = self._directory.find("User", "email", named_by) or self._directory.find("User", "userName", named_by)
        return found[0].id if found else named_by


_SETTERS: dict[str, Callable[[UserEditor, Any], None]] = {
    "displayname": UserEditor._put_display_name,
    "name": UserEditor.put_name,
    "active": UserEditor._put_active,
    "externalid": UserEditor._put_external_id,
    "profileurl": UserEditor._put_profile_url,
    "password": UserEditor._put_password,
}


def check_change(before: Document, after: Document, behaviour: Behaviour) -> None:
    """Raise SlackError when this change of a person is not allowed: of a bot, an owner, an admin, or one forgotten."""
    who = before["userName"].casefold()
    if who in named(behaviour.forgotten_users):
        raise SlackError("cannot_modify_gdpr", flag="forgotten_users")
    if before["active"] and not after["active"]:
        check_may_leave(before, behaviour)
    if schemas.GUEST in after and schemas.GUEST not in before:
        for flag in ("primary_owner", "admins"):
            if who in named(getattr(behaviour, flag)):
                raise SlackError("cannot_make_user_guest", flag=flag)


def check_may_leave(document: Document, behaviour: Behaviour) -> None:
    """Raise SlackError when this person cannot be deactivated."""
    who = document["userName"].casefold()
    if who in named(behaviour.bot_users):
        raise SlackError("cannot_disable_bot_user_with_scim", flag="bot_users")
    if who in named(behaviour.primary_owner):
        raise SlackError("cannot_disable_primary_owner", flag="primary_owner")
    if who in named(behaviour.forgotten_users):
        raise SlackError("cannot_modify_gdpr", flag="forgotten_users")
