"""Lists that Slack does not keep as lists: two e-mail addresses, two phone numbers, one address, role and photo.

Every function takes what is kept and what was sent and gives what is kept then. `replaces` says whether the list sent
stands for the whole (POST, PUT, `replace`) or is laid over what is there (PATCH of version 1, `add`).
Source: https://docs.slack.dev/reference/scim-api#patch-users-id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from provcheck.mock_targets.vendors.slack.errors import SlackError
from provcheck.mock_targets.vendors.slack.names import is_email, text

Item = Mapping[str, Any]
Kept = list[dict[str, Any]]

ADDRESS_PARTS = ("streetAddress", "locality", "region", "postalCode", "country")


def items(value: Any, code: str, *, bare: bool = False) -> list[Item]:
    """The objects of a list (one object counts as a list of one; `bare`: so do plain texts). Raises SlackError."""
    listed = value if isinstance(value, list) else [] if value is None else [value]
    if bare:
        listed = [{"value": item} if isinstance(item, str) else item for item in listed]
    if not all(isinstance(item, dict) for item in listed):
        raise SlackError(code)
    return listed


def emails(kept: Sequence[Item], value: Any, *, replaces: bool) -> Kept:
    """The primary address and maybe a second one.

    Raises SlackError: emails_invalid, email_empty, email_invalid, bad_email_address, missing_primary_email.
    """
    sent = items(value, "emails_invalid")
    old = {bool(item["primary"]): item["value"] for item in kept}
    going = {_address(item).casefold() for item in sent if _is_deleted(item)}
    sent = [item for item in sent if not _is_deleted(item)]
    if replaces and not sent:
        raise SlackError("email_empty")
    chosen = _primary_email(sent, required=replaces or not old)
    second = next((item for item in sent if item is not chosen), None)
    if True in old and old[True].casefold() in going and chosen is None:
        raise SlackError("missing_primary_email")
    if replaces or (False in old and old[False].casefold() in going):
        old.pop(False, None)
    if chosen is not None:
        old[True] = _address(chosen)
    if second is not None:
        old[False] = _address(second)
    return kept_emails(old.get(True), old.get(False))


def kept_emails(primary: str | None, second: str | None) -> Kept:
    """Addresses as they are kept and shown; one that is there twice counts once."""
    kept = [{"value": primary, "primary": True}] if primary else []
    if second and not (primary and second.casefold() == primary.casefold()):
        kept.append({"value": second, "primary": False})
    return kept


def phones(kept: Sequence[Item], value: Any, *, replaces: bool) -> Kept:
    """The mobile and the primary number, in this order. Raises SlackError: phoneNumbers_invalid."""
    sent = items(value, "phoneNumbers_invalid")
    mobile, primary = (None, None) if replaces or not kept else (kept[0]["value"], kept[1]["value"])
    going = {_number(item) for item in sent if _is_deleted(item)} - {None}
    mobile, primary = (None if number in going else number for number in (mobile, primary))
    sent = [item for item in sent if not _is_deleted(item)]
    first = _primary_phone(sent)
    rest = [item for item in sent if item is not first]
    other = next((item for item in rest if item.get("type") == "work" or item.get("primary") is False), None)
    other = other or (rest[0] if rest else None)
    if first is not None:
        primary = _number(first)
    if other is not None:
        mobile = _number(other)
    return kept_phones(mobile, primary)


def kept_phones(mobile: str | None, primary: str | None) -> Kept:
    """Numbers as they are kept and shown: `mobile` is the type of the one that a request calls `work`."""
    return [{"value": mobile, "type": "mobile"}, {"value": primary, "primary": True}]


def address(kept: Sequence[Item], value: Any) -> Kept | None:
    """The one address; None when it is deleted. Raises SlackError: addresses_invalid."""
    sent = items(value, "addresses_invalid")
    parts = [{part: _part(item.get(part)) for part in ADDRESS_PARTS} for item in sent]
    if kept and any(_is_deleted(item) and part == kept[0] for item, part in zip(sent, parts)):
        kept = ()
    staying = [(item, part) for item, part in zip(sent, parts) if not _is_deleted(item)]
    if not staying:
        return [dict(kept[0])] if kept else None
    item = _chosen([item for item, _ in staying], kind="work")
    return [next(part for other, part in staying if other is item)]


def role(kept: Sequence[Item], value: Any) -> Kept | None:
    """The one role; None when it is deleted. Raises SlackError: roles_invalid."""
    sent = items(value, "roles_invalid", bare=True)
    values = {id(item): _value(item, "roles_invalid") for item in sent}
    if kept and any(_is_deleted(item) and values[id(item)] == kept[0]["value"] for item in sent):
        kept = ()
    staying = [item for item in sent if not _is_deleted(item)]
    if staying:
        name = values[id(_chosen(staying))]
        return [{"value": name, "primary": True}] if name else None
    return [dict(kept[0])] if kept else None


def photo(value: Any) -> Kept | None:
    """The one photo, by its URL; None when there is none. Raises SlackError: photos_invalid."""
    sent = [item for item in items(value, "photos_invalid", bare=True) if not _is_deleted(item)]
    if not sent:
        return None
    url = _value(_chosen(sent), "photos_invalid")
    if url and not url.lower().startswith(("https://", "http://", "data:")):
        raise SlackError("photos_invalid")
    return [{"value": url, "type": "photo"}] if url else None


def is_true(value: Any) -> bool:
    """Whether a value says yes; the examples of the reference write some as texts."""
    return value is True or (isinstance(value, str) and value.lower() == "true")


def _is_deleted(item: Item) -> bool:
    operation = item.get("operation")
    return isinstance(operation, str) and operation.lower() == "delete"


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


def _primary_phone(sent: Sequence[Item]) -> Item | None:
    for rule in (
        lambda item: is_true(item.get("primary")),
        lambda item: item.get("type") == "mobile",
        lambda item: item.get("type") != "work",
    ):
        found = next(filter(rule, sent), None)
        if found is not None:
            return found
    return None


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


def _part(value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise SlackError("addresses_invalid")
    return text(value) or None


def _value(item: Item, code: str) -> str:
    value = item.get("value")
    if value is not None and not isinstance(value, str):
        raise SlackError(code)
    return text(value)
