"""The generic SCIM service provider: strict SCIM 2.0, or 1.1 where the connection says so (RFC 7643, RFC 7644)."""

from __future__ import annotations

from provcheck.harness.client.connectors.interface import Connector
from provcheck.harness.client.connectors.scim11 import Scim11
from provcheck.harness.client.connectors.scim20 import Scim20
from provcheck.harness.model.connection import Connection


def choose(connection: Connection) -> tuple[type[Connector], Connection]:
    """The version that the option names, at the address as it stands."""
    return Scim11 if connection.scim_version == "1.1" else Scim20, connection
