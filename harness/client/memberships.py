"""Which memberships are to be written, and the writing of them, on the group's side or on the user's.

A membership is attempted only for a user who has an account; the others wait, which is no error,
and are written by the first run that finds an account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from provcheck.harness.client.accounts import Accounts
from provcheck.harness.client.audit_log import AuditLog
from provcheck.harness.client.chunks import ChunkedWrite, Present
from provcheck.harness.client.connectors.interface import Connector
from provcheck.harness.client.failures import Gone, Trouble
from provcheck.harness.client.retry import Caller
from provcheck.harness.client.state import Base, GroupState, SyncState, UserState
from provcheck.harness.client.users import Users
from provcheck.harness.model.audit import Action
from provcheck.harness.model.connection import Connection
from provcheck.harness.model.population import SourceGroup

Found = TypeVar("Found")


@dataclass(slots=True)
class Edits:
    """What is to be done to the memberships of one group: source ids to remote ids, in order."""

    add: dict[str, str] = field(default_factory=dict)
    remove: dict[str, str] = field(default_factory=dict)


class Memberships:
    """Plans and writes memberships for all groups of a run."""

    def __init__(
        self,
        connector: Connector,
        caller: Caller,
        accounts: Accounts,
        connection: Connection,
        state: SyncState,
        audit: AuditLog,
        users: Users,
    ) -> None:
        self.connector = connector
        self.caller = caller
        self.accounts = accounts
        self.connection = connection
        self.state = state
        self._audit = audit
        self.users = users
        self._by_user: dict[str, dict[str, tuple[str, bool]]] = {}

    def patiently(self, look: Callable[[], Found | None]) -> Found | None:
        """Look again for something that ought to be there."""
        return self.accounts.patiently(look)

    def of_group(
        self, source: SourceGroup, wanted: Sequence[str], group: GroupState, *, present: Present, again: bool
    ) -> None:
        """Write what is missing (or, on the user's side, note it for `flush`). Raises Gone when the group is gone.

        `again` tries memberships that failed before once more.
        """
        if self.connection.membership_style == "none":
            return
        edits = self._plan(source.id, wanted, group, present=present, again=again)
        if self.connection.membership_style == "user":
            self._note(edits, source.id)
        else:
            self._write_on_group(source.id, group, edits)

    def are_gone(self, group: GroupState) -> bool:
        """Whether a target that shows no members says, asked about one who was written, that there is none."""
        if self.connection.membership_style != "group" or self.connector.shows_groups or group.remote_id is None:
            return False
        written = (self.account_for(each) for each in sorted(group.members) if not self._hidden(each))
        account = next((each for each in written if each is not None), None)
        return account is not None and self.connector.holds(group.remote_id, account) is False

    # planning

    @staticmethod
    def changed(group: GroupState, wanted: Sequence[str]) -> bool:
        """Whether the source wants other members than at the last look."""
        wanted_set = set(wanted)
        return Memberships.unsure(group, wanted) or wanted_set != _known(group, wanted_set)

    @staticmethod
    def unsure(group: GroupState, wanted: Sequence[str]) -> bool:
        """Whether somebody who could not be put into the group, as far as the client was told, is not wanted any more.

        An error may have come after the member was written: only a look at the group tells.
        """
        return bool(group.refused.keys() - group.members - set(wanted))

    def adds(self, group: GroupState, wanted: Sequence[str]) -> bool:
        """Whether a user with an account is to be added to the group."""
        new = (each for each in wanted if each not in group.members and each not in group.refused)
        return any(self.account_for(each) is not None for each in new)

    def _plan(self, group_id: str, wanted: Sequence[str], group: GroupState, *, present: Present, again: bool) -> Edits:
        wanted_set = set(wanted)
        group.members -= self.users.moved
        if present is not None:
            self.rebase(group, wanted_set, present)
        elif again:
            self._rebase_by_users(group, wanted)
        if again:
            group.refused.clear()
        edits = Edits()
        waiting = set()
        for user_id in wanted:
            if user_id in group.members or user_id in group.refused:
                continue
            remote_id = self.account_for(user_id)
            if remote_id is None:
                waiting.add(user_id)
            else:
                edits.add[user_id] = remote_id
        self._defer(group_id, group, waiting)
        self.plan_removals(group, wanted_set, present, edits)
        return edits

    def account_for(self, user_id: str) -> str | None:
        """The account with which a user is written into groups, or None while the user has none."""
        user = self.state.users.get(user_id)
        if user is None or (self.connector.refuses_inactive_members and _is_off(user)):
            return None
        return user.remote_id

    @cached_property
    def _left_accounts(self) -> dict[str, str]:
        # Asked for the first time when all users have been dealt with.
        return {account: user_id for user_id, account in self.state.left.items()}

    def rebase(self, group: GroupState, wanted: set[str], present: frozenset[str]) -> None:
        """What the target shows replaces what was remembered, but for members it hides."""
        holders, left = self.state.holders, self._left_accounts
        here = {holders.get(remote_id) or left.get(remote_id, "") for remote_id in present}
        hidden = {user_id for user_id in group.members if self._hidden(user_id)}
        group.members = (here & (wanted | group.members | group.refused.keys())) | hidden

    def _rebase_by_users(self, group: GroupState, wanted: Iterable[str]) -> None:
        # A target that shows the groups of users leaves the list out where it is empty (RFC 7643 section 2.5).
        hidden = None if not self.connector.shows_groups else frozenset[str]()
        for user_id in wanted:
            shown = self.users.groups_seen.get(user_id) or hidden
            if user_id in self.users.groups_seen and shown is not None:
                present = group.remote_id in shown
                (group.members.add if present else group.members.discard)(user_id)

    def _hidden(self, user_id: str) -> bool:
        user = self.state.users.get(user_id)
        off = user_id in self.state.left if user is None else _is_off(user)
        return self.connector.hides_inactive_members and off

    def _defer(self, group_id: str, group: GroupState, waiting: set[str]) -> None:
        for user_id in sorted(waiting - group.waiting):
            self._audit.membership(group_id, user_id, "add_member", "deferred", "the user has no account")
        group.waiting = waiting

    def plan_removals(self, group: GroupState, wanted: set[str], present: Present, edits: Edits) -> None:
        """Add to `edits` the members that are to be removed."""
        for user_id in sorted(group.members - wanted - group.refused.keys()):
            user = self.state.users.get(user_id)
            remote_id = user.remote_id if user is not None else self.state.left.get(user_id)
            if remote_id is None:
                group.members.discard(user_id)
            else:
                edits.remove[user_id] = remote_id
        if present is not None and self.overwrites():
            ours = {user.remote_id for user_id in wanted if (user := self.state.users.get(user_id)) is not None}
            ours.update(edits.remove.values())
            edits.remove.update({remote_id: remote_id for remote_id in sorted(present - ours)})

    def overwrites(self) -> bool:
        """Whether members that this client did not write are removed."""
        return self.connection.group_membership_handling == "Overwrite" and self.connection.membership_style == "group"

    # on the group

    def _write_on_group(self, group_id: str, group: GroupState, edits: Edits) -> None:
        remote_id = group.remote_id or ""
        connector = self.connector

        def read() -> Present:
            remote = connector.read_group(remote_id)
            if remote is None:
                raise Gone("HTTP 404: the group is gone", status=404)
            return remote.members

        if edits.remove:
            unseen = frozenset(remote for user_id, remote in edits.remove.items() if self._hidden(user_id))
            write = self._chunked(
                lambda ids: connector.remove_members(remote_id, ids), read, removing=True, unseen=unseen
            )
            self._book(group_id, group, edits.remove, write.run(list(edits.remove.values())), removing=True)
        if edits.add:
            unseen = frozenset(remote for user_id, remote in edits.add.items() if self._hidden(user_id))
            write = self._chunked(
                lambda ids: connector.add_members(remote_id, ids),
                read,
                unseen=unseen,
                holds=lambda account: connector.holds(remote_id, account),
            )
            self._book(group_id, group, edits.add, write.run(list(edits.add.values())))

    def _chunked(
        self,
        send: Callable[[Sequence[str]], Present],
        read: Callable[[], Present],
        *,
        removing: bool = False,
        unseen: frozenset[str] = frozenset(),
        holds: Callable[[str], bool | None] | None = None,
    ) -> ChunkedWrite:
        size = self.connector.members_per_request
        return ChunkedWrite(send, read, self.caller, size=size, removing=removing, unseen=unseen, holds=holds)

    def _book(
        self,
        group_id: str,
        group: GroupState,
        edits: dict[str, str],
        failed: dict[str, Trouble],
        *,
        removing: bool = False,
    ) -> None:
        for user_id, remote_id in edits.items():
            self.book(group_id, group, user_id, failed.get(remote_id), removing=removing)

    def book(self, group_id: str, group: GroupState, user_id: str, trouble: Trouble | None, *, removing: bool) -> None:
        """What became of one membership."""
        action: Action = "remove_member" if removing else "add_member"
        if trouble is not None:
            group.refused[user_id] = str(trouble)
            group.retry = group.retry or trouble.transient
            self._audit.membership(group_id, user_id, action, "failed", str(trouble))
            return
        (group.members.discard if removing else group.members.add)(user_id)
        self._audit.membership(group_id, user_id, action, "success")

    # on the user

    def _note(self, edits: Edits, group_id: str) -> None:
        for user_id in edits.add:
            self._by_user.setdefault(user_id, {})[group_id] = (edits.add[user_id], False)
        for user_id, remote_id in edits.remove.items():
            self._by_user.setdefault(user_id, {})[group_id] = (remote_id, True)

    def flush(self) -> None:
        """Write what was noted, one user after the other. What is not reached leaves its group Failed."""
        try:
            for user_id, noted in list(self._by_user.items()):
                self._write_on_user(user_id, noted)
                del self._by_user[user_id]
        finally:
            for noted in self._by_user.values():
                for group_id in noted:
                    self._fail(group_id, "the run ended before the membership was written")

    def _fail(self, group_id: str, reason: str) -> None:
        group = self.state.groups[group_id]
        group.base, group.retry, group.reason = Base.FAILED, True, reason

    def _write_on_user(self, user_id: str, noted: dict[str, tuple[str, bool]]) -> None:
        for removing in (True, False):
            groups = {group_id: remote for group_id, (remote, gone) in noted.items() if gone is removing}
            if groups:
                self._edit_user(user_id, next(iter(groups.values())), list(groups), removing=removing)

    def _edit_user(self, user_id: str, account: str, group_ids: list[str], *, removing: bool) -> None:
        connector = self.connector
        remote = {self.state.groups[group_id].remote_id or "": group_id for group_id in group_ids}

        def send(ids: Sequence[str]) -> Present:
            return connector.leave_groups(account, ids) if removing else connector.join_groups(account, ids)

        def read() -> Present:
            shown = connector.read_account(account)
            if shown is None:
                raise Gone("HTTP 404: the account is gone", status=404)
            return frozenset() if shown.groups is None and connector.shows_groups else shown.groups

        try:
            failed = self._chunked(send, read, removing=removing).run(list(remote))
        except Gone as trouble:
            failed = {} if removing else dict.fromkeys(remote, trouble)  # its memberships went with the account
        except Trouble as trouble:
            failed = dict.fromkeys(remote, trouble)
        for remote_id, group_id in remote.items():
            group = self.state.groups[group_id]
            self.book(group_id, group, user_id, failed.get(remote_id), removing=removing)
            if remote_id in failed:
                group.base, group.reason = Base.FAILED, str(failed[remote_id])

    # leaving

    def withdraw(self, group_id: str, group: GroupState) -> None:
        """Take out of a group that stays what this client put in."""
        edits = Edits()
        self.plan_removals(group, set(), None, edits)
        try:
            if self.connection.membership_style == "group":
                self._write_on_group(group_id, group, edits)
            elif self.connection.membership_style == "user":
                self._leave_one(group_id, group, edits)
        except Trouble as trouble:
            self._audit.group(group_id, "update", "failed", str(trouble), remote_id=group.remote_id)

    def _leave_one(self, group_id: str, group: GroupState, edits: Edits) -> None:
        for user_id, account in edits.remove.items():
            failed: Trouble | None = None
            try:
                self.connector.leave_groups(account, [group.remote_id or ""])
            except Trouble as trouble:
                # RFC 7644 section 3.5.2.2: a value path that selects nothing; the account is not in the group.
                failed = None if trouble.scim_type == "noTarget" else trouble
            self.book(group_id, group, user_id, failed, removing=True)


def _is_off(user: UserState) -> bool:
    """Whether the account is turned off, as far as is known: a switch may have kept it from following the source."""
    return (user.written or user.wanted).get("active") is False


def _known(group: GroupState, wanted: set[str]) -> set[str]:
    """The memberships that were wanted at the last look; a member who could not be taken out was not."""
    for user_id in group.refused.keys() & group.members & wanted:
        del group.refused[user_id]
    return {
        each
        for each in group.members | group.waiting | group.refused.keys()
        if each in wanted or each not in group.refused
    }
