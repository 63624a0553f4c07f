"""A user of Slack being changed, in terms that both versions share.

Slack keeps two addresses and two numbers, one postal address, role and photo: what a client calls the `work` number is
the mobile one. A document holds what is set. Source: https://docs.slack.dev/reference/scim-api#user-attributes,
#patch-users-id, #errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from provcheck.mock_targets.directory import Directory, Document
from provcheck.mock_targets.query.attributes import Attribute
from provcheck.mock_targets.query.tree import described_values, paths
from provcheck.mock_targets.scim.errors import ScimError
from provcheck.mock_targets.scim.leniency import Leniency
from provcheck.mock_targets.scim.patch import MISSING, Operation
from provcheck.mock_targets.scim.paths import PatchPath
from provcheck.mock_targets.scim.slots import Item, Slot, Slots, anything, has_type, is_primary
from provcheck.mock_targets.scim.values import merge_complex
from provcheck.mock_targets.target.flags import Behaviour
from provcheck.mock_targets.vendors.slack import schemas
from provcheck.mock_targets.vendors.slack.errors import SlackError
from provcheck.mock_targets.vendors.slack.flags import named

MAX_USER_NAME = 21
MAX_DISPLAY_NAME = 80
ADDRESS_PARTS = ("streetAddress", "locality", "region", "postalCode", "country")
CUSTOM_FIELDS = ("addresses", "phoneNumbers", "userType", "roles", "preferredLanguage", "locale", schemas.ENTERPRISE)
"""The custom profile fields, which only the long form shows; the name's prefix and the start date go with them."""
LENIENCY = Leniency(
    **dict.fromkeys(("any_case_operations", "any_case_keys", "loose_patch_schemas", "empty_operations"), True),
    **dict.fromkeys(("empty_path", "dotted_keys", "string_booleans", "bare_complex_values", "single_for_list"), True),
    **dict.fromkeys(("clears_with_empty_string", "remove_with_value", "remove_absent", "ignores_read_only"), True),
    **dict.fromkeys(("ignores_unknown_attributes", "member_extras", "foreign_schemas", "missing_schemas"), True),
)
"""What Slack reads beyond the RFC. Unknown attributes are passed over."""
_KEPT_BY_PUT = ("userName", "externalId", "name", "profileUrl", "active", "emails", "hasCustomFields", schemas.GUEST)
_PLAIN = ("title", "timezone", "userType", "preferredLanguage", "locale")
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")


def _is_unmarked(item: Item) -> bool:
    return item.get("type") is None and item.get("primary") is None


def _is_second(item: Item) -> bool:
    return item.get("type") == "work" or item.get("primary") is False


PHONES = Slots((
    Slot({"type": "mobile"}, (_is_second, anything)),
    Slot({"primary": True}, (is_primary, has_type("mobile"), lambda item: item.get("type") != "work")),
))  # fmt: skip
LISTS: Mapping[str, Slots] = {
    "emails": Slots((
        Slot({"primary": True}, (is_primary, has_type("work"), _is_unmarked), is_needed=True),
        Slot({"primary": False}),
    )),
    "phoneNumbers": PHONES,
    "addresses": Slots((Slot({}, (is_primary, has_type("work"), anything)),), ADDRESS_PARTS),
    "roles": Slots((Slot({"primary": True}, (is_primary, anything)),)),
    "photos": Slots((Slot({"type": "photo"}, (is_primary, anything)),)),
}  # fmt: skip
"""What is kept of the attributes that are lists."""


def is_long(document: Document) -> bool:
    """Whether a user was ever given a custom profile field."""
    given = document.get("hasCustomFields") or any(key in document for key in (*CUSTOM_FIELDS, schemas.PROFILE))
    return given or "honorificPrefix" in document.get("name", {})


def is_email(value: str) -> bool:
    """Whether a text has the form of an e-mail address."""
    local, _at, host = value.partition("@")
    return bool(local and host) and "@" not in host and not any(letter.isspace() for letter in value)


