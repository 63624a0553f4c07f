"""Slack's documents in core words, for seeds, snapshots and judges.

A seed stores a user as Slack would: the user name in Slack's form, cut to what is allowed. There is no word
`nickName`: Slack's mirrors the user name. Slack keeps two phone numbers: what a client calls `work` is the mobile one,
what it calls `mobile` the primary one (https://docs.slack.dev/reference/scim-api#patch-users-id).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from provcheck.mock_targets.directory import Document
from provcheck.mock_targets.reading import shown
from provcheck.mock_targets.target.core_mapping import At, Core, CoreMapping, Misfit, Place, Words
from provcheck.mock_targets.vendors.slack import schemas, values
from provcheck.mock_targets.vendors.slack.document import blank
from provcheck.mock_targets.vendors.slack.values import MAX_USER_NAME, is_email, slack_name


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that is "" where it is not set."""

    way: tuple[str, ...]

    def read(self, document: Document) -> Any:
        """The text, None for an empty one."""
        return At(self.way).read(document) or None

    def write(self, document: Document, value: Any) -> None:
        """Set it."""
        At(self.way, keeps_empty=True).write(document, value or "")


class _UserName(_Text):
    """The user name, in Slack's form."""

    def write(self, document: Document, value: Any) -> None:
        """Set it in Slack's form, cut to what is allowed."""
        super().write(document, slack_name(value.strip())[:MAX_USER_NAME])


class _Email:
    """The primary address."""

    def read(self, document: Document) -> Any:
        """It comes first."""
        return document["emails"][0]["value"] if document["emails"] else None

    def write(self, document: Document, value: Any) -> None:
        """Set it; a second address stays."""
        second = next((entry["value"] for entry in document["emails"] if not entry["primary"]), None)
        document["emails"] = values.kept_emails(value, second)


class _Phones:
    """The two phone numbers, under the types that a client writes them with."""

    def read(self, document: Document) -> Any:
        """Those that are set."""
        numbers = zip(document.get("phoneNumbers") or (), ("work", "mobile"))
        return [{"value": slot["value"], "type": kind} for slot, kind in numbers if slot["value"]] or None

    def write(self, document: Document, value: Any) -> None:
        """Set both."""
        document["phoneNumbers"] = values.phones((), value or [], replaces=True)


class _Address:
    """The one address."""

    def read(self, document: Document) -> Any:
        """The parts that are set."""
        kept: Mapping[str, Any] = (document.get("addresses") or ({},))[0]
        return {part: kept[part] for part in values.ADDRESS_PARTS if kept.get(part)} or None

    def write(self, document: Document, value: Any) -> None:
        """Set it. Raises Misfit for a part that Slack does not keep."""
        unknown = next((part for part in value or () if part not in values.ADDRESS_PARTS), None)
        if unknown:
            raise Misfit(f"an address has no {unknown} here; it has {', '.join(values.ADDRESS_PARTS)}")
        document["addresses"] = values.address((), [value]) if value else None


_PLACES: Mapping[str, Place] = {
    "userName": _UserName(("userName",)),
    "externalId": _Text(("externalId",)),
    "givenName": _Text(("name", "givenName")),
    "familyName": _Text(("name", "familyName")),
    "displayName": _Text(("displayName",)),
    "email": _Email(),
    "active": At(("active",), default=True),
    "title": _Text(("title",)),
    "userType": At(("userType",)),
    "preferredLanguage": At(("preferredLanguage",)),
    "locale": At(("locale",)),
    "timezone": _Text(("timezone",)),
    "phoneNumbers": _Phones(),
    "address": _Address(),
    "department": At((schemas.ENTERPRISE, "department")),
    "employeeNumber": At((schemas.ENTERPRISE, "employeeNumber")),
    "manager": At((schemas.ENTERPRISE, "manager")),
}


def _start_user(core: Core) -> Document:
    user = blank()
    wanted = core["userName"].strip()
    if not core.get("givenName") and not core.get("familyName"):
        given = core.get("displayName") or slack_name(wanted)[:MAX_USER_NAME]
        user["name"] = {"givenName": given, "familyName": ""}
    user["emails"] = values.kept_emails(wanted if is_email(wanted) else None, None)
    return user


def _read_user(document: Document) -> Document:
    """A stored user: each attribute has the type that it has in a blank one, or in one of which all is known."""
    for name, value in document.items():
        if name not in _KNOWN:
            raise Misfit(f"a user has no attribute {shown(name)}")
        if not _has_form(value, _KNOWN[name]):
            raise Misfit(f"{name} cannot be {shown(value)}")
    return {**blank(), **document}


def _read_group(document: Document) -> Document:
    if not all(name in ("displayName", "externalId") and isinstance(value, str) for name, value in document.items()):
        raise Misfit("a group has a displayName and an externalId, both texts")
    return dict(document)


_KNOWN: Document = {
    **blank(),
    "profileUrl": "",
    **{name: [{}] for name in ("photos", "phoneNumbers", "addresses", "roles")},
    **dict.fromkeys(("userType", "preferredLanguage", "locale"), ""),
    **{urn: {} for urn in schemas.EXTENSIONS},
}


def _has_form(value: Any, example: Any) -> bool:
    if isinstance(example, list):
        return value is None or (isinstance(value, list) and all(_has_form(item, {}) for item in value))
    if isinstance(example, dict):
        return isinstance(value, dict) and all(item is None or isinstance(item, str | bool) for item in value.values())
    return value is None or type(value) is type(example)


def _start_group(core: Core) -> Document:
    del core
    return {}


CORE_MAPPING = CoreMapping(
    user=Words(_PLACES, _start_user, _read_user),
    group=Words({word: _Text((word,)) for word in ("displayName", "externalId")}, _start_group, _read_group),
)
