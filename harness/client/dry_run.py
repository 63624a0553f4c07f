"""A dry run: what a sync would write, while it only reads.

The connector asks the target as ever, and notes each write instead of sending it; what it has noted shows in what it
answers later, so that the rest of the run goes on as if it had happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from provcheck.harness.client.connectors.attribute_mapping import Wanted
from provcheck.harness.client.connectors.interface import Account, Connector, RemoteGroup
from provcheck.harness.client.state import SyncState
from provcheck.harness.client.store import StateStore

PLANNED = "(planned)"
"""How the id of an account or group begins that would be created."""


class DryRunStore(StateStore):
    """The state in a file, which is read and never written."""

    def save(self, state: SyncState) -> None:
        """Keep nothing."""

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Lock nothing: what only reads may run beside another sync."""
        yield


class DryRunConnector:
    """A connector that reads through another one, and gives each write in words to `note`."""

    _inner: Connector
    _note: Callable[[str], None]
    _accounts: dict[str, dict[str, Any]]
    """Remote id -> words that would have been written."""
    _groups: dict[str, RemoteGroup]
    _joined: dict[str, frozenset[str]]
    """Remote id of an account -> all groups that it would be in."""
    _names: dict[str, str]
    _gone: set[str]
    _count: int

    def __init__(self, inner: Connector, note: Callable[[str], None]) -> None:
        own = {
            "_inner": inner,
            "_note": note,
            "_accounts": {},
            "_groups": {},
            "_joined": {},
            "_names": {},
            "_gone": set(),
        }
        self.__dict__.update(own, _count=0)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def __setattr__(self, name: str, value: Any) -> None:
        # The engine tells a connector what it has learned of the target; reading depends on it.
        setattr(self._inner, name, value)

    def know(self, names: Mapping[str, str]) -> None:
        """Name accounts and groups, by remote id, as given."""
        self._names.update(names)

    def find_account(self, wanted: Wanted) -> Account | None:
        """The account with this identity, unless it would be deleted by now."""
        return self._known(self._inner.find_account(wanted), str(wanted.get("userName", "")))

    def read_account(self, remote_id: str) -> Account | None:
        """The account with this id; one that would be created has no document."""
        if remote_id.startswith(PLANNED):
            return Account(remote_id, {}, self._joined.get(remote_id, frozenset()))
        return self._known(self._inner.read_account(remote_id))

    def create_account(self, wanted: Wanted) -> Account:
        """Note the creation of an account."""
        account = Account(self._planned(str(wanted.get("userName", ""))), {}, frozenset())
        self._accounts[account.remote_id] = dict(wanted)
        self._note(f"create user {_words(wanted)}")
        return account

    def update_account(
        self, remote_id: str, changes: Mapping[str, Any], told: Mapping[str, Any] | None = None
    ) -> Account | None:
        """Note the change of an account."""
        del told
        self._accounts[remote_id] = {**self._accounts.get(remote_id, {}), **changes}
        self._note(f"update user {self._name(remote_id)}: {_words(changes)}")
        return self.read_account(remote_id)

    def delete_account(self, remote_id: str) -> None:
        """Note the deletion of an account."""
        self._gone.add(remote_id)
        self._note(f"delete user {self._name(remote_id)}")

    def differences(self, wanted: Wanted, account: Account) -> dict[str, Any]:
        """The words whose value is not the wanted one, what was noted included."""
        noted = self._accounts.get(account.remote_id, {})
        if account.remote_id.startswith(PLANNED):
            return {word: value for word, value in wanted.items() if word in noted and noted[word] != value}
        found = self._inner.differences(wanted, account)
        return {word: value for word, value in found.items() if word not in noted or noted[word] != value}

    def value(self, account: Account, word: str) -> Any:
        """The value of a word, as noted or as the target shows it."""
        noted = self._accounts.get(account.remote_id, {})
        return noted[word] if word in noted else self._inner.value(account, word)

    def find_group(self, name: str) -> RemoteGroup | None:
        """The group of this name, also one that would be created."""
        planned = next((each for each in self._groups.values() if each.name == name), None)
        return planned or self._overlaid(self._inner.find_group(name))

    def read_group(self, remote_id: str) -> RemoteGroup | None:
        """The group with this id, with the members that it would have."""
        if remote_id in self._groups:
            return self._groups[remote_id]
        return self._overlaid(self._inner.read_group(remote_id))

    def create_group(self, name: str, external_id: str) -> RemoteGroup:
        """Note the creation of a group."""
        del external_id
        group = RemoteGroup(self._planned(name), name, frozenset())
        self._groups[group.remote_id] = group
        self._note(f"create group {name}")
        return group

    def rename_group(self, remote_id: str, name: str) -> None:
        """Note another name of a group."""
        self._note(f"rename group {self._name(remote_id)} to {name}")
        self._change(remote_id, name=name)

    def delete_group(self, remote_id: str) -> None:
        """Note the deletion of a group."""
        self._gone.add(remote_id)
        self._groups.pop(remote_id, None)
        self._note(f"delete group {self._name(remote_id)}")

    def add_members(self, group: str, accounts: Sequence[str]) -> frozenset[str] | None:
        """Note new members of a group."""
        self._note(f"add to group {self._name(group)}: {self._people(accounts)}")
        return self._with_members(group, lambda members: members | set(accounts))

    def remove_members(self, group: str, accounts: Sequence[str]) -> frozenset[str] | None:
        """Note members that a group loses."""
        self._note(f"remove from group {self._name(group)}: {self._people(accounts)}")
        return self._with_members(group, lambda members: members - set(accounts))

    def join_groups(self, account: str, groups: Sequence[str]) -> frozenset[str] | None:
        """Note groups that an account joins."""
        self._note(f"put user {self._name(account)} into {self._people(groups)}")
        return self._with_groups(account, lambda known: known | set(groups))

    def leave_groups(self, account: str, groups: Sequence[str]) -> frozenset[str] | None:
        """Note groups that an account leaves."""
        self._note(f"take user {self._name(account)} out of {self._people(groups)}")
        return self._with_groups(account, lambda known: known - set(groups))

    def holds(self, group: str, account: str) -> bool | None:
        """Whether an account is in a group; nobody is in one that would be created."""
        if PLANNED in group + account:
            return False
        return self._inner.holds(group, account)

    def _known(self, account: Account | None, name: str = "") -> Account | None:
        if account is None or account.remote_id in self._gone:
            return None
        self._names.setdefault(account.remote_id, str(self._inner.value(account, "userName") or name))
        return replace(account, groups=self._joined.get(account.remote_id, account.groups))

    def _with_groups(self, account_id: str, change: Callable[[Any], Any]) -> frozenset[str] | None:
        account = self.read_account(account_id)
        if account is None or (account.groups is None and not self._inner.shows_groups):
            return None
        self._joined[account_id] = frozenset(change(account.groups or frozenset()))
        return self._joined[account_id]

    def _overlaid(self, group: RemoteGroup | None) -> RemoteGroup | None:
        if group is None or group.remote_id in self._gone:
            return None
        self._names.setdefault(group.remote_id, group.name)
        return self._groups.get(group.remote_id, group)

    def _with_members(self, group_id: str, change: Callable[[Any], Any]) -> frozenset[str] | None:
        group = self.read_group(group_id)
        if group is None or (group.members is None and not self._inner.shows_members):
            return None
        members = frozenset(change(group.members or frozenset()))
        self._groups[group_id] = replace(group, members=members)
        return members

    def _change(self, group_id: str, *, name: str) -> None:
        group = self.read_group(group_id)
        if group is not None:
            self._groups[group_id] = replace(group, name=name)

    def _planned(self, name: str) -> str:
        self.__dict__["_count"] += 1
        remote_id = f"{PLANNED} {self._count}"
        self._names[remote_id] = name
        return remote_id

    def _name(self, remote_id: str) -> str:
        return str(self._names.get(remote_id) or remote_id)

    def _people(self, remote_ids: Sequence[str]) -> str:
        return ", ".join(map(self._name, remote_ids))


def _words(values: Mapping[str, Any]) -> str:
    """Core words and their values; None clears one."""
    return ", ".join(f"{word} {'cleared' if value is None else _text(value)}" for word, value in values.items())


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
