"""Recorded exchanges of real identity providers and clients, played against the mocks of their stores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.testing import Handle, session
from tests.vendors.recorded_exchange import Recorded, differences, query_string, recorded, request_body

CORE_2 = "urn:ietf:params:scim:schemas:core:2.0"
STORES: Mapping[str, tuple[str, str, str]] = {
    "scim": ("scim", "base_url", "okta_like"),
    "github": ("github_emu", "base_url", ""),
    "slack": ("slack", "v1", ""),
}
"""The target, the label of its base URL, and its profile."""
MADE_BY = {"scim": "scim-003", "github": "github-001", "slack": "slack-001"}
"""The exchange whose body makes the users that are there before; where it is a PUT, its answer is that of a POST."""
FLAGS = {"slack-007": {"resource_form": "long", "shows_empty_second_email": True}}
"""Flags under which a target answers as one recorded workspace did and others did not."""
OTHERWISE = {
    "slack-006: .Resources[0]": "the skeleton has a remark in place of the rows",
    "github-016: .Resources[0].members is missing": "hand-written: its own request excludes the members",
}
"""Differences that stay, with the reason."""


class Store:
    """A target that has two users and a group."""

    def __init__(self, vendor: str) -> None:
        name, label, profile = STORES[vendor]
        environment = Environment([name], clock=VirtualClock(), seed=1)
        self.handle = Handle(environment.targets[name])
        if profile:
            self.handle.flags.profile(profile)
        self.base, self.session = self.handle.urls[label], session(environment)
        self.user: dict[str, Any] = {"id": ""}
        (create,) = (each for each in recorded(vendor) if each.id == MADE_BY[vendor])
        made = [self._send("POST", f"{self.base}/Users", self._body(create, name)) for name in ("ada", "bob")]
        assert [each.status_code for each in made] == [201, 201], made[0].text
        self.user = made[0].json()
        self.handle.seed(groups=[{"displayName": "Red", "externalId": "g1", "members": [self.user["userName"]]}])
        self.group = self.handle.snapshot()["groups"][0]

    def ask(self, exchange: Recorded) -> Any:
        """The answer to the request of an exchange."""
        own = self.group if exchange.kind == "Group" else self.user
        words = (each for each in ("userName", "externalId") if each in str(exchange.query))
        sought = "nobody" if "int 0" in str(exchange.shape) else str(own.get(next(words, ""), ""))
        values = {**self._values("ada"), "id": own["id"], "value": sought}
        if "members[" in str(exchange.body):
            values["id"] = self.user["id"]
        body = self._body(exchange, "zoe") if exchange.method == "POST" else self._body(exchange, "ada")
        url, query = self.base + exchange.endpoint.replace("{id}", own["id"]), query_string(exchange, values)
        return self._send(exchange.method, f"{url}?{query}" if query else url, body, is_known=exchange.status != 401)

    def _values(self, name: str) -> dict[str, str]:
        ids = dict.fromkeys(("id", "guid", "slack-user-id", "member"), self.user["id"])
        return {**ids, "string": name, "email": f"{name}@example.com"}

    def _body(self, exchange: Recorded, name: str) -> Any:
        core = "urn:scim:schemas:core:1.0" if "/v1/" in exchange.path else f"{CORE_2}:{exchange.kind}"
        return request_body(exchange, self._values(name), [core])

    def _send(self, method: str, url: str, body: Any, *, is_known: bool = True) -> Any:
        headers = {"Authorization": f"Bearer {self.handle.token if is_known else 'wrong'}", "User-Agent": "recorded"}
        return self.session.request(method, url, json=body, headers=headers)


def deviations(vendor: str) -> Iterator[str]:
    for exchange in recorded(vendor):
        store = Store(vendor)
        store.handle.flags.update(FLAGS.get(exchange.id, {}))
        answer = store.ask(exchange)
        if answer.status_code != exchange.status:
            yield f"{exchange.id}: {answer.status_code}, not {exchange.status}: {answer.text[:200]}"
            continue
        body = answer.json() if answer.content else None
        if exchange.error and exchange.error not in body.values():
            yield f"{exchange.id}: {body}, not {exchange.error}"
        for each in differences(exchange.shape, body) if exchange.shape is not None else ():
            yield f"{exchange.id}: {each}"


@pytest.mark.parametrize("vendor", STORES)
def test_a_recorded_exchange_is_answered_as_it_was(vendor):
    assert [each for each in deviations(vendor) if not each.startswith(tuple(OTHERWISE))] == []


def test_every_difference_that_stays_is_there():
    found = [each for vendor in STORES for each in deviations(vendor)]
    assert [each for each in OTHERWISE if not any(each_found.startswith(each) for each_found in found)] == []
