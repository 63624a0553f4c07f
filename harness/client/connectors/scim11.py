"""SCIM 1.1: users change by PUT, group members by a merging PATCH.

A 1.1 PATCH is a partial resource, and a member leaves by carrying `"operation": "delete"`
(SCIM 1.1 protocol, section 3.3.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from provcheck.harness.client.connectors.attribute_mapping import CORE_1, ENTERPRISE_1, AttributeMapping
from provcheck.harness.client.connectors.scim import ScimConnector
from provcheck.harness.client.outcome import Json
from provcheck.harness.client.transport import MEDIA_TYPES


class Scim11(ScimConnector):
    """The older dialect."""

    media_type = MEDIA_TYPES[1]
    attribute_mapping = AttributeMapping(CORE_1, ENTERPRISE_1, manager_id="managerId")
    group_schema = CORE_1
    patches_users = False

    def _ask(self) -> None:
        """1.1 names the resource in the plural; what it says of PATCH concerns groups only."""
        config = self.caller.get("/ServiceProviderConfigs", tries=1).document or {}
        patch = config.get("patch")
        if isinstance(patch, dict) and patch.get("supported") is False:
            self.patches_groups = False

    def user_patch(self, remote_id: str, changes: Mapping[str, Any]) -> Json:
        """See ScimConnector."""
        document: Json = {"schemas": [self.attribute_mapping.core]}
        cleared = [self.attribute_mapping.path(word) for word, value in changes.items() if value is None]
        for word, value in changes.items():
            if value is not None:
                self.attribute_mapping.put(document, word, value)
        if cleared:
            document["meta"] = {"attributes": cleared}
        return document

    def _rename_patch(self, remote_id: str, name: str) -> Json:
        return {"schemas": [self.group_schema], "displayName": name}

    def member_patch(self, group: str, added: Sequence[str], removed: Sequence[str]) -> Json:
        """See ScimConnector."""
        members: list[Json] = [{"value": each} for each in added]
        members += [{"value": each, "operation": "delete"} for each in removed]
        return {"schemas": [self.group_schema], "members": members}

    def _groups_patch(self, account: str, op: str, groups: Sequence[str]) -> Json:
        leaving = {"operation": "delete"} if op == "remove" else {}
        return {"schemas": [self.attribute_mapping.core], "groups": [{"value": each, **leaving} for each in groups]}
