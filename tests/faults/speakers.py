"""Clients that do the same things on a SCIM API and on a REST API, and note everything that can be seen of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import requests

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.testing import Handle, session
from tests import rest_target

Trace = list[Any]
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Speaker:
    """A client of one API of a target with three users (Ann, Bob, Cy) and a group (Red: Ann), seen from outside."""

    def __init__(self, environment: Environment, clock: VirtualClock, label: str) -> None:
        self.clock = clock
        self.handle = Handle(next(iter(environment.targets.values())))
        self.session = session(environment)
        self.root = self.handle.urls[label]
        self.trace: Trace = []

    def begin(self) -> None:
        """The target as it is before anything is done."""
        self.clock.rewind()
        self.handle.reset()
        users = [
            {"userName": "Ann", "displayName": "Ann Lee", "externalId": "a-1"},
            {"userName": "Bob", "displayName": "Bob Roy"},
            {"userName": "Cy"},
        ]
        self.handle.seed(users=users, groups=[{"displayName": "Red", "members": ["Ann"]}])
        state = self.handle.snapshot()
        self.ids = {user["userName"]: user["id"] for user in state["users"]}
        self.group = state["groups"][0]["id"]
        self.trace = []

    def play(self, step: Callable[[Speaker], object]) -> Trace:
        """What is seen of a step, on the wire and afterwards; faults are gone when the rest is looked at."""
        step(self)
        self.trace.append(self.clock.monotonic())
        self.struck = sum(fault["struck"] for fault in self.handle.faults)
        self.handle.faults.clear()
        state = self.handle.snapshot()
        self.trace.append(state)
        for at, kind in ((self.users, "users"), (self.groups, "groups")):
            for resource in state[kind]:
                self.send("GET", f"{at}/{resource['id']}")
            list(self.pages(at))
        return self.trace

    def send(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """A request; its answer as JSON where there is one."""
        headers = {**self.handle.headers, "Content-Type": self.media_type, **options.pop("headers", {})}
        try:
            answer = self.session.request(method, self.root + path, json=body, headers=headers, timeout=60, **options)
        except requests.RequestException as error:
            self.trace.append((type(error).__name__, str(error)))
            return None
        self.trace.append((answer.status_code, sorted(answer.headers.items()), answer.content))
        try:
            return answer.json()
        except ValueError:
            return None

    def pages(self, at: str) -> Iterator[Any]:
        """Every page of a list, as long as there is a next one, ten at most."""
        raise NotImplementedError

    users: str
    groups: str
    media_type = "application/json"


class ScimSpeaker(Speaker):
    """Speaks SCIM 2.0."""

    users, groups, media_type = "/Users", "/Groups", "application/scim+json"

    def __init__(self) -> None:
        clock = VirtualClock()
        super().__init__(Environment(["scim"], clock=clock, seed=1), clock, "base_url")

    def create(self, name: str) -> Any:
        return self.send("POST", "/Users", {"schemas": [USER], "userName": name, "displayName": f"{name} Fox"})

    def patch(self, path: str, *operations: dict[str, Any]) -> Any:
        return self.send("PATCH", path, {"schemas": [PATCH], "Operations": operations})

    def change(self, name: str, attribute: str, value: Any) -> Any:
        return self.patch(f"/Users/{self.ids[name]}", {"op": "replace", "path": attribute, "value": value})

    def change_without_path(self, name: str) -> Any:
        return self.patch(f"/Users/{self.ids[name]}", {"op": "replace", "value": {"displayName": "New Name"}})

    def clear(self, name: str) -> Any:
        return self.patch(f"/Users/{self.ids[name]}", {"op": "remove", "path": "displayName"})

    def create_group(self, name: str, *members: str) -> Any:
        several = [{"value": self.ids[member]} for member in members]
        return self.send("POST", "/Groups", {"schemas": [GROUP], "displayName": name, "members": several})

    def add_members(self, *members: str) -> Any:
        several = [{"value": self.ids[member]} for member in members]
        return self.patch(f"/Groups/{self.group}", {"op": "add", "path": "members", "value": several})

    def replace_group(self) -> Any:
        body = {"schemas": [GROUP], "displayName": "Blue", "members": [{"value": self.ids["Bob"]}]}
        return self.send("PUT", f"/Groups/{self.group}", body)

    def find(self, name: str) -> Any:
        return self.send("GET", "/Users", params={"filter": f'userName eq "{name}"'})

    def pages(self, at: str) -> Iterator[Any]:
        for start in (1, 3, 5, 7, 9):
            yield self.send("GET", at, params={"startIndex": start, "count": 2})


class RestSpeaker(Speaker):
    """Speaks the REST API of the tests, with lists by page number or by token."""

    users, groups = "/people", "/teams"

    def __init__(self, label: str) -> None:
        clock = VirtualClock()
        super().__init__(rest_target.make_environment(label, clock=clock), clock, label)
        self.parameter = "page" if label == "pages" else "token"

    def create(self, name: str) -> Any:
        return self.send("POST", "/people", {"login": name, "full_name": f"{name} Fox"})

    def change(self, name: str, attribute: str, value: Any) -> Any:
        word = rest_target.WORDS.get(attribute, attribute)
        return self.send("PATCH", f"/people/{self.ids[name]}", {word: value})

    def change_without_path(self, name: str) -> Any:
        return self.change(name, "displayName", "New Name")

    def clear(self, name: str) -> Any:
        return self.change(name, "displayName", None)

    def create_group(self, name: str, *members: str) -> Any:
        return self.send("POST", "/teams", {"title": name, "member_ids": [self.ids[member] for member in members]})

    def add_members(self, *members: str) -> Any:
        body = {"add_members": [self.ids[member] for member in members]}
        return self.send("PATCH", f"/teams/{self.group}", body)

    def replace_group(self) -> Any:
        return self.send("PATCH", f"/teams/{self.group}", {"title": "Blue", "member_ids": [self.ids["Bob"]]})

    def find(self, name: str) -> Any:
        return self.send("GET", "/people", params={"login": name})

    def pages(self, at: str) -> Iterator[Any]:
        following = "1" if self.parameter == "page" else ""
        for _ in range(10):
            page = self.send("GET", at, params={self.parameter: following})
            yield page
            following = page.get("next") if isinstance(page, dict) else None
            if not following:
                return


def _while_busy(speaker: Any) -> None:
    with ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(speaker.handle.target.in_flight)
        speaker.create("Dee")


def _create_and_read(speaker: Any) -> None:
    made = speaker.create("Dee")
    if isinstance(made, dict) and "id" in made:
        speaker.send("GET", f"{speaker.users}/{made['id']}")
    speaker.find("Dee")


STEPS: dict[str, Callable[[Any], object]] = {
    "create and read": _create_and_read,
    "create many": lambda speaker: [speaker.create(f"U{number}") for number in range(7)],
    "create while busy": _while_busy,
    "create as SCIM": lambda speaker: speaker.send(
        "POST", speaker.users, {"schemas": [USER]}, headers={"Content-Type": "application/scim+json"}
    ),
    "read": lambda speaker: speaker.send("GET", f"{speaker.users}/{speaker.ids['Ann']}"),
    "change": lambda speaker: speaker.change("Ann", "displayName", "New Name"),
    "change to the same": lambda speaker: speaker.change("Ann", "displayName", "Ann Lee"),
    "change without a path": lambda speaker: speaker.change_without_path("Ann"),
    "rename": lambda speaker: speaker.change("Ann", "userName", "Eve"),
    "clear": lambda speaker: speaker.clear("Ann"),
    "turn off": lambda speaker: speaker.change("Ann", "active", value=False),
    "delete": lambda speaker: speaker.send("DELETE", f"{speaker.users}/{speaker.ids['Ann']}"),
    "list": lambda speaker: speaker.send("GET", speaker.users),
    "list by pages": lambda speaker: list(speaker.pages(speaker.users)),
    "find": lambda speaker: speaker.find("Bob"),
    "find nobody": lambda speaker: speaker.find("Zoe"),
    "create a group": lambda speaker: speaker.create_group("Blue", "Ann", "Bob", "Cy"),
    "read a group": lambda speaker: speaker.send("GET", f"{speaker.groups}/{speaker.group}"),
    "add members": lambda speaker: speaker.add_members("Bob", "Cy"),
    "replace a group": lambda speaker: speaker.replace_group(),
}
"""What a client does, each on a target as it began."""
