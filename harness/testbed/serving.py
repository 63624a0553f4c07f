"""Serves mock targets for a client that provcheck does not drive, and shows its requests.

It listens and reads, and never interferes: the client runs by itself, on a clock of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from provcheck.mock_targets.commands.options import (
    certificate_names,
    check_address,
    check_token,
    find_specs,
    is_loopback,
    read_faults,
    read_flags,
    read_seed,
    schema_file,
)
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.serving import ready_message
from provcheck.mock_targets.serving.certificates import Certificates
from provcheck.mock_targets.serving.server import PortTaken, Server
from provcheck.mock_targets.target.seeding import BadSeed
from provcheck.mock_targets.target.target import BadSchema, Target
from provcheck.mock_targets.testing import Handle


class CannotServe(RuntimeError):
    """The targets cannot be served as asked; the message is one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """How to serve: the options of `provcheck serve` that make sense here, as they are given there."""

    targets: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    port: int = 0
    expose: str | None = None
    public_url: str | None = None
    token: str | None = None
    settings: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    seed_file: str | None = None
    schemas: tuple[str, ...] = ()
    tls: bool = False
    id_seed: int | None = None


@dataclass(slots=True)
class Watched:
    """One served target: what it is told apart by, what arrived at it, and what it holds."""

    handle: Handle
    _last: int = 0
    _waiting: set[int] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The name of the target."""
        return self.handle.name

    @property
    def base_url(self) -> str:
        """The base URL that a client is configured with."""
        return self.handle.base_url

    @property
    def token(self) -> str:
        """The token that a client is configured with."""
        return self.handle.token

    @property
    def has_groups(self) -> bool:
        """Whether the target, as it is set up now, has groups."""
        return bool(self.handle.flags.get("supports_groups", True))

    @property
    def membership_style(self) -> str:
        """The side on which the target takes memberships: group, user or none."""
        return str(self.handle.flags.get("membership_style", "group"))

    def arrived(self) -> list[dict[str, Any]]:
        """The exchanges that were answered since the last call; one that still goes on comes with a later call."""
        first = min(self._waiting, default=self._last + 1)
        found = []
        for exchange in self.handle.journal.since(first - 1):
            if exchange.seq <= self._last and exchange.seq not in self._waiting:
                continue
            if exchange.status is None and exchange.answer == "complete" and not exchange.duration:
                self._waiting.add(exchange.seq)
            else:
                self._waiting.discard(exchange.seq)
                found.append(exchange.as_dict())
            self._last = max(self._last, exchange.seq)
        return found

    def snapshot(self) -> dict[str, list[dict[str, Any]]]:
        """What the target holds now, in core words."""
        return self.handle.snapshot()


class Watching:
    """Targets served on real sockets for as long as the with block lasts. Raises CannotServe on entering.

    Entering also raises click's own exceptions, with exit code 2, for options that `provcheck serve` would refuse.
    """

    def __init__(self, serving: Serving) -> None:
        self._serving, self._stack = serving, ExitStack()

    def __enter__(self) -> Watching:
        with ExitStack() as undo:
            self._environment = self._make()
            self.ca_file = self._listen(undo)
            self._stack = undo.pop_all()
        self.targets = [Watched(Handle(target)) for target in self._environment.targets.values()]
        for name in self._environment.names:
            self._environment.main.app(name)  # built now, so that the first request does not wait for it
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _make(self) -> Environment:
        how = self._serving
        check_address(how.host, how.expose, how.public_url)
        check_token("--token", how.token)
        specs = find_specs(how.targets)
        is_private = is_loopback(how.host) and how.expose is None and how.public_url is None
        seeder: Mapping[str, Callable[[Target], object]] = read_seed(how.seed_file, specs) if how.seed_file else {}
        flags = read_flags(specs, how.profiles, how.settings)
        seeder = {**seeder, **read_faults(specs, how.profiles, how.faults, seeder)}
        schemas = [schema_file(text) for text in how.schemas]
        try:
            return Environment(
                list(specs),
                flags=flags,
                seeder=seeder,
                seed=how.id_seed,
                seeded_tokens=is_private,
                token=how.token,
                schemas=schemas,
            )
        except BadSeed as error:
            raise CannotServe(f"{how.seed_file}: {error}") from None
        except BadSchema as error:
            raise CannotServe(str(error)) from None

    def _listen(self, undo: ExitStack) -> Any:
        how, certificates = self._serving, None
        if how.tls:
            certificates = Certificates(certificate_names(how.host, how.expose, how.public_url))
            undo.callback(certificates.close)
        server = Server(
            self._environment,
            host=how.host,
            port=how.port,
            public_host=how.expose,
            public_url=how.public_url,
            certificates=certificates,
        )
        try:
            server.start()
        except PortTaken as error:
            raise CannotServe(str(error)) from None
        undo.callback(server.stop)
        return certificates.ca_file if certificates else None

    def announce(self) -> None:
        """Print the URLs of the targets, with commands to copy."""
        ready_message.show(self._environment, self.ca_file)

    def as_line(self) -> str:
        """Return the ready message for programs: one line of JSON."""
        return ready_message.as_line(self._environment, self.ca_file)
