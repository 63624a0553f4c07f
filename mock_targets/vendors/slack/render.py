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
from provcheck.mock_targets.vendors.slack.document import CUSTOM_FIELDS
from provcheck.mock_targets.vendors.slack.values import ADDRESS_PARTS, ENTERPRISE_TEXTS, kept_phones

HEADQUARTERS = ZoneInfo("America/Los_Angeles")
"""Times are shown with the offset of the west coast, daylight saving included."""
Json = dict[str, Any]


def deactivating(target: Target) -> dict[str, float]:
    """The users who are still shown as active: id -> the end of that, on the monotonic clock."""
    kept: dict[str, float] = target.memory.setdefault("deactivating", {})
    return kept


def is_long(document: Document, form: str) -> bool:
    """Whether a user is shown in the long form."""
    if form != "by_value":
        return form == "long"
    given = any(key in document for key in CUSTOM_FIELDS) or schemas.PROFILE in document
    return given or "honorificPrefix" in document["name"]


def shown(request: Request, record: Record, version: int, *, before: Record | None = None) -> Json:
    """A resource as JSON. `before` is the record that a write found; None for a reading or a creation."""
    endpoint = f"{request.target.base_url}/scim/v{version}/{record.kind}s"
    created = record.created.astimezone(HEADQUARTERS).isoformat(timespec="seconds")
    meta = {"created": created, "location": f"{endpoint}/{record.id}"}
    if record.kind == "Group":
        return _shown_group(request, record, version, meta)
    at_once = request.behaviour.shows_photos_at_once or request.method == "GET"
    photos = record.document if at_once else before.document if before else {}
    return _shown_user(request, record, version, meta, photos.get("photos"))


def _shown_user(request: Request, record: Record, version: int, meta: Json, photos: list[Json] | None) -> Json:
    document, can = record.document, request.behaviour
    is_long_form = is_long(document, can.resource_form)
    urns = [
        urn for urn in (schemas.ENTERPRISE, schemas.PROFILE) if is_long_form and urn in (schemas.ENTERPRISE, *document)
    ]
    urns += [schemas.GUEST] if schemas.GUEST in document else []
    until = deactivating(request.target).get(record.id)
    host = f"{can.domain}{'.enterprise' if can.plan == 'enterprise' else ''}.slack.com"
    groups = request.target.directory.groups(record.id) if can.supports_groups else []
    return {
        "schemas": [schemas.spoken(urn, version) for urn in (schemas.USER, *urns)],
        "id": record.id,
        "externalId": document["externalId"],
        "meta": meta,
        "userName": document["userName"],
        "nickName": document["userName"],
        "name": _name(document, is_long_form),
        "displayName": document["displayName"],
        "profileUrl": document.get("profileUrl") or f"https://{host}/team/{document['userName']}",
        "title": document["title"],
        "timezone": document["timezone"],
        "active": document["active"] or (until is not None and request.target.clock.monotonic() < until),
        "emails": _emails(document, is_long_form and can.shows_empty_second_email),
        "photos": photos or _gravatar(document),
        **(_custom_fields(document, version) if is_long_form else {}),
        "groups": [{"value": group.id, "display": group.document["displayName"]} for group in groups],
        **({schemas.spoken(schemas.GUEST, version): document[schemas.GUEST]} if schemas.GUEST in document else {}),
    }


def _name(document: Document, is_long_form: bool) -> Json:  # noqa: FBT001  # the form of the resource
    kept = {"givenName": document["name"]["givenName"], "familyName": document["name"]["familyName"]}
    return {**kept, "honorificPrefix": document["name"].get("honorificPrefix")} if is_long_form else kept


def _emails(document: Document, with_second: bool) -> list[Json]:  # noqa: FBT001  # the form of the resource
    kept: list[Json] = document["emails"]
    return [*kept, {"value": "", "primary": False}] if with_second and len(kept) == 1 else kept


def _gravatar(document: Document) -> list[Json]:
    address = document["emails"][0]["value"] if document["emails"] else document["userName"]
    digest = md5(address.lower().encode(), usedforsecurity=False).hexdigest()
    return [{"value": f"https://secure.gravatar.com/avatar/{digest}.jpg?s=192", "type": "photo"}]


def _custom_fields(document: Document, version: int) -> Json:
    kept = document.get(schemas.ENTERPRISE) or {}
    enterprise = {**{key: kept.get(key) for key in ENTERPRISE_TEXTS}, "manager": {"managerId": kept.get("manager")}}
    profile = (
        {schemas.spoken(schemas.PROFILE, version): document[schemas.PROFILE]} if schemas.PROFILE in document else {}
    )
    return {
        "addresses": document.get("addresses") or [dict.fromkeys(ADDRESS_PARTS)],
        "phoneNumbers": document.get("phoneNumbers") or kept_phones(None, None),
        "userType": document.get("userType"),
        "roles": document.get("roles") or [{"value": None, "primary": True}],
        "preferredLanguage": document.get("preferredLanguage"),
        "locale": document.get("locale"),
        schemas.spoken(schemas.ENTERPRISE, version): enterprise,
        **profile,
    }


def _shown_group(request: Request, record: Record, version: int, meta: Json) -> Json:
    directory, by = request.target.directory, request.behaviour.member_display
    with directory.lock:
        found = [directory.locate(id) for id in directory.members(record.id)]
    return {
        "schemas": [schemas.spoken(schemas.GROUP, version)],
        "id": record.id,
        "meta": meta,
        "displayName": record.document["displayName"],
        "members": [{"value": member.id, "display": _display(member.document, by)} for member in found if member],
    }


def _display(document: Document, by: str) -> str:
    parts = document["name"]
    names = {
        "real_name": f"{parts['givenName']} {parts['familyName']}".strip(),
        "display_name": document["displayName"],
    }
    return names.get(by) or str(document["userName"])
