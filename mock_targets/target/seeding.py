"""Puts users and groups into a target, and reads them out, in core words that are the same for every target."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provcheck.mock_targets.directory import Conflict, Record
from provcheck.mock_targets.target.core_mapping import GROUP_WORDS, USER_WORDS
from provcheck.mock_targets.target.target import Target


class BadSeed(ValueError):
    """A seed that cannot be planted; nothing was changed."""


def seed(target: Target, data: Mapping[str, Any]) -> dict[str, int]:
    """Add the users and groups of `data`, all or none; how many there were. Raises BadSeed with one line."""
    users, groups = _checked(data)
    planted: list[Record] = []
    with target.directory.lock:
        try:
            for user in users:
                planted.append(target.directory.add("User", target.spec.core_mapping.write_user(user)))
            # Seeds name members as they wrote them; the target may have written the name in its own form.
            own = {user["userName"].casefold(): record.id for user, record in zip(users, planted)}
            ids = {**_ids_by_user_name(target), **own}
            for group in groups:
                planted.append(target.directory.add("Group", target.spec.core_mapping.write_group(group)))
                _join(target, planted[-1], group.get("members", ()), ids)
        except (Conflict, BadSeed) as error:
            for record in reversed(planted):
                target.directory.remove(record.kind, record.id)
            raise BadSeed(str(error)) from None
    return {"users": len(users), "groups": len(groups)}


def snapshot(target: Target) -> dict[str, list[dict[str, Any]]]:
    """Everything that the target holds, in core words, with ids and memberships by userName and by id."""
    directory, core_mapping = target.directory, target.spec.core_mapping
    target.deferred.settle()
    with directory.lock:
        users = {record.id: core_mapping.read_user(record.document) for record in directory.all("User")}
        groups = list(directory.all("Group")) if "Group" in target.spec.kinds else []
        names = {record.id: core_mapping.read_group(record.document).get("displayName") for record in groups}
        return {
            "users": [
                {"id": id, **core, "groups": [names.get(group.id) for group in directory.groups(id)]}
                for id, core in users.items()
            ],
            "groups": [
                {
                    "id": record.id,
                    **core_mapping.read_group(record.document),
                    "members": [
                        users[id].get("userName") if id in users else names.get(id)
                        for id in directory.members(record.id)
                    ],
                    "memberIds": list(directory.members(record.id)),
                }
                for record in groups
            ],
        }


def _join(target: Target, group: Record, members: Any, ids: Mapping[str, str]) -> None:
    for user_name in members:
        member_id = ids.get(str(user_name).casefold())
        if member_id is None:
            name = target.spec.core_mapping.read_group(group.document).get("displayName") or group.id
            raise BadSeed(f"group {name!r}: no user is called {user_name!r}")
        target.directory.relate(group.id, member_id)


def _ids_by_user_name(target: Target) -> dict[str, str]:
    read = target.spec.core_mapping.read_user
    return {
        str(read(record.document).get("userName", "")).casefold(): record.id for record in target.directory.all("User")
    }


def _checked(data: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    if not isinstance(data, Mapping):
        raise BadSeed("a seed is an object with users and groups")
    for key in data:
        if key not in ("users", "groups"):
            raise BadSeed(f"a seed has users and groups, not {key!r}")
    return (
        [_entry("user", USER_WORDS, "userName", each) for each in _list(data, "users")],
        [_entry("group", GROUP_WORDS, "displayName", each) for each in _list(data, "groups")],
    )


def _list(data: Mapping[str, Any], key: str) -> list[Any]:
    value = data.get(key, [])
    if not isinstance(value, list):
        raise BadSeed(f"{key} is a list, not {value!r}")
    return value


def _entry(what: str, words: Mapping[str, type], required: str, entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise BadSeed(f"a {what} is an object, not {entry!r}")
    for key, value in entry.items():
        if key not in words:
            raise BadSeed(f"a {what} has no {key!r}; it has {', '.join(words)}")
        if value is not None and not isinstance(value, words[key]):
            raise BadSeed(f"{key} of a {what} cannot be {value!r}")
    if not entry.get(required):
        raise BadSeed(f"a {what} needs a {required}")
    for member in entry.get("members") or ():
        if not isinstance(member, str):
            raise BadSeed(f"members of a group are userNames, not {member!r}")
    return {key: value for key, value in entry.items() if value is not None}
