"""A user of Slack being changed, in terms that both versions share.

Slack keeps two addresses and two numbers, one postal address, role and photo: what a client calls the `work` number is
the mobile one. A document holds what is set. Source: https://docs.slack.dev/reference/scim-api#user-attributes,
#patch-users-id, #errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from provcheck.mock_targets.directory import Directory, Document
from provcheck.mock_targets.scim.document_editor import DocumentEditor
from provcheck.mock_targets.scim.errors import ScimError
from provcheck.mock_targets.scim.leniency import Leniency
from provcheck.mock_targets.scim.patch import MISSING, Operation
from provcheck.mock_targets.scim.paths import PatchPath
from provcheck.mock_targets.scim.schema import Json
from provcheck.mock_targets.scim.slots import Item, Slot, Slots, anything, has_type, is_primary
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
_KEPT_BY_PUT = {"schemas", "userName", "externalId", "name", "profileUrl", "active", "emails", "hasCustomFields"}
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")


def _is_unmarked(item: Item) -> bool:
    return item.get("type") is None and item.get("primary") is None


def _is_second(item: Item) -> bool:
    return item.get("type") == "work" or item.get("primary") is False


def _address(item: Json) -> Json:
    value = item.get("value")
    if not value:
        raise SlackError("email_invalid")
    if not is_email(value.strip()):
        raise SlackError("bad_email_address")
    return {**item, "value": value.strip()}


def _photo(item: Json) -> Json:
    if not item.get("value", "https://").lower().startswith(("https://", "http://", "data:")):
        raise SlackError("photos_invalid")
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


def _clean(value: Any) -> Any:
    """What a client sends, blank texts made empty. Raises SlackError for an emoji."""
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, str) and not value.isascii() and _EMOJI.search(value):
        raise SlackError("invalid_emoji_not_allowed")
    return "" if isinstance(value, str) and not value.strip() else value


class SlackEditor(DocumentEditor):
    """A group, or what is common to groups and users. Every method may raise SlackError."""

    slots = LISTS

    def carry_out(self, operations: Iterable[Operation]) -> None:
        """Apply all operations."""
        for op, path, value in operations:
            self.apply(op, path, value, given=value is not MISSING)

    def apply(self, op: str, path: PatchPath, value: Any, *, given: bool) -> None:
        """Apply one operation; what is wrong with it is told by the attribute."""
        assert path.place.attribute is not None
        name = path.place.attribute.name
        try:
            super().apply(op, path, _clean(value) if given else None, given=given)
        except ScimError:
            code = f"{name}_invalid" if name in (*LISTS, "groups") else "invalid_attribute_format"
            raise SlackError(code) from None


class UserEditor(SlackEditor):
    """A user being changed; `before` None: being made."""

    def __init__(self, before: Document | None, behaviour: Behaviour, directory: Directory) -> None:
        new = {"schemas": [schemas.USER], "active": True}
        super().__init__(new if before is None else before, schemas.CATALOG.user, LENIENCY)
        self._behaviour, self._directory, self._is_new = behaviour, directory, before is None

    def overwrite(self) -> None:
        """Blank what a PUT blanks: everything but the names, the addresses, `active` and being a guest."""
        is_fixed = self._behaviour.display_name_updates != "accepted"
        kept = _KEPT_BY_PUT | {schemas.GUEST, "displayName" if is_fixed else ""}
        self._document = {key: value for key, value in self._document.items() if key in kept}
        name = self._document.get("name", {})
        self._document["name"] = {part: name[part] for part in name if part != "honorificPrefix"}

    def apply(self, op: str, path: PatchPath, value: Any, *, given: bool) -> None:
        """Apply one operation, as far as Slack takes it."""
        attribute, sub = path.place.attribute, path.place.sub
        assert attribute is not None
        said = value if given else None
        prepare = _PREPARED.get(attribute.name)
        if path.place.container == schemas.GUEST and said is not None and self._behaviour.plan != "enterprise":
            raise SlackError("permission_denied", flag="plan")
        if attribute.name == "emails" and op == "replace" and path.query is None and not said:
            raise SlackError("email_empty")
        if prepare is not None and not prepare(self, said if sub is None else {sub.name: said}):
            return
        if attribute.name == "manager" and said:
            value = self._user_id(said) if sub else {"managerId": self._user_id(said["managerId"])}
        super().apply(op, path, value, given=given)

    def carry_out(self, operations: Iterable[Operation]) -> None:
        """Apply all operations; user name and nick name are one thing, and settled first."""
        listed = list(operations)
        given = {path.place.leaf.path: value for _, path, value in listed if path.place.leaf}
        if "userName" in given or "nickName" in given:
            names = (given.get("userName"), given.get("nickName"))
            self._put_names(*(None if name is MISSING else name for name in names))
        super().carry_out(listed)

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

    def finish(self) -> Document:
        """The new document: the very one it was made from when nothing changed."""
        before, after = self._before, self._document
        if after == before:
            return before
        emails = [item["value"].casefold() for item in after.get("emails", ())]
        if len(set(emails)) < len(emails):
            after["emails"] = after["emails"][:1]
        guest = after.get(schemas.GUEST)
        if guest is not None and guest.get("type") != "multi":
            raise SlackError("invalid_attribute_format")  # others cannot be made by SCIM
        if self._is_new:
            after.setdefault("displayName", after["userName"])
            if not after.get("name"):
                after["name"] = {"givenName": after["displayName"]}
            return super().finish()
        if before.get("emails") and not any(item["primary"] for item in after.get("emails", ())):
            raise SlackError("missing_primary_email")
        if (guest is None) != (schemas.GUEST not in before):
            after["active"] = True
        if is_long(before):
            after["hasCustomFields"] = True
        check_change(before, after, self._behaviour)
        return super().finish()

    def _put_user_name(self, wanted: Any, *, too_long: str) -> None:
        if wanted is not None and not isinstance(wanted, str):
            raise SlackError("username_invalid")
        name = slack_name((_clean(wanted) or "").strip())
        if not name:
            raise SlackError("username_empty")
        if name == self._document.get("userName"):
            return
        if len(name) > MAX_USER_NAME:
            raise SlackError(too_long, user=wanted)
        if name.casefold() in named(self._behaviour.reserved_user_names):
            raise SlackError("username_not_allowed", user=name)
        if name.casefold() in named(self._behaviour.channel_names):
            raise SlackError("username_taken", username=name)
        self._document["userName"] = name

    def _takes_name(self, value: Any) -> bool:
        parts = [value.get(part) for part in ("givenName", "familyName")] if isinstance(value, dict) else []
        if parts and all(isinstance(part, str) and part and not part.strip() for part in parts):
            raise SlackError("invalid_name_required")
        return True

    def _takes_display_name(self, value: Any) -> bool:
        rule = "accepted" if self._is_new else self._behaviour.display_name_updates
        if rule == "refused" and (_clean(value) or "") != self._document.get("displayName", ""):
            raise SlackError("invalid_display_name", flag="display_name_updates")
        name, user = str(value), self._document.get("userName")
        if rule == "accepted" and name.startswith("@"):
            raise SlackError("invalid_starts_with_at", user=user)
        if rule == "accepted" and "@" in name:
            raise SlackError("invalid_name_specials", user=user)
        if rule == "accepted" and len(name) > MAX_DISPLAY_NAME:
            raise SlackError("invalid_name_maxlength", user=user)
        return bool(rule == "accepted")

    def _takes_external_id(self, value: Any) -> bool:
        is_other = not self._is_new and (_clean(value) or "") != self._document.get("externalId", "")
        if is_other and self._behaviour.external_id_updates == "refused":
            raise SlackError("invalid_request_payload", flag="external_id_updates")
        return self._is_new and bool(self._behaviour.keeps_external_id)

    def _takes_profile_url(self, value: Any) -> bool:
        return self._is_new

    def _takes_password(self, value: Any) -> bool:
        if not self._is_new:
            raise SlackError("password_change_not_allowed")
        return False  # it is never returned

    def _takes_manager(self, value: Any) -> bool:
        if value is not None and (not isinstance(value, dict) or "managerId" not in value):
            raise SlackError("improper_enterprise_schema_format")
        return True

    def _takes_moment(self, value: Any) -> bool:
        try:
            datetime.fromisoformat(str(value or "").strip() or "2000-01-01")
        except ValueError:
            raise SlackError("invalid_attribute_format") from None
        return True

    def _user_id(self, sent: Any) -> Any:
        """The id of a user named by id, address or user name; what was sent when there is none."""
        if not isinstance(sent, str):
            return sent
        found = self._directory.find("User", "email", sent) or self._directory.find("User", "userName", sent.strip())
        return found[0].id if found else sent.strip()


_PREPARED: Mapping[str, Callable[[UserEditor, Any], bool]] = {
    **dict.fromkeys(("userName", "nickName", "hasCustomFields"), lambda editor, value: False),  # see carry_out, finish
    "name": UserEditor._takes_name,
    "displayName": UserEditor._takes_display_name,
    "externalId": UserEditor._takes_external_id,
    "profileUrl": UserEditor._takes_profile_url,
    "password": UserEditor._takes_password,
    "manager": UserEditor._takes_manager,
    **dict.fromkeys(("expiration", "startDate"), UserEditor._takes_moment),
}
"""What is looked at before an attribute is set: whether it is to be set at all."""


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
