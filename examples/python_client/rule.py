"""What a rule selects. A selected group does not pull its members into the users."""

from __future__ import annotations

import re
from typing import Any

TERM = re.compile(r'\s*([\w.]+)\s+(eq|co|sw)\s+"([^"]*)"\s*(?:or\b|$)', re.IGNORECASE)
Json = dict[str, Any]
FIELDS = {
    "userName": "user_name",
    "externalId": "external_id",
    "givenName": "given_name",
    "familyName": "family_name",
    "displayName": "display_name",
    "email": "email",
}
"""The word of an account, and the field of a source user that it comes from unless the rule maps another one."""


class ExternalGroup(Exception):
    """The rule selects a group that cannot be synced."""


def impacted_users(rule: Json, population: Json) -> list[Json]:
    """The users the rule is for."""
    if rule["user_filter"] is None:
        return population["users"]
    terms = TERM.findall(rule["user_filter"])
    groups = population["groups"]
    return [user for user in population["users"] if any(_holds(user, term, groups) for term in terms)]


def mapped(rule: Json, user: Json) -> Json:
    """The user with every field as the rule maps it."""
    attributes = {**user["attributes"], **{name: value for name, value in user.items() if isinstance(value, str)}}
    return {
        **user,
        **{FIELDS[word]: attributes.get(name, "") for word, name in rule["mapping"].items() if word in FIELDS},
    }


def impacted_groups(rule: Json, population: Json) -> list[Json]:
    """The groups the rule is for. Raises ExternalGroup."""
    if rule["groups"] is None:
        return [group for group in population["groups"] if not group["external"]]
    chosen = [group for group in population["groups"] if group["id"] in rule["groups"]]
    for group in chosen:
        if group["external"]:
            raise ExternalGroup(f"group {group['name']} is external, and external groups cannot be synced")
    return chosen


def _holds(user: Json, term: tuple[str, str, str], groups: list[Json]) -> bool:
    attribute, operator, value = term[0], term[1].casefold(), term[2].casefold()
    test = {"eq": str.__eq__, "co": str.__contains__, "sw": str.startswith}[operator]
    return any(test(have.casefold(), value) for have in _values(user, attribute, groups))


def _values(user: Json, attribute: str, groups: list[Json]) -> list[str]:
    if attribute.casefold() == "group":
        return [group["name"] for group in groups if user["id"] in group["members"]]
    spelled = re.sub(r"(?<=[a-z])([A-Z])", r"_\1", attribute).lower()
    return [value for value in (user.get(spelled), user["attributes"].get(attribute)) if isinstance(value, str)]
