"""The option names that a connection is written with, and how they are read.

Here are the options that every store has; those of one store are in its declaration (`harness.vendors`).
A deprecated key is another name of the current one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


class BadConnection(ValueError):
    """The description of a connection does not hold together; the message is one line for the person who wrote it."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its key, the field of Connection it fills, its type, and what may be written there.

    `renamed` are choices that the field holds by another word: what is written, and what it stands for.
    """

    key: str
    field: str
    type: type = str
    required: bool = False
    choices: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


DEPRECATED = {
    "createNewUsers": "CREATE_USERS",
    "CREATE_NEW_USERS": "CREATE_USERS",
    "CREATE_USERS_PROV_OPT": "CREATE_USERS",
    "updateNewUsers": "UPDATE_USERS",
    "UPDATE_NEW_USERS": "UPDATE_USERS",
    "UPDATE_USERS_PROV_OPT": "UPDATE_USERS",
    "disableNewUsers": "DISABLE_USERS",
    "REMOVE_USERS_PROV_OPT": "DEPROVISION_USERS",
}
"""Earlier names of the switches; which current key each stands for is read from the names."""

SWITCHES = (
    Option("CREATE_USERS", "create_users", bool),
    Option("UPDATE_USERS", "update_users", bool),
    Option("DISABLE_USERS", "disable_users", bool),
    Option("DEPROVISION_USERS", "deprovision_users", bool),
    Option("GROUP_MEMBERSHIP_HANDLING", "group_membership_handling", choices=("Merge", "Overwrite")),
)
OURS = (
    Option("MEMBERSHIP_STYLE", "membership_style", choices=("group", "user", "none")),
    Option("SUPPORTS_GROUPS", "supports_groups", bool),
    Option("MEMBERS_PER_REQUEST", "members_per_request", int),
)
"""Not the vendor's: what the vendor knows about a store from its type has to be said for a store of one's own."""


def flatten(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options with those that stand under `configuration` beside the others. Raises BadConnection."""
    nested = options.get("configuration", {})
    if not isinstance(nested, Mapping):
        raise BadConnection(f"configuration is a table of options, not {nested!r}")
    return {**{key: value for key, value in options.items() if key != "configuration"}, **nested}


def read_options(options: Mapping[str, Any], kind: str, own: Iterable[Option]) -> dict[str, Any]:
    """Fields of Connection from flat options without `type`; `own` are those of this kind of store.

    Raises BadConnection.
    """
    flat = dict(options)
    name = flat.pop("name", kind)
    if not isinstance(name, str) or not name:
        raise BadConnection(f"name is a text, not {name!r}")
    given = _current_names(flat)
    table = {option.key: option for option in (*own, *SWITCHES, *OURS)}
    for key in given:
        if key not in table:
            raise BadConnection(f"a {kind} connection has no option {key}; it has {', '.join(sorted(table))}")
    for option in table.values():
        if option.required and not given.get(option.key):
            raise BadConnection(f"a {kind} connection needs {option.key}")
    return {"kind": kind, "name": name} | {table[key].field: _read(table[key], value) for key, value in given.items()}


def _current_names(given: Mapping[str, Any]) -> dict[str, Any]:
    current: dict[str, Any] = {}
    for key, value in given.items():
        name = DEPRECATED.get(key, key)
        if name in current and current[name] != value:
            raise BadConnection(f"{name} is given twice, as {current[name]!r} and as {value!r} (by {key})")
        current[name] = value
    return current


def _read(option: Option, value: Any) -> Any:
    if option.type is tuple:
        return _texts(option, value)
    if not isinstance(value, option.type) or (option.type is int and isinstance(value, bool)):
        words = {bool: "true or false", int: "a whole number", str: "a text"}
        raise BadConnection(f"{option.key} is {words[option.type]}, not {value!r}")
    if option.choices and value not in option.choices:
        raise BadConnection(f"{option.key} is one of {', '.join(option.choices)}, not {value!r}")
    return next((meant for written, meant in option.renamed if written == value), value)


def _texts(option: Option, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    raise BadConnection(f"{option.key} is a text or a list of texts, not {value!r}")
