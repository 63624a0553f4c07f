"""The vendor's option names of a connection, per kind of store, and how they are read.

One table is the whole truth: key, field, type, choices. A deprecated key is another name of the current one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class BadConnection(ValueError):
    """The description of a connection does not hold together; the message is one line for the person who wrote it."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its key, the field of Connection it fills, its type, and what may be written there."""

    key: str
    field: str
    type: type = str
    required: bool = False
    choices: tuple[str, ...] = ()


KINDS = {"scim": "scim", "slack": "slack", "githubemu": "github_emu", "github_emu": "github_emu"}
"""`type` of a store, without regard to case, to the kind of connection."""

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

BY_KIND: dict[str, tuple[Option, ...]] = {
    "scim": (
        Option("SCIM_URL", "base_url", required=True),
        Option("SCIM_VERSION", "scim_version", choices=("2.0", "1.1")),
        Option("USERS_RESOURCE", "users_resource"),
        Option("GROUPS_RESOURCE", "groups_resource"),
        Option(
            "AUTHENTICATION_METHOD",
            "authentication_method",
            choices=("OAuth 2 Bearer Token", "OAuth 2 Client Credentials", "Basic Authentication", "None"),
        ),
        Option("AUTHORIZATION_TYPE", "authorization_type"),
        Option("BASIC_AUTH_USER", "basic_auth_user"),
        Option("BASIC_AUTH_PASSWORD", "basic_auth_password"),
        Option("OAUTH_ACCESS_TOKEN", "token"),
        Option("OAUTH_CLIENT_ID", "oauth_client_id"),
        Option("OAUTH_CLIENT_SECRET", "oauth_client_secret"),
        Option("OAUTH_TOKEN_REQUEST", "oauth_token_request"),
        Option("USER_FILTER", "user_filter"),
        Option("UNIQUE_USER_IDENTIFIER", "unique_user_identifier", choices=("userName", "workEmail")),
        Option("REMOVE_ACTION", "remove_action", choices=("Disable", "Delete")),
        Option("GROUP_NAME_SOURCE", "group_name_source", choices=("Common Name", "Distinguished Name")),
        Option("SCHEMA_EXTENSION_URNS", "schema_extension_urns", tuple),
        *SWITCHES,
        *OURS,
    ),
    "slack": (
        Option("BASE_URL", "base_url"),
        Option("SCIM_VERSION", "scim_version", choices=("2.0", "1.1")),
        Option("OAUTH_ACCESS_TOKEN", "token", required=True),
        Option("UNIQUE_USER_IDENTIFIER", "unique_user_identifier", choices=("userName", "primaryEmail")),
        Option("REMOVE_ACTION", "remove_action", choices=("Disable",)),
        *SWITCHES,
        *OURS,
    ),
    "github_emu": (
        Option("BASE_URL", "base_url", required=True),
        Option("OAUTH_ACCESS_TOKEN", "token", required=True),
        Option("REMOVE_ACTION", "remove_action", choices=("Disable", "Delete")),
        *SWITCHES,
        *OURS,
    ),
}

PRESETS: dict[str, dict[str, Any]] = {
    "scim": {},
    "slack": {"base_url": "https://api.slack.com/scim/v2", "members_per_request": 5000},
    "github_emu": {},
}
"""What a kind implies. Slack advises at most 5,000 members a call (docs.slack.dev, SCIM API, PATCH group)."""


def read_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword arguments for Connection. Raises BadConnection."""
    flat = _flatten(options)
    kind = _kind(flat.pop("type", "scim"))
    name = flat.pop("name", kind)
    if not isinstance(name, str) or not name:
        raise BadConnection(f"name is a text, not {name!r}")
    given = _current_names(flat)
    table = {option.key: option for option in BY_KIND[kind]}
    for key in given:
        if key not in table:
            raise BadConnection(f"a {kind} connection has no option {key}; it has {', '.join(sorted(table))}")
    for option in table.values():
        if option.required and not given.get(option.key):
            raise BadConnection(f"a {kind} connection needs {option.key}")
    values = {table[key].field: _read(table[key], value) for key, value in given.items()}
    return {**PRESETS[kind], "kind": kind, "name": name, **values}


def _flatten(options: Mapping[str, Any]) -> dict[str, Any]:
    nested = options.get("configuration", {})
    if not isinstance(nested, Mapping):
        raise BadConnection(f"configuration is a table of options, not {nested!r}")
    return {**{key: value for key, value in options.items() if key != "configuration"}, **nested}


def _kind(value: Any) -> str:
    kind = KINDS.get(value.casefold()) if isinstance(value, str) else None
    if kind is None:
        raise BadConnection(f"type is scim, Slack or GitHubEMU, not {value!r}")
    return kind


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
    return "workEmail" if value == "primaryEmail" else value


def _texts(option: Option, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    raise BadConnection(f"{option.key} is a text or a list of texts, not {value!r}")
