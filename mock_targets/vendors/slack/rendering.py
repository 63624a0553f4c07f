"""Shows users and groups in the words of a version; both are made from the same document.

Sources: the answers in https://docs.slack.dev/reference/scim-api, and those recorded by python-slack-scim.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from hashlib import md5
from typing import Any

from provcheck.mock_targets.directory import Document, Record
from provcheck.mock_targets.http import json
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.vendors.slack import urns
from provcheck.mock_targets.vendors.slack.document_editor import CUSTOM_FIELDS
from provcheck.mock_targets.vendors.slack.extensions import shown_enterprise
from provcheck.mock_targets.vendors.slack.slots import ADDRESS_PARTS, kept_phones

ENDPOINTS = {"User": "Users", "Group": "Groups"}
HEADQUARTERS = timezone(timedelta(hours=-7))
"""Times are shown with the offset of the west coast, in summer as in winter."""
DEACTIVATING = "slack.deactivating"
"""Where a target remembers users who are still shown as active: id -> the end of that, on the monotonic clock."""

Json = dict[str, Any]


def reply(request: Request, status: int, body: Json | None = None, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer in the version that was asked; version 1 escapes slashes."""
    if body is None:
        return Answer(status, None, headers or {})
    written = json.write(body)
    return Answer(status, written.replace(b"/", b"\\/") if version(request) == 1 else written, headers or {})


def read_one(request: Request, kind: str, id: str) -> Answer:
    """The answer to a GET of one resource. Raises NotFound."""
    record = request.target.directory.get(kind, id)
    names = request.target.spec.core_mapping.names_of(record)
    request.operations.announce(f"{kind.lower()}.get", kind=kind, id=id, names=names)
    return reply(request, 200, shown(request, record))


def version(request: Request) -> int:
    """The version of the API that a request speaks: 1 or 2."""
    return 2 if request.path.startswith("/scim/v2") else 1


def shown(request: Request, record: Record, *, before: Record | None = None) -> Json:
    """A resource as JSON. `before` is the record that a write found; None for a reading or a creation."""
    if record.kind == "Group":
        return _shown_group(request, record)
    at_once = request.behaviour.shows_photos_at_once or request.method == "GET"
    photos = record.document if at_once else before.document if before else {}
    return _shown_user(request, record, photos.get("photos"))


def is_long(document: Document, form: str) -> bool:
    """Whether a user is shown in the long form."""
    if form != "by_value":
        return form == "long"
    given = any(key in document for key in CUSTOM_FIELDS) or urns.PROFILE in document
    return given or "honorificPrefix" in document["name"]


def _shown_user(request: Request, record: Record, photos: list[Json] | None) -> Json:
    document, spoken = record.document, version(request)
    long = is_long(document, request.behaviour.resource_form)
    user: Json = {
        "schemas": [urns.spoken(urn, spoken) for urn in _schemas(document, long)],
        "id": record.id,
        "externalId": document["externalId"],
        "meta": _meta(request, record),
        "userName": document["userName"],
        "nickName": document["userName"],
        "name": _name(document, long),
        "displayName": document["displayName"],
        "profileUrl": document.get("profileUrl") or _profile_url(request, document["userName"]),
        "title": document["title"],
        "timezone": document["timezone"],
        "active": document["active"] or _still_shown_active(request, record.id),
        "emails": _emails(request, document, long),
        "photos": photos or _gravatar(document),
    }
    if long:
        user |= _custom_fields(document, spoken)
    user["groups"] = _groups(request, record.id)
    if urns.GUEST in document:
        user[urns.spoken(urns.GUEST, spoken)] = document[urns.GUEST]
    return user


def _schemas(document: Document, long: bool) -> list[str]:  # noqa: FBT001  # the form of the resource, said before
    schemas = [urns.USER, urns.ENTERPRISE] if long else [urns.USER]
    if long and urns.PROFILE in document:
        schemas.append(urns.PROFILE)
    if urns.GUEST in document:
        schemas.append(urns.GUEST)
    return schemas


def _name(document: Document, long: bool) -> Json:  # noqa: FBT001  # the form of the resource, said before
    name = document["name"]
    short = {"givenName": name["givenName"], "familyName": name["familyName"]}
    return {**short, "honorificPrefix": name.get("honorificPrefix")} if long else short


def _custom_fields(document: Document, spoken: int) -> Json:
    fields: Json = {
        "addresses": document.get("addresses") or [dict.fromkeys(ADDRESS_PARTS)],
        "phoneNumbers": document.get("phoneNumbers") or kept_phones(None, None),
        "userType": document.get("userType"),
        "roles": document.get("roles") or [{"value": None, "primary": True}],
        "preferredLanguage": document.get("preferredLanguage"),
        "locale": document.get("locale"),
        urns.spoken(urns.ENTERPRISE, spoken): shown_enterprise(document.get(urns.ENTERPRISE) or {}),
    }
    if urns.PROFILE in document:
        fields[urns.spoken(urns.PROFILE, spoken)] = document[urns.PROFILE]
    return fields


def _emails(request: Request, document: Document, long: bool) -> list[Json]:  # noqa: FBT001  # see above
    kept: list[Json] = document["emails"]
    if long and len(kept) == 1 and request.behaviour.shows_empty_second_email:
        return [*kept, {"value": "", "primary": False}]
    return kept


def _profile_url(request: Request, user_name: str) -> str:
    middle = ".enterprise" if request.behaviour.plan == "enterprise" else ""
    return f"https://{request.behaviour.domain}{middle}.slack.com/team/{user_name}"


def _gravatar(document: Document) -> list[Json]:
    address = document["emails"][0]["value"] if document["emails"] else document["userName"]
    digest = md5(address.lower().encode(), usedforsecurity=False).hexdigest()
    return [{"value": f"https://secure.gravatar.com/avatar/{digest}.jpg?s=192", "type": "photo"}]


def _still_shown_active(request: Request, id: str) -> bool:
    until = request.target.memory.get(DEACTIVATING, {}).get(id)
    return until is not None and request.target.clock.monotonic() < until


def _groups(request: Request, id: str) -> list[Json]:
    if not request.behaviour.supports_groups:
        return []
    return [
        {"value": group.id, "display": group.document["displayName"]} for group in request.target.directory.groups(id)
    ]


def _shown_group(request: Request, record: Record) -> Json:
    directory = request.target.directory
    with directory.lock:
        members = [(id, directory.locate(id)) for id in directory.members(record.id)]
    return {
        "schemas": [urns.spoken(urns.GROUP, version(request))],
        "id": record.id,
        "meta": _meta(request, record),
        "displayName": record.document["displayName"],
        "members": [
            {"value": id, "display": _display(member, request.behaviour.member_display)}
            for id, member in members
            if member
        ],
    }


def _display(member: Record, by: str) -> str:
    document = member.document
    name = f"{document['name']['givenName']} {document['name']['familyName']}".strip() if by == "real_name" else ""
    if by == "display_name":
        name = document["displayName"]
    return name or str(document["userName"])


def _meta(request: Request, record: Record) -> Json:
    path = f"/scim/v{version(request)}/{ENDPOINTS[record.kind]}/{record.id}"
    return {"created": _time(record.created), "location": request.target.base_url + path}


def _time(moment: datetime) -> str:
    return moment.astimezone(HEADQUARTERS).isoformat(timespec="seconds")
