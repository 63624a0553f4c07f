"""Mock targets in tests: an environment in process (`session`, `mount`) or on a port (`serving`), handles on targets.

with serving(Environment(["scim"])) as server:
    target = Handle(environment.target("scim"))
    requests.get(f"{target.base_url}/Users", headers=target.headers)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

import requests

from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.faults import catalog as faults
from provcheck.mock_targets.journal.journal import Exchange
from provcheck.mock_targets.serving.in_process import WsgiAdapter, mount
from provcheck.mock_targets.serving.server import PortTaken, Server, serving
from provcheck.mock_targets.target import seeding as seeds
from provcheck.mock_targets.target.flags import FlagValue
from provcheck.mock_targets.target.target import Target
from provcheck.mock_targets.target.tokens import Tokens

__all__ = [
    "EnvironmentHandle",
    "Handle",
    "PortTaken",
    "Server",
    "WsgiAdapter",
    "handles",
    "mount",
    "serving",
    "session",
]


def session(environment: Environment) -> requests.Session:
    """A `requests.Session` that reaches the environment, at its own URL, without sockets."""
    made = requests.Session()
    made.trust_env = False
    made.mount(environment.url, WsgiAdapter(environment))
    return made


def handles(environment: Environment) -> dict[str, Handle]:
    """A handle on every target of the environment, by name."""
    return {name: Handle(target) for name, target in environment.targets.items()}


class EnvironmentHandle:
    """Handle on a served environment: a handle on every target by name, and the URLs."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.targets = handles(environment)

    def __getitem__(self, name: str) -> Handle:
        return self.targets[name]

    def __iter__(self) -> Iterator[Handle]:
        return iter(self.targets.values())

    @property
    def url(self) -> str:
        """Base URL of the environment; each target is under its name."""
        return self.environment.url

    @property
    def control_url(self) -> str:
        """URL of its control API."""
        return self.environment.control_url()

    @property
    def control_headers(self) -> dict[str, str]:
        """Headers that authenticate a request to the control API."""
        return {"Authorization": f"Bearer {self.environment.control_token}"}

    def reset(self) -> None:
        """Return every target to the state it started in."""
        self.environment.reset()