def slack_name(value: str) -> str:
    """A user name as Slack writes it: lower case, special characters as `_`; of an e-mail address the first part.

    An e-mail address is cut to the length that is allowed; another name is not.
    """
    email = is_email(value)
    local = value.partition("@")[0] if email else value
    written = "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in local.lower())
    return written[:MAX_USER_NAME] if email else written


def text(value: Any) -> str:
    """A simple text; null and blanks mean that there is none (`""`). Raises SlackError."""
    if value is not None and not isinstance(value, str):
        raise SlackError("invalid_attribute_format")
    if value and not value.isascii() and _EMOJI.search(value):
        raise SlackError("invalid_emoji_not_allowed")
    return value if value and value.strip() else ""


class UserEditor:
    """A document being changed; the one it was made from stays as it was. Every method may raise SlackError."""

    def __init__(self, before: Document | None, behaviour: Behaviour, directory: Directory) -> None:
        self.document: Document = {"active": True} if before is None else dict(before)
        self._behaviour, self._directory, self._before, self._is_new = behaviour, directory, before, before is None

    def overwrite(self) -> None:
        """Blank what a PUT blanks: everything but the names, the addresses, `active` and being a guest."""
        kept = {*_KEPT_BY_PUT, *(() if self._behaviour.display_name_updates == "accepted" else ("displayName",))}
        self.document = {key: value for key, value in self.document.items() if key in kept}
        name = self.document.get("name", {})
        self.document["name"] = {part: name[part] for part in name if part != "honorificPrefix"}

    def apply(self, operations: Iterable[Operation]) -> None:
        """Carry out the operations; user name and nick name are one thing, and settled first."""
        listed = [(each.op, each.path, None if each.value is MISSING else each.value) for each in operations]
        given = {path.place.attribute.name: value for _, path, value in listed if path.place.attribute}
        names = {key: given[key] for key in ("userName", "nickName") if key in given}
        if names:
            self._put_names(names.get("userName"), names.get("nickName"))
        for op, path, value in listed:
            container, attribute, sub = path.place
            assert attribute is not None
            if container is not None:
                self._put_in_extension(container, attribute, value if sub is None else {sub.name: value})
            elif attribute.name in LISTS:
                self._put_list(op, path, value)
            elif attribute.name == "name":
                self._put_name(attribute, value if sub is None else {sub.name: value})
            elif attribute.name in _PLAIN:
                self._keep(attribute.name, text(value))
            elif attribute.name in _SETTERS:
                _SETTERS[attribute.name](self, value)

    def finish(self) -> Document:
        """The new document: the very one it was made from when nothing changed."""
        before, after = self._before, self.document
        if before is None:
            after.setdefault("displayName", after["userName"])
            if not after.get("name"):
                after["name"] = {"givenName": after["displayName"]}
            self._check_guest({})
            return after
        if after == before:
            return before
        if before.get("emails") and not any(item["primary"] for item in after.get("emails", ())):
            raise SlackError("missing_primary_email")
        self._check_guest(before)
        if is_long(before):
            after["hasCustomFields"] = True
        check_change(before, after, self._behaviour)
        return after

    def _keep(self, key: str, value: Any) -> None:
        if value:
            self.document[key] = value
        else:
            self.document.pop(key, None)

    def _put_names(self, user: Any, nick: Any) -> None:
        """Set the user name from `userName` and `nickName`, either of which may be missing (None)."""
        if user is not None and isinstance(nick, str) and not nick.strip():
            nick = None
        if nick is not None and (user is None or (not self._is_new and self._behaviour.stale_nick_name_wins)):
            self._put_user_name(nick, too_long="long_nickname")
        elif isinstance(nick, str) and len(slack_name(nick.strip())) > MAX_USER_NAME:
            raise SlackError("long_nickname", user=nick)
        else:
            self._put_user_name(user, too_long="long_username")

    def _put_user_name(self, wanted: Any, *, too_long: str) -> None:
        if wanted is not None and not isinstance(wanted, str):
            raise SlackError("username_invalid")
        name = slack_name(text(wanted).strip())
        if not name:
            raise SlackError("username_empty")
        if name == self.document.get("userName"):
            return
        if len(name) > MAX_USER_NAME:
            raise SlackError(too_long, user=wanted)
        if name.casefold() in named(self._behaviour.reserved_user_names):
            raise SlackError("username_not_allowed", user=name)
        if name.casefold() in named(self._behaviour.channel_names):
            raise SlackError("username_taken", username=name)
        self.document["userName"] = name

    def _put_name(self, attribute: Attribute, value: Any) -> None:
        """Set the parts of the name that are given, or clear them all."""
        if isinstance(value, dict) and all(_is_blank(value.get(part)) for part in ("givenName", "familyName")):
            raise SlackError("invalid_name_required")
        try:
            name = merge_complex(attribute, self.document.get("name", {}), value or {}, LENIENCY)
        except ScimError:
            raise SlackError("invalid_attribute_format") from None
        self.document["name"] = {part: text(name[part]) for part in name if text(name[part])} if value else {}

    def _put_list(self, op: str, path: PatchPath, value: Any) -> None:
        attribute, sub = path.place.attribute, path.place.sub
        assert attribute is not None
        name, slots = attribute.name, LISTS[attribute.name]
        kept: Sequence[Item] = self.document.get(name, ())
        if path.query is not None:
            new = self._selected(attribute, op, path, value, kept)
        elif op == "remove" or value is None:
            new = slots.without(kept, None if value is None else _items(attribute, value))
        else:
            sent = _items(attribute, value if sub is None else {sub.name: value})
            new = slots.filled(kept, sent, replaces=op == "replace")
        if name == "emails" and not new and op == "replace":
            raise SlackError("email_empty")
        if name == "emails" and len({item["value"].casefold() for item in new}) < len(new):
            new = new[:1]
        self._keep(name, new)

    def _selected(self, attribute: Attribute, op: str, path: PatchPath, value: Any, kept: Sequence[Item]) -> list[Any]:
        """An operation on some of the values of a list; a list that has no such value gets one as the filter says."""
        assert path.test is not None
        assert path.query is not None
        slots, chosen = LISTS[attribute.name], [item for item in kept if path.test(item)]
        by_value = "value" in {each.lower() for each in paths(path.query)}
        if not chosen and not by_value and len(slots.slots) == 1:
            chosen = list(kept)  # there is only one, whatever its type was
        if op == "remove":
            return slots.without(kept, chosen)
        said = value if isinstance(value, dict) else {path.place.sub.name if path.place.sub else "value": value}
        if not chosen and by_value:
            return list(kept)
        if not chosen:
            described = described_values(path.query) or {}
            return slots.filled(kept, _items(attribute, {**described, **said}), replaces=False)
        return slots.updated(kept, chosen[0], _items(attribute, {**chosen[0], **said})[0])

    def _put_display_name(self, value: Any) -> None:
        name, rule = text(value), "accepted" if self._is_new else self._behaviour.display_name_updates
        if rule == "refused" and name != self.document.get("displayName", ""):
            raise SlackError("invalid_display_name", flag="display_name_updates")
        if rule != "accepted":
            return
        for code, is_wrong in (
            ("invalid_starts_with_at", name.startswith("@")),
            ("invalid_name_specials", "@" in name),
            ("invalid_name_maxlength", len(name) > MAX_DISPLAY_NAME),
        ):
            if is_wrong:
                raise SlackError(code, user=self.document["userName"])
        self._keep("displayName", name)

    def _put_active(self, value: Any) -> None:
        # The schema of version 1 calls it a string.
        if str(value).lower() not in ("true", "false") or not isinstance(value, bool | str):
            raise SlackError("invalid_attribute_format")
        self.document["active"] = str(value).lower() == "true"

    def _put_external_id(self, value: Any) -> None:
        said, behaviour = text(value), self._behaviour
        if self._is_new and behaviour.keeps_external_id:
            self._keep("externalId", said)
        is_other = not self._is_new and said != self.document.get("externalId", "")
        if is_other and behaviour.external_id_updates == "refused":
            raise SlackError("invalid_request_payload", flag="external_id_updates")

    def _put_profile_url(self, value: Any) -> None:
        said = text(value)
        if self._is_new:
            self._keep("profileUrl", said)

    def _put_password(self, value: Any) -> None:
        if not self._is_new:
            raise SlackError("password_change_not_allowed")
        text(value)  # checked and forgotten: it is never returned

    def _put_in_extension(self, urn: str, attribute: Attribute, value: Any) -> None:
        if urn == schemas.GUEST and value is not None and self._behaviour.plan != "enterprise":
            raise SlackError("permission_denied", flag="plan")
        kept = {key: part for key, part in self.document.get(urn, {}).items() if key != attribute.name}
        new: Any
        if attribute.name == "manager":
            new = self._manager(value)
        else:
            new = _moment(value) if attribute.name in ("expiration", "startDate") else text(value)
        self._keep(urn, {**kept, attribute.name: new} if new else kept)

    def _manager(self, value: Any) -> Document | None:
        """A manager, who may be named by id, address or user name; kept as sent when there is no such user."""
        if value is not None and (not isinstance(value, dict) or "managerId" not in value):
            raise SlackError("improper_enterprise_schema_format")
        sent = text(value["managerId"]).strip() if value else ""
        found = self._directory.find("User", "email", sent) or self._directory.find("User", "userName", sent)
        return {"managerId": found[0].id if found else sent} if sent else None

    def _check_guest(self, before: Document) -> None:
        """Multi-channel guests alone can be made by SCIM; being made a guest, or a member again, activates."""
        guest = self.document.get(schemas.GUEST)
        if guest is not None and guest.get("type") != "multi":
            raise SlackError("invalid_attribute_format")
        if not self._is_new and (guest is None) != (schemas.GUEST not in before):
            self.document["active"] = True


