"""One dialect of a target with people in it, and what a test does with it: ask, look, compare."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import requests

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.journal.journal import Exchange
from provcheck.mock_targets.testing import Handle, session
from tests.compliance.consistency import inconsistencies
from tests.compliance.drivers import Ask, Driver

AGENT = "compliance"
PEOPLE = ("ada", "bob", "eve")
"""Who is there from the beginning: ada in the group Staff, bob in none, eve turned off."""


def person(name: str, /, **words: Any) -> dict[str, Any]:
    """A user in core words."""
    return {
        "userName": name,
        "externalId": f"x-{name}",
        "givenName": name.title(),
        "familyName": "Lovelace",
        "displayName": f"{name.title()} Lovelace",
        "email": f"{name}@example.com",
        "active": True,
        **words,
    }


class Rig(Handle):
    """A handle on the target of a driver; requests go through the driver's base URL."""

    def __init__(self, driver: Driver, environment: Environment) -> None:
        super().__init__(environment.target(driver.target))
        self.driver, self.environment, self.session = driver, environment, session(environment)
        self.session.headers["User-Agent"] = AGENT
        self.ids: dict[str, str] = {}

    @property
    def clock(self) -> VirtualClock:
        """The clock of the environment, which stands still until it is moved."""
        assert isinstance(self.environment.clock, VirtualClock)
        return self.environment.clock

    @property
    def url(self) -> str:
        """The base URL of the dialect."""
        return self.urls[self.driver.label]

    def seeder(self) -> None:
        """Let the people in; their ids are in `ids`."""
        users = [person(name, active=name != "eve") for name in PEOPLE]
        self.seed(users=users, groups=[{"displayName": "Staff", "externalId": "x-Staff", "members": ["ada"]}])
        shot = self.snapshot()
        self.ids = {user["userName"]: user["id"] for user in shot["users"]} | {"Staff": shot["groups"][0]["id"]}

    def send(self, ask: Ask, *, headers: Mapping[str, Any] | None = None, **options: Any) -> requests.Response:
        """A request with the right token; a header of None is left out."""
        return self.session.request(
            ask.method,
            self.url + ask.path,
            json=ask.body,
            params=dict(ask.query) or None,
            headers={**self.headers, **(headers or {})},
            **options,
        )

    def done(self, ask: Ask) -> dict[str, Any]:
        """The answer in core words to a request that must succeed; empty when it has no body."""
        answer = self.send(ask)
        assert answer.status_code < 300, answer.text
        return self.driver.read(answer.json()) if answer.content else {}

    def refused(self, ask: Ask, status: int, **options: Any) -> requests.Response:
        """The answer to a request that must be refused like this, in the dialect's own shape, and change nothing."""
        before = self.state()
        answer = self.send(ask, **options)
        assert answer.status_code == status, answer.text
        self.driver.check_error(answer)
        assert self.state() == before
        assert self.last.applied in ("no", "none")
        assert self.last.error is None
        return answer

    def add_user(self, name: str, /, **words: Any) -> str:
        """The id of a new user."""
        return str(self.done(self.driver.create_user(person(name, **words)))["id"])

    def add_group(self, name: str, *member_ids: str) -> str:
        """The id of a new group."""
        return str(self.done(self.driver.create_group(name, member_ids))["id"])

    def user(self, id: str) -> dict[str, Any]:
        """A user as the target shows it, in core words."""
        return self.done(self.driver.read_user(id))

    def group(self, id: str) -> dict[str, Any]:
        """A group as the target shows it."""
        return self.done(self.driver.read_group(id))

    def found(self, ask: Ask) -> list[dict[str, Any]]:
        """The resources that a list shows."""
        answer = self.send(ask)
        assert answer.status_code == 200, answer.text
        total, resources = self.driver.page(answer.json())
        assert total == len(resources) or "startIndex" in ask.query
        return resources

    def shown_user(self, name: str) -> dict[str, Any] | None:
        """A user of the snapshot by name."""
        return next((user for user in self.snapshot()["users"] if user["userName"] == name), None)

    def shown_group(self, name: str) -> dict[str, Any] | None:
        """A group of the snapshot by name."""
        return next((group for group in self.snapshot()["groups"] if group["displayName"] == name), None)

    def state(self) -> list[Any]:
        """Everything that is stored, for comparison."""
        directory = self.target.directory
        return [
            (kind, record.id, record.version, record.document, [*directory.members(record.id).items()])
            for kind in self.target.spec.kinds
            for record in directory.all(kind)
        ]

    @property
    def last(self) -> Exchange:
        """The newest exchange of the journal."""
        return self.journal[-1]

    def check(self) -> None:
        """Fail unless the directory agrees with itself and nothing in the target ever broke."""
        assert inconsistencies(self.target) == []
        assert [exchange.error for exchange in self.journal if exchange.error] == []
        seen = {each.operation for exchange in self.journal for each in (exchange, *exchange.intents)}
        assert not seen - {*self.target.operations}, "operations that criteria and faults cannot name"


@cache
def environment_of(driver: Driver) -> Environment:
    """One environment for each driver; building an app costs more than a test. Tests reset it."""
    flags = {driver.target: driver.starts_with}
    return Environment([driver.target], clock=VirtualClock(), seed=1, tenants=True, flags=flags)


def make_rig(driver: Driver) -> Rig:
    """A rig on a target as it was when it started, with nobody in it."""
    rig = Rig(driver, environment_of(driver))
    rig.reset()
    return rig
