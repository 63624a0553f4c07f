"""One user at a time: which requests its state calls for, and which state follows from the answers.

A switch withholds a write before it is sent, and a withheld write is never an error; an error never
becomes Unsynced. The transitions are those of the sync summary's formal reading.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from provcheck.harness.client.accounts import Accounts
from provcheck.harness.client.audit_log import AuditLog
from provcheck.harness.client.connectors.interface import Account, Connector
from provcheck.harness.client.failures import Gone, Taken, Trouble
from provcheck.harness.client.managers import Managers
from provcheck.harness.client.state import Base, Orphan, SyncState, UserState
from provcheck.harness.model.audit import Action
from provcheck.harness.model.connection import Connection

Work = Callable[[str, UserState, dict[str, Any]], None]
"""What is done for a user of this id, with what is wanted in the target's ids."""
UNSEEN = 5
"""Values remembered of a word whose writes were answered without showing it."""


class Users:
    """Evaluates, changes and removes users of one rule at one target."""

    def __init__(
        self, connector: Connector, accounts: Accounts, connection: Connection, state: SyncState, audit: AuditLog
    ) -> None:
        self.connector = connector
        self.accounts = accounts
        self.connection = connection
        self.state = state
        self._audit = audit
        self.managers = Managers(state)
        self._recovers = state.unfinished
        """An earlier run broke off: what it wrote last was never stored."""
        self.moved: set[str] = set()
        """Users whose account changed or went away in this run: their memberships went with it."""
        self.dropped: dict[str, str] = {}
        self.groups_seen: dict[str, frozenset[str] | None] = {}
        """Remote groups of accounts that were read in this run, by source user; None where none were shown."""

    def evaluate(self, user_id: str, wanted: dict[str, Any]) -> None:
        """As if the user were new: find the account, then create, change or leave it."""
        self._guarded(user_id, wanted, self.sync_account)

    def change(self, user_id: str, wanted: dict[str, Any]) -> None:
        """A linked user changed at the source: write the difference to what was last written."""
        self._guarded(user_id, wanted, self.change_account)

    def link_managers(self) -> None:
        """Write the managers who got an account since their reports were written."""
        for user_id, user, manager in self.managers.due(self.moved):
            if self.connector.same("manager", manager, (user.written or {}).get("manager")):
                continue
            try:
                user.stale = self.write(user_id, user, {"manager": manager}) or user.stale
            except Trouble as trouble:
                self.fail(user_id, str(trouble), transient=True)

    def _guarded(self, user_id: str, wanted: dict[str, Any], work: Work) -> None:
        user = self.state.users.setdefault(user_id, UserState())
        if user.remote_id is None and user.retry:
            user.sought = user.sought or user.wanted
        user.wanted = wanted
        user.awaits_manager = self.managers.waits(wanted)
        user.retry = False
        user.reason = ""
        try:
            work(user_id, user, self.managers.resolved(wanted))
        except Trouble as trouble:
            self.fail(user_id, str(trouble), transient=trouble.transient)
            if isinstance(trouble, Taken):
                raise

    def fail(self, user_id: str, reason: str, *, transient: bool) -> None:
        """The last attempt ended in an error."""
        user = self.state.users.setdefault(user_id, UserState())
        user.base, user.stale, user.reason, user.retry = Base.FAILED, False, reason, transient

    # evaluation

    def sync_account(self, user_id: str, user: UserState, wanted: dict[str, Any]) -> None:
        """Find the account of a user, then create, change or leave it."""
        account = self.locate(user_id, user, wanted)
        if account is None:
            self.create(user_id, user, wanted)
        else:
            self._settle(user_id, user, wanted, account)

    def locate(self, user_id: str, user: UserState, wanted: dict[str, Any]) -> Account | None:
        """The account that a user is linked to or that matches, linked; None if there is none. Raises Trouble."""
        try:
            if user.remote_id is not None:
                account = self.accounts.read(user.remote_id)
                if account is not None:
                    return account
                self.forget_account(user_id)
            account = self.accounts.find(wanted)
            if account is None and user.sought not in ({}, user.wanted):
                account = self.accounts.find(user.sought)
        except Trouble as trouble:
            self._audit.user(user_id, "search", "failed", str(trouble))
            raise
        if account is not None:
            self._link(user_id, account)
        return account

    def _link(self, user_id: str, account: Account) -> None:
        try:
            self.accounts.check_free(account, user_id, self.state.holders)
        except Trouble as trouble:
            self._audit.user(user_id, "link", "failed", str(trouble), remote_id=account.remote_id)
            raise
        self.state.link(user_id, account.remote_id)
        self.state.users[user_id].sought = {}
        if self.dropped.get(user_id) == account.remote_id:
            self.moved.discard(user_id)  # it was there all the time
        self._audit.user(user_id, "link", "success", remote_id=account.remote_id)

    def forget_account(self, user_id: str) -> None:
        """Unlink a user from an account that is gone."""
        user = self.state.users[user_id]
        self.dropped[user_id] = user.remote_id or ""
        self.state.unlink(user_id)
        user.written, user.echo, user.ignored, user.unseen = None, {}, [], {}
        self.moved.add(user_id)

    def create(self, user_id: str, user: UserState, wanted: dict[str, Any]) -> None:
        """Create the account of a user, unless creating is switched off. Raises Trouble."""
        if not self.connection.create_users:
            user.base, user.stale = Base.UNSYNCED, False
            self._audit.user(user_id, "create", "withheld", "creating users is switched off")
            return
        user.sought = {}
        try:
            account, made = self.accounts.create(wanted)
        except Trouble as trouble:
            self._audit.user(user_id, "create", "failed", str(trouble))
            raise
        if not made:
            self._audit.user(user_id, "create", "retried", "the account exists already")
            self._link(user_id, account)
            self._settle(user_id, user, wanted, account)
            return
        self.accounts.check_free(account, user_id, self.state.holders)
        self.state.link(user_id, account.remote_id)
        self._audit.user(user_id, "create", "success", remote_id=account.remote_id)
        self.note_created(user_id, user, wanted, account)

    def note_created(self, user_id: str, user: UserState, wanted: dict[str, Any], account: Account) -> None:
        """Set the state of a user whose account was just created."""
        user.base, user.stale, user.written = Base.SYNCED, False, dict(wanted)
        differences = self.connector.differences(wanted, account)
        if wanted.get("active") is False and "active" in differences and self._shows(account, "active"):
            user.written["active"] = True
            differences.pop("active")
            self.write(user_id, user, {"active": False})
        user.echo = {word: self.connector.value(account, word) for word in differences}

    def _shows(self, account: Account, word: str) -> bool:
        return self.connector.value(account, word) is not None

    def _settle(self, user_id: str, user: UserState, wanted: dict[str, Any], account: Account) -> None:
        """An account is there: equal, or to be made so."""
        self.groups_seen[user_id] = account.groups
        changes = self.open_differences(user, wanted, account)
        known = {word: self.connector.value(account, word) for word in changes}
        user.written = {**wanted, **known}
        user.echo = {word: value for word, value in user.echo.items() if word not in changes}
        user.unseen = {}
        user.base, user.stale = Base.SYNCED, bool(user.ignored)
        if not changes:
            return
        if self.write(user_id, user, changes, read_back=True):
            user.base, user.stale = Base.LINKED, False
        else:
            user.stale = bool(user.ignored)

    def open_differences(self, user: UserState, wanted: dict[str, Any], account: Account) -> dict[str, Any]:
        """Differences to be written, without those the target insists on: it was sent this value and shows another."""
        connector, written, echo = self.connector, user.written or {}, user.echo
        changes = connector.differences(wanted, account)
        settled = {
            word
            for word in changes
            if word in echo
            and word not in user.ignored  # it may be taken today
            and connector.same(word, written.get(word), wanted[word])
            and connector.same(word, echo[word], connector.value(account, word))
        }
        user.ignored = [word for word in user.ignored if word in settled]
        gone = {word: None for word in written if word not in wanted and connector.value(account, word) is not None}
        return {**{word: value for word, value in changes.items() if word not in settled}, **gone}

    # changes

    def change_account(self, user_id: str, user: UserState, wanted: dict[str, Any]) -> None:
        """Write what differs from what was last written. Raises Trouble."""
        written = user.written or {}
        same = self.connector.same
        changes = {word: value for word, value in wanted.items() if not same(word, value, written.get(word))}
        # What could not be cleared is in line again once the source has it again.
        user.ignored = [word for word in user.ignored if word in user.echo or word in changes or word not in wanted]
        changes.update({word: None for word, value in written.items() if word not in wanted and value is not None})
        if not changes:
            user.base, user.stale = Base.SYNCED, bool(user.ignored)
            return
        try:
            withheld = self.write(user_id, user, changes)
        except Gone:
            self.forget_account(user_id)
            self.sync_account(user_id, user, wanted)
            return
        user.base = Base.SYNCED
        user.stale = withheld or bool(user.ignored)

    def write(self, user_id: str, user: UserState, changes: Mapping[str, Any], *, read_back: bool = False) -> bool:
        """Send what the switches allow; answers whether something was withheld."""
        turns_off = "active" in changes and changes["active"] is False
        plain = {word: value for word, value in changes.items() if not (turns_off and word == "active")}
        withheld = False
        parts: tuple[tuple[Action, dict[str, Any], bool], ...] = (
            (_plain_action(plain), plain, self.connection.update_users),
            ("disable", {"active": False} if turns_off else {}, self.connection.disable_users),
        )
        for action, part, allowed in parts:
            if not part:
                continue
            if allowed:
                self._send(user_id, user, action, part, read_back=read_back)
            else:
                withheld = True
                self._audit.user(user_id, action, "withheld", _words(part), remote_id=user.remote_id)
        return withheld

    def _send(
        self, user_id: str, user: UserState, action: Action, changes: Mapping[str, Any], *, read_back: bool
    ) -> None:
        remote_id, written = user.remote_id or "", user.written or {}
        told = {word: written[word] for word in user.echo if word in written}
        try:
            account = self.accounts.update(remote_id, changes, told)
        except (Gone, Taken) as trouble:
            self._audit.user(user_id, action, "retried", str(trouble), remote_id=remote_id)
            raise
        except Trouble as trouble:
            self._audit.user(user_id, action, "failed", str(trouble), remote_id=remote_id)
            raise
        self._audit.user(user_id, action, "success", _words(changes), remote_id=remote_id)
        if account is None and read_back:
            account = self.accounts.read(remote_id)
        self._took(user, changes, account)

    def _took(self, user: UserState, changes: Mapping[str, Any], account: Account | None) -> None:
        """Remember what was written, and where the target shows another value than it was sent."""
        before, written = user.written or {}, dict(user.written or {})
        for word, value in changes.items():
            if value is None:
                written.pop(word, None)
            else:
                written[word] = value
        user.written = written
        differing = (
            self.connector.differences({w: v for w, v in changes.items() if v is not None}, account) if account else {}
        )
        for word in changes:
            known = [*user.unseen.pop(word, []), before.get(word), user.echo.pop(word, None)]
            user.ignored = [each for each in user.ignored if each != word]
            if account is None:
                user.unseen[word] = known[-UNSEEN:]
            elif changes[word] is None:
                self._cleared(user, word, before.get(word), self.connector.value(account, word))
            elif word in differing:
                shown = self.connector.value(account, word)
                user.echo[word] = shown
                stayed = shown is not None and any(self.connector.same(word, shown, each) for each in known)
                if stayed and _loose(shown) != _loose(changes[word]):
                    user.ignored.append(word)

    def _cleared(self, user: UserState, word: str, before: Any, shown: Any) -> None:
        """A word that was to be cleared and is shown as it was before has been left as it was."""
        if shown is not None and before is not None and self.connector.same(word, shown, before):
            user.ignored.append(word)
            user.written = {**(user.written or {}), word: shown}

    # leaving

    @property
    def remove_action(self) -> Literal["disable", "delete"]:
        """What becomes of the account of a user who leaves the scope."""
        return "delete" if self.connection.remove_action == "Delete" else "disable"

    def leave(self, user_id: str) -> None:
        """A user left the scope: it leaves the counters, and its account is dealt with outside them."""
        user = self.state.users[user_id]
        remote_id = user.remote_id
        if remote_id is not None:
            self.remove(user_id, user, remote_id)
        elif user.retry:
            self.remove_unconfirmed(user_id, user.sought or user.wanted)
        self.state.unlink(user_id)
        del self.state.users[user_id]

    def remove(self, user_id: str, user: UserState, remote_id: str) -> None:
        """Deprovision the account of a user who left the scope, unless that is switched off."""
        self.state.left[user_id] = remote_id
        action = self.remove_action
        if not self.connection.deprovision_users:
            self._audit.user(user_id, action, "withheld", "deprovisioning is switched off", remote_id=remote_id)
            return
        already_off = action == "disable" and (user.written or {}).get("active") is False and not self._recovers
        if already_off or not self.deprovision(user_id, remote_id, action):
            return
        if action == "delete":
            self.moved.add(user_id)

    def remove_unconfirmed(self, user_id: str, sought: dict[str, Any]) -> None:
        """Deal with an account that may have been created although no answer ever came."""
        try:
            account = self.accounts.find(sought)
        except Trouble as trouble:
            self._audit.user(user_id, "search", "failed", str(trouble))
            if trouble.transient:
                orphan = Orphan("user", user_id, "", self.remove_action, str(trouble), sought=sought)
                self.state.orphans.append(orphan)
            return
        if account is None or account.remote_id in self.state.holders:
            return
        if self.remove_action == "disable" and self.connector.value(account, "active") is False:
            self.state.left[user_id] = account.remote_id  # nothing is left to be done
        else:
            self.remove(user_id, UserState(), account.remote_id)

    def deprovision(self, user_id: str, remote_id: str, action: Literal["disable", "delete"]) -> bool:
        """Disable or delete. A failure becomes an orphan, tried again on later runs. Answers whether it worked."""
        try:
            if action == "delete":
                self.accounts.delete(remote_id)
            else:
                self.accounts.update(remote_id, {"active": False})
        except Gone:
            pass
        except Trouble as trouble:
            self._audit.user(user_id, action, "failed", str(trouble), remote_id=remote_id)
            self.state.orphans.append(Orphan("user", user_id, remote_id, action, str(trouble)))
            return False
        self._audit.user(user_id, action, "success", remote_id=remote_id)
        return True


def _plain_action(changes: Mapping[str, Any]) -> Action:
    return "enable" if set(changes) == {"active"} else "update"


def _loose(value: Any) -> str:
    """A value without what targets like to rewrite: case, spaces and signs."""
    return "".join(char for char in str(value).casefold() if char.isalnum())


def _words(changes: Mapping[str, Any]) -> str:
    return ", ".join(sorted(changes))
