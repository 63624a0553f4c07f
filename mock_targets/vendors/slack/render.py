"""Shows users and groups in the words of a version; both are made from the same document.

Sources: the answers in https://docs.slack.dev/reference/scim-api, and those recorded by python-slack-scim.
"""

from __future__ import annotations

from hashlib import md5
from zoneinfo import ZoneInfo

from provcheck.mock_targets.directory import Document, Record
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.scim.catalog import ENTERPRISE_URN, GROUP_URN, USER_URN
from provcheck.mock_targets.scim.render import Renderer
from provcheck.mock_targets.scim.schema import Json
from provcheck.mock_targets.target.flags import Behaviour
from provcheck.mock_targets.vendors.slack.schemas import GUEST, PROFILE
from provcheck.mock_targets.vendors.slack.user import LISTS, is_long

TIMEZONE = "America/Los_Angeles"
"""The time zone of a user who has none. Times are shown with its offset, daylight saving included."""
_HEADQUARTERS = ZoneInfo(TIMEZONE)
_ENTERPRISE = dict.fromkeys(("employeeNumber", "costCenter", "organization", "division", "department"))


def shown(request: Request, record: Record, renderer: Renderer, *, before: Record | None) -> Json:
    """A resource in the words of version 2. `before` is the record that a write found; None for reading or creating."""
    created = record.created.astimezone(_HEADQUARTERS).isoformat(timespec="seconds")
    beginning = {"id": record.id, "meta": {"created": created, "location": renderer.location(record.kind, record.id)}}
    document, can = record.document, request.behaviour
    if record.kind == "Group":
        name = {"displayName": document["displayName"]}
        return {"schemas": [GROUP_URN], **beginning, **name, "members": renderer.members(record.id)}
    is_long_form = can.resource_form == "long" or (can.resource_form == "by_value" and is_long(document))
    at_once = can.shows_photos_at_once or request.method == "GET"
    photos = document if at_once else before.document if before else {}
    host = f"{can.domain}{'.enterprise' if can.plan == 'enterprise' else ''}.slack.com"
    custom = _custom_fields(document) if is_long_form else {}
    guest = {GUEST: document[GUEST]} if GUEST in document else {}
    name = {"givenName": "", "familyName": "", **({"honorificPrefix": None} if is_long_form else {})}
    second = is_long_form and can.shows_empty_second_email and len(document.get("emails", ())) == 1
    return {
        "schemas": [USER_URN, *(key for key in (*custom, *guest) if ":" in key)],
        "id": record.id,
        "externalId": document.get("externalId", ""),
        "meta": beginning["meta"],
        "userName": document["userName"],
        "nickName": document["userName"],
        "name": name | {part: value for part, value in document.get("name", {}).items() if part in name},
        "displayName": document.get("displayName", ""),
        "profileUrl": document.get("profileUrl") or f"https://{host}/team/{document['userName']}",
        "title": document.get("title", ""),
        "timezone": document.get("timezone", TIMEZONE),
        "active": document["active"],
        "emails": [*document.get("emails", ()), *([{"value": "", "primary": False}] if second else [])],
        "photos": photos.get("photos") or _gravatar(document),
        **custom,
        "groups": renderer.groups(record.id),
        **guest,
    }


def reference(record: Record, behaviour: Behaviour) -> Json:
    """A group as its members show it, or a member as its groups do."""
    document, by = record.document, behaviour.member_display
    parts = [document.get("name", {}).get(part, "") for part in ("givenName", "familyName")]
    names = {"real_name": " ".join(parts).strip(), "display_name": document.get("displayName")}
    display = document["displayName"] if record.kind == "Group" else names.get(by) or document["userName"]
    return {"value": record.id, "display": display}


def _gravatar(document: Document) -> list[Json]:
    address = document["emails"][0]["value"] if document.get("emails") else document["userName"]
    digest = md5(address.lower().encode(), usedforsecurity=False).hexdigest()
    return [{"value": f"https://secure.gravatar.com/avatar/{digest}.jpg?s=192", "type": "photo"}]


def _custom_fields(document: Document) -> Json:
    enterprise = {**_ENTERPRISE, "manager": {"managerId": None}, **document.get(ENTERPRISE_URN, {})}
    return {
        **{key: LISTS[key].shown(document.get(key, ())) for key in ("addresses", "phoneNumbers", "roles")},
        **{key: document.get(key) for key in ("userType", "preferredLanguage", "locale")},
        ENTERPRISE_URN: enterprise,
        **({PROFILE: document[PROFILE]} if PROFILE in document else {}),
    }
