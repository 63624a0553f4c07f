"""Slack's SCIM API, version 2 by default and version 1 where the connection says so.

Slack rewrites user names (lower case, at most 21 characters, specials to `_`), so names are
compared in that form; DELETE and `active: false` both mean deactivated. Source: docs.slack.dev, reference/scim-api.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from provcheck.harness.client.connectors.attribute_mapping import (
    CORE_1,
    CORE_2,
    ENTERPRISE_1,
    ENTERPRISE_2,
    AttributeMapping,
    values_of,
)
from provcheck.harness.client.connectors.interface import Connector
from provcheck.harness.client.connectors.scim import ScimConnector, at
from provcheck.harness.client.connectors.scim11 import Scim11
from provcheck.harness.client.connectors.scim20 import Scim20, patch_op
from provcheck.harness.client.connectors.search import escaped
from provcheck.harness.client.failures import checked
from provcheck.harness.client.outcome import Json
from provcheck.harness.client.retry import Caller
from provcheck.harness.client.transport import MEDIA_TYPES
from provcheck.harness.model.connection import Connection
from provcheck.harness.model.core_words import WORDS, Kind

LONGEST_NAME = 21
MEMBERS = 5000
"""Members per call that Slack advises; the ceiling is 15,000."""


def slack_name(text: str) -> str:
    """A user name in the form in which Slack keeps it; an e-mail address gives its local part."""
    local = text.split("@", 1)[0] if "@" in text else text
    return re.sub(r"[^a-z0-9._-]", "_", local.casefold())[:LONGEST_NAME]


class _SlackMapping(AttributeMapping):
    """Two phone numbers: one written as `work` is shown as the mobile one, one written as `mobile` as the primary."""

    def __init__(self, core: str, enterprise: str) -> None:
        super().__init__(core, enterprise, manager_id="managerId")

    def phone_numbers(self, items: Any) -> list[dict[str, str]] | None:
        """The numbers under the types that they are written with."""
        entries = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        kinds = [(item.get("value"), "work" if item.get("type") == "mobile" else "mobile") for item in entries]
        return [{"value": value, "type": kind} for value, kind in kinds if value] or None


class _Slack(ScimConnector):
    """What both versions share."""

    media_type = MEDIA_TYPES[1]
    hides_inactive_members = True
    has_documented_filters = True
    refuses_inactive_members = True
    uncompared = frozenset({"externalId"})

    def __init__(self, connection: Connection, caller: Caller) -> None:
        super().__init__(replace(connection, members_per_request=connection.members_per_request or MEMBERS), caller)

    def _ask(self) -> None:
        """The configuration is open to everybody, so the smallest list is asked for."""
        self.caller.get(f"{self.users}?count=1", tries=1)

    def canonical(self, word: str, value: Any) -> Any:
        """User names in Slack's form."""
        plain = super().canonical(word, value)
        return slack_name(plain) if word == "userName" and plain is not None else plain

    def _by_name(self, identifier: str) -> str:
        # An address is looked for in the form in which the name was stored.
        return f'userName eq "{escaped(slack_name(identifier) if "@" in identifier else identifier)}"'


class SlackV2(_Slack, Scim20):
    """PatchOp bodies; filters work although they are only documented for version 1."""

    attribute_mapping = _SlackMapping(CORE_2, ENTERPRISE_2)

    def _user_filter(self, identifier: str) -> str:
        if self.connection.unique_user_identifier == "workEmail":
            return f'emails.value eq "{escaped(identifier)}"'
        return self._by_name(identifier)

    def member_patch(self, group: str, added: Sequence[str], removed: Sequence[str]) -> Json:
        """See ScimConnector."""
        operations: list[Json] = []
        if removed:
            operations.append({"op": "remove", "path": "members", "value": [{"value": each} for each in removed]})
        if added:
            operations.append({"op": "add", "path": "members", "value": [{"value": each} for each in added]})
        return patch_op(operations)


class SlackV1(_Slack, Scim11):
    """Merging PATCH for users as well as for groups."""

    attribute_mapping = _SlackMapping(CORE_1, ENTERPRISE_1)
    patches_users = True

    def _user_filter(self, identifier: str) -> str:
        if self.connection.unique_user_identifier == "workEmail":
            return f'email eq "{escaped(identifier)}"'
        return self._by_name(identifier)

    def user_patch(self, remote_id: str, changes: Mapping[str, Any]) -> Json:
        """See ScimConnector."""
        # A single blank is how version 1 clears a text; what is no text is taken away by its name.
        kinds = {word: WORDS[word].kind for word in changes if word in WORDS}
        document = super().user_patch(
            remote_id,
            {
                word: " " if value is None and kinds.get(word, Kind.TEXT) is Kind.TEXT else value
                for word, value in changes.items()
            },
        )
        if changes.get("phoneNumbers"):
            document["phoneNumbers"] += self._numbers_to_delete(remote_id, changes["phoneNumbers"])
        return document

    def _numbers_to_delete(self, remote_id: str, wanted: Sequence[Mapping[str, str]]) -> list[Json]:
        """Numbers are added to those that are there: the ones that are to go are named."""
        there = checked(self.caller.get(at(self.users, remote_id))).document or {}
        kept = {each["value"] for each in wanted}
        gone = [value for value in values_of(there.get("phoneNumbers")) if value not in kept]
        return [{"value": value, "operation": "delete"} for value in gone]


def choose(connection: Connection) -> tuple[type[Connector], Connection]:
    """The version that the address names, which wins over the option; an address that names none is completed."""
    named = re.search(r"/v([12])$", connection.base_url)
    if named is None:
        connection = replace(connection, base_url=f"{connection.base_url}/v{connection.scim_version[0]}")
    version = named[1] if named else connection.scim_version[0]
    return SlackV1 if version == "1" else SlackV2, connection
