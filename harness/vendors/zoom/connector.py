"""Zoom over SCIM 2.0: users alone, no discovery, look-ups by userName.

Source: developers.zoom.us, SCIM2 API; pingone, Creating a Zoom connection.
"""

from __future__ import annotations

from provcheck.harness.client.connectors.attribute_mapping import Wanted
from provcheck.harness.client.connectors.interface import Account, Connector
from provcheck.harness.client.connectors.scim20 import Scim20
from provcheck.harness.client.connectors.search import escaped
from provcheck.harness.model.connection import Connection


class Zoom(Scim20):
    """One account, addressed by its base URL."""

    has_documented_filters = True

    def _ask(self) -> None:
        """A user that cannot exist: 404 says that the account is there and the token is good."""
        self.caller.get(f"{self.users}/0", tries=1)

    def find_account(self, wanted: Wanted) -> Account | None:
        """By its userName; a list shows less than a single user (devforum.zoom.us/t/111286), so it is read again.

        Who is listed exists, also where a read by id does not know it yet.
        """
        found = super().find_account(wanted)
        return None if found is None else self.read_account(found.remote_id) or found

    def _user_filter(self, identifier: str) -> str:
        return f'userName eq "{escaped(identifier)}"'


def choose(connection: Connection) -> tuple[type[Connector], Connection]:
    """There is one dialect, at the address as it stands."""
    return Zoom, connection
