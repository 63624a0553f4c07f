"""The identity stores that the harness knows, one folder each, and the only way to them.

A folder is named as the store and holds `store.py` (its declaration, `STORE`) and, where the reference client or the
linter knows the store, `connector.py` (`choose`) and `lint.py` (`DIALECT`). `ALIASES` in its `__init__.py` are other
spellings of the name. Nothing of a store is imported before it is asked for.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import requests

    from provcheck.harness.client.connectors.interface import Connector
    from provcheck.harness.client.retry import RetryPolicy
    from provcheck.harness.lint import Linter
    from provcheck.harness.model import Clock, Connection, TargetConfiguration
    from provcheck.harness.model.store import Store


class UnknownStore(LookupError):
    """No store has this name."""


class UnknownConfiguration(LookupError):
    """No target configuration has this id."""


@cache
def spellings() -> Mapping[str, str]:
    """Every spelling of every store's name, in lower case, to the name."""
    names = [each.name for each in pkgutil.iter_modules(__path__) if each.ispkg]
    aliases = {alias: name for name in names for alias in getattr(_module(name), "ALIASES", ())}
    return aliases | {name: name for name in names}


@cache
def stores() -> tuple[Store, ...]:
    """Every store, in the order of the vendor's table."""
    found: list[Store] = [_module(name, "store").STORE for name in set(spellings().values())]
    return tuple(sorted(found, key=lambda each: (each.row, each.name)))


def store(name: str) -> Store:
    """The store of this name, alias, title or type of connection, without regard to case. Raises UnknownStore."""
    wanted = name.casefold()
    for each in stores() if wanted else ():
        if each.name == spellings().get(wanted) or wanted in (each.title.casefold(), each.type.casefold()):
            return each
    raise UnknownStore(f"{name!r} is not one of {', '.join(each.title for each in stores())}")


def configurations(pattern: str = "*") -> tuple[TargetConfiguration, ...]:
    """The target configurations whose id or store matches a shell pattern, store by store, the plain one first.

    `scim` gives all of that store, `scim+` the plain one alone. An alias of a store stands for its name. Those that
    set a profile of the target are named by their id (`scim+okta_like`, `scim+*`).
    """
    wanted = spellings().get(pattern.casefold(), pattern)
    every = (each for found in stores() for each in found.configurations)
    return tuple(each for each in every if _matches(each, wanted) and ("+" in wanted or not each.profile))


def _matches(configuration: TargetConfiguration, pattern: str) -> bool:
    from provcheck.harness.model.capability import alone

    names = (configuration.id, configuration.target)
    return pattern == alone(configuration.id) or any(fnmatchcase(name, pattern) for name in names)


def configuration(id: str) -> TargetConfiguration:
    """The target configuration with this id. Raises UnknownConfiguration."""
    known = (*configurations(), *configurations("*+*"))
    for each in known:
        if each.id == id:
            return each
    raise UnknownConfiguration(f"{id!r} is no target configuration; there are {', '.join(each.id for each in known)}")


def read_connection(options: Mapping[str, Any]) -> Connection:
    """A connection from the option names that its vendor gives it, as in a file.

    `type` (scim, where it is missing) and `name` stand beside the options, which may also be nested under
    `configuration`. Raises BadConnection for unknown keys, wrong types and missing required options.
    Source: pingone-api, propagation-stores, one page for each `type`.
    """
    from provcheck.harness.model.connection import Connection
    from provcheck.harness.model.options import flatten, read_options

    flat = flatten(options)
    found = _connectable(flat.pop("type", "scim"))
    return Connection(**{**found.defaults, **read_options(flat, found.name, found.options)})


def _connectable(type: Any) -> Store:
    from provcheck.harness.model.options import BadConnection

    try:
        found = store(type) if isinstance(type, str) else None
    except UnknownStore:
        found = None
    if found is None or not found.type:
        *most, last = (each.type for each in stores() if each.type)
        raise BadConnection(f"type is {', '.join(most)} or {last}, not {type!r}")
    return found


def connect(
    connection: Connection, session: requests.Session, clock: Clock, policy: RetryPolicy | None = None
) -> Connector:
    """The connector for a connection, on this session and this clock. Raises BadConnection."""
    from provcheck.harness.client.connectors import open_connector

    return open_connector(_module(connection.kind, "connector").choose, connection, session, clock, policy)


@cache
def linter() -> Linter:
    """The linter, with the dialect of every store that has one; the others are read as the standards have it."""
    from provcheck.harness.lint import Linter

    names = [each.name for each in stores() if find_spec(f"{__name__}.{each.name}.lint")]
    unread = frozenset(each.name for each in stores() if each.protocol != "SCIM")
    return Linter(tuple(_module(name, "lint").DIALECT for name in names), unread)


def _module(store: str, part: str = "") -> ModuleType:
    return import_module(f"{__name__}.{store}" + (f".{part}" if part else ""))
