"""How users, groups and members are shown. Sources: the bundled discovery document, and recorded answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from provcheck.mock_targets.directory import Record
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.rest.versions import entity_tag
from provcheck.mock_targets.vendors.google_workspace.schemas import GROUP, USER

NEVER = "1970-01-01T00:00:00.000Z"
"""The lastLoginTime of a user who never logged in."""
TEST_DOMAIN = "test-google-a.com"
_SWITCHES: Mapping[str, bool] = {
    "isAdmin": False,
    "isDelegatedAdmin": False,
    "agreedToTerms": False,
    "suspended": False,
    "archived": False,
    "changePasswordAtNextLogin": False,
    "ipWhitelisted": False,
    "isMailboxSetup": True,
    "isEnrolledIn2Sv": False,
    "isEnforcedIn2Sv": False,
    "includeInGlobalAddressList": True,
}
"""Switches that every full answer has, and what they are unless written."""
Json = dict[str, Any]


def etag(request: Request, said: str) -> str:
    """A tag of two parts, as the service's: the first is the same for the whole account."""
    account = entity_tag(str(request.behaviour.customer_id), 43).strip('"')
    return f'"{account}/{entity_tag(said).strip(chr(34))}"'


def version(request: Request, record: Record) -> str:
    """The tag of a user or group: the same until it changes."""
    return etag(request, f"{record.id}.{record.version}.{record.created.isoformat()}")


def moment(at: datetime) -> str:
    """A time as the service writes it."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.000Z"


def domains(request: Request) -> list[str]:
    """The domains of the account, the primary one first."""
    return [name.strip().lower() for name in str(request.behaviour.domains).split(",") if name.strip()]


def _test_address(address: str) -> str:
    return f"{address.partition('@')[0]}@{address.partition('@')[2]}.{TEST_DOMAIN}"


def full_user(request: Request, record: Record) -> Json:
    """A user as GET, PUT and PATCH show it."""
    kept = {name: value for name, value in record.document.items() if name not in USER.secrets}
    primary, aliases = kept["primaryEmail"], kept.pop("aliases", [])
    name = kept.get("name") or {}
    names = {**name, "fullName": f"{name.get('givenName', '')} {name.get('familyName', '')}".strip()}
    mine = [{**each, "primary": False} if each.get("primary") else each for each in kept.pop("emails", ())]
    first = next((each for each in mine if each.get("address") == primary), {})
    emails = [each for each in mine if each is not first]
    addresses = [{**first, "address": primary, "primary": True}, *emails, *({"address": each} for each in aliases)]
    shown = {
        **_head(request, record, "user"),
        "primaryEmail": primary,
        "name": names,
        **{switch: kept.get(switch, default) for switch, default in _SWITCHES.items()},
        "lastLoginTime": NEVER,
        "creationTime": moment(record.created),
        **({"suspensionReason": "ADMIN"} if kept.get("suspended") else {}),
        "emails": [*addresses, {"address": _test_address(primary)}],
        **({"aliases": aliases} if aliases else {}),
        "nonEditableAliases": [_test_address(primary)],
        "customerId": str(request.behaviour.customer_id),
        "orgUnitPath": "/",
    }
    return {**shown, **{name: value for name, value in kept.items() if name not in shown or name == "orgUnitPath"}}


def new_user(request: Request, record: Record) -> Json:
    """A user as insert shows it: eleven fields, and what was sent."""
    if request.behaviour.insert_answer == "full":
        return full_user(request, record)
    sent = {name: value for name, value in record.document.items() if name not in ("password", "isAdmin")}
    return {
        **_head(request, record, "user"),
        "primaryEmail": record.document["primaryEmail"],
        "name": record.document["name"],
        "isAdmin": False,
        "isDelegatedAdmin": False,
        "creationTime": moment(record.created),
        "customerId": str(request.behaviour.customer_id),
        "orgUnitPath": "/",
        "isMailboxSetup": False,
        **sent,
    }


def full_group(request: Request, record: Record) -> Json:
    """A group as GET, PUT and PATCH show it."""
    aliases = record.document.get("aliases")
    return {
        **new_group(request, record),
        "directMembersCount": str(len(request.operations.directory.members(record.id))),
        **({"aliases": aliases} if aliases else {}),
        "nonEditableAliases": [_test_address(record.document["email"])],
    }


def new_group(request: Request, record: Record) -> Json:
    """A group as insert shows it."""
    kept = {name: value for name, value in record.document.items() if name not in ("aliases", *GROUP.secrets)}
    return {**_head(request, record, "group"), "name": "", "description": "", "adminCreated": True, **kept}


def member(request: Request, group: Record, id: str, extras: Mapping[str, Any], *, listed: bool) -> Json:
    """A member of a group: a user, a group, somebody outside, or everybody in the account."""
    record = request.operations.directory.locate(id)
    body: Json = {
        "kind": "admin#directory#member",
        "etag": etag(request, f"{group.id}/{id}/{extras.get('role')}/{extras.get('delivery_settings')}"),
        "id": id,
        **member_identity(request, record, id),
        "role": extras.get("role", "MEMBER"),
    }
    if not listed and extras.get("delivery_settings"):
        body["delivery_settings"] = extras["delivery_settings"]
    return body


def member_identity(request: Request, record: Record | None, id: str) -> Json:
    """Who a member is: address, type and status."""
    if record is None:
        if id == request.behaviour.customer_id:
            return {"type": "CUSTOMER", "status": "ACTIVE"}
        return {"email": id, "type": "EXTERNAL", "status": "ACTIVE"}
    if record.kind == "Group":
        return {"email": record.document["email"], "type": "GROUP", "status": "ACTIVE"}
    status = "SUSPENDED" if record.document.get("suspended") else "ACTIVE"
    return {"email": record.document["primaryEmail"], "type": "USER", "status": status}


def _head(request: Request, record: Record, kind: str) -> Json:
    return {"kind": f"admin#directory#{kind}", "id": record.id, "etag": version(request, record)}