_SETTERS: dict[str, Callable[[UserEditor, Any], None]] = {
    "displayName": UserEditor._put_display_name,
    "active": UserEditor._put_active,
    "externalId": UserEditor._put_external_id,
    "profileUrl": UserEditor._put_profile_url,
    "password": UserEditor._put_password,
}
_URLS = ("https://", "http://", "data:")
_BARE = ("roles", "photos")
"""The lists whose values may be plain texts."""


def _is_blank(value: Any) -> bool:
    return isinstance(value, str) and bool(value) and not value.strip()


def _items(attribute: Attribute, value: Any) -> list[Document]:
    """The values of a list that a client sends."""
    name = attribute.name
    try:
        if name not in _BARE and isinstance(value, list) and not all(isinstance(item, dict) for item in value):
            raise SlackError(f"{name}_invalid")
        items = LISTS[name].read(attribute, value, LENIENCY)
    except ScimError:
        raise SlackError(f"{name}_invalid") from None
    for item in items:
        for part in LISTS[name].parts:
            text(item.get(part))
        if name == "emails":
            item["value"] = _address(item.get("value"))
        elif name == "photos" and not item.get("value", _URLS[0]).lower().startswith(_URLS):
            raise SlackError("photos_invalid")
    return items


def _address(value: str | None) -> str:
    if not value:
        raise SlackError("email_invalid")
    if not is_email(value.strip()):
        raise SlackError("bad_email_address")
    return value.strip()


def _moment(value: Any) -> str:
    said = text(value)
    try:
        datetime.fromisoformat(said or "2000-01-01")
    except ValueError:
        raise SlackError("invalid_attribute_format") from None
    return said


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
    for flag, code in (
        ("bot_users", "cannot_disable_bot_user_with_scim"),
        ("primary_owner", "cannot_disable_primary_owner"),
        ("forgotten_users", "cannot_modify_gdpr"),
    ):
        if document["userName"].casefold() in named(getattr(behaviour, flag)):
            raise SlackError(code, flag=flag)
