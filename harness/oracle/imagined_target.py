"""A target as the oracle imagines it: accounts, groups, permissions, faults, and a journal of what was tried.

It answers in the same shapes as a real target's snapshot and journal, so that every judge can be tried out on it.
It knows no wire: an operation succeeds, is refused, or is applied with a bad answer (which no retry mends).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any

from provcheck.harness.model import FaultSpec
from provcheck.harness.model.external_change import (
    AddMember,
    ChangeAccount,
    ChangeGroup,
    CreateAccount,
    CreateGroup,
    DeleteAccount,
    DeleteGroup,
    ExternalChange,
    GroupChange,
    RemoveMember,
)

PERMISSION = {
    "user.create": "allows_create_users",
    "user.update": "allows_update_users",
    "user.disable": "allows_disable_users",
    "user.delete": "allows_delete_users",
    "group.create": "allows_create_groups",
    "group.update": "allows_update_groups",
    "group.delete": "allows_delete_groups",
}
FORBIDDEN = 403
UNAUTHORIZED = 401
CONFLICT = 409
MISSING = 404
FALLBACK = 500


class Result(Enum):
    """What became of an operation, once retries are spent."""

    DONE = "done"
    REFUSED = "refused"
    BAD_ANSWER = "bad answer"
    IGNORED = "ignored"
    EXISTS = "exists"
    EXISTS_INACTIVE = "exists_inactive"
    TWIN = "twin"
    GONE = "gone"


class RunEnds(Exception):
    """Nothing more can be done at the target in this run."""


@dataclass(slots=True)
class ImaginedAccount:
    """An account: its id and what it holds in core words."""

    id: str
    words: dict[str, Any]

    @property
    def name(self) -> str:
        """The user name."""
        return str(self.words["userName"])


@dataclass(slots=True)
class ImaginedGroup:
    """A group: its id, its name (`folded`: as it is compared), the ids of its members."""

    id: str
    name: str
    external_id: str | None = None
    members: list[str] = field(default_factory=list)
    folded: str = field(init=False)

    def __post_init__(self) -> None:
        self.rename(self.name)

    def rename(self, name: str) -> None:
        """Give the group a name."""
        self.name, self.folded = name, name.casefold()


class ImaginedTarget:
    """The imagined target. `membership_side` is the side that is written: group or user."""

    def __init__(self, flags: Mapping[str, object], *, membership_side: str) -> None:
        self.flags = dict(flags)
        self.faults: list[FaultSpec] = []
        self.accounts: dict[str, ImaginedAccount] = {}
        self.groups: dict[str, ImaginedGroup] = {}
        self.journal: list[dict[str, Any]] = []
        self.struck: list[FaultSpec] = []
        self.passing = 0
        """Operations that ended in an error of the kind that passes."""
        self._side = membership_side
        self._made = 0
        self._seen: dict[int, int] = {}

    def seed(self, accounts: Sequence[Mapping[str, Any]], groups: Sequence[Mapping[str, Any]]) -> None:
        """Accounts and groups that exist before the first sync, in core words."""
        for account in accounts:
            self.add_account({"active": True, **account})
        for group in groups:
            self._fill(self.add_group(str(group["displayName"]), group.get("externalId")), group.get("members", ()))

    def add_account(self, words: Mapping[str, Any]) -> ImaginedAccount:
        """A new account."""
        known = {word: value for word, value in words.items() if word not in ("id", "document")}
        account = ImaginedAccount(self._next_id("account"), known)
        self.accounts[account.id] = account
        return account

    def change_account(self, account: ImaginedAccount, words: Mapping[str, Any]) -> None:
        """Change words of an account; whom it manages is still managed by it under another name."""
        before = account.name
        account.words.update(words)
        for each in self.accounts.values() if account.name != before else ():
            if each.words.get("manager") == before:
                each.words["manager"] = account.name

    def add_group(self, name: str, external_id: str | None) -> ImaginedGroup:
        """A new group without members."""
        group = ImaginedGroup(self._next_id("group"), name, external_id)
        self.groups[group.id] = group
        return group

    def make_external_change(self, change: ExternalChange) -> None:
        """Change accounts or groups out of band. A change that cannot be made changes nothing."""
        match change:
            case CreateAccount(account):
                if self._account(str(account["userName"])) is None:
                    self.add_account({"active": True, **account})
            case ChangeAccount(name, changes):
                if (changed := self._account(name)) is not None:
                    self.change_account(changed, changes)
            case DeleteAccount(name):
                if (deleted := self._account(name)) is not None:
                    self.remove_account(deleted.id)
            case _:
                self._change_group(change)

    def _change_group(self, change: GroupChange) -> None:
        match change:
            case CreateGroup(name, members):
                if self._group(name) is None:
                    self._fill(self.add_group(name, None), members)
            case ChangeGroup(name, changes):
                if (group := self._group(name)) is not None:
                    group.rename(str(changes.get("displayName", group.name)))
                    group.external_id = changes.get("externalId", group.external_id)
            case DeleteGroup(name):
                if (group := self._group(name)) is not None:
                    del self.groups[group.id]
            case AddMember(name, user_name) | RemoveMember(name, user_name):
                group, account = self._group(name), self._account(user_name)
                joins = isinstance(change, AddMember)
                if group is not None and account is not None and (account.id in group.members) is not joins:
                    (group.members.append if joins else group.members.remove)(account.id)

    def _fill(self, group: ImaginedGroup, members: Iterable[str]) -> None:
        accounts = (self._account(str(name)) for name in members)
        group.members = [account.id for account in accounts if account is not None]

    def _account(self, name: str) -> ImaginedAccount | None:
        return next((each for each in self.accounts.values() if each.name.casefold() == name.casefold()), None)

    def _group(self, name: str) -> ImaginedGroup | None:
        wanted = name.casefold()
        return next((each for each in self.groups.values() if each.folded == wanted), None)

    def remove_account(self, id: str) -> None:
        """The account is gone, and with it its memberships."""
        del self.accounts[id]
        for group in self.groups.values():
            group.members = [member for member in group.members if member != id]

    def attempt(self, operation: str, kind: str, id: str | None, names: Sequence[str]) -> Result:
        """Try an operation on an entity; the journal gets an entry. Faults that end after some tries are retried."""
        flag = self._permission(operation)
        if flag is not None and not self.flags.get(flag, True):
            return self._note(operation, kind, id, names, Result.REFUSED, status=FORBIDDEN, refused_by=flag)
        fault = next((each for each in self.faults if self._strikes(each, operation, id, names)), None)
        if fault is not None and not any(fault is each for each in self.struck):
            self.struck.append(fault)
        if fault is not None and fault.outcome is not None and not fault.transient:
            return self._suffer(fault, operation, kind, id, names)
        if fault is None or fault.transient or _made_good(fault):
            # What retries make good, and what a look-up makes good, end well.
            return self._note(operation, kind, id, names, Result.DONE, status=200)
        self.passing += fault.passes
        result = Result.BAD_ANSWER if fault.moment == "after" else Result.REFUSED
        return self._note(operation, kind, id, names, result, status=fault.status or FALLBACK, fault=fault.describe())

    def _suffer(self, fault: FaultSpec, operation: str, kind: str, id: str | None, names: Sequence[str]) -> Result:
        """The result of a fault that declares its own outcome. Raises RunEnds."""
        place = self.faults.index(fault)
        self._seen[place] = seen = self._seen.get(place, 0) + 1
        skip, times = fault.parameters.get("skip", fault.skip), fault.parameters.get("times", fault.times)
        if seen <= skip or (times is not None and seen > skip + times):
            return self._note(operation, kind, id, names, Result.DONE, status=200)
        if fault.outcome == "fails":
            self.passing += fault.passes
            return self._note(operation, kind, id, names, Result.REFUSED, status=FALLBACK, fault=fault.describe())
        if fault.outcome == "stops":
            self._note(operation, kind, id, names, Result.REFUSED, status=UNAUTHORIZED, fault=fault.describe())
            raise RunEnds(fault.describe())
        # The target was asked, and what it answers is settled by whoever asked.
        return Result(fault.outcome)

    def conflict(self, operation: str, kind: str, names: Sequence[str]) -> None:
        """Note a write that was refused because another account has the name."""
        self._note(operation, kind, None, names, Result.REFUSED, status=CONFLICT)

    def snapshot(self) -> dict[str, list[dict[str, Any]]]:
        """What the target holds, in the shape of the control API's snapshot."""
        names = {account.id: account.name for account in self.accounts.values()}
        return {
            "users": [{"id": account.id, **account.words} for account in self.accounts.values()],
            "groups": [
                {
                    "id": group.id,
                    "displayName": group.name,
                    "externalId": group.external_id,
                    "members": [names[id] for id in group.members],
                }
                for group in self.groups.values()
            ],
        }

    def _permission(self, operation: str) -> str | None:
        if operation.startswith("member."):
            return f"allows_update_{self._side}s"
        return PERMISSION.get(operation)

    @staticmethod
    def _strikes(fault: FaultSpec, operation: str, id: str | None, names: Sequence[str]) -> bool:
        # Without a token no request can be made: a fault of the token endpoint is one of every operation.
        if not fault.operation.startswith("token.") and not fnmatchcase(operation, fault.operation):
            return False
        known = {name.casefold() for name in (*names, id or "")}
        return fault.entity is None or fault.entity.casefold() in known

    def _note(
        self, operation: str, kind: str, id: str | None, names: Sequence[str], result: Result, **seen: Any
    ) -> Result:
        reads = operation.endswith((".list", ".get"))
        applied = "none" if reads else "no" if result is Result.REFUSED else "yes"
        entry = {"seq": len(self.journal) + 1, "operation": operation, "kind": kind, "id": id, "names": list(names)}
        self.journal.append({"fault": None, "refused_by": None, **entry, "applied": applied, **seen})
        return result

    def _next_id(self, kind: str) -> str:
        self._made += 1
        return f"{kind}-{self._made}"


def _made_good(fault: FaultSpec) -> bool:
    """A conflict with the very account that was made, or what is not found for a moment only."""
    return (fault.moment == "after" and fault.status == CONFLICT) or (
        fault.status == MISSING and fault.times is not None
    )
