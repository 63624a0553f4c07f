"""Reads a source population from a JSON or CSV file.

JSON: {"users": [{"id", "userName", ...}], "groups": [{"id", "name", "members": [user ids or user names]}]}.
CSV: one user per row; a column `groups` names the groups, separated by semicolons. Names in either spelling: `userName`
or `user_name`. What a user has beside the declared members is kept among the user's attributes.
"""

# ruff: noqa: N815 - the fields of entries are spelled as in the file

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any

from provcheck.harness.model.reading import read, shown
from provcheck.harness.model.source import BadPopulation, SourceGroup, SourceUser

TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
"""Spellings of booleans in a file, without regard to case."""

Source = tuple[tuple[SourceUser, ...], tuple[SourceGroup, ...]]
"""All users and groups, in the order of the file."""


@dataclass(frozen=True, slots=True)
class UserEntry:
    """A user in a file. An empty text or null is as good as none; the id is the user name unless given."""

    userName: str
    id: str = ""
    email: str = ""
    givenName: str = ""
    familyName: str = ""
    displayName: str = ""
    externalId: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class GroupEntry:
    """A group in a JSON file. Members are ids or names of users; the id is the name unless given."""

    name: str
    id: str = ""
    members: tuple[str, ...] = ()
    external: bool = False
    externalId: str | None = None


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A JSON file as a whole; its entries are read one by one, because errors count them from 1."""

    users: tuple[Any, ...] = ()
    groups: tuple[Any, ...] = ()


def read_source(path: Path) -> Source:
    """The users and groups in a file. Raises BadPopulation."""
    readers = {".json": _read_json, ".csv": _read_csv}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise BadPopulation(f"{path}: a source is a .json or a .csv file")
    try:
        return reader(path.read_text(encoding="utf-8-sig"))
    except (BadPopulation, OSError, UnicodeDecodeError) as error:
        raise BadPopulation(f"{path}: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or "cannot be read"
    return "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)


def _read_json(text: str) -> Source:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadPopulation(f"is not JSON: {error}") from None
    source = read(SourceDocument, data, "the source", error=BadPopulation)
    users = [_user(entry, f"user {n}") for n, entry in enumerate(source.users, start=1)]
    names = {user.user_name: user.id for user in users} | {user.id: user.id for user in users}
    groups = [_group(entry, f"group {n}", names) for n, entry in enumerate(source.groups, start=1)]
    return tuple(users), tuple(groups)


def _read_csv(text: str) -> Source:
    rows = csv.DictReader(StringIO(text, newline=""), strict=True)
    users: list[SourceUser] = []
    groups: dict[str, list[str]] = {}
    try:
        _check_heading(rows.fieldnames or ())
        for row in rows:
            place = f"line {rows.line_num}"
            if None in row or None in row.values():
                raise BadPopulation(f"{place}: as many fields as the heading has")
            named = (row.pop("groups", "") or "").split(";")
            users.append(_user(row, place))
            for name in dict.fromkeys(part.strip() for part in named if part.strip()):
                groups.setdefault(name, []).append(users[-1].id)
    except csv.Error as error:
        raise BadPopulation(f"line {rows.line_num + 1}: {error}") from None
    return tuple(users), tuple(SourceGroup(name, name, tuple(ids)) for name, ids in groups.items())


def _check_heading(columns: Sequence[str]) -> None:
    given = Counter(map(_declared, columns))
    if "userName" not in given:
        raise BadPopulation("line 1: a heading names the columns, userName among them")
    name, times = given.most_common(1)[0]
    if times > 1:
        raise BadPopulation(f"line 1: {name} is given twice")


def _user(entry: Any, place: str) -> SourceUser:
    given = _spelled(entry, place, switch="active")
    attributes = {name: "" if value is None else value for name, value in given.items() if name not in _OF_USERS}
    known = {name: value for name, value in given.items() if name in _OF_USERS and value not in _NOTHING}
    user = read(UserEntry, known, place, error=BadPopulation)
    return SourceUser(
        user.id or user.userName,
        user.userName,
        email=user.email,
        given_name=user.givenName,
        family_name=user.familyName,
        display_name=user.displayName,
        external_id=user.externalId,
        active=user.active,
        attributes=read(dict[str, str], attributes, place, error=BadPopulation),
    )


def _group(entry: Any, place: str, names: Mapping[str, str]) -> SourceGroup:
    spelled = _spelled(entry, place, switch="external")
    given = {name: value for name, value in spelled.items() if value not in _NOTHING}
    if "displayName" in given:
        given = {"name": given.pop("displayName"), **given}
    group = read(GroupEntry, given, place, error=BadPopulation)
    unknown = [each for each in group.members if each not in names]
    if unknown:
        raise BadPopulation(f"{place}: no user is called {shown(unknown[0])}")
    members = tuple(dict.fromkeys(names[each] for each in group.members))
    return SourceGroup(
        group.id or group.name, group.name, members, external=group.external, external_id=group.externalId
    )


def _spelled(entry: Any, place: str, *, switch: str) -> dict[str, Any]:
    """The members of an entry under their declared names; texts without space around them.

    The member `switch` becomes a boolean where it is spelled as one.
    """
    if not isinstance(entry, dict):
        raise BadPopulation(f"{place} is an object, not {shown(entry)}")
    found: dict[str, Any] = {}
    for key, value in entry.items():
        name = _declared(key)
        if name in found:
            raise BadPopulation(f"{place}: {name} is given twice")
        found[name] = value.strip() if isinstance(value, str) else value
    if isinstance(found.get(switch), str | int):
        found[switch] = TRUTHS.get(str(found[switch]).casefold(), found[switch])
    return found


@lru_cache(maxsize=256)
def _declared(name: str) -> str:
    """The declared spelling of a name; another one as it is."""
    return _SPELLINGS.get(name.strip().casefold().replace("_", ""), name.strip())


_NOTHING = (None, "")
"""Values that say that there is none."""
_OF_USERS = frozenset(each.name for each in fields(UserEntry))
_SPELLINGS = {name.casefold(): name for name in _OF_USERS if not name.islower()}
