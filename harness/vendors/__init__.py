"""What each target can do, and where that is documented. One module per target; a new one is added to the list here.

A profile is data: the harness asks it for capabilities and never asks which target it is talking to.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from provcheck.harness.model import Profile
from provcheck.harness.model.capability import alone
from provcheck.harness.vendors import github_emu, scim, slack
from provcheck.harness.vendors.stores import STORES, Store, UnknownStore, store

__all__ = ["STORES", "Store", "UnknownProfile", "UnknownStore", "all", "get", "named", "store"]

_PROFILES: tuple[Profile, ...] = (*scim.PROFILES, *slack.PROFILES, *github_emu.PROFILES)


class UnknownProfile(LookupError):
    """No profile has this id."""


def all() -> tuple[Profile, ...]:
    """Every profile, target by target; the plain one of a target comes first."""
    return _PROFILES


def named(pattern: str) -> tuple[Profile, ...]:
    """The profiles whose id or target matches a shell pattern: `scim` gives all the ways of setting up that target.

    `scim+` is the plain one alone, without anything added.
    """
    return tuple(each for each in _PROFILES if _matches(each, pattern))


def _matches(profile: Profile, pattern: str) -> bool:
    names = (profile.id, profile.target)
    return pattern == alone(profile.id) or any(fnmatchcase(name, pattern) for name in names)


def get(id: str) -> Profile:
    """The profile with this id. Raises UnknownProfile."""
    for each in _PROFILES:
        if each.id == id:
            return each
    raise UnknownProfile(f"{id!r} is not a profile; there are {', '.join(each.id for each in _PROFILES)}")
