"""What the harness sends: its values as messages, and the declaration of every method's parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from provcheck.harness.model import Connection, Population, Rule, SourceGroup, SourceUser
from provcheck.harness.vendors import stores

VERSION = 1
"""The version of the contract. It rises when an old client would no longer be understood."""

Item = TypeVar("Item", SourceUser, SourceGroup)
Json = dict[str, Any]


def connectable() -> tuple[str, ...]:
    """The kinds of connection that there are: the names of the stores that a client can be connected to."""
    return tuple(each.name for each in stores() if each.type)


def connection_as_dict(connection: Connection) -> Json:
    """Every field of a connection by its name, secrets among them: the client needs them."""
    values = {each.name: getattr(connection, each.name) for each in fields(connection)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def rule_as_dict(rule: Rule) -> Json:
    """A rule. `groups` null selects every internal group, `user_filter` null every user."""
    values = {each.name: getattr(rule, each.name) for each in fields(rule)}
    groups = None if rule.groups is None else list(rule.groups)
    return {**values, "groups": groups, "mapping": dict(rule.mapping)}


def population_as_dict(population: Population) -> Json:
    """The whole source. A user or group without an external id of its own has its id there."""
    return {"users": [_user(user) for user in population.users], "groups": [_group(each) for each in population.groups]}


def changes(before: Population, after: Population) -> Json:
    """What became different at the source: what was put there (new or changed) and which ids are gone."""
    return {
        "users": _differences(before.users, after.users, _user),
        "groups": _differences(before.groups, after.groups, _group),
    }


def _differences(before: Iterable[Item], after: Iterable[Item], encode: Callable[[Item], Json]) -> Json:
    old, new = {each.id: each for each in before}, {each.id: each for each in after}
    put = [encode(each) for each in new.values() if old.get(each.id) != each]
    return {"put": put, "removed": [id for id in old if id not in new]}


def _user(user: SourceUser) -> Json:
    values = {each.name: getattr(user, each.name) for each in fields(user)}
    return {**values, "external_id": user.external_id or user.id, "attributes": dict(user.attributes)}


def _group(group: SourceGroup) -> Json:
    values = {each.name: getattr(group, each.name) for each in fields(group)}
    return {**values, "external_id": group.external_id or group.id, "members": list(group.members)}


@dataclass(frozen=True, slots=True)
class Differences(Generic[Item]):
    """Users or groups that were put at the source, and ids of those that are gone."""

    put: tuple[Item, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What `changes` gives."""

    users: Differences[SourceUser]
    groups: Differences[SourceGroup]


@dataclass(frozen=True, slots=True)
class DescribeParams:
    """Parameters of `describe`."""

    contract: int


@dataclass(frozen=True, slots=True)
class ConfigureParams:
    """Parameters of `configure`."""

    connection: Connection
    rule: Rule
    fresh: bool


@dataclass(frozen=True, slots=True)
class ApplyParams:
    """Parameters of `apply`."""

    population: Population
    changes: Changes | None


@dataclass(frozen=True, slots=True)
class ResyncParams:
    """Parameters of `resync`."""

    population: Population


@dataclass(frozen=True, slots=True)
class Nothing:
    """No parameters, or an answer that says no more than that it is done."""


PARAMS: Mapping[str, type] = MappingProxyType(
    {
        "describe": DescribeParams,
        "configure": ConfigureParams,
        "apply": ApplyParams,
        "resync": ResyncParams,
        **dict.fromkeys(("restart", "summary", "orphans", "warnings", "audit", "status", "close"), Nothing),
    }
)
"""What is sent with each method."""
