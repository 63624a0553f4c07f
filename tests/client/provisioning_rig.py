"""What the tests of the reference client stand on: a target in process, a client on the same virtual clock, and views.

Nothing here judges; the tests do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import requests

from provcheck.harness.client import ReferenceClient, RetryPolicy, StateStore
from provcheck.harness.model.audit import AuditRecord
from provcheck.harness.model.clock import VirtualClock
from provcheck.harness.model.connection import Connection
from provcheck.harness.model.population import Population, SourceGroup, SourceUser
from provcheck.harness.model.rule import Rule
from provcheck.harness.vendors import connect
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.testing import Handle, session

WRITES = ("POST", "PUT", "PATCH", "DELETE")


def person(name: str, **fields: Any) -> SourceUser:
    """A source user with everything filled in."""
    known = {
        "email": f"{name}@example.com",
        "given_name": name.title(),
        "family_name": "Example",
        "display_name": f"{name.title()} Example",
        "external_id": f"ext-{name}",
    }
    return SourceUser(name, **{"user_name": name, **known, **fields})


def people(*names: str) -> Population:
    """A population of these users, without groups."""
    return Population(tuple(person(name) for name in names))


def team(id: str, *members: str, **fields: Any) -> SourceGroup:
    """A source group whose name is its id with a capital."""
    return SourceGroup(id, fields.pop("name", f"Group {id}"), members, **fields)


def changed(population: Population, id: str, **fields: Any) -> Population:
    """The population with some fields of one user changed."""
    return population.with_user(replace(population.user(id), **fields))


class Rig:
    """One target, one client."""

    def __init__(self, target: str = "scim", *, flags: dict[str, Any] | None = None, **connection: Any) -> None:
        self.clock = VirtualClock()
        self.environment = Environment([target], clock=self.clock)
        self.target = Handle(self.environment.target(target))
        for name, value in (flags or {}).items():
            self.target.flags[name] = value
        self.session = session(self.environment)
        self.connection = Connection(target, "test", self.target.base_url, token=self.target.token, **connection)
        self.rule = Rule()
        self.store = StateStore()
        self.client = self.make()

    def make(self, *, store: StateStore | None = None) -> ReferenceClient:
        """A client on this target; a second one on the same store is a restart."""
        return ReferenceClient(
            self.connection,
            self.rule,
            connect=connect,
            session=self.session,
            clock=self.clock,
            state=store or self.store,
        )

    def restart(self) -> None:
        """Forget the client; keep what it stored."""
        self.client = self.make()

    def configure(self, **changes: Any) -> None:
        """Change the connection."""
        self.connection = replace(self.connection, **changes)
        self.client.configure(self.connection, self.rule)

    def change_rule(self, **changes: Any) -> None:
        """Change the rule."""
        self.rule = replace(self.rule, **changes)
        self.client.configure(self.connection, self.rule)

    # views

    @property
    def users(self) -> dict[str, int]:
        """User counters that are not zero."""
        return {name: count for name, count in self.client.summary().users.as_dict().items() if count}

    @property
    def groups(self) -> dict[str, int] | None:
        """Group counters that are not zero."""
        counters = self.client.summary().groups
        return None if counters is None else {name: count for name, count in counters.as_dict().items() if count}

    def mark(self) -> int:
        """The place in the journal up to now."""
        return self.target.journal[-1].seq if len(self.target.journal) else 0

    def requests(self, since: int = 0) -> list[str]:
        """Method and operation of every request since a mark."""
        return [f"{each.method} {each.operation}" for each in self.target.journal.since(since)]

    def writes(self, since: int = 0) -> list[str]:
        """Operations of the writing requests since a mark."""
        return [each.operation for each in self.target.journal.since(since) if each.method in WRITES]

    def account(self, user_name: str) -> dict[str, Any]:
        """The only account of this name."""
        found = [each for each in self.target.snapshot()["users"] if each["userName"] == user_name]
        assert len(found) == 1, found
        return found[0]

    def members(self, name: str) -> set[str]:
        """User names of the members of the only group of this name."""
        found = [each for each in self.target.snapshot()["groups"] if each["displayName"] == name]
        assert len(found) == 1, found
        return set(found[0]["members"])

    def audit(self, **fields: Any) -> list[AuditRecord]:
        """Audit records with these fields."""
        return [
            record
            for record in self.client.audit()
            if all(getattr(record, name) == value for name, value in fields.items())
        ]


class Script(requests.adapters.BaseAdapter):
    """A hand-written target: answers each request with the next entry of a script, and keeps what it was asked.

    An entry is an exception, or (status, body[, headers]); a callable gets the request and makes one of these.
    """

    def __init__(self, entries: Iterable[Any] | Callable[[requests.PreparedRequest], Any]) -> None:
        super().__init__()
        self._answer = entries if callable(entries) else None
        self._entries = [] if callable(entries) else list(entries)
        self.asked: list[requests.PreparedRequest] = []
        self.clock: VirtualClock | None = None
        self.times: list[float] = []

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        self.asked.append(request)
        if self.clock is not None:
            self.times.append(self.clock.monotonic())
        entry = self._answer(request) if self._answer else self._entries.pop(0)
        if isinstance(entry, Exception):
            raise entry
        status, body, *rest = entry
        response = requests.Response()
        response.status_code = status
        response.headers.update(rest[0] if rest else {})
        response._content = body if isinstance(body, bytes) else body.encode()
        response._content_consumed = True
        response.url = request.url
        return response

    def close(self) -> None:
        return None

    @property
    def lines(self) -> list[str]:
        """Method and path of what was asked."""
        return [f"{request.method} {request.path_url}" for request in self.asked]

    def session(self) -> requests.Session:
        """A session that reaches only this."""
        made = requests.Session()
        made.trust_env = False
        made.mount("http://", self)
        made.mount("https://", self)
        return made


HASTY = RetryPolicy(tries=3, throttled_tries=4)
