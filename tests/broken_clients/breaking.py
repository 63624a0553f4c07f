"""How a client is broken: one class or function of the reference client is replaced wherever the client refers to it.

A broken client may also be a class of its own, which inherits from a client of `tests.correct_clients`.

What is replaced keeps its name in the modules of the harness alone. In here the original stands
under its own name, so that a broken part inherits from it, or calls it.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, TypeVar
from unittest.mock import patch

from provcheck.harness import vendors
from provcheck.harness.adapters import ClientMaker, ReferenceAdapter
from provcheck.harness.client import connectors
from provcheck.harness.client.connectors.interface import Connector
from provcheck.harness.client.connectors.scim import ScimConnector
from provcheck.harness.contract import CLIENT_CAPABILITIES, EVERYTHING, Description
from provcheck.harness.model import Connection
from tests.correct_clients.client import Client
from tests.correct_clients.in_process import making, offered

Part = TypeVar("Part", bound=Callable[..., Any])
# A connector that is first imported while a part is replaced would keep the broken part for good.
LOADED = [import_module(f"{vendors.__name__}.{store.name}.connector") for store in vendors.stores() if store.type]
QUIET = Description("client", capabilities=frozenset(CLIENT_CAPABILITIES) - {"summary"})
"""A client that does everything and reports no summary."""
BROKEN: dict[str, BrokenClient] = {}
"""Every broken client, by name."""


@dataclass(frozen=True, slots=True)
class Caught:
    """A finding that must be there: this check, about this entity, in this scenario on this target profile."""

    check: str
    entity: str
    scenario: str
    profile: str = field(default="scim")


@dataclass(frozen=True, slots=True)
class BrokenClient:
    """The reference client with one mistake.

    `intact` is the part that was replaced, `part` what replaces it. `seen_at`: where real clients do this; empty where
    the mistake is made up to try out a check. `silent`: it reports no summary.
    """

    name: str
    mistake: str
    intact: Any
    part: Any
    caught: tuple[Caught, ...]
    seen_at: str = ""
    silent: bool = field(default=False, kw_only=True)

    @property
    def scenarios(self) -> tuple[tuple[str, str], ...]:
        """The scenarios and profiles that catch it."""
        return tuple(dict.fromkeys((each.scenario, each.profile) for each in self.caught))

    @property
    def offers(self) -> Description:
        """What the client says of itself."""
        if self.intact is Client:
            return offered(self.part)
        return QUIET if self.silent else EVERYTHING

    @contextmanager
    def in_place(self) -> Iterator[ClientMaker]:
        """While this lasts the reference client is broken; gives what makes one for the runner."""
        if self.intact is ReferenceAdapter:
            yield self.part
            return
        if self.intact is Client:
            yield making(self.part)
            return
        with ExitStack() as stack:
            for module, name in _uses(self.intact):
                stack.enter_context(patch.object(module, name, self.part))
            if self.intact is ScimConnector:
                stack.enter_context(patch.object(connectors, "open_connector", _opening_with(self.part)))
            yield ReferenceAdapter

    def unknown_overrides(self) -> list[str]:
        """Methods of the broken part that replace nothing, because the original has none of that name (any more)."""
        if not inspect.isclass(self.part):
            return []
        own = [name for name, member in vars(self.part).items() if inspect.isroutine(member)]
        return [name for name in own if not any(hasattr(parent, name) for parent in self.part.__mro__[1:])]


def broken(intact: Any, *caught: Caught, seen_at: str = "", silent: bool = False) -> Callable[[Part], Part]:
    """Enter a part into the catalogue: what it replaces, who must notice, and where real clients do this."""

    def enter(part: Part) -> Part:
        name = re.sub(r"(?<!^)(?=[A-Z])|_", "-", part.__name__).lower()
        mistake = " ".join((inspect.getdoc(part) or "").split("\n\n")[0].split())
        if name in BROKEN:
            raise ValueError(f"two broken clients are called {name}")
        BROKEN[name] = BrokenClient(name, mistake, intact, part, caught, seen_at, silent=silent)
        return part

    return enter


def _uses(intact: Any) -> list[tuple[Any, str]]:
    """Every module of the client that refers to the part, and by which name."""
    modules = [
        module
        for name, module in sys.modules.items()
        if name.startswith(("provcheck.harness.client", "provcheck.harness.adapters", "provcheck.harness.vendors"))
    ]
    return [(module, name) for module in modules for name, value in list(vars(module).items()) if value is intact]


def _opening_with(part: type) -> Callable[..., Connector]:
    """`open_connector` with the broken part before every dialect."""
    intact = connectors.open_connector

    def opened(choose: connectors.Choose, *rest: Any) -> Connector:
        def chosen(connection: Connection) -> tuple[type[Connector], Connection]:
            dialect, meant = choose(connection)
            return type(part.__name__, (part, dialect), {}), meant

        return intact(chosen, *rest)

    return opened
