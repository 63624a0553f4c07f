"""The client against a SCIM server that others wrote: what works on our own targets must not be a private agreement."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from scim2_models import ScimProvider
from scim2_server.memory import InMemoryStorage
from scim2_server.testserver.application import BearerTokenApplication
from scim2_server.utils import (
    load_default_resource_types,
    load_default_schemas,
    load_default_service_provider_config,
)

from provcheck.harness.client import ReferenceClient, StateStore
from provcheck.harness.model.clock import VirtualClock
from provcheck.harness.model.connection import Connection
from provcheck.harness.model.population import Population
from provcheck.harness.model.rule import Rule
from provcheck.harness.vendors import connect
from provcheck.mock_targets.testing import WsgiAdapter
from tests.client.provisioning_rig import changed, person, team

URL = "http://peer.example"


class Counting(WsgiAdapter):
    """Keeps the methods of the requests."""

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self.methods: list[str] = []

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        self.methods.append(request.method or "")
        return super().send(request, *args, **options)

    def writes(self) -> list[str]:
        """Methods of the requests that would change something."""
        return [method for method in self.methods if method != "GET"]


class Peer:
    """The server, a session that reaches it, and a client."""

    def __init__(self) -> None:
        provider = ScimProvider.from_discovery(
            load_default_schemas().values(),
            load_default_resource_types().values(),
            config=load_default_service_provider_config(),
        )
        self.adapter = Counting(BearerTokenApplication(InMemoryStorage(), provider, bearer_tokens=["hush"]))
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.mount(URL, self.adapter)
        self.store = StateStore()
        self.client = self.make("hush")

    def make(self, token: str, **options: Any) -> ReferenceClient:
        connection = Connection("scim", "peer", f"{URL}/v2", token=token, **options)
        return ReferenceClient(
            connection, Rule(), connect=connect, session=self.session, clock=VirtualClock(), state=self.store
        )

    def all(self, resource: str) -> list[dict[str, Any]]:
        answer = self.session.get(f"{URL}/v2/{resource}", headers={"Authorization": "Bearer hush"}).json()
        found: list[dict[str, Any]] = answer.get("Resources", [])
        return found

    def members(self, name: str) -> set[str]:
        names = {user["id"]: user["userName"] for user in self.all("Users")}
        group = next(each for each in self.all("Groups") if each["displayName"] == name)
        return {names[member["value"]] for member in group.get("members", [])}


@pytest.fixture
def peer() -> Peer:
    return Peer()


def staff(*members: str) -> Population:
    users = tuple(person(name) for name in ("ada", "bob", "carl"))
    return Population(users, (team("g", *members), team("h")))


def test_users_and_groups_arrive_and_a_resync_writes_nothing(peer: Peer) -> None:
    peer.client.apply(staff("ada", "bob"))
    assert peer.client.summary().users.success == 3
    groups = peer.client.summary().groups
    assert groups is not None
    assert groups.success == 2
    assert peer.members("Group g") == {"ada", "bob"}
    count = len(peer.adapter.writes())
    peer.client.resync(staff("ada", "bob"))
    assert len(peer.adapter.writes()) == count


def test_changes_memberships_and_leavers_arrive(peer: Peer) -> None:
    peer.client.apply(staff("ada", "bob"))
    population = changed(staff("bob", "carl"), "bob", family_name="Byron", email="byron@example.com", active=False)
    peer.client.apply(population.without_user("ada"))
    users = {user["userName"]: user for user in peer.all("Users")}
    assert users["bob"]["name"]["familyName"] == "Byron"
    assert users["bob"]["emails"][0]["value"] == "byron@example.com"
    assert [users[name]["active"] for name in ("ada", "bob", "carl")] == [False, False, True]
    assert peer.members("Group g") == {"bob", "carl"}
    assert peer.client.summary().users.as_dict() == {
        "impacted": 2,
        "success": 2,
        "unsynced": 0,
        "partially_synced": 0,
        "failed": 0,
    }


def test_a_client_without_memory_links_what_is_there(peer: Peer) -> None:
    peer.client.apply(staff("ada"))
    peer.store = StateStore()
    again = peer.make("hush", group_membership_handling="Overwrite", remove_action="Delete")
    again.apply(staff("bob"))
    assert peer.members("Group g") == {"bob"}
    assert len(peer.all("Users")) == 3
    again.apply(staff("bob").without_user("carl"))
    assert {user["userName"] for user in peer.all("Users")} == {"ada", "bob"}


def test_a_wrong_token_fails_the_run(peer: Peer) -> None:
    client = peer.make("wrong")
    client.apply(staff())
    assert client.status().sync_status == "Failed"
    assert client.summary().users.failed == 3
    assert peer.adapter.writes() == []
