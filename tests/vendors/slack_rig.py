"""A Slack target in process, and short ways to speak to either version of it."""

from __future__ import annotations

from typing import Any

import requests

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.testing import Handle, session

CORE_1 = "urn:scim:schemas:core:1.0"
ENTERPRISE_1 = "urn:scim:schemas:extension:enterprise:1.0"
GUEST_1 = "urn:scim:schemas:extension:slack:guest:1.0"
PROFILE_1 = "urn:scim:schemas:extension:slack:profile:1.0"
USER_2 = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP_2 = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE_2 = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GUEST_2 = "urn:ietf:params:scim:schemas:extension:slack:guest:2.0:User"
PROFILE_2 = "urn:ietf:params:scim:schemas:extension:slack:profile:2.0:User"
PATCH_2 = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
LIST_2 = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


class Slack(Handle):
    """A handle on a fresh Slack target; flags are given by name."""

    def __init__(self, *, clock: VirtualClock | None = None, **flags: Any) -> None:
        self.clock = clock or VirtualClock()
        self.environment = Environment(["slack"], clock=self.clock, seed=1, flags={"slack": flags})
        super().__init__(self.environment.targets["slack"])
        self.session = session(self.environment)

    def v1(self, method: str, path: str, body: Any = None, **query: Any) -> requests.Response:
        """A request to version 1.1."""
        return self.send(method, self.urls["v1"] + path, body, query)

    def v2(self, method: str, path: str, body: Any = None, **query: Any) -> requests.Response:
        """A request to version 2.0."""
        return self.send(method, self.urls["base_url"] + path, body, query)

    def of(self, version: int, method: str, path: str, body: Any = None, **query: Any) -> requests.Response:
        """A request to either version."""
        return (self.v1 if version == 1 else self.v2)(method, path, body, **query)

    def send(self, method: str, url: str, body: Any = None, query: Any = None, **options: Any) -> requests.Response:
        """A request with the right token."""
        return self.session.request(method, url, json=body, params=query, **{"headers": self.headers, **options})

    def create(self, name: str = "ada", version: int = 2, /, **more: Any) -> dict[str, Any]:
        """A user made by POST."""
        answer = self.of(version, "POST", "/Users", new_user(name, version, **more))
        assert answer.status_code == 201, answer.text
        return answer.json()

    def create_group(self, name: str = "Sales", *member_ids: str) -> dict[str, Any]:
        """A group made by POST."""
        members = [{"value": id} for id in member_ids]
        answer = self.v2("POST", "/Groups", {"schemas": [GROUP_2], "displayName": name, "members": members})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def user(self, id: str, version: int = 2) -> dict[str, Any]:
        """A user as it is now."""
        return self.of(version, "GET", f"/Users/{id}").json()

    def group(self, id: str, version: int = 2) -> dict[str, Any]:
        """A group as it is now."""
        return self.of(version, "GET", f"/Groups/{id}").json()

    def members(self, id: str) -> list[str]:
        """The ids of the members of a group."""
        return [member["value"] for member in self.group(id)["members"]]

    def merge(self, id: str, **attributes: Any) -> requests.Response:
        """A PATCH of a user in version 1."""
        return self.v1("PATCH", f"/Users/{id}", {"schemas": [CORE_1], **attributes})

    def operate(self, id: str, *operations: dict[str, Any]) -> requests.Response:
        """A PATCH of a user in version 2."""
        return self.v2("PATCH", f"/Users/{id}", patch(*operations))


def new_user(name: str = "ada", version: int = 2, /, **more: Any) -> dict[str, Any]:
    """The smallest body that makes a user, and more if wanted."""
    return {
        "schemas": [CORE_1 if version == 1 else USER_2],
        "userName": name,
        "emails": [{"value": f"{name.partition('@')[0]}@example.com", "primary": True}],
        **more,
    }


def patch(*operations: dict[str, Any]) -> dict[str, Any]:
    """A PatchOp body."""
    return {"schemas": [PATCH_2], "Operations": list(operations)}


def code(answer: requests.Response) -> str:
    """What an error answer says, in whichever shape; its status must be repeated in it."""
    body = answer.json()
    if "Errors" in body:
        assert set(body) == {"Errors"}
        assert set(body["Errors"]) == {"description", "code"}
        assert body["Errors"]["code"] == answer.status_code
        return body["Errors"]["description"]
    assert set(body) == {"schemas", "detail", "status"}
    assert body["status"] == answer.status_code
    return body["detail"]
