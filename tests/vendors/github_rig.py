"""A GitHub target and a client for it, without sockets, for the tests of this directory."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.http.pipeline import build_app
from provcheck.mock_targets.ids import IdMaker
from provcheck.mock_targets.target.seeding import seed
from provcheck.mock_targets.target.target import Target
from provcheck.mock_targets.vendors.github_emu import TARGET

TOKEN = "ghp_secret"
CLOUD = "/scim/v2/enterprises/acme"
SERVER = "/api/v3/scim/v2"
ORGANIZATION = "/scim/v2/organizations/acme"
USER_URN = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP_URN = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH_URN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SCIM_JSON, PLAIN_JSON = "application/scim+json; charset=utf-8", "application/json; charset=utf-8"
ERROR_URN = "urn:ietf:params:scim:api:messages:2.0:Error"


def user(name: str = "mona", /, **changes: Any) -> dict[str, Any]:
    """A complete user; a value of None takes an attribute out."""
    body = {
        "schemas": [USER_URN],
        "externalId": f"ext-{name}",
        "active": True,
        "userName": f"{name}@example.com",
        "name": {"givenName": name.title(), "familyName": "Octocat"},
        "displayName": f"{name.title()} Octocat",
        "emails": [{"value": f"{name}@example.com", "type": "work", "primary": True}],
        "roles": [{"value": "user"}],
        **changes,
    }
    return {key: value for key, value in body.items() if value is not None}


def group(name: str = "Engineering", members: list[Any] | None = None, /, **changes: Any) -> dict[str, Any]:
    """A group; a value of None takes an attribute out."""
    body = {
        "schemas": [GROUP_URN],
        "externalId": f"ext-{name}",
        "displayName": name,
        "members": members,
        **changes,
    }
    return {key: value for key, value in body.items() if value is not None}


def operations(*several: dict[str, Any]) -> dict[str, Any]:
    """A PATCH message."""
    return {"schemas": [PATCH_URN], "Operations": list(several)}


def replacing(path: str, value: Any) -> dict[str, Any]:
    """A PATCH message that replaces one thing."""
    return operations({"op": "replace", "path": path, "value": value})


class Rig:
    """One target, and requests to it that carry its token."""

    def __init__(self, **flags: Any) -> None:
        self.clock = VirtualClock()
        self.target = Target(TARGET, clock=self.clock, ids=IdMaker(seed=1), token=TOKEN, flags=flags)
        self.client: FlaskClient = build_app(self.target).test_client()
        self.base = CLOUD

    def call(self, method: str, path: str, *, headers: dict[str, str] | None = None, **rest: Any) -> TestResponse:
        """One request below the base."""
        given = {"Authorization": f"Bearer {TOKEN}", "User-Agent": "tests", **(headers or {})}
        return self.client.open(self.base + path, method=method, headers=given, **rest)

    def get(self, path: str, **rest: Any) -> TestResponse:
        return self.call("GET", path, **rest)

    def post(self, path: str, json: Any, **rest: Any) -> TestResponse:
        return self.call("POST", path, json=json, **rest)

    def put(self, path: str, json: Any, **rest: Any) -> TestResponse:
        return self.call("PUT", path, json=json, **rest)

    def patch(self, path: str, json: Any, **rest: Any) -> TestResponse:
        return self.call("PATCH", path, json=json, **rest)

    def delete(self, path: str, **rest: Any) -> TestResponse:
        return self.call("DELETE", path, **rest)

    def find(self, endpoint: str, text: str) -> TestResponse:
        """A list with a filter."""
        return self.get(f"/{endpoint}", query_string={"filter": text})

    def add_user(self, name: str = "mona", /, **changes: Any) -> str:
        """The id of a new user."""
        answer = self.post("/Users", user(name, **changes))
        assert answer.status_code == 201, answer.json
        return str(answer.json["id"])

    def add_group(self, name: str = "Engineering", /, *members: str, **changes: Any) -> str:
        """The id of a new group."""
        answer = self.post("/Groups", group(name, [{"value": id} for id in members], **changes))
        assert answer.status_code == 201, answer.json
        return str(answer.json["id"])

    def members(self, group_id: str) -> list[str]:
        """The ids of the members that a group shows."""
        return [member["value"] for member in self.get(f"/Groups/{group_id}").json["members"]]

    def add_users(self, count: int) -> None:
        """Seed so many users, which counts against no rate limit."""
        seed(self.target, {"users": [{"userName": f"user{i}", "externalId": f"x{i}"} for i in range(count)]})

    def set(self, **flags: Any) -> None:
        """Flip flags."""
        self.target.flags.set(flags)

    def state(self) -> Any:
        """Everything that is stored, for comparison."""
        directory = self.target.directory
        return [
            (record.kind, record.id, record.version, record.document, list(directory.members(record.id)))
            for kind in TARGET.kinds
            for record in directory.all(kind)
        ]

    @property
    def last(self) -> Any:
        """The newest exchange in the journal."""
        return self.target.journal.since()[-1]


def is_scim_error(answer: TestResponse, status: int, scim_type: str | None = None) -> bool:
    """Whether an answer is GitHub's SCIM error, with this scimType if one is given."""
    body = answer.json
    assert (answer.status_code, body.get("schemas"), body.get("status")) == (status, [ERROR_URN], status), body
    assert body["detail"]
    assert answer.content_type == (PLAIN_JSON if status == 404 else SCIM_JSON)
    return scim_type is None or body["scimType"] == scim_type


def is_basic_error(answer: TestResponse, status: int) -> bool:
    """Whether an answer is GitHub's basic error."""
    body = answer.json
    assert (answer.status_code, body.get("status")) == (status, str(status)), body
    assert answer.content_type == PLAIN_JSON
    return bool(body["message"]) and body["documentation_url"].startswith("https://docs.github.com/")
