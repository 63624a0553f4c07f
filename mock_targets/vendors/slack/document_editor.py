"""A user in the making: one attribute after the other is put or removed, in the terms that both versions share.

A document holds `userName, displayName, name, title, timezone, active, emails` always, and a custom profile field
from the moment it was first set (None once it is cleared again), because that decides which form is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provcheck.mock_targets.directory import Directory, Document
from provcheck.mock_targets.target.flags import Behaviour
from provcheck.mock_targets.vendors.slack import extensions, slots, urns
from provcheck.mock_targets.vendors.slack.errors import SlackError
from provcheck.mock_targets.vendors.slack.flags import named
from provcheck.mock_targets.vendors.slack.names import MAX_USER_NAME, display_name, slack_name, text, user_name
from provcheck.mock_targets.vendors.slack.people import check_change

DEFAULT_TIMEZONE = "America/Los_Angeles"
NAME_PARTS = ("givenName", "familyName", "honorificPrefix")
CUSTOM_FIELDS = ("addresses", "phoneNumbers", "userType", "roles", "preferredLanguage", "locale", urns.ENTERPRISE)
"""The custom profile fields, which only the long form shows; the name's prefix and the start date go with them."""

_PLAIN = {name.lower(): name for name in ("title", "timezone", "userType", "preferredLanguage", "locale")}
_NEEDED = {"title": "", "timezone": DEFAULT_TIMEZONE}
_LISTS = {name.lower(): name for name in ("emails", "phoneNumbers", "addresses", "roles", "photos")}
_LISTS["address"] = "addresses"  # an example of the reference says so


def blank(active: bool = True) -> Document:  # noqa: FBT001, FBT002  # the one thing to say about a blank user
    """A user of whom nothing is known yet."""
    return {
        "externalId": "",
        "userName": "",
        "displayName": "",
        "name": {"givenName": "", "familyName": ""},
        "title": "",
        "timezone": DEFAULT_TIMEZONE,
        "active": active,
        "emails": [],
    }


