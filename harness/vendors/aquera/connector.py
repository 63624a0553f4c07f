"""Aquera: SCIM 2.0 whose users are changed by PUT alone, at a base URL with or without a slash at its end.

Source: docs.pingidentity.com, Aquera connector: PATCH of users is not used.
"""

from __future__ import annotations

from provcheck.harness.client.connectors.interface import Connector
from provcheck.harness.client.connectors.scim20 import Scim20
from provcheck.harness.model.connection import Connection


class Aquera(Scim20):
    """The gateway of one application."""

    patches_users = False


def choose(connection: Connection) -> tuple[type[Connector], Connection]:
    """There is one dialect, at the address as it stands."""
    return Aquera, connection
