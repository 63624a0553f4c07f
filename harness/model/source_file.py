"""Reads a source population from a JSON or CSV file.

JSON: {"users": [{"id", "userName", ...}], "groups": [{"id", "name", "members": [user ids or user names]}]}.
CSV: one user a row; a column `groups` names the groups, separated by semicolons. Headings in either spelling:
`userName` or `user_name`. Whatever is not known is kept among the user's attributes.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from provcheck.harness.model.source import BadPopulation, SourceGroup, SourceUser

TEXTS = ("email", "given_name", "family_name", "display_name", "external_id")
SPELLINGS = {
    "username": "user_name",
    "givenname": "given_name",
    "familyname": "family_name",
    "displayname": "display_name",
    "externalid": "external_id",
}
TRUTHS = {"true": True, "yes": True, "1": True, "": True, "false": False, "no": False, "0": False}


Source = tuple[tuple[SourceUser, ...], tuple[SourceGroup, ...]]
"""All users and groups, in the order of the file."""


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
    if not isinstance(data, dict) or not set(data) <= {"users", "groups"}:
        raise BadPopulation("is an object with users and groups")
    users = [_user(entry, f"user {n}") for n, entry in enumerate(_list(data, "users"), start=1)]
    names = {user.user_name: user.id for user in users} | {user.id: user.id for user in users}
    groups = [_group(entry, f"group {n}", names) for n, entry in enumerate(_list(data, "groups"), start=1)]
    return tuple(users), tuple(groups)


def _read_csv(text: str) -> Source:
    rows = csv.DictReader(StringIO(text, newline=""), strict=True)
    users: list[SourceUser] = []
    groups: dict[str, list[str]] = {}
    try:
        if not any(map(_names_a_user, rows.fieldnames or ())):
            raise BadPopulation("line 1: a heading names the columns, userName among them")
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


def _names_a_user(column: str) -> bool:
    return _known(column) == "user_name"


def _list(data: Mapping[str, Any], key: str) -> list[Any]:
    value = data.get(key, [])
    if not isinstance(value, list):
        raise BadPopulation(f"{key} is a list, not {value!r}")
    return value


def _user(entry: Any, place: str) -> SourceUser:
    given = _fields(entry, place)
    user_name = _text(given.pop("user_name", ""), place, "userName")
    if not user_name:
        raise BadPopulation(f"{place}: a user needs a userName")
    id = _text(given.pop("id", ""), place, "id") or user_name
    active = _truth(given.pop("active", True), place)
    texts = {key: _text(given.pop(key, ""), place, key) for key in TEXTS}
    rest = {key: _text(value, place, key) for key, value in given.items()}
    external_id = texts.pop("external_id") or None
    return SourceUser(id, user_name, **texts, external_id=external_id, active=active, attributes=rest)


def _group(entry: Any, place: str, names: Mapping[str, str]) -> SourceGroup:
    given = _fields(entry, place)
    name = _text(given.pop("name", given.pop("display_name", "")), place, "name")
    if not name:
        raise BadPopulation(f"{place}: a group needs a name")
    members = given.pop("members", [])
    if not isinstance(members, list) or not all(isinstance(each, str) for each in members):
        raise BadPopulation(f"{place}: members is a list of user ids or user names")
    unknown = [each for each in members if each not in names]
    if unknown:
        raise BadPopulation(f"{place}: no user is called {unknown[0]!r}")
    id = _text(given.pop("id", ""), place, "id") or name
    external = _truth(given.pop("external", False), place)
    external_id = _text(given.pop("external_id", ""), place, "externalId") or None
    if given:
        raise BadPopulation(f"{place}: a group has no {next(iter(given))!r}")
    ids = _distinct(names[each] for each in members)
    return SourceGroup(id, name, ids, external=external, external_id=external_id)


def _fields(entry: Any, place: str) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise BadPopulation(f"{place}: is an object, not {entry!r}")
    fields: dict[str, Any] = {}
    for key, value in entry.items():
        known = _known(key)
        if known in fields:
            raise BadPopulation(f"{place}: {known} is given twice")
        fields[known] = value
    return fields


def _known(column: str) -> str:
    """The name of a field, in whichever spelling."""
    return SPELLINGS.get(column.strip().casefold().replace("_", ""), column.strip())


def _distinct(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


def _text(value: Any, place: str, key: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadPopulation(f"{place}: {key} is a text, not {value!r}")
    return value.strip()


def _truth(value: Any, place: str) -> bool:
    truth = value if isinstance(value, bool) else TRUTHS.get(str(value).strip().casefold())
    if truth is None:
        raise BadPopulation(f"{place}: active is true or false, not {value!r}")
    return truth
