"""The values that Slack does not keep as they are sent: names, two addresses and numbers, one role, its extensions.

What is in a list is laid over slots. Every function takes what is kept and what was sent and gives what is kept then;
`replaces` says whether the list sent stands for the whole (POST, PUT, `replace`) or is laid over what is there (PATCH
of version 1, `add`). Source: https://docs.slack.dev/reference/scim-api#user-attributes, #patch-users-id, #errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from provcheck.mock_targets.vendors.slack import schemas
from provcheck.mock_targets.vendors.slack.errors import SlackError

MAX_USER_NAME = 21
MAX_DISPLAY_NAME = 80
ADDRESS_PARTS = ("streetAddress", "locality", "region", "postalCode", "country")
ENTERPRISE_TEXTS = ("employeeNumber", "costCenter", "organization", "division", "department")
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")

Item = Mapping[str, Any]
Json = dict[str, Any]
Kept = list[Json]


def is_email(value: str) -> bool:
    """Whether a text has the form of an e-mail address."""
    local, _at, host = value.partition("@")
    return bool(local and host) and "@" not in host and not any(letter.isspace() for letter in value)


def slack_name(value: str) -> str:
    """A user name as Slack writes it: lower case, special characters as `_`; of an e-mail address the first part.

    An e-mail address is cut to the length that is allowed; another name is not (see `user_name`).
    """
    email = is_email(value)
    local = value.partition("@")[0] if email else value
    written = "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in local.lower())
    return written[:MAX_USER_NAME] if email else written


def user_name(value: Any, *, reserved: frozenset[str], channels: frozenset[str], too_long: str) -> str:
    """The user name that a body asks for. `too_long` is the code for one that is too long. Raises SlackError."""
    if not isinstance(value, str):
        raise SlackError("username_invalid")
    if not value.strip():
        raise SlackError("username_empty")
    _refuse_emoji(value)
    name = slack_name(value.strip())
    if len(name) > MAX_USER_NAME:
        raise SlackError(too_long, user=value)
    if name.casefold() in reserved:
        raise SlackError("username_not_allowed", user=name)
    if name.casefold() in channels:
        raise SlackError("username_taken", username=name)
    return name


def display_name(value: str, *, user: str) -> str:
    """The display name that a body asks for. Raises SlackError."""
    if value.startswith("@"):
        raise SlackError("invalid_starts_with_at", user=user)
    if "@" in value:
        raise SlackError("invalid_name_specials", user=user)
    if len(value) > MAX_DISPLAY_NAME:
        raise SlackError("invalid_name_maxlength", user=user)
    return value


def text(value: Any, code: str = "invalid_attribute_format") -> str:
    """A simple text; null and blanks mean that there is none (`""`). Raises SlackError."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise SlackError(code)
    _refuse_emoji(value)
    return value if value.strip() else ""


def is_true(value: Any) -> bool:
    """Whether a value says yes; the examples of the reference write some as texts."""
    return value is True or (isinstance(value, str) and value.lower() == "true")


def is_deleted(item: Any) -> bool:
    """Whether an entry of a list asks for its own removal, as version 1 has it."""
    operation = item.get("operation") if isinstance(item, Mapping) else None
    return isinstance(operation, str) and operation.lower() == "delete"


def emails(kept: Sequence[Item], value: Any, *, replaces: bool) -> Kept:
    """The primary address and maybe a second one. Raises SlackError."""
    sent, going = _split(_items(value, "emails_invalid"), _address)
    old = {bool(item["primary"]): item["value"] for item in kept}
    gone = {key for key, address in old.items() if address.casefold() in {each.casefold() for each in going}}
    if replaces and not sent:
        raise SlackError("email_empty")
    chosen = _primary_email(sent, required=replaces or not old)
    second = next((item for item in sent if item is not chosen), None)
    if True in gone and chosen is None:
        raise SlackError("missing_primary_email")
    if replaces or False in gone:
        old.pop(False, None)
    old |= {slot: _address(item) for slot, item in ((True, chosen), (False, second)) if item is not None}
    return kept_emails(old.get(True), old.get(False))


def kept_emails(primary: str | None, second: str | None) -> Kept:
    """Addresses as they are kept and shown; one that is there twice counts once."""
    kept = [{"value": primary, "primary": True}] if primary else []
    if second and not (primary and second.casefold() == primary.casefold()):
        kept.append({"value": second, "primary": False})
    return kept


def phones(kept: Sequence[Item], value: Any, *, replaces: bool) -> Kept:
    """The mobile and the primary number, in this order: `mobile` is the one that a request calls `work`."""
    sent, going = _split(_items(value, "phoneNumbers_invalid"), _number)
    mobile, primary = (None, None) if replaces or not kept else (kept[0]["value"], kept[1]["value"])
    mobile, primary = (None if number and number in going else number for number in (mobile, primary))
    first = next((item for rule in _PRIMARY_PHONE for item in sent if rule(item)), None)
    rest = [item for item in sent if item is not first]
    other = next((item for item in rest if item.get("type") == "work" or item.get("primary") is False), None)
    other = other or (rest[0] if rest else None)
    return kept_phones(mobile if other is None else _number(other), primary if first is None else _number(first))


def kept_phones(mobile: str | None, primary: str | None) -> Kept:
    """Numbers as they are kept and shown."""
    return [{"value": mobile, "type": "mobile"}, {"value": primary, "primary": True}]


