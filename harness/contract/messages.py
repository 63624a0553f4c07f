"""The harness's own values as messages, and a client's answers as values.

What is read here has passed the schema, so a key that must be there is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar

from provcheck.harness.contract.abilities import ABILITIES
from provcheck.harness.contract.description import Description
from provcheck.harness.model import (
    AuditRecord,
    Connection,
    Counters,
    Population,
    Rule,
    SourceGroup,
    SourceUser,
    SyncSummary,
)

VERSION = 1
"""The version of the contract. It rises when an old client would no longer be understood."""

Item = TypeVar("Item", SourceUser, SourceGroup)
Json = dict[str, Any]


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
    return {
        "id": group.id,
        "name": group.name,
        "members": list(group.members),
        "external": group.external,
        "external_id": group.external_id or group.id,
    }


def description_from(result: Mapping[str, Any]) -> Description:
    """The answer to `describe`. Raises ValueError for a capability that the contract does not know."""
    for word in result["capabilities"]:
        if word not in ABILITIES:
            raise ValueError(f"{word!r} is not a capability; there are {', '.join(ABILITIES)}")
    targets = result.get("targets")
    return Description(
        result["name"],
        result.get("version", ""),
        frozenset(result["capabilities"]),
        None if targets is None else frozenset(targets),
    )


def summary_from(result: Mapping[str, Any]) -> SyncSummary | None:
    """The answer to `summary`: None when the client says that there is none to see."""
    found = result["summary"]
    if found is None:
        return None
    groups = found.get("groups")
    return SyncSummary(Counters(**found["users"]), None if groups is None else Counters(**groups))


def audit_from(result: Mapping[str, Any]) -> tuple[AuditRecord, ...]:
    """The answer to `audit`, oldest first. Raises ValueError for a time that is none."""
    return tuple(
        AuditRecord(
            datetime.fromisoformat(record["at"]),
            record["entity_kind"],
            record["entity"],
            record["action"],
            record["outcome"],
            record.get("detail", ""),
            record.get("remote_id"),
        )
        for record in result["records"]
    )
