"""The option names that a connection is written with, and how they are read.

Here are the options that every store has; those of one store are in its declaration (`harness.vendors`).
A deprecated key is another name of the current one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, make_dataclass
from functools import cache
from typing import Annotated, Any
from urllib.parse import urlsplit

from annotated_types import MinLen

from provcheck.harness.model.reading import OneOf, read, shown


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

    @property
    def annotation(self) -> Any:
        """The type as it is validated. A list may also be written as one text, separated by commas."""
        if self.choices:
            return Annotated[str, OneOf(lambda: self.choices)]
        if self.type is tuple:
            return str | tuple[str, ...]
        return Annotated[str, MinLen(1)] if self.required else self.type


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
    Option("GROUP_REMOVE_ACTION", "group_remove_action", choices=("Keep", "Remove memberships", "Delete")),
)
"""Not the vendor's: what the vendor knows about a store from its type has to be said for a store of one's own, and
what becomes of a group that leaves the rule is not documented."""


def flatten(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options with those that stand under `configuration` beside the others. Raises BadConnection."""
    nested = read(dict[str, Any], options.get("configuration", {}), "configuration", error=BadConnection)
    return {**{key: value for key, value in options.items() if key != "configuration"}, **nested}


def read_options(options: Mapping[str, Any], kind: str, own: Iterable[Option]) -> dict[str, Any]:
    """Fields of Connection from flat options without `type`; `own` are those of this kind of store.

    Raises BadConnection.
    """
    table = {option.key: option for option in (*own, *SWITCHES, *OURS)}
    given = _current_names(options)
    _check_url(kind, given, table)
    found = read(declaration(kind, tuple(table.values())), given, f"a {kind} connection", error=BadConnection)
    for key in (key for key in table if key.endswith("URL") and key in given):
        if not _is_url(getattr(found, key)):
            raise BadConnection(
                f"{key} starts with http:// or https:// and a host that can be, unlike {shown(given[key])}"
            )
    values = {table[key].field: _meant(table[key], getattr(found, key)) for key in table.keys() & given.keys()}
    return {"kind": kind, "name": found.name, **values}


def _is_url(text: object) -> bool:
    try:
        parts = urlsplit(str(text))
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port beyond the last one, an IPv6 address without its bracket
        return False


def _check_url(kind: str, given: Mapping[str, Any], known: Iterable[str]) -> None:
    """Refuse the name that the URL has at another store. Raises BadConnection."""
    keys = list(known)
    url = next((key for key in keys if key.endswith("URL")), None)
    wrong = next((key for key in given if key.upper().endswith("URL") and key not in keys), None)
    if wrong is not None and url is not None and url not in given:
        raise BadConnection(f"a {kind} connection has no {shown(wrong)}; its URL is {url}")


@cache
def declaration(kind: str, options: tuple[Option, ...]) -> Any:
    """The options of a connection as a dataclass, by which they are read and described; its fields are the keys."""
    name = ("name", Annotated[str, MinLen(1)], field(default=kind))
    keys = [(each.key, each.annotation, *(() if each.required else (field(default=None),))) for each in options]
    return make_dataclass("Options", [name, *keys], frozen=True, kw_only=True)


def _current_names(given: Mapping[str, Any]) -> dict[str, Any]:
    current: dict[str, Any] = {}
    for key, value in given.items():
        name = DEPRECATED.get(key, key)
        if name in current and current[name] != value:
            raise BadConnection(f"{name} is given twice, as {shown(current[name])} and as {shown(value)} (by {key})")
        current[name] = value
    return current


def _meant(option: Option, value: Any) -> Any:
    if option.type is tuple and isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return dict(option.renamed).get(value, value)