def address(kept: Sequence[Item], value: Any) -> Kept | None:
    """The one address; None when it is deleted. Raises SlackError: addresses_invalid."""
    parts = [
        (item, {part: text(item.get(part), "addresses_invalid") or None for part in ADDRESS_PARTS})
        for item in _items(value, "addresses_invalid")
    ]
    if kept and any(is_deleted(item) and part == kept[0] for item, part in parts):
        kept = ()
    staying = [(item, part) for item, part in parts if not is_deleted(item)]
    if not staying:
        return [dict(kept[0])] if kept else None
    item = _chosen([item for item, _ in staying], kind="work")
    return [next(part for other, part in staying if other is item)]


def role(kept: Sequence[Item], value: Any) -> Kept | None:
    """The one role; None when it is deleted. Raises SlackError: roles_invalid."""
    sent, going = _split(
        _items(value, "roles_invalid", bare=True), lambda item: text(item.get("value"), "roles_invalid")
    )
    if kept and kept[0]["value"] in going:
        kept = ()
    if sent:
        name = text(_chosen(sent).get("value"), "roles_invalid")
        return [{"value": name, "primary": True}] if name else None
    return [dict(kept[0])] if kept else None


def photo(value: Any) -> Kept | None:
    """The one photo, by its URL; None when there is none. Raises SlackError: photos_invalid."""
    sent = [item for item in _items(value, "photos_invalid", bare=True) if not is_deleted(item)]
    url = text(_chosen(sent).get("value"), "photos_invalid") if sent else ""
    if url and not url.lower().startswith(("https://", "http://", "data:")):
        raise SlackError("photos_invalid")
    return [{"value": url, "type": "photo"}] if url else None


def enterprise(kept: Item, sent: Any, *, resolve: Callable[[str], str]) -> Json:
    """The enterprise extension; `resolve` turns an id, an address or a user name of a manager into an id."""
    new = dict(kept)
    for key, value in _object(sent).items():
        if key in ENTERPRISE_TEXTS:
            new[key] = text(value) or None
        elif key == "manager":
            if value is not None and (not isinstance(value, dict) or "managerId" not in value):
                raise SlackError("improper_enterprise_schema_format")
            named = text(value["managerId"]).strip() if value else ""
            new[key] = resolve(named) if named else None
    return new


def guest(kept: Item, sent: Any) -> Json:
    """The guest extension; multi-channel guests alone can be made by SCIM. Raises SlackError."""
    new = {**kept, **{key: value for key, value in _object(sent).items() if key in ("type", "expiration")}}
    new["expiration"] = _moment(new.get("expiration"))
    if new.get("type") != "multi":
        raise SlackError("invalid_attribute_format")
    return {key: value for key, value in new.items() if value is not None}


def profile(kept: Item, sent: Any) -> Json:
    """The profile extension. Raises SlackError."""
    return {**kept, **{key: _moment(value) for key, value in _object(sent).items() if key == "startDate"}}


def without(urn: str, kept: Item, path: str) -> Json:
    """An extension without one of its attributes (`department`, `manager.managerId`, `expiration`)."""
    name = path.partition(".")[0].lower()
    new = {key: value for key, value in kept.items() if key.lower() != name}
    if urn == schemas.GUEST and "type" not in new:
        raise SlackError("invalid_attribute_format")
    return new


def _refuse_emoji(value: str) -> None:
    if not value.isascii() and _EMOJI.search(value):
        raise SlackError("invalid_emoji_not_allowed")


def _items(value: Any, code: str, *, bare: bool = False) -> list[Item]:
    """The objects of a list (one object counts as a list of one; `bare`: so do plain texts). Raises SlackError."""
    listed = value if isinstance(value, list) else [] if value is None else [value]
    if bare:
        listed = [{"value": item} if isinstance(item, str) else item for item in listed]
    if not all(isinstance(item, dict) for item in listed):
        raise SlackError(code)
    return listed


def _split(sent: list[Item], read: Callable[[Item], Any]) -> tuple[list[Item], set[Any]]:
    """The entries that stay, and the values of those that are to go."""
    values = [(item, read(item)) for item in sent if is_deleted(item)]
    return [item for item in sent if not is_deleted(item)], {value for _, value in values if value}


def _object(sent: Any) -> Mapping[str, Any]:
    if not isinstance(sent, dict):
        raise SlackError("invalid_attribute_format")
    return sent


def _moment(value: Any) -> str | None:
    said = text(value)
    try:
        datetime.fromisoformat(said or "2000-01-01")
    except ValueError:
        raise SlackError("invalid_attribute_format") from None
    return said or None


def _chosen(listed: Sequence[Item], *, kind: str | None = None) -> Item:
    primary = next((item for item in listed if is_true(item.get("primary"))), None)
    typed = next((item for item in listed if kind is not None and item.get("type") == kind), None)
    return primary or typed or listed[0]


def _primary_email(sent: Sequence[Item], *, required: bool) -> Item | None:
    """Which address becomes the primary one; None when all of those sent are second ones."""
    primary = next((item for item in sent if is_true(item.get("primary"))), None)
    work = next((item for item in sent if item.get("type") == "work" and item.get("primary") is not False), None)
    if primary is not None or work is not None:
        return primary if primary is not None else work
    if required:
        return sent[0] if sent else None
    return next((item for item in sent if item.get("type") is None and item.get("primary") is None), None)


_PRIMARY_PHONE: tuple[Callable[[Item], bool], ...] = (
    lambda item: is_true(item.get("primary")),
    lambda item: item.get("type") == "mobile",
    lambda item: item.get("type") != "work",
)


def _address(item: Item) -> str:
    value = item.get("value")
    if not isinstance(value, str) or not value.strip():
        raise SlackError("email_invalid")
    if not is_email(value.strip()):
        raise SlackError("bad_email_address")
    return value.strip()


def _number(item: Item) -> str | None:
    value = item.get("value")
    if value is not None and not isinstance(value, str):
        raise SlackError("phoneNumbers_invalid")
    return value if value and value.strip() else None
