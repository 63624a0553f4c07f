"""One user at a time: which requests its state calls for, and which state follows from the answers.

A switch withholds a write before it is sent, and a withheld write is never an error; an error never
becomes Unsynced. The transitions are those of the sync summary's formal reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from provcheck.harness.client.accounts import Accounts
from provcheck.harness.client.audit_log import AuditLog
from provcheck.harness.client.connectors.interface import Account, Connector
from provcheck.harness.client.failures import Gone, Taken, Trouble
from provcheck.harness.client.state import Base, Orphan, SyncState, UserState
from provcheck.harness.model.audit import Action
from provcheck.harness.model.connection import Connection

UNSEEN = 5
"""Values remembered of a word whose writes were answered without showing it."""


class Users:
    """Evaluates, changes and removes users of one rule at one target."""

    def __init__(
        self, connector: Connector, accounts: Accounts, connection: Connection, state: SyncState, audit: AuditLog
    ) -> None:
        self._connector = connector
        self._accounts = accounts
        self._connection = connection
        self._state = state
        self._audit = audit
        self._recovers = state.unfinished
        """An earlier run broke off: what it wrote last was never stored."""
        self.moved: set[str] = set()
        """Users whose account changed or went away in this run: their memberships went with it."""
        self._dropped: dict[str, str] = {}
        self.groups_seen: dict[str, frozenset[str] | None] = {}
        """Remote groups of accounts that were read in this run, by source user; None where none were shown."""

    def evaluate(self, user_id: str, wanted: dict[str, Any]) -> None:
        """As if the user were new: find the account, then create, change or leave it."""
        self._guarded(user_id, wanted, lambda user: self._evaluate(user_id, user, wanted))

    def change(self, user_id: str, wanted: dict[str, Any]) -> None:
        """A linked user changed at the source: write the difference to what was last written."""
        self._guarded(user_id, wanted, lambda user: self._change(user_id, user, wanted))

    def _guarded(self, user_id: str, wanted: dict[str, Any], work: Any) -> None:
        user = self._state.users.setdefault(user_id, UserState())
        if user.remote_id is None and user.retry:
            user.sought = user.sought or user.wanted
        user.wanted = wanted
        user.retry = False
        user.reason = ""
        try:
            work(user)
        except Trouble as trouble:
            self.fail(user_id, str(trouble), transient=trouble.transient)
            if isinstance(trouble, Taken):
                raise

    def fail(self, user_id: str, reason: str, *, transient: bool) -> None:
        """The last attempt ended in an error."""
        user = self._state.users.setdefault(user_id, UserState())
        user.base, user.stale, user.reason, user.retry = Base.FAILED, False, reason, transient

    # evaluation

    def _evaluate(self, user_id: str, user: UserState, wanted: dict[str, Any]) -> None:
        account = self._locate(user_id, user, wanted)
        if account is None:
            self._create(user_id, user, wanted)
        else:
            self._settle(user_id, user, wanted, account)

    def _locate(self, user_id: str, user: UserState, wanted: dict[str, Any]) -> Account | None:
        try:
            if user.remote_id is not None:
                account = self._accounts.read(user.remote_id)
                if account is not None:
                    return account
                self._drop(user_id)
            account = self._accounts.find(wanted)
            if account is None and user.sought not in ({}, wanted):
                account = self._accounts.find(user.sought)
        except Trouble as trouble:
            self._audit.user(user_id, "search", "failed", str(trouble))
            raise
        if account is not None:
            self._link(user_id, account)
        return account

    def _link(self, user_id: str, account: Account) -> None:
        try:
            self._accounts.check_free(account, user_id, self._state.holders)
        except Trouble as trouble:
            self._audit.user(user_id, "link", "failed", str(trouble), remote_id=account.remote_id)
            raise
        self._state.link(user_id, account.remote_id)
        self._state.users[user_id].sought = {}
        if self._dropped.get(user_id) == account.remote_id:
            self.moved.discard(user_id)  # it was there all the time
        self._audit.user(user_id, "link", "success", remote_id=account.remote_id)

    def _drop(self, user_id: str) -> None:
        user = self._state.users[user_id]
        self._dropped[user_id] = user.remote_id or ""
        self._state.unlink(user_id)
        user.written, user.echo, user.ignored, user.unseen = None, {}, [], {}
        self.moved.add(user_id)

    def _create(self, user_id: str, user: UserState, wanted: dict[str, Any]) -> None:
        if not self._connection.create_users:
            user.base, user.stale = Base.UNSYNCED, False
            self._audit.user(user_id, "create", "withheld", "creating users is switched off")
            return
        user.sought = {}
        try:
            account, made = self._accounts.create(wanted)
        except Trouble as trouble:
            self._audit.user(user_id, "create", "failed", str(trouble))
            raise
        if not made:
            self._audit.user(user_id, "create", "retried", "the account exists already")
            self._link(user_id, account)
            self._settle(user_id, user, wanted, account)
            return
        self._accounts.check_free(account, user_id, self._state.holders)
        self._state.link(user_id, account.remote_id)
        self._audit.user(user_id, "create", "success", remote_id=account.remote_id)
        self._created(user_id, user, wanted, account)

    def _created(self, user_id: str, user: UserState, wanted: dict[str, Any], account: Account) -> None:
        user.base, user.stale, user.written = Base.SYNCED, False, dict(wanted)
        differences = self._connector.differences(wanted, account)
        if wanted.get("active") is False and "active" in differences and self._shows(account, "active"):
            user.written["active"] = True
            differences.pop("active")
            self._write(user_id, user, {"active": False})
        user.echo = {word: self._connector.value(account, word) for word in differences}

    def _shows(self, account: Account, word: str) -> bool:
        return self._connector.value(account, word) is not None

    def _settle(self, user_id: str, user: UserState, wanted: dict[str, Any], account: Account) -> None:
        """An account is there: equal, or to be made so."""
        self.groups_seen[user_id] = account.groups
        changes = self._open_differences(user, wanted, account)
        known = {word: self._connector.value(account, word) for word in changes}
        user.written = {**wanted, **known}
        user.echo = {word: value for word, value in user.echo.items() if word not in changes}
        user.unseen = {}
        user.base, user.stale = Base.SYNCED, bool(user.ignored)
        if not changes:
            return
        if self._write(user_id, user, changes, read_back=True):
            user.base, user.stale = Base.LINKED, False
        else:
            user.stale = bool(user.ignored)

    def _open_differences(self, user: UserState, wanted: dict[str, Any], account: Account) -> dict[str, Any]:
        """Differences to be written, without those the target insists on: it was told this value and shows another."""
        connector, written, echo = self._connector, user.written or {}, user.echo
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

    def _change(self, user_id: str, user: UserState, wanted: dict[str, Any]) -> None:
        written = user.written or {}
        same = self._connector.same
        changes = {word: value for word, value in wanted.items() if not same(word, value, written.get(word))}
        changes.update({word: None for word, value in written.items() if word not in wanted and value is not None})
        if not changes:
            user.base, user.stale = Base.SYNCED, bool(user.ignored)
            return
        try:
            withheld = self._write(user_id, user, changes)
        except Gone:
            self._drop(user_id)
            self._evaluate(user_id, user, wanted)
            return
        user.base = Base.SYNCED
        user.stale = withheld or bool(user.ignored)

    def _write(self, user_id: str, user: UserState, changes: Mapping[str, Any], *, read_back: bool = False) -> bool:
        """Send what the switches allow; answers whether something was withheld."""
        turns_off = "active" in changes and changes["active"] is False
        plain = {word: value for word, value in changes.items() if not (turns_off and word == "active")}
        withheld = False
        parts: tuple[tuple[Action, dict[str, Any], bool], ...] = (
            (_plain_action(plain), plain, self._connection.update_users),
            ("disable", {"active": False} if turns_off else {}, self._connection.disable_users),
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
            account = self._accounts.update(remote_id, changes, told)
        except Gone as trouble:
            self._audit.user(user_id, action, "retried", str(trouble), remote_id=remote_id)
            raise
        except Trouble as trouble:
            self._audit.user(user_id, action, "failed", str(trouble), remote_id=remote_id)
            raise
        self._audit.user(user_id, action, "success", _words(changes), remote_id=remote_id)
        if account is None and read_back:
            account = self._accounts.read(remote_id)
        self._took(user, changes, account)

    def _took(self, user: UserState, changes: Mapping[str, Any], account: Account | None) -> None:
        """Remember what was written, and where the target shows something else than it was told."""
        before, written = user.written or {}, dict(user.written or {})
        for word, value in changes.items():
            if value is None:
                written.pop(word, None)
            else:
                written[word] = value
        user.written = written
        differing = (
            self._connector.differences({w: v for w, v in changes.items() if v is not None}, account) if account else {}
        )
        for word in changes:
            known = [*user.unseen.pop(word, []), before.get(word), user.echo.pop(word, None)]
            user.ignored = [each for each in user.ignored if each != word]
            if account is None:
                user.unseen[word] = known[-UNSEEN:]
            elif word in differing:
                shown = self._connector.value(account, word)
                user.echo[word] = shown
                stayed = shown is not None and any(self._connector.same(word, shown, each) for each in known)
                if stayed and _loose(shown) != _loose(changes[word]):
                    user.ignored.append(word)

    # leaving

    @property
    def remove_action(self) -> Literal["disable", "delete"]:
        """What becomes of the account of a user who leaves the scope."""
        return "delete" if self._connection.remove_action == "Delete" else "disable"

    def leave(self, user_id: str) -> None:
        """A user left the scope: it leaves the counters, and its account is dealt with outside them."""
        user = self._state.users[user_id]
        remote_id = user.remote_id
        if remote_id is not None:
            self._remove(user_id, user, remote_id)
        elif user.retry:
            self.remove_unconfirmed(user_id, user.sought or user.wanted)
        self._state.unlink(user_id)
        del self._state.users[user_id]

    def _remove(self, user_id: str, user: UserState, remote_id: str) -> None:
        self._state.left[user_id] = remote_id
        action = self.remove_action
        if not self._connection.deprovision_users:
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
            account = self._accounts.find(sought)
        except Trouble as trouble:
            self._audit.user(user_id, "search", "failed", str(trouble))
            if trouble.transient:
                orphan = Orphan("user", user_id, "", self.remove_action, str(trouble), sought=sought)
                self._state.orphans.append(orphan)
            return
        if account is None or account.remote_id in self._state.holders:
            return
        if self.remove_action == "disable" and self._connector.value(account, "active") is False:
            self._state.left[user_id] = account.remote_id  # nothing is left to be done
        else:
            self._remove(user_id, UserState(), account.remote_id)

    def deprovision(self, user_id: str, remote_id: str, action: Literal["disable", "delete"]) -> bool:
        """Disable or delete. A failure becomes an orphan, tried again on later runs. Answers whether it worked."""
        try:
            if action == "delete":
                self._accounts.delete(remote_id)
            else:
                self._accounts.update(remote_id, {"active": False})
        except Gone:
            pass
        except Trouble as trouble:
            self._audit.user(user_id, action, "failed", str(trouble), remote_id=remote_id)
            self._state.orphans.append(Orphan("user", user_id, remote_id, action, str(trouble)))
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