class Handle:
    """Handle on one target: URLs, token, flags, faults, journal, seed and snapshot."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.flags = FlagSwitches(target)
        self.faults = Faults(target)
        self.journal = JournalView(target)

    @property
    def name(self) -> str:
        """The name of the target."""
        return self.target.name

    @property
    def base_url(self) -> str:
        """The base URL that a client is configured with, the usual one where there are several (see `urls`)."""
        return next(iter(self.urls.values()))

    @property
    def urls(self) -> dict[str, str]:
        """Every base URL, by label."""
        return self.target.urls()

    @property
    def token(self) -> str:
        """The bearer token that the target accepts."""
        return self.target.token

    @property
    def token_url(self) -> str | None:
        """Where an OAuth 2 client gets tokens; None if no API of the target issues any."""
        return self.target.token_url

    @property
    def tokens(self) -> Tokens:
        """The OAuth 2 client (`client_id`, `client_secret`, `refresh_token`) and its tokens, to revoke and rotate."""
        return self.target.tokens

    @property
    def headers(self) -> dict[str, str]:
        """Headers that authenticate a request."""
        return {"Authorization": f"Bearer {self.token}"}

    def seed(self, data: Mapping[str, Any] | None = None, **words: Any) -> dict[str, int]:
        """Create users and groups, in core attributes: `seed(users=[{"userName": "ada"}])`. Raises BadSeed."""
        return seeds.seed(self.target, {**(data or {}), **words})

    def snapshot(self) -> dict[str, list[dict[str, Any]]]:
        """All resources of the target, in core attributes, with ids and memberships."""
        return seeds.snapshot(self.target)

    def reset(self) -> None:
        """Return to the state it started in: no resources, initial flag values, no faults, an empty journal."""
        self.target.reset()


class FlagSwitches(MutableMapping[str, FlagValue]):
    """The flags of a target, to read and set by attribute or by key. Raises UnknownFlag and WrongFlagValue."""

    _target: Target

    def __init__(self, target: Target) -> None:
        self.__dict__["_target"] = target

    def __getitem__(self, name: str) -> FlagValue:
        return self._target.flags.values()[self._target.flags.flag(name).name]

    def __setitem__(self, name: str, value: FlagValue) -> None:
        self._target.flags.set({name: value})

    def __contains__(self, name: object) -> bool:
        return name in self._target.flags.declared

    def __delitem__(self, name: str) -> None:
        self[name] = self._target.flags.flag(name).default

    def __iter__(self) -> Iterator[str]:
        return iter(self._target.flags.declared)

    def __len__(self) -> int:
        return len(self._target.flags.declared)

    def __getattr__(self, name: str) -> Any:
        if name not in self._target.flags.declared:
            raise AttributeError(f"{self._target.name} has no flag {name!r}")
        return self[name]

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def profile(self, name: str) -> None:
        """Set the flags of a named profile, and arm its faults. Raises UnknownProfile."""
        self._target.apply_profile(name)


class Faults:
    """The faults armed on a target."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def arm(self, operation: str = "*", **effect: Any) -> str:
        """Arm a fault; its id. The arguments are the fields of `Fault`: `arm("user.create", status=503, times=2)`.

        Raises BadFault.
        """
        return self._target.faults.arm(faults.read({"operation": operation, **effect}))

    def arm_named(self, fault: str, entity: str | None = None, **changes: Any) -> str:
        """Arm a fault of the catalogue; its id. `changes` are other parameters than the usual ones. Raises BadFault."""
        return self._target.faults.arm(faults.find(fault).fault(entity=entity, **changes))

    def disarm(self, id: str) -> bool:
        """Remove one fault. Return False if there is none with this id."""
        return self._target.faults.disarm(id)

    def clear(self) -> None:
        """Remove all faults."""
        self._target.faults.clear()

    def assert_all_struck(self) -> None:
        """Raise AssertionError, with a line for each armed fault that has changed nothing yet."""
        idle = [each for each in self if not each["struck"]]
        assert not idle, "\n".join(
            f"{self._target.name}: {each['name']} ({each['operation']}) has not struck; it met {each['seen']} "
            f"requests and fired {each['fired']} times"
            for each in idle
        )

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._target.faults.describe())


class JournalView:
    """The exchanges that a target had, oldest first."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self._target.journal.since())

    def __len__(self) -> int:
        return len(self._target.journal.since())

    def __getitem__(self, place: int) -> Exchange:
        return self._target.journal.since()[place]

    def since(self, seq: int) -> list[Exchange]:
        """The exchanges after a sequence number."""
        return self._target.journal.since(seq)

    def count(self, **criteria: Any) -> int:
        """How many exchanges meet all criteria: `count(operation="user.create", status=201)`. Raises BadCriteria."""
        return self._target.count(criteria).count

    def clear(self) -> None:
        """Remove all exchanges."""
        self._target.journal.clear()

    def lines(self) -> list[str]:
        """One line for each exchange, for people: what was asked, what was answered, what was applied."""
        return [_line(exchange) for exchange in self]


def _line(exchange: Exchange) -> str:
    query = f"?{exchange.query}" if exchange.query else ""
    names = next((intent.names[0] for intent in exchange.intents if intent.names), "")
    told = [f"#{exchange.seq} {exchange.method} {exchange.path}{query}", exchange.operation, names]
    told.append(f"-> {exchange.status or exchange.answer}")
    if exchange.writes:
        told.append(f"applied: {exchange.applied}")
    if exchange.refused_by:
        told.append(f"refused by {exchange.refused_by}")
    told.extend(f"fault {fault}" for fault in exchange.faults)
    return "  ".join(part for part in told if part)
