"""An estate: the chosen targets with one clock, mounted under a path each, and the isolated copies called spaces.

`/scim/...` is a target of the estate itself, `/~NAME/scim/...` the same target in the space NAME, which has its own
state, flags, faults and journal and is made on first use. `/_control/...` steers the targets beside it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from provcheck.mock_targets import registry
from provcheck.mock_targets.clock import Clock, SystemClock
from provcheck.mock_targets.http.wsgi import WsgiApp
from provcheck.mock_targets.ids import IdMaker, make_token
from provcheck.mock_targets.target.target import BadSchema, SchemaFile, Target, TargetSpec

CONTROL = "_control"
"""The path under which an estate, and each space of it, has its control API."""

SPACE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
MAX_SPACES = 1000


class Tenant:
    """One set of targets: state, flags, faults and journals that no other set sees."""

    def __init__(self, environment: Environment, prefix: str) -> None:
        self._estate, self.prefix = environment, prefix
        self.targets = {name: environment.make_target(name, prefix) for name in environment.names}
        self.apps: dict[str, WsgiApp] = {}
        self._lock = threading.Lock()

    def app(self, name: str) -> WsgiApp:
        """The WSGI app of a target, built when it is first asked for."""
        with self._lock:
            if name not in self.apps:
                self.apps[name] = self.targets[name].spec.make_app(self.targets[name])
            return self.apps[name]

    def control(self) -> WsgiApp:
        """The control API of this space, built when it is first asked for."""
        from provcheck.mock_targets.control_api.app import build_control  # only who steers pays for it

        with self._lock:
            if CONTROL not in self.apps:
                self.apps[CONTROL] = build_control(
                    self.targets, token=self._estate.control_token, url=lambda: self._estate.control_url(self.prefix)
                )
            return self.apps[CONTROL]

    def reset(self) -> None:
        """Every target as it was when it started."""
        for target in self.targets.values():
            target.reset()


class Environment:
    """The chosen targets (all by default), ready to be served.

    `flags` holds flag values by target name, `furnish` what puts the first resources into a target of that name, in
    every space and after every reset. `seed` makes ids repeatable; tokens never are, unless `token` fixes them
    all. `specs` are targets that nobody registered; given alone, they are the only ones. `url_of` says where a target
    of a space is reached: it is given the target's name and the space's prefix. `schemas` are files with custom
    extensions, each after the kind of resource that it extends, for every target that takes them. Raises
    UnknownTarget, FlagError and BadSchema.
    """

    def __init__(
        self,
        names: Sequence[str] = (),
        *,
        clock: Clock | None = None,
        seed: int | str | None = None,
        flags: Mapping[str, Mapping[str, object]] | None = None,
        token: str | None = None,
        url: str = "http://localhost",
        url_of: Callable[[str, str], str] | None = None,
        spaces: bool = False,
        specs: Iterable[TargetSpec] = (),
        seeder: Mapping[str, Callable[[Target], object]] | None = None,
        schemas: Sequence[SchemaFile] = (),
    ) -> None:
        own = {spec.name: spec for spec in specs}
        self.names = list(dict.fromkeys(names)) or list(own) or registry.names()
        self._specs = {name: own.get(name) or registry.find(name) for name in self.names}
        if schemas:
            self._specs = _extended(self._specs, schemas)
        self.clock = clock or SystemClock()
        self.control_token = make_token("ctl-")
        self.allows_spaces = spaces
        self.url = url
        self._seed, self._flags, self._furnish = seed, flags or {}, seeder or {}
        self._url_of = url_of or (lambda name, prefix: f"{self.url}{prefix}/{name}")
        self._tokens = {name: token or make_token(spec.token_prefix) for name, spec in self._specs.items()}
        for name in self._flags:
            if name not in self.names:
                raise registry.UnknownTarget(f"flags are given for {name!r}, which is not among the targets")
        self.main = Tenant(self, "")
        self._spaces: dict[str, Tenant] = {}
        self._lock = threading.Lock()

    @property
    def targets(self) -> dict[str, Target]:
        """The targets outside any space."""
        return self.main.targets

    def target(self, name: str) -> Target:
        """A target outside any space. Raises UnknownTarget."""
        if name not in self.targets:
            raise registry.UnknownTarget(f"there is no target {name!r} here; there are {', '.join(self.names)}")
        return self.targets[name]

    def control_url(self, prefix: str = "") -> str:
        """Where the control API of the estate, or of the space with this prefix, is reached."""
        return f"{self.url}{prefix}/{CONTROL}"

    def move(self, url: str, urls: Mapping[str, str] | None = None) -> None:
        """Take new URLs, such as those of the ports it got: its own, and those of targets that have one to themselves.

        Every target then hands out absolute URLs that begin with its new one.
        """
        own = dict(urls or {})
        self.url = url
        self._url_of = lambda name, prefix: own[name] + prefix if name in own else f"{self.url}{prefix}/{name}"
        for space in (self.main, *self._spaces.values()):
            for name, target in space.targets.items():
                target.base_url = self._url_of(name, space.prefix)

    def make_target(self, name: str, prefix: str) -> Target:
        """A fresh target of this estate for a space."""
        return Target(
            self._specs[name],
            clock=self.clock,
            ids=IdMaker(seed=None if self._seed is None else f"{self._seed}/{name}"),
            token=self._tokens[name],
            base_url=self._url_of(name, prefix),
            flags=self._flags.get(name),
            seeder=self._furnish.get(name),
        )

    def space(self, name: str) -> Tenant:
        """The space of this name, made now if need be. Raises LookupError when spaces are off or the name is bad."""
        if not self.allows_spaces or not SPACE_NAME.fullmatch(name):
            raise LookupError(name)
        with self._lock:
            if name not in self._spaces:
                if len(self._spaces) >= MAX_SPACES:
                    raise LookupError(f"more than {MAX_SPACES} spaces")
                self._spaces[name] = Tenant(self, f"/~{name}")
            return self._spaces[name]

    def reset(self) -> None:
        """Every target outside a space as it was when it started."""
        self.main.reset()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """The estate as one WSGI app: strips space and target from the path and hands over."""
        space, rest = self._enter(environ.get("PATH_INFO", ""))
        name = rest[1:].partition("/")[0]
        app = self.mounted(space, name) if space else None
        if space is None or app is None:
            return _not_found(environ, start_response)
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + space.prefix + f"/{name}"
        environ["PATH_INFO"] = rest[len(name) + 1 :]
        return app(environ, start_response)

    def alone(self, name: str) -> WsgiApp:
        """One target as a WSGI app of its own, at `/` and, in spaces, at `/~NAME/`."""

        def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            space, rest = self._enter(environ.get("PATH_INFO", ""))
            if space is None:
                return _not_found(environ, start_response)
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + space.prefix
            environ["PATH_INFO"] = rest
            return space.app(name)(environ, start_response)

        return serve

    def mounted(self, space: Tenant, name: str) -> WsgiApp | None:
        """What a space has under a name; None when nothing."""
        if name == CONTROL:
            return space.control()
        return space.app(name) if name in space.targets else None

    def _enter(self, path: str) -> tuple[Tenant | None, str]:
        """The space that a path leads into (None: there is no such space), and the rest of the path."""
        if not path.startswith("/~"):
            return self.main, path
        name, _, tail = path[2:].partition("/")
        try:
            return self.space(name), f"/{tail}"
        except LookupError:
            return None, path


def _extended(specs: Mapping[str, TargetSpec], schemas: Sequence[SchemaFile]) -> dict[str, TargetSpec]:
    if all(spec.extend is None for spec in specs.values()):
        raise BadSchema(f"none of the targets takes custom schemas: {', '.join(specs)}")
    return {name: spec.extend(schemas) if spec.extend else spec for name, spec in specs.items()}


def _not_found(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    body = b'{"error":"no target is mounted here"}'
    start_response("404 Not Found", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
