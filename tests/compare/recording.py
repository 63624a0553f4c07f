"""Makes recordings for the tests: a short life of users and groups at a mock, as its journal saw it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.journal.har import as_har
from provcheck.mock_targets.testing import Handle, session

CORE = "urn:ietf:params:scim:schemas:core:2.0"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
Ask = Callable[..., Any]


def life(ask: Ask) -> None:
    """Users and a group that are created, looked up, changed, refused and removed."""
    ada = ask("POST", "/Users", user("ada"))
    bob = ask("POST", "/Users", user("bob"))
    ask("POST", "/Users", user("ada"))
    ask("GET", f"/Users/{ada}")
    ask("GET", '/Users?filter=userName eq "bob"')
    ask("PATCH", f"/Users/{ada}", patch("replace", "displayName", "Ada L."))
    group = ask(
        "POST",
        "/Groups",
        {"schemas": [f"{CORE}:Group"], "displayName": "Red", "externalId": "g-1", "members": [{"value": ada}]},
    )
    ask("PATCH", f"/Groups/{group}", patch("add", "members", [{"value": bob}]))
    ask("GET", f"/Groups/{group}")
    ask("GET", "/Users/nobody")
    ask("DELETE", f"/Groups/{group}")


def user(name: str) -> dict[str, Any]:
    email = {"value": f"{name}@example.com", "type": "work", "primary": True}
    return {
        "schemas": [f"{CORE}:User"],
        "userName": name,
        "externalId": f"hr-{name}",
        "displayName": name.title(),
        "name": {"givenName": name.title(), "familyName": "Berg"},
        "emails": [email],
        "roles": [{"value": "user"}],
        "active": True,
    }


def patch(op: str, path: str, value: Any) -> dict[str, Any]:
    return {"schemas": [PATCH], "Operations": [{"op": op, "path": path, "value": value}]}


def record(
    file: Path,
    target: str,
    lives: Callable[[Ask], None] = life,
    *,
    flags: Mapping[str, Any] | None = None,
    at: str = "https://tenant.example.com",
    seed: Mapping[str, Any] | None = None,
) -> Path:
    """Write the recording of a life at a target whose ids and times are others than those of a replay."""
    clock = VirtualClock(start=datetime(2025, 5, 5, 5, 5, tzinfo=UTC))
    environment = Environment([target], clock=clock, seed="another tenant")
    handle = Handle(environment.targets[target])
    handle.flags.update(flags or {})
    handle.seed(seed or {})
    with session(environment) as requests:

        def ask(method: str, path: str, body: Any = None) -> str:
            headers = handle.headers | ({"Content-Type": "application/scim+json"} if body else {})
            answer = requests.request(
                method, handle.base_url + path, data=json.dumps(body) if body else None, headers=headers
            )
            clock.sleep(3.0)
            return str(answer.json().get("id", "")) if answer.content else ""

        lives(ask)
    file.write_text(json.dumps(as_har(list(handle.journal), at)), encoding="utf-8")
    return file
