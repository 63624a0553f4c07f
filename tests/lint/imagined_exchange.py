"""Exchanges as a test imagines them, in a line each: `ask("POST /Users", body, 201, {"id": "1"})`.

Everything that no rule has anything to say about is filled in.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 1, 1, tzinfo=UTC)
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
V1 = "urn:scim:schemas:core:1.0"
HEADERS = {
    "Authorization": "Bearer [redacted]",
    "Accept": "application/scim+json",
    "User-Agent": "test/1",
    "X-GitHub-Api-Version": "2022-11-28",
}


def ask(
    line: str,
    body: Any = None,
    status: int | None = None,
    answer: Any = None,
    *,
    at: float = 0.0,
    took: float = 0.0,
    headers: dict[str, str | None] | None = None,
    answered: dict[str, str] | None = None,
    base: str = "/v2",
    **more: Any,
) -> dict[str, Any]:
    """A journal entry. A header of None is left out; `lost` as the status: no answer came."""
    method, _, url = line.partition(" ")
    path, _, query = url.partition("?")
    text = body if isinstance(body, str) else "" if body is None else json.dumps(body, ensure_ascii=False)
    sent: dict[str, str | None] = dict(HEADERS)
    if text:
        sent["Content-Type"] = "application/scim+json"
    sent |= headers or {}
    usual = {"POST": 201, "DELETE": 204}.get(method, 200)
    return {
        "at": (START + timedelta(seconds=at)).isoformat(),
        "method": method,
        "path": base + path,
        "query": query,
        "status": usual if status is None else status or None,
        "duration_ms": took * 1000,
        "request": {"headers": {name: value for name, value in sent.items() if value is not None}, "body": text},
        "response": {"headers": answered or {}, "body": "" if answer is None else json.dumps(answer)},
        **more,
    }


def numbered(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries with their sequence numbers."""
    return [{"seq": place, **entry} for place, entry in enumerate(entries, start=1)]


def user(name: str = "ada", **more: Any) -> dict[str, Any]:
    """A user as it should be."""
    emails = [{"value": f"{name}@example.com", "type": "work", "primary": True}]
    whole = {"schemas": [USER], "userName": name, "externalId": f"u-{name}", "displayName": name, "emails": emails}
    return {key: value for key, value in {**whole, **more}.items() if value != "left out"}


def group(name: str = "staff", *members: str, **more: Any) -> dict[str, Any]:
    """A group as it should be."""
    whole = {"schemas": [GROUP], "displayName": name, "externalId": name, "members": [{"value": m} for m in members]}
    return {key: value for key, value in {**whole, **more}.items() if value != "left out"}


def patch(*operations: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A PATCH body."""
    return {"schemas": [PATCH], "Operations": list(operations), **more}


def op(name: str, path: str | None = None, *value: Any) -> dict[str, Any]:
    """An operation."""
    found: dict[str, Any] = {"op": name}
    if path is not None:
        found["path"] = path
    if value:
        found["value"] = value[0]
    return found


def found(*resources: dict[str, Any], total: int | None = None, start: int = 1, **more: Any) -> dict[str, Any]:
    """An answer to a list."""
    count = len(resources) if total is None else total
    page = {"totalResults": count, "itemsPerPage": len(resources), "startIndex": start, "Resources": list(resources)}
    return {"schemas": [LIST], **page, **more}


def config(**features: Any) -> dict[str, Any]:
    """A read of ServiceProviderConfig."""
    return ask("GET /ServiceProviderConfig", None, 200, {"schemas": [], **features})


def look(name: str = "ada", *hits: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A look-up of a user by name."""
    return ask(f"GET /Users?filter=userName%20eq%20%22{name}%22", None, 200, found(*hits), **more)


def made(name: str = "ada", id: str = "1", **more: Any) -> dict[str, Any]:
    """A look-up and the create after it belong together; this is the create."""
    return ask("POST /Users", user(name), 201, {"id": id, **user(name)}, **more)
