"""The target google_workspace in process, and how its Directory API is spoken to."""

from __future__ import annotations

from functools import cache
from typing import Any

import requests

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.testing import Handle, session

ROOT = "/admin/directory/v1"
MINE = {"customer": "my_customer"}


@cache
def _environment() -> Environment:
    return Environment(["google_workspace"], clock=VirtualClock(), seed=1)


class Google(Handle):
    """A handle on the target; `get`, `post`, ... go to the Directory API with the right token."""

    def __init__(self) -> None:
        environment = _environment()
        super().__init__(environment.target("google_workspace"))
        self.reset()
        self.clock, self.session = environment.clock, session(environment)

    def ask(self, method: str, path: str, body: Any = None, headers: Any = None, **query: str) -> requests.Response:
        """The answer to a request."""
        url = self.urls["base_url"] + ROOT + path
        return self.session.request(method, url, json=body, params=query, headers={**self.headers, **(headers or {})})

    def done(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """The body of the answer to a request that must succeed."""
        answer = self.ask(method, path, body, **query)
        assert answer.status_code in (200, 204), answer.text
        return answer.json() if answer.content else None

    def refused(self, status: int, reason: str, method: str, path: str, body: Any = None, **query: str) -> str:
        """The message of a request that must be refused like this, and change nothing."""
        before = self.snapshot()
        answer = self.ask(method, path, body, **query)
        assert answer.status_code == status, answer.text
        error = answer.json()["error"]
        assert (error["code"], error["errors"][0]["reason"]) == (status, reason)
        assert self.snapshot() == before
        return str(error["message"])

    def user(self, name: str, /, **fields: Any) -> Any:
        """A new user, as insert shows it."""
        return self.done("POST", "/users", person(name, **fields))

    def group(self, name: str) -> Any:
        """A new group, as insert shows it."""
        return self.done("POST", "/groups", {"email": f"{name}@example.com", "name": name.title()})

    def join(self, group: str, member: str, **fields: str) -> Any:
        """A new member."""
        return self.done("POST", f"/groups/{group}@example.com/members", {"email": f"{member}@example.com", **fields})


def person(name: str, /, **fields: Any) -> dict[str, Any]:
    """The body of an insert."""
    names = {"givenName": name.title(), "familyName": "Byron"}
    return {"primaryEmail": f"{name}@example.com", "name": names, "password": "s3cret-enough", **fields}
