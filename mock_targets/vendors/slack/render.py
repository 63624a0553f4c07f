"""Shows users and groups in the words of a version; both are made from the same document.

Sources: the answers in https://docs.slack.dev/reference/scim-api, and those recorded by python-slack-scim.
"""

from __future__ import annotations

from hashlib import md5
from typing import Any
from zoneinfo import ZoneInfo

from provcheck.mock_targets.directory import Document, Record
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.target.target import Target
from provcheck.mock_targets.vendors.slack import schemas
from provcheck.mock_targets.vendors.slack.user import LISTS, is_long

TIMEZONE = "America/Los_Angeles"
"""The time zone of a user who has none."""
HEADQUARTERS = ZoneInfo(TIMEZONE)
"""Times are shown with the offset of the west coast, daylight saving included."""
Json = dict[str, Any]
ENTERPRISE_TEXTS = ("employeeNumber", "costCenter", "organization", "division", "department")


def deactivating(target: Target) -> dict[str, float]:
    """The users who are still shown as active: id -> the end of that, on the monotonic clock."""
    kept: dict[str, float] = target.memory.setdefault("deactivating", {})
    return kept


def shown(request: Request, record: Record, root: str, *, before: Record | None = None) -> Json:
    """A resource in the words of version 2. `before` is the record that a write found; None for reading or creating."""
    created = record.created.astimezone(HEADQUARTERS).isoformat(timespec="seconds")
    meta = {"created": created, "location": f"{root}/{record.kind}s/{record.id}"}
    if record.kind == "Group":
        return _shown_group(request, record, meta)
    document, can = record.document, request.behaviour
    is_long_form = can.resource_form == "long" or (can.resource_form == "by_value" and is_long(document))
    at_once = can.shows_photos_at_once or request.method == "GET"
    photos = document if at_once else before.document if before else {}
    until = deactivating(request.target).get(record.id)
    host = f"{can.domain}{'.enterprise' if can.plan == 'enterprise' else ''}.slack.com"
    groups = request.target.directory.groups(record.id) if can.supports_groups else []
    custom = _custom_fields(document) if is_long_form else {}
    guest = {schemas.GUEST: document[schemas.GUEST]} if schemas.GUEST in document else {}
    name = {"givenName": "", "familyName": "", **({"honorificPrefix": None} if is_long_form else {})}
    second = is_long_form and can.shows_empty_second_email and len(document.get("emails", ())) == 1
    return {
        "schemas": [schemas.USER, *(key for key in (*custom, *guest) if ":" in key)],
        "id": record.id,
        "externalId": document.get("externalId", ""),
        "meta": meta,
        "userName": document["userName"],
        "nickName": document["userName"],
        "name": {part: document.get("name", {}).get(part, blank) for part, blank in name.items()},
        "displayName": document.get("displayName", ""),
        "profileUrl": document.get("profileUrl") or f"https://{host}/team/{document['userName']}",
        "title": document.get("title", ""),
        "timezone": document.get("timezone", TIMEZONE),
        "active": document["active"] or (until is not None and request.target.clock.monotonic() < until),
        "emails": [*document.get("emails", ()), *([{"value": "", "primary": False}] if second else [])],
        "photos": photos.get("photos") or _gravatar(document),
        **custom,
        "groups": [{"value": group.id, "display": group.document["displayName"]} for group in groups],
        **guest,
    }


def _gravatar(document: Document) -> list[Json]:
    address = document["emails"][0]["value"] if document.get("emails") else document["userName"]
    digest = md5(address.lower().encode(), usedforsecurity=False).hexdigest()
    return [{"value": f"https://secure.gravatar.com/avatar/{digest}.jpg?s=192", "type": "photo"}]


def _custom_fields(document: Document) -> Json:
    kept = document.get(schemas.ENTERPRISE, {})
    enterprise = {**dict.fromkeys(ENTERPRISE_TEXTS), "manager": {"managerId": None}, **kept}
    return {
        **{key: LISTS[key].shown(document.get(key, ())) for key in ("addresses", "phoneNumbers", "roles")},
        **{key: document.get(key) for key in ("userType", "preferredLanguage", "locale")},
        schemas.ENTERPRISE: enterprise,
        **({schemas.PROFILE: document[schemas.PROFILE]} if schemas.PROFILE in document else {}),
    }


def _shown_group(request: Request, record: Record, meta: Json) -> Json:
    directory, by = request.target.directory, request.behaviour.member_display
    with directory.lock:
        found = [directory.locate(id) for id in directory.members(record.id)]
    return {
        "schemas": [schemas.GROUP],
        "id": record.id,
        "meta": meta,
        "displayName": record.document["displayName"],
        "members": [{"value": member.id, "display": _display(member.document, by)} for member in found if member],
    }


def _display(document: Document, by: str) -> str:
    parts = document.get("name", {})
    names = {
        "real_name": f"{parts.get('givenName', '')} {parts.get('familyName', '')}".strip(),
        "display_name": document.get("displayName"),
    }
    return names.get(by) or str(document["userName"])
