"""One group at a time: find it or create it, give it its name, and find out which memberships are to be written.

A group is created empty and filled afterwards; a group that was there before is merged into (nobody
is taken out) or overwritten (unmanaged members are taken out), as the connection says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from provcheck.harness.client.accounts import LOOK_UPS
from provcheck.harness.client.audit_log import AuditLog
from provcheck.harness.client.connectors.interface import Connector, RemoteGroup
from provcheck.harness.client.failures import Exhausted, Gone, Lost, Refused, Taken, Trouble
from provcheck.harness.client.memberships import Memberships
from provcheck.harness.client.retry import Caller, RunStopped
from provcheck.harness.client.state import Base, GroupState, SyncState
from provcheck.harness.model.connection import Connection
from provcheck.harness.model.population import SourceGroup


@dataclass(slots=True)
class Visit:
    """What is known of a group while it is evaluated."""

    group: GroupState
    again: bool
    """The group must be evaluated: the source changed, an error may have passed, or it is a Full Resync."""
    present: frozenset[str] | None = None
    """Remote members, if they were read in this run."""
    trouble: Trouble | None = field(default=None)
    born: bool = False
    """The group was created in this run: it may not be visible in all reads yet."""


class Groups:
    """Evaluates the groups of one rule at one target."""

    def __init__(
        self,
        connector: Connector,
        caller: Caller,
        connection: Connection,
        state: SyncState,
        audit: AuditLog,
        memberships: Memberships,
    ) -> None:
        self.connector = connector
        self.caller = caller
        self.connection = connection
        self.state = state
        self._audit = audit
        self.memberships = memberships

    def visit(self, source: SourceGroup, wanted: Sequence[str], *, full: bool) -> None:
        """Bring a group and, where memberships are written on the group, its memberships in line."""
        group = self.state.groups.setdefault(source.id, GroupState())
        unsure = self.memberships.unsure(group, wanted)
        afresh = full or group.retry or unsure or group.asked != source.name
        visit = Visit(group, afresh or self.memberships.changed(group, wanted))
        if not group.stands and not visit.again:
            return  # refused permanently, and unchanged at the source
        try:
            # Written on the user, a membership of a group that is gone looks like a refused one: look first.
            on_the_user = self.connection.membership_style == "user"
            if afresh or not group.stands or (on_the_user and self.memberships.adds(group, wanted)):
                self._stand(source, visit)
            self._fill(source, wanted, visit)
        except RunStopped:
            group.retry = True  # it is unknown how much was written
            raise
        except Trouble as trouble:
            group.waiting = set(wanted) - group.members
            self.fail(source.id, str(trouble), transient=trouble.transient)

    def _fill(self, source: SourceGroup, wanted: Sequence[str], visit: Visit) -> None:
        backoff = self.caller.backoff()
        for number in range(LOOK_UPS + 1):
            try:
                self.memberships.of_group(source, wanted, visit.group, present=visit.present, again=visit.again)
                break
            except Gone:
                self._audit.group(source.id, "update", "retried", "the group is gone at the target")
                if visit.born:
                    self.caller.pause(backoff)  # it was just created, and must not be created twice
                elif number:
                    raise Exhausted("the group vanishes again and again") from None
                else:
                    self._stand(source, visit)  # it was deleted between two requests: evaluate it again
        else:
            raise Exhausted("the group was created and does not appear")
        self.conclude(visit)

    @staticmethod
    def conclude(visit: Visit) -> None:
        """Set the base of a group after a visit, from what failed."""
        group = visit.group
        if visit.trouble is not None:
            group.base, group.reason, group.retry = Base.FAILED, str(visit.trouble), visit.trouble.transient
        elif group.name != group.asked:
            group.base = Base.FAILED
        elif group.refused:
            group.base, group.reason = Base.FAILED, next(iter(group.refused.values()))
        else:
            group.base, group.reason, group.retry = Base.SYNCED, "", False

    def fail(self, group_id: str, reason: str, *, transient: bool) -> None:
        """Record that the write of the group itself failed."""
        group = self.state.groups.setdefault(group_id, GroupState())
        group.base, group.reason, group.retry = Base.FAILED, reason, transient

    # the group itself

    def _stand(self, source: SourceGroup, visit: Visit) -> None:
        """Ensure that the group exists, with its name. Raises Trouble."""
        group = visit.group
        if group.remote_id is None and group.retry:
            group.sought = group.sought or group.asked
        group.retry, group.asked, group.stands = False, source.name, False
        before = group.remote_id
        remote = self.linked_group(source, group) or self._found(source, group) or self.created_group(source, group)
        if group.remote_id != before:
            group.members, group.refused = set(), {}
            visit.born = group.created
        elif remote.members is None and self.memberships.are_gone(group):
            group.members = set()
        visit.present, group.stands = remote.members, True
        if remote.name and remote.name != source.name:
            visit.trouble = self._rename(source, group)
        else:
            group.name = source.name

    def linked_group(self, source: SourceGroup, group: GroupState) -> RemoteGroup | None:
        """Return the linked group at the target; None if it does not exist any more."""
        if group.remote_id is None:
            return None
        try:
            remote = self.connector.read_group(group.remote_id)
        except Trouble as trouble:
            self._audit.group(source.id, "search", "failed", str(trouble), remote_id=group.remote_id)
            raise
        return remote

    def _found(self, source: SourceGroup, group: GroupState) -> RemoteGroup | None:
        try:
            remote = self.connector.find_group(source.name)
            if remote is None and group.sought not in ("", source.name):
                remote = self.connector.find_group(group.sought)
        except Trouble as trouble:
            self._audit.group(source.id, "search", "failed", str(trouble))
            raise
        if remote is not None:
            self._link(source, group, remote)
        return remote

    def _link(self, source: SourceGroup, group: GroupState, remote: RemoteGroup) -> None:
        holder = next((id for id, other in self.state.groups.items() if other.remote_id == remote.remote_id), None)
        if holder not in (None, source.id):
            self._audit.group(source.id, "link", "failed", f"belongs to {holder!r} already", remote_id=remote.remote_id)
            raise Refused(f"group {remote.remote_id} belongs to {holder!r} already")
        if group.remote_id != remote.remote_id:
            group.remote_id, group.created = remote.remote_id, False
        group.sought = ""
        self._audit.group(source.id, "link", "success", remote_id=remote.remote_id)

    def created_group(self, source: SourceGroup, group: GroupState) -> RemoteGroup:
        """Create the group, or find it after a conflict, and return it. Raises Trouble."""
        group.sought = ""
        try:
            remote, made = self._create(source)
        except Trouble as trouble:
            self._audit.group(source.id, "create", "failed", str(trouble))
            raise
        if not made:
            self._link(source, group, remote)
            return remote
        group.remote_id, group.created = remote.remote_id, True
        self._audit.group(source.id, "create", "success", remote_id=remote.remote_id)
        return replace(remote, members=remote.members or frozenset())

    def _create(self, source: SourceGroup) -> tuple[RemoteGroup, bool]:
        backoff = self.caller.backoff()
        external_id = source.external_id or (source.id if self.connector.requires_external_ids else "")
        for _ in range(self.caller.policy.tries):
            try:
                remote = self.connector.create_group(source.name, external_id)
            except Taken as conflict:
                return self._again(source.name, conflict, external_id), False
            except Lost:
                self.caller.pause(backoff)
                remote = self.memberships.patiently(lambda: self.connector.find_group(source.name))
                if remote is None:
                    continue
            return remote or self._again(source.name, Exhausted("the group was created and cannot be found")), True
        raise Exhausted("every answer to the creation was lost, and the group is not there")

    def _again(self, name: str, reason: Trouble, external_id: str = "") -> RemoteGroup:
        """Return the group that must exist: by its name, or by its external id if it has an earlier name."""
        found = self.memberships.patiently(lambda: self.connector.find_group(name))
        if found is None and external_id:
            found = self.connector.find_group_by_external_id(external_id)
        if found is None:
            raise reason
        return found

    def _rename(self, source: SourceGroup, group: GroupState) -> Trouble | None:
        """Rename by the remote id. After a lost answer the group is read."""
        remote_id = group.remote_id or ""
        backoff = self.caller.backoff()
        for _ in range(self.caller.policy.tries):
            try:
                self.connector.rename_group(remote_id, source.name)
            except Lost:
                self.caller.pause(backoff)
                remote = self.connector.read_group(remote_id)
                if remote is None or remote.name != source.name:
                    continue
            except Trouble as trouble:
                self._audit.group(source.id, "update", "failed", str(trouble), remote_id=remote_id)
                return trouble
            group.name = source.name
            self._audit.group(source.id, "update", "success", source.name, remote_id=remote_id)
            return None
        return Exhausted("every answer to the new name was lost")
