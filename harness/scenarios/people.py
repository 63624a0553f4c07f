"""The people and groups that scenarios are about. Short, plain names that no target rewrites.

An id at the source never equals a name, so that a client which mixes them up is seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from provcheck.harness.model import Population, SourceGroup, SourceUser

_FAMILY = {
    "ada": "Byron",
    "ben": "Okri",
    "cem": "Kaya",
    "dan": "Moe",
    "eve": "Lund",
    "fay": "Weldon",
    "gus": "Holst",
    "hal": "Abelson",
    "ida": "Noddack",
    "jan": "Tinbergen",
    "kim": "Novak",
}
FIVE = ("ada", "ben", "cem", "dan", "eve")


def user_id(name: str) -> str:
    """The id at the source of the person of this user name."""
    return f"u-{name}"


def group_id(name: str) -> str:
    """The id at the source of the group of this name."""
    return f"g-{name.lower()}"


def person(name: str, **changes: Any) -> SourceUser:
    """A user called `name`, with every attribute filled."""
    given, family = name.capitalize(), _FAMILY[name]
    user = SourceUser(
        user_id(name),
        name,
        email=f"{name}@example.com",
        given_name=given,
        family_name=family,
        display_name=f"{given} {family}",
    )
    return replace(user, **changes)


def team(name: str, *members: str, **changes: Any) -> SourceGroup:
    """A group of this name, with these people in it."""
    return SourceGroup(group_id(name), name, tuple(user_id(member) for member in members), **changes)


def source(names: Iterable[str] = FIVE, *groups: SourceGroup) -> Population:
    """A population of these people and groups."""
    return Population(tuple(person(name) for name in names), groups)


def account(name: str, **changes: Any) -> dict[str, Any]:
    """What the person of this name looks like at a target that is in sync, in core words, but for the changes."""
    user = person(name)
    return {
        "userName": user.user_name,
        "externalId": user.id,
        "givenName": user.given_name,
        "familyName": user.family_name,
        "displayName": user.display_name,
        "email": user.email,
        "active": True,
        **changes,
    }


def remote_group(name: str, *members: str, **changes: Any) -> dict[str, Any]:
    """A group at the target, in core words; members are user names."""
    return {"displayName": name, "externalId": group_id(name), "members": list(members), **changes}
