"""A SCIM target in process, short ways to speak to it, and a judge that reads every answer."""

from __future__ import annotations

import json
from typing import Any

import requests

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.testing import Handle, session
from tests.scim.scim_judge import CORE_1, Judge, discovered

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
Json = dict[str, Any]


class Scim(Handle):
    """A handle on a fresh SCIM target; flags are given by name, a profile and schema files beside them."""

    def __init__(self, profile: str | None = None, schemas: Any = (), **flags: Any) -> None:
        self.clock = VirtualClock()
        self.environment = Environment(["scim"], clock=self.clock, seed=1, flags={"scim": flags}, schemas=schemas)
        super().__init__(self.environment.targets["scim"])
        if profile:
            self.flags.profile(profile)
        self.session = session(self.environment)
        self.judge = Judge()
        self.session.hooks["response"].append(self.judge)

    def learn_models(self) -> None:
        """Let the judge go by what the target itself says that its resources are."""
        schemas, kinds = (self.get(path).json()["Resources"] for path in ("/Schemas", "/ResourceTypes"))
        self.judge.user, self.judge.group = discovered(json.dumps(schemas), json.dumps(kinds))

    def send(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        """A request with the right token; `body` may be bytes, `root` another base URL, `query` the parameters."""
        url = options.pop("root", self.base_url) + path
        headers = {**self.headers, **options.pop("headers", {})}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is not None:
            headers.setdefault("Content-Type", "application/scim+json")
        query = options.pop("query", None)
        return self.session.request(method, url, data=body, params=query, headers=headers, **options)

    def get(self, path: str, /, **query: Any) -> requests.Response:
        """GET with query parameters."""
        return self.send("GET", path, query=query)

    def v1(self, method: str, path: str, body: Any = None, **query: Any) -> requests.Response:
        """A request in SCIM 1.1."""
        headers = {"Content-Type": "application/json"}
        return self.send(method, path, body, root=self.urls["v1"], query=query, headers=headers)

    def create(self, name: str = "ada", /, **more: Any) -> Json:
        """A user made by POST."""
        return self.made("/Users", new_user(name, **more))

    def create_group(self, name: str = "Sales", /, *member_ids: str, **more: Any) -> Json:
        """A group made by POST."""
        return self.made("/Groups", new_group(name, *member_ids, **more))

    def made(self, path: str, body: Json) -> Json:
        """What a POST made."""
        answer = self.send("POST", path, body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def patch(self, path: str, *operations: Json, **options: Any) -> requests.Response:
        """A PATCH with these operations."""
        return self.send("PATCH", path, patch(*operations), **options)

    def user(self, id: str) -> Json:
        """A user as it is now."""
        return self.get(f"/Users/{id}").json()

    def members(self, id: str) -> list[str]:
        """The ids of the members of a group, as the target holds them."""
        return list(self.target.directory.members(id))

    def names(self, **query: Any) -> list[str]:
        """The names of the users that a query finds."""
        answer = self.get("/Users", **query)
        assert answer.status_code == 200, answer.text
        return [resource["userName"] for resource in answer.json()["Resources"]]

    def bulk(self, *operations: Json, **more: Any) -> requests.Response:
        """A bulk request."""
        return self.send("POST", "/Bulk", {"schemas": [BULK], "Operations": list(operations), **more})

    def state(self) -> Any:
        """Everything that the target holds, versions included."""
        directory = self.target.directory
        records = [record for kind in ("User", "Group") for record in directory.all(kind)]
        return [(record, list(directory.members(record.id).items())) for record in records]


def new_user(name: str = "ada", /, **more: Any) -> Json:
    """The smallest body that makes a user, and more if wanted."""
    return {"schemas": [USER], "userName": name, **more}


def new_group(name: str = "Sales", /, *member_ids: str, **more: Any) -> Json:
    """A body that makes a group."""
    members = {"members": [{"value": id} for id in member_ids]} if member_ids else {}
    return {"schemas": [GROUP], "displayName": name, **members, **more}


def patch(*operations: Json) -> Json:
    """A PATCH message."""
    return {"schemas": [PATCH], "Operations": list(operations)}


def op(name: str, path: str | None = None, value: Any = ...) -> Json:
    """One operation of a PATCH."""
    operation: Json = {"op": name}
    if path is not None:
        operation["path"] = path
    if value is not ...:
        operation["value"] = value
    return operation


def refusal(answer: requests.Response) -> tuple[int, str | None]:
    """Status and scimType of an answer that must be a refusal."""
    assert answer.status_code >= 400, answer.text
    return answer.status_code, answer.json().get("scimType")


__all__ = [
    "CORE_1",
    "ENTERPRISE",
    "GROUP",
    "PATCH",
    "SEARCH",
    "USER",
    "Scim",
    "new_group",
    "new_user",
    "op",
    "patch",
    "refusal",
]
