"""Makes external changes: directly in the target's directory, so without journal entry and without permission flags.

Used by named and by generated scenarios.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provcheck.harness.model.external_change import (
    AddMember,
    ChangeAccount,
    ChangeGroup,
    CreateAccount,
    CreateGroup,
    DeleteAccount,
    DeleteGroup,
    ExternalChange,
    RemoveMember,
)
from provcheck.mock_targets.directory import Conflict, Record
from provcheck.mock_targets.target.seeding import BadSeed, change
from provcheck.mock_targets.target.target import Target
from provcheck.mock_targets.testing import Handle


def make_external_change(handle: Handle, change: ExternalChange) -> bool:
    """Make a change at a target. Return False if it cannot be made; nothing is changed then."""
    with handle.target.directory.lock:
        try:
            return _make(handle, handle.target, change)
        except (BadSeed, Conflict):
            return False


def _make(handle: Handle, target: Target, change: ExternalChange) -> bool:
    match change:
        case CreateAccount(account):
            free = _account(target, str(account["userName"])) is None
            return free and bool(handle.seed(users=[dict(account)]))
        case CreateGroup(name, members):
            free = "Group" in target.spec.kinds and _group(target, name) is None
            there = [member for member in members if _account(target, member) is not None]
            return free and bool(handle.seed(groups=[{"displayName": name, "members": there}]))
        case ChangeAccount(name, changes):
            return _change(target, _account(target, name), changes)
        case ChangeGroup(name, changes):
            return _change(target, _group(target, name), changes)
        case DeleteAccount(name):
            return _delete(target, _account(target, name))
        case DeleteGroup(name):
            return _delete(target, _group(target, name))
        case AddMember() | RemoveMember():
            return _change_member(target, change)


def _change_member(target: Target, change: AddMember | RemoveMember) -> bool:
    group, account = _group(target, change.group), _account(target, change.user_name)
    if group is None or account is None:
        return False
    relate = target.directory.relate if isinstance(change, AddMember) else target.directory.unrelate
    return relate(group.id, account.id) and bool(target.directory.touch("Group", group.id))


def _change(target: Target, record: Record | None, changes: Mapping[str, Any]) -> bool:
    if record is None:
        return False
    change(target, record, changes)
    return True


def _delete(target: Target, record: Record | None) -> bool:
    if record is None:
        return False
    target.directory.remove(record.kind, record.id)
    return True


def _account(target: Target, name: str) -> Record | None:
    return _named(target, "User", "userName", name, target.spec.core_mapping.read_user)


def _group(target: Target, name: str) -> Record | None:
    if "Group" not in target.spec.kinds:
        return None
    return _named(target, "Group", "displayName", name, target.spec.core_mapping.read_group)


def _named(target: Target, kind: str, word: str, name: str, read: Any) -> Record | None:
    """Return the first resource of this name, ignoring case; None if there is none."""
    wanted = name.casefold()
    records = target.directory.all(kind)
    return next((each for each in records if str(read(each.document).get(word, "")).casefold() == wanted), None)
