"""SCIM 2.0 (RFC 7643, RFC 7644): PATCH with one operation per attribute.

Members are removed by `members[value eq "id"]`, never by `members` with a value list, which RFC 7644
section 3.5.2.2 reads as "remove all of them".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from provcheck.harness.client.connectors.attribute_mapping import LISTS, with_leading
from provcheck.harness.client.connectors.scim import ScimConnector, at
from provcheck.harness.client.connectors.search import escaped
from provcheck.harness.client.failures import checked
from provcheck.harness.client.outcome import Json

PATCH_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
GROUP_2 = "urn:ietf:params:scim:schemas:core:2.0:Group"


class Scim20(ScimConnector):
    """The strict dialect; vendors that speak almost this derive from it."""

    group_schema = GROUP_2

    def user_patch(self, remote_id: str, changes: Mapping[str, Any]) -> Json:
        """See ScimConnector."""
        lists = {word: value for word, value in changes.items() if word in LISTS}
        operations = [
            _operation(self.attribute_mapping.path(word), self.attribute_mapping.written(word, value))
            for word, value in changes.items()
            if word not in lists
        ]
        if lists:
            operations += self._list_operations(remote_id, lists)
        return patch_op(operations)

    def _list_operations(self, remote_id: str, lists: Mapping[str, Any]) -> list[Json]:
        """Replace a whole list with its leading value changed: the other entries are somebody else's and stay.

        A value path (`emails[type eq "work"].value`) would save the read, but fails where no entry has that type, and
        some targets ignore it.
        """
        document = checked(self.caller.get(at(self.users, remote_id))).document or {}
        operations = []
        for word, value in lists.items():
            path = self.attribute_mapping.path(word)
            entries = with_leading(document.get(path), value)
            operations.append(_operation(path, entries or None))
        return operations

    def _rename_patch(self, remote_id: str, name: str) -> Json:
        return patch_op([_operation("displayName", name)])

    def member_patch(self, group: str, added: Sequence[str], removed: Sequence[str]) -> Json:
        """See ScimConnector."""
        operations: list[Json] = [{"op": "remove", "path": f'members[value eq "{escaped(each)}"]'} for each in removed]
        if added:
            operations.append({"op": "add", "path": "members", "value": [{"value": each} for each in added]})
        return patch_op(operations)

    def _groups_patch(self, account: str, op: str, groups: Sequence[str]) -> Json:
        if op == "remove":
            return patch_op([{"op": op, "path": f'groups[value eq "{escaped(each)}"]'} for each in groups])
        return patch_op([{"op": op, "path": "groups", "value": [{"value": each} for each in groups]}])


def _operation(path: str, value: Any) -> Json:
    return {"op": "remove", "path": path} if value is None else {"op": "replace", "path": path, "value": value}


def patch_op(operations: list[Json]) -> Json:
    """A PATCH body (RFC 7644 section 3.5.2)."""
    return {"schemas": [PATCH_SCHEMA], "Operations": operations}
