"""How the reference client gets, keeps and renews access tokens, and tells failures of authentication apart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from provcheck.harness.client.connectors.interface import Connector
from provcheck.harness.client.retry import RunStopped
from provcheck.harness.model.clock import VirtualClock
from provcheck.harness.model.connection import BadConnection, Connection
from provcheck.harness.vendors import connect
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.testing import Handle, session

ADA = {"userName": "ada", "active": True}


class Rig:
    """The SCIM target, and a connection to it by client credentials, on one clock."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        environment = Environment(["scim"], clock=self.clock, seed=1, seeded_tokens=True)
        self.handle, self.session = Handle(environment.target("scim")), session(environment)
        self.connection = Connection(
            "scim",
            "SCIM",
            self.handle.base_url,
            authentication_method="OAuth 2 Client Credentials",
            oauth_client_id=self.handle.tokens.client_id,
            oauth_client_secret=self.handle.tokens.client_secret,
            oauth_token_request=str(self.handle.token_url),
        )

    def connector(self, **changes: Any) -> Connector:
        return connect(replace(self.connection, **changes), self.session, self.clock)

    def find(self, connector: Connector) -> object:
        return connector.find_account(ADA)

    @property
    def asked(self) -> int:
        return len([each for each in self.handle.journal if each.operation == "token.create"])

    @property
    def refused(self) -> int:
        return len([each for each in self.handle.journal if each.status == 401])


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_one_token_serves_until_shortly_before_it_expires(rig):
    connector = rig.connector()
    for _ in range(3):
        rig.find(connector)
    assert rig.asked == 1
    rig.clock.sleep(3600 - 29)
    rig.find(connector)
    assert (rig.asked, rig.refused) == (2, 0)


def test_a_token_that_is_revoked_is_replaced_once(rig):
    connector = rig.connector()
    rig.find(connector)
    rig.handle.tokens.revoke_all()
    rig.find(connector)
    assert (rig.asked, rig.refused) == (2, 1)


def test_a_target_that_refuses_a_new_token_as_well_ends_the_run(rig):
    connector = rig.connector()
    rig.handle.faults.arm("user.*", status=401, times=None)
    with pytest.raises(RunStopped, match="the target refused the credentials"):
        rig.find(connector)
    assert rig.asked == 2


def test_a_refused_client_is_told_from_a_refused_token(rig):
    with pytest.raises(RunStopped, match="no access token") as found:
        rig.find(rig.connector(oauth_client_secret="wrong-secret"))
    assert "wrong-secret" not in str(found.value)


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "headers": {"Retry-After": "3"}},
        {"status": 503},
        {"moment": "after", "loses_answer": True},
        {"moment": "wire", "truncates_at": 20},
    ],
)
def test_trouble_at_the_token_endpoint_that_passes_is_waited_out(rig, fault):
    rig.handle.faults.arm("token.create", times=1, **fault)
    assert rig.find(rig.connector()) is None
    assert rig.asked == 2


def test_an_answer_without_a_token_ends_the_run(rig):
    rig.handle.faults.arm("token.create", moment="after", status=200, body={"token_type": "Bearer"}, times=None)
    with pytest.raises(RunStopped, match="sent no access token"):
        rig.find(rig.connector())


def test_a_token_of_the_connection_is_used_as_it_is(rig):
    rig.find(rig.connector(token=rig.handle.token))
    assert (rig.asked, rig.refused) == (0, 0)


@pytest.mark.parametrize("lacking", ["oauth_client_id", "oauth_client_secret", "oauth_token_request"])
def test_a_connection_without_all_that_it_takes_is_refused(rig, lacking):
    with pytest.raises(BadConnection, match="OAUTH_TOKEN_REQUEST"):
        rig.connector(**{lacking: ""})
