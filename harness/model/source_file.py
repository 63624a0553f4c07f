"""Reads a source population from a JSON or CSV file.

JSON: {"users": [{"id", "userName", ...}], "groups": [{"id", "name", "members": [user ids or user names]}]}.
CSV: one user per row; a column `groups` names the groups, separated by semicolons, and columns like `phoneNumbers.work`
and `address.locality` hold the parts of those two. Names in either spelling: `userName` or `user_name`. What a user has
beside the declared members is kept among the user's attributes.
"""

# ruff: noqa: N815 - the fields of entries are spelled as in the file

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, make_dataclass
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Annotated, Any

from annotated_types import MinLen

from provcheck.harness.model.core_words import ADDRESS_PARTS, Value
from provcheck.harness.model.reading import read, shown
from provcheck.harness.model.source import BadPopulation, SourceGroup, SourceUser
from provcheck.harness.model.text_file import parse_json, read_text

TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
"""Spellings of booleans in a file, without regard to case."""

Source = tuple[tuple[SourceUser, ...], tuple[SourceGroup, ...]]
"""All users and groups, in the order of the file."""


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A phone number of a user."""

    value: Annotated[str, MinLen(1)]
    type: str = ""


Address = make_dataclass("Address", [(part, str, field(default="")) for part in ADDRESS_PARTS], frozen=True, slots=True)
"""The address of a user."""


@dataclass(frozen=True, slots=True)
class UserEntry:
    """A user in a file. An empty text or null is as good as none; the id is the user name unless given.

    A phone number that is a mere text is one for work, such an address a formatted one. `manager` is a user name.
    """

    userName: str
    id: str = ""
    email: str = ""
    givenName: str = ""
    familyName: str = ""
    displayName: str = ""
    externalId: str | None = None
    active: bool = True
    phoneNumbers: str | tuple[PhoneNumber, ...] = ""
    address: str | Address = ""  # type: ignore[valid-type]  # made at run time
    manager: str = ""


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
    text = read_text(path, BadPopulation)
    try:
        return reader(text)
    except ValueError as error:
        raise BadPopulation(f"{path}: {error}") from None


def _read_json(text: str) -> Source:
    source = read(SourceDocument, parse_json(text), "the source", error=BadPopulation)
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
        if len(columns) == 1 and (sign := next((each for each in _OTHER_SIGNS if each in columns[0]), "")):
            raise BadPopulation(f"line 1: columns are separated by commas, not by {_OTHER_SIGNS[sign]}")
        raise BadPopulation("line 1: a heading names the columns, userName among them")
    name, times = given.most_common(1)[0]
    if times > 1:
        raise BadPopulation(f"line 1: {name} is given twice")


def _user(entry: Any, place: str) -> SourceUser:
    given = _gathered(_spelled(entry, place, switch="active"), place)
    texts = {name: "" if value is None else value for name, value in given.items() if name not in _OF_USERS}
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
        attributes={**read(dict[str, str], texts, place, error=BadPopulation), **_attributes(user)},
    )


def _gathered(given: Mapping[str, Any], place: str) -> dict[str, Any]:
    """What is given with the parts of phone numbers and address, each in a place of its own, put together."""
    whole = {name: value for name, value in given.items() if name.partition(".")[0] not in _WITH_PARTS}
    parts: dict[str, dict[str, Any]] = {}
    for name, value in given.items():
        attribute, dot, part = name.partition(".")
        if attribute not in _WITH_PARTS:
            continue
        if attribute in (whole if dot else parts):
            raise BadPopulation(f"{place}: {attribute} is given twice")
        if not dot:
            whole[attribute] = value
        elif value not in _NOTHING:
            parts.setdefault(attribute, {})[part] = value
    if "phoneNumbers" in parts:
        numbers = parts["phoneNumbers"].items()
        whole["phoneNumbers"] = [{"value": value, "type": kind} for kind, value in numbers]
    return whole | ({"address": parts["address"]} if "address" in parts else {})


def _attributes(user: UserEntry) -> dict[str, Value]:
    """The declared members of a user that are kept among the attributes, those that have a value."""
    phones, address = user.phoneNumbers, user.address
    numbers = phones if isinstance(phones, str) else [_filled(each) for each in phones]
    parts = address if isinstance(address, str) else _filled(address)
    values: dict[str, Value] = {"phoneNumbers": numbers, "address": parts, "manager": user.manager}
    return {name: value for name, value in values.items() if value}


def _filled(value: Any) -> dict[str, str]:
    return {name: text for name, text in asdict(value).items() if text}


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
    """The declared spelling of a name, or of what stands before its first dot; another one as it is."""
    attribute, dot, part = name.strip().partition(".")
    declared = _SPELLINGS.get(attribute.casefold().replace("_", ""), attribute)
    return f"{declared}.{part}" if dot and declared in _WITH_PARTS else name.strip() if dot else declared


_OTHER_SIGNS = {";": "semicolons", "\t": "tabs", "|": "bars"}
"""What separates columns in files that are not comma-separated."""
_NOTHING = (None, "")
"""Values that say that there is none."""
_WITH_PARTS = frozenset(("phoneNumbers", "address"))
_OF_USERS = frozenset(each.name for each in fields(UserEntry))
_SPELLINGS = {name.casefold(): name for name in _OF_USERS if not name.islower()}