class DocumentEditor:
    """A document being changed; the one it was made from stays as it was. Every method may raise SlackError."""

    def __init__(self, document: Document, behaviour: Behaviour, directory: Directory, *, is_new: bool) -> None:
        self.document: Document = dict(document)
        self._behaviour, self._directory, self._is_new = behaviour, directory, is_new
        self._before = document

    def put(self, name: str, value: Any, *, replaces: bool) -> None:
        """Set an attribute or a whole extension; an unknown one is passed over. `replaces`: see slots."""
        low = name.lower()
        urn = urns.extension(name)
        if urn is not None:
            self._put_extension(urn, value)
        elif low in _PLAIN:
            key = _PLAIN[low]
            self.document[key] = text(value) or _NEEDED.get(key)
        elif low in _LISTS:
            self.put_list(_LISTS[low], value, replaces=replaces)
        elif low in _SETTERS:
            _SETTERS[low](self, value)

    def put_list(self, key: str, value: Any, *, replaces: bool) -> None:
        """Set what a list attribute keeps."""
        kept = self.document.get(key) or ()
        if key == "emails":
            self.document[key] = slots.emails(kept, value, replaces=replaces)
        elif key == "phoneNumbers":
            self.document[key] = slots.phones(kept, value, replaces=replaces)
        elif key == "photos":
            self._keep(key, slots.photo(value))
        else:
            self._keep(key, (slots.address if key == "addresses" else slots.role)(kept, value))

    def put_names(self, user: Any, nick: Any) -> None:
        """Set the user name from `userName` and `nickName`, either of which may be missing (None)."""
        if user is not None and isinstance(nick, str) and not nick.strip():
            nick = None
        nick_wins = not self._is_new and self._behaviour.stale_nick_name_wins
        if nick is not None and (user is None or nick_wins):
            self._put_user_name(nick, too_long="long_nickname")
        else:
            if isinstance(nick, str) and len(slack_name(nick.strip())) > MAX_USER_NAME:
                raise SlackError("long_nickname", user=nick)
            self._put_user_name(user, too_long="long_username")

    def _put_user_name(self, wanted: Any, *, too_long: str) -> None:
        if isinstance(wanted, str) and wanted.strip() and slack_name(wanted.strip()) == self.document["userName"]:
            return
        channels = named(self._behaviour.channel_names)
        reserved = named(self._behaviour.reserved_user_names)
        self.document["userName"] = user_name(wanted, reserved=reserved, channels=channels, too_long=too_long)

    def remove(self, name: str, sub: str = "") -> None:
        """Clear an attribute, a part of it or (a URN) an extension, as far as it can be cleared."""
        urn, low = urns.extension(name), name.lower()
        if urn is not None:
            self._remove_from_extension(urn, sub)
        elif low in ("username", "nickname"):
            raise SlackError("username_empty")
        elif low == "active":
            raise SlackError("invalid_attribute_format")
        elif low == "name":
            self._clear_name(sub)
        elif low == "emails":
            self.document["emails"] = [item for item in self.document["emails"] if item["primary"]]
        elif low == "displayname":
            self._put_display_name("")
        elif low in _PLAIN or low in _LISTS:
            key = _PLAIN.get(low) or _LISTS[low]
            self._keep(key, _NEEDED.get(key))

    def overwrite(self) -> None:
        """Blank what a PUT blanks: everything but the names, the addresses, `active` and being a guest."""
        for key in list(self.document):
            if key in CUSTOM_FIELDS:
                self.document[key] = None
        if self.document.get(urns.PROFILE):
            self.document[urns.PROFILE] = {"startDate": None}
        self.document.pop("photos", None)
        self.document |= {**_NEEDED}
        if self._behaviour.display_name_updates == "accepted":
            self.document["displayName"] = ""
        if "honorificPrefix" in self.document["name"]:
            self.document["name"] = {**self.document["name"], "honorificPrefix": None}

    def finish(self) -> Document:
        """The new document: the very one the draft was made from when nothing changed. Raises SlackError."""
        if self._is_new:
            self._default_name()
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

    def _put_display_name(self, value: Any) -> None:
        rule = "accepted" if self._is_new else self._behaviour.display_name_updates
        if rule == "accepted":
            self.document["displayName"] = display_name(text(value), user=self.document["userName"])
        elif rule == "refused" and text(value) != self.document["displayName"]:
            raise SlackError("invalid_display_name", flag="display_name_updates")

    def _put_name(self, value: Any) -> None:
        if not isinstance(value, dict):
            raise SlackError("invalid_attribute_format")
        given = [value.get(part) for part in NAME_PARTS[:2]]
        if all(isinstance(part, str) and part and not part.strip() for part in given):
            raise SlackError("invalid_name_required")
        name = dict(self.document["name"])
        for part in NAME_PARTS:
            if part in value:
                said = text(value[part])
                name[part] = said if part != "honorificPrefix" else said or None
        self.document["name"] = name

    def put_name_part(self, part: str, value: Any) -> None:
        """Set one part of the name; parts that Slack does not keep are passed over."""
        known = next((own for own in NAME_PARTS if own.lower() == part.lower()), None)
        if known:
            self._put_name({known: value})

    def _clear_name(self, part: str) -> None:
        if part:
            self.put_name_part(part, None)
        else:
            kept = {key: None for key in self.document["name"] if key == "honorificPrefix"}
            self.document["name"] = {"givenName": "", "familyName": "", **kept}

    def _put_active(self, value: Any) -> None:
        # The schema of version 1 calls it a string.
        if not isinstance(value, bool) and not (isinstance(value, str) and value.lower() in ("true", "false")):
            raise SlackError("invalid_attribute_format")
        self.document["active"] = slots.is_true(value)

    def _put_external_id(self, value: Any) -> None:
        said = text(value)
        if self._is_new and self._behaviour.keeps_external_id:
            self.document["externalId"] = said
        elif (
            not self._is_new
            and said != self.document["externalId"]
            and self._behaviour.external_id_updates == "refused"
        ):
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
        if urn == urns.ENTERPRISE:
            self.document[urn] = extensions.enterprise(kept, value, resolve=self._user_id)
        elif urn == urns.PROFILE:
            self.document[urn] = extensions.profile(kept, value)
        else:
            if self._behaviour.plan != "enterprise":
                raise SlackError("permission_denied", flag="plan")
            self.document[urn] = extensions.guest(kept, value)
            if not kept and not self._is_new:
                self.document["active"] = True

    def _remove_from_extension(self, urn: str, sub: str) -> None:
        kept = self.document.get(urn)
        if not kept:
            return
        if sub:
            self.document[urn] = extensions.without(urn, kept, sub)
        elif urn == urns.GUEST:
            del self.document[urn]
            self.document["active"] = True
        else:
            self.document[urn] = {"startDate": None} if urn == urns.PROFILE else {}

    def _user_id(self, named_by: str) -> str:
        """The id of a user named by id, address or user name; what was sent when there is none."""
        found = self._directory.find("User", "email", named_by) or self._directory.find("User", "userName", named_by)
        return found[0].id if found else named_by

    def _default_name(self) -> None:
        name: Mapping[str, Any] = self.document["name"]
        if not name["givenName"] and not name["familyName"]:
            given = self.document["displayName"] or self.document["userName"]
            self.document["name"] = {**name, "givenName": given}


_SETTERS = {
    "displayname": DocumentEditor._put_display_name,
    "name": DocumentEditor._put_name,
    "active": DocumentEditor._put_active,
    "externalid": DocumentEditor._put_external_id,
    "profileurl": DocumentEditor._put_profile_url,
    "password": DocumentEditor._put_password,
}
