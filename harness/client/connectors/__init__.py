"""The dialects of the reference client: how a connection becomes a connector on a session and a clock.

A connector knows spelling and nothing else; what to do is decided by the engine. Which connector a store has is said
in its folder in `harness.vendors`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import requests

from provcheck.harness.client.connectors.interface import Connector
from provcheck.harness.client.oauth import AccessTokens
from provcheck.harness.client.retry import Caller, RetryPolicy
from provcheck.harness.client.transport import Transport, basic, bearer
from provcheck.harness.model.clock import Clock
from provcheck.harness.model.connection import BadConnection, Connection

Choose = Callable[[Connection], tuple[type[Connector], Connection]]
"""The class that speaks to the store of a connection, and the connection with the address that this class expects."""


class Connect(Protocol):
    """Makes the connector for a connection; the engine is given one, so that it knows no store."""

    def __call__(
        self, connection: Connection, session: requests.Session, clock: Clock, policy: RetryPolicy | None = None
    ) -> Connector:
        """The connector. Raises BadConnection."""


def open_connector(
    choose: Choose, connection: Connection, session: requests.Session, clock: Clock, policy: RetryPolicy | None = None
) -> Connector:
    """The connector that `choose` picks for a connection, on this session and this clock. Raises BadConnection."""
    base_url = connection.base_url.rstrip("/")
    if not re.match(r"https?://[^/\s]+", base_url):
        raise BadConnection(f"the address of {connection.name} starts with http:// or https://, not {base_url!r}")
    dialect, connection = choose(replace(connection, base_url=base_url))
    transport = Transport(
        session,
        connection.base_url,
        authorization=_authorization(connection),
        tokens=_tokens(connection, clock),
        media_type=dialect.media_type,
        headers=dialect.headers,
    )
    return dialect(connection, Caller(transport, clock, policy))


def _authorization(connection: Connection) -> str | None:
    if connection.authentication_method == "None":
        return None
    if connection.authentication_method == "Basic Authentication":
        return basic(connection.basic_auth_user, connection.basic_auth_password)
    if _gets_tokens(connection):
        return None
    return bearer(connection.token, scheme=connection.authorization_type or "Bearer")


def _gets_tokens(connection: Connection) -> bool:
    """Whether tokens are asked for; one that the connection gives is used as it is."""
    return connection.authentication_method == "OAuth 2 Client Credentials" and not connection.token


def _tokens(connection: Connection, clock: Clock) -> AccessTokens | None:
    if not _gets_tokens(connection):
        return None
    client = connection.oauth_client_id, connection.oauth_client_secret
    if not all(client) or not re.match(r"https?://[^/\s]+", connection.oauth_token_request):
        raise BadConnection(
            "OAuth 2 Client Credentials need OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET and the URL in OAUTH_TOKEN_REQUEST"
        )
    return AccessTokens(clock, connection.oauth_token_request, client, basic, connection.authorization_type or "Bearer")
