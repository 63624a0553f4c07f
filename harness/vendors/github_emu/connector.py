"""GitHub Enterprise Managed Users.

ExternalId, emails and a role are required, filters hold a single `eq`, and suspended accounts
vanish from the groups they are in. Source: docs.github.com, rest/enterprise-admin/scim.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from provcheck.harness.client.connectors.attribute_mapping import Wanted
from provcheck.harness.client.connectors.interface import Connector
from provcheck.harness.client.connectors.scim20 import Scim20
from provcheck.harness.client.connectors.search import escaped
from provcheck.harness.client.outcome import Json
from provcheck.harness.model.connection import Connection

DEFAULT_ROLE = "user"


class GitHubEmu(Scim20):
    """One enterprise, addressed by its base URL."""

    headers: ClassVar[Mapping[str, str]] = {"X-GitHub-Api-Version": "2022-11-28"}
    hides_inactive_members = True
    has_documented_filters = True
    requires_external_ids = True

    def _ask(self) -> None:
        """A user that cannot exist: 404 says that the enterprise is there and the token is good."""
        self.caller.get(f"{self.users}/0", tries=1)

    def _user_filter(self, identifier: str) -> str:
        return f'userName eq "{escaped(identifier)}"'

    def _identifier(self, wanted: Wanted) -> str:
        return str(wanted["userName"])

    def _identity(self, identifier: str) -> str:
        return str(self.canonical("userName", identifier))

    def _identities(self, document: Json) -> list[str]:
        return [str(self.canonical("userName", document.get("userName")))]

    def _new_user(self, wanted: Wanted) -> Json:
        complete: dict[str, Any] = {"active": True, **wanted}
        complete.setdefault("externalId", wanted["userName"])
        names = [str(wanted[word]) for word in ("givenName", "familyName") if wanted.get(word)]
        complete.setdefault("displayName", " ".join(names) or wanted["userName"])
        document = self.attribute_mapping.build(complete)
        if "name" in document:
            document["name"] = {"givenName": "", "familyName": "", **document["name"]}
        document.setdefault("roles", [{"value": DEFAULT_ROLE}])
        return document


def choose(connection: Connection) -> tuple[type[Connector], Connection]:
    """There is one dialect, at the address as it stands."""
    return GitHubEmu, connection
