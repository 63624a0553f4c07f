"""A user and a group of the source, as the client is given them. Immutable.

Members of a source group are ids of source users; an id that no user has is ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from provcheck.harness.model.core_words import Value


class BadPopulation(ValueError):
    """A source that cannot be read; the message is one line that names the place."""


@dataclass(frozen=True, slots=True)
class SourceUser:
    """A person at the source. `id` never changes; `attributes` holds whatever else a filter or a mapping needs.

    A `manager` among the attributes is the user name of another user.
    """

    id: str
    user_name: str
    email: str = field(default="", kw_only=True)
    given_name: str = field(default="", kw_only=True)
    family_name: str = field(default="", kw_only=True)
    display_name: str = field(default="", kw_only=True)
    external_id: str | None = field(default=None, kw_only=True)
    active: bool = field(default=True, kw_only=True)
    attributes: Mapping[str, Value] = field(default_factory=dict, kw_only=True)


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """A group at the source. An external group (from another directory) can never be synced."""

    id: str
    name: str
    members: tuple[str, ...] = ()
    external: bool = field(default=False, kw_only=True)
    external_id: str | None = field(default=None, kw_only=True)
