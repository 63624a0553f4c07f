"""The dialects of the reference client: which connector a connection gets, and with what headers it talks.

A connector knows spelling and nothing else; what to do is decided by the engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import requests

from provcheck.harness.client.connectors.github_emu import HEADERS, GitHubEmu
from provcheck.harness.client.connectors.interface import Connector
from provcheck.harness.client.connectors.scim11 import Scim11
from provcheck.harness.client.connectors.scim20 import Scim20
from provcheck.harness.client.connectors.slack import SlackV1, SlackV2
from provcheck.harness.client.retry import Caller, RetryPolicy
from provcheck.harness.client.transport import MEDIA_TYPES, Transport, basic, bearer
from provcheck.harness.model.clock import Clock
from provcheck.harness.model.connection import BadConnection, Connection

Build = Callable[[Connection, Caller], Connector]
DIALECTS: Mapping[tuple[str, str], Build] = {
    ("scim", "2.0"): Scim20,
    ("scim", "1.1"): Scim11,
    ("slack", "2.0"): SlackV2,
    ("slack", "1.1"): SlackV1,
    ("github_emu", "2.0"): GitHubEmu,
    ("github_emu", "1.1"): GitHubEmu,
}


def connect(
    connection: Connection, session: requests.Session, clock: Clock, policy: RetryPolicy | None = None
) -> Connector:
    """The connector for a connection, on this session and this clock. Raises BadConnection."""
    base_url, version = _address(connection)
    media_type = (
        MEDIA_TYPES[0] if (connection.kind, version) in (("scim", "2.0"), ("github_emu", "2.0")) else MEDIA_TYPES[1]
    )
    transport = Transport(
        session,
        base_url,
        authorization=_authorization(connection),
        media_type=media_type,
        headers=HEADERS if connection.kind == "github_emu" else None,
    )
    return DIALECTS[connection.kind, version](connection, Caller(transport, clock, policy))


def _address(connection: Connection) -> tuple[str, str]:
    """Base URL and version; Slack's address names its version, which then wins."""
    base_url = connection.base_url.rstrip("/")
    if not re.match(r"https?://[^/\s]+", base_url):
        raise BadConnection(f"the address of {connection.name} starts with http:// or https://, not {base_url!r}")
    if connection.kind != "slack":
        return base_url, connection.scim_version
    named = re.search(r"/v([12])$", base_url)
    if named is None:
        return f"{base_url}/v{connection.scim_version[0]}", connection.scim_version
    return base_url, "1.1" if named[1] == "1" else "2.0"


def _authorization(connection: Connection) -> str | None:
    if connection.kind == "scim" and connection.authentication_method == "None":
        return None
    if connection.kind == "scim" and connection.authentication_method == "Basic Authentication":
        return basic(connection.basic_auth_user, connection.basic_auth_password)
    if connection.authentication_method == "OAuth 2 Client Credentials" and not connection.token:
        raise BadConnection("this client asks no authorization server for tokens; give OAUTH_ACCESS_TOKEN")
    return bearer(connection.token, scheme=connection.authorization_type or "Bearer")
