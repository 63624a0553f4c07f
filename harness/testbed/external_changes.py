"""Somebody else's hand at a target: edits its state directly, so that no journal tells of it and no permission asks.

An edit that cannot be made (nobody of that name, a name that is taken) is left undone.
"""

from __future__ import annotations

from typing import Any

from provcheck.harness.model.disruption import (
    AddMember,
    AlterAccount,
    DropAccount,
    DropGroup,
    DropMember,
    MakeAccount,
    MakeGroup,
    TargetEdit,
)
from provcheck.mock_targets.directory import Conflict, Record
from provcheck.mock_targets.target.seeding import BadSeed
from provcheck.mock_targets.target.target import Target
from provcheck.mock_targets.testing import Handle


def make_external_change(handle: Handle, edit: TargetEdit) -> bool:
    """Make an edit at a target; whether it could be made."""
    target = handle.target
    with target.directory.lock:
        try:
            return _edit(handle, target, edit)
        except (BadSeed, Conflict):
            return False


def _edit(handle: Handle, target: Target, edit: TargetEdit) -> bool:
    match edit:
        case MakeAccount(account):
            free = _account(target, str(account["userName"])) is None
            return free and bool(handle.seed(users=[dict(account)]))
        case MakeGroup(name, members):
            free = _group(target, name) is None
            there = [member for member in members if _account(target, member) is not None]
            return free and bool(handle.seed(groups=[{"displayName": name, "members": there}]))
        case AlterAccount(name, changes):
            return _alter(target, _account(target, name), changes)
        case DropAccount(name):
            return _drop(target, _account(target, name))
        case DropGroup(name):
            return _drop(target, _group(target, name))
        case AddMember() | DropMember():
            return _member(target, edit)


def _member(target: Target, edit: AddMember | DropMember) -> bool:
    group, user = _group(target, edit.group), _account(target, edit.user_name)
    if group is None or user is None:
        return False
    change = target.directory.relate if isinstance(edit, AddMember) else target.directory.unrelate
    return change(group.id, user.id) and bool(target.directory.touch("Group", group.id))


def _alter(target: Target, record: Record | None, changes: Any) -> bool:
    if record is None:
        return False
    core_mapping = target.spec.core_mapping
    before = core_mapping.read_user(record.document)
    # What the target keeps beside the core words stays as it is.
    target.directory.change("User", record.id, {**record.document, **core_mapping.write_user({**before, **changes})})
    return True


def _drop(target: Target, record: Record | None) -> bool:
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
    wanted = name.casefold()
    records = target.directory.all(kind)
    return next((each for each in records if str(read(each.document).get(word, "")).casefold() == wanted), None)
