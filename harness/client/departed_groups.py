"""Groups that left the rule: what becomes of them at the target.

A group and its memberships stay as they are, unless the connection's GROUP_REMOVE_ACTION says otherwise. Only a
group that this client made and whose members are all managed by the rule is deleted. A group that stays is remembered,
so that it is known by its id when it comes back.
"""

from __future__ import annotations

from provcheck.harness.client.audit_log import AuditLog
from provcheck.harness.client.connectors.interface import Connector
from provcheck.harness.client.failures import Gone, Trouble
from provcheck.harness.client.memberships import Memberships
from provcheck.harness.client.state import Base, GroupState, Orphan, SyncState
from provcheck.harness.model.connection import Connection


class DepartedGroups:
    """Removes, empties or leaves alone the groups that left the rule."""

    def __init__(
        self,
        connector: Connector,
        connection: Connection,
        state: SyncState,
        audit: AuditLog,
        memberships: Memberships,
    ) -> None:
        self.connector = connector
        self.connection = connection
        self.state = state
        self._audit = audit
        self.memberships = memberships

    def leave(self, group_id: str) -> None:
        """Handle a group that left the scope."""
        group = self.retire(group_id)
        if group.remote_id is not None:
            self.act(group_id, group, self.connection.group_remove_action)

    def retire(self, group_id: str) -> GroupState:
        """Take a group out of the counters; return what is remembered of it."""
        group = self.state.groups.pop(group_id)
        if group.remote_id is not None:
            self.state.departed[group_id] = group
        return group

    def act(self, group_id: str, group: GroupState, action: str) -> None:
        """Do at the target what the remove action says of this group."""
        if action == "Remove memberships":
            self.withdraw(group_id, group)
        elif action == "Delete" and self.may_delete(group_id, group):
            self.delete(group_id, group.remote_id or "")

    def come_back(self, group_id: str) -> None:
        """Remember a group that is in scope again by the id that it had, unless another group has it by now."""
        group = self.state.departed.pop(group_id, None)
        held = {each.remote_id for each in self.state.groups.values()}
        if group is None or group_id in self.state.groups or group.remote_id in held:
            return
        group.base, group.asked, group.stands = Base.PENDING, "", False
        group.waiting, group.refused = set(), {}
        self.state.groups[group_id] = group

    def orphan(self, group_id: str, reason: str) -> None:
        """Record a group that left the scope and cannot be handled now."""
        group = self.retire(group_id)
        if group.remote_id is not None:
            self._owe(group_id, group.remote_id, reason)

    def retry(self, orphan: Orphan) -> None:
        """Try again what could not be done when the group left."""
        group = self.state.departed.get(orphan.source_id)
        if group is not None and all(each.remote_id != orphan.remote_id for each in self.state.groups.values()):
            self.act(orphan.source_id, group, self.connection.group_remove_action)

    def may_delete(self, group_id: str, group: GroupState) -> bool:
        """Whether a group was made here, is allowed to be deleted, and holds nobody whom the rule does not manage."""
        reason = "" if group.created else "the group was there before"
        reason = reason or ("" if self.connection.deprovision_users else "deprovisioning is switched off")
        try:
            reason = reason or self._holds_others(group.remote_id or "")
        except Trouble as trouble:
            self._audit.group(group_id, "search", "failed", str(trouble), remote_id=group.remote_id)
            self._owe(group_id, group.remote_id or "", str(trouble))
            return False
        if reason:
            self._audit.group(group_id, "delete", "withheld", reason, remote_id=group.remote_id)
        return not reason

    def _holds_others(self, remote_id: str) -> str:
        remote = self.connector.read_group(remote_id)
        if remote is None:
            return ""
        if remote.members is None:
            return "the target does not show who is in the group"
        managed = {*self.state.holders, *self.state.left.values()}
        return "it has members whom the rule does not manage" if remote.members - managed else ""

    def delete(self, group_id: str, remote_id: str) -> None:
        """Delete a group; a failure becomes an orphan."""
        try:
            self.connector.delete_group(remote_id)
        except Gone:
            pass
        except Trouble as trouble:
            self._audit.group(group_id, "delete", "failed", str(trouble), remote_id=remote_id)
            self._owe(group_id, remote_id, str(trouble))
            return
        self.state.departed.pop(group_id, None)
        self._audit.group(group_id, "delete", "success", remote_id=remote_id)

    def withdraw(self, group_id: str, group: GroupState) -> None:
        """Take out of a group that stays whom this client put in; a failure becomes an orphan."""
        group.refused = {}
        self.memberships.withdraw(group_id, group)
        if group.refused:
            self._owe(group_id, group.remote_id or "", next(iter(group.refused.values())))

    def _owe(self, group_id: str, remote_id: str, reason: str) -> None:
        action = self.connection.group_remove_action
        if action != "Keep":
            owed = Orphan("group", group_id, remote_id, "delete" if action == "Delete" else "withdraw", reason)
            self.state.orphans.append(owed)
