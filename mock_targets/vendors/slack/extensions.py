"""The three extensions of a user: enterprise, multi-channel guest, profile.

Each function takes what is kept of an extension and what was sent, and gives what is kept then.
Source: https://docs.slack.dev/reference/scim-api#patch-users-id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from provcheck.mock_targets.vendors.slack import urns
from provcheck.mock_targets.vendors.slack.errors import SlackError
from provcheck.mock_targets.vendors.slack.names import text

ENTERPRISE_TEXTS = ("employeeNumber", "costCenter", "organization", "division", "department")
GUEST_TYPE = "multi"
"""The only kind of guest that SCIM can make."""

Json = dict[str, Any]
ResolveUser = Callable[[str], str]


def enterprise(kept: Mapping[str, Any], sent: Any, *, resolve: ResolveUser) -> Json:
    """The enterprise extension; `resolve` turns an id, an address or a user name of a manager into an id.

    Raises SlackError: improper_enterprise_schema_format, invalid_attribute_format.
    """
    new = dict(kept)
    for key, value in _members(sent).items():
        if key in ENTERPRISE_TEXTS:
            new[key] = text(value) or None
        elif key == "manager":
            new[key] = _manager(value, resolve)
    return new


def shown_enterprise(kept: Mapping[str, Any]) -> Json:
    """All of it, null where nothing is set."""
    shown = {key: kept.get(key) for key in ENTERPRISE_TEXTS}
    return {**shown, "manager": {"managerId": kept.get("manager")}}


def guest(kept: Mapping[str, Any], sent: Any) -> Json:
    """The guest extension. Raises SlackError: invalid_attribute_format for another type or a bad date."""
    new = dict(kept)
    for key, value in _members(sent).items():
        if key == "type":
            new[key] = value
        elif key == "expiration" and text(value):
            new[key] = _moment(value)
        elif key == "expiration":
            new.pop(key, None)
    if new.get("type") != GUEST_TYPE:
        raise SlackError("invalid_attribute_format")
    return new


def profile(kept: Mapping[str, Any], sent: Any) -> Json:
    """The profile extension. Raises SlackError: invalid_attribute_format."""
    new = dict(kept)
    for key, value in _members(sent).items():
        if key == "startDate":
            new[key] = _moment(value) if text(value) else None
    return new


def without(urn: str, kept: Mapping[str, Any], path: str) -> Json:
    """An extension without one of its attributes (`department`, `manager.managerId`, `expiration`)."""
    name = path.partition(".")[0]
    new = {key: value for key, value in kept.items() if key.lower() != name.lower()}
    if urn == urns.GUEST and "type" not in new:
        raise SlackError("invalid_attribute_format")
    return new


def _manager(sent: Any, resolve: ResolveUser) -> str | None:
    if sent is None:
        return None
    if not isinstance(sent, dict) or "managerId" not in sent:
        raise SlackError("improper_enterprise_schema_format")
    named = text(sent["managerId"]).strip()
    return resolve(named) if named else None


def _members(sent: Any) -> Mapping[str, Any]:
    if not isinstance(sent, dict):
        raise SlackError("invalid_attribute_format")
    return sent


def _moment(value: str) -> str:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise SlackError("invalid_attribute_format") from None
    return value
