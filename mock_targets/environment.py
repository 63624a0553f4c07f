"""An environment: the chosen targets with one clock, mounted under a path each, and isolated copies of them (tenants).

`/scim/...` is a target of the environment itself, `/~NAME/scim/...` the same target of the tenant NAME, which has its
own state, flags, faults and journal and is created on first use with valid credentials. `/_control/...` is the control
API of the targets beside it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import orjson

from provcheck.mock_targets import registry
from provcheck.mock_targets.clock import Clock, SystemClock
from provcheck.mock_targets.http.authentication import basic_password, holds_token
from provcheck.mock_targets.http.wsgi import WsgiApp
from provcheck.mock_targets.ids import IdMaker, make_token
from provcheck.mock_targets.journal.redaction import redact_text
from provcheck.mock_targets.memory_budget import BYTE_LIMIT, Budgets
from provcheck.mock_targets.target.target import BadSchema, SchemaFile, Target, TargetSpec

CONTROL = "_control"
"""The path under which an environment, and each tenant of it, has its control API."""

TENANT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
MAX_TENANTS = 1000
IDLE_SECONDS = 600.0
"""A tenant without resources and faults that was not used for so long gives way to a new one."""


class TenantLimit(LookupError):
    """There are as many tenants as there can be; the message says what to do."""


class Tenant:
    """One set of targets: state, flags, faults and journals that no other set sees."""

    def __init__(self, environment: Environment, prefix: str) -> None:
        self._environment, self.prefix = environment, prefix
        self.targets = {name: environment.make_target(name, prefix) for name in environment.names}
        self.apps: dict[str, WsgiApp] = {}
        self.used = environment.clock.monotonic()
        """When it was used last, on the clock of the environment."""
        self._lock = threading.Lock()

    def app(self, name: str) -> WsgiApp:
        """The WSGI app of a target, built on first use."""
        from provcheck.mock_targets.http.pipeline import build_app  # late: a list of targets needs no app

        with self._lock:
            if name not in self.apps:
                self.apps[name] = build_app(self.targets[name])
            return self.apps[name]

    def control(self) -> WsgiApp:
        """The control API of this tenant, built on first use."""
        from provcheck.mock_targets.control_api.app import build_control  # late: most environments never need it

        with self._lock:
            if CONTROL not in self.apps:
                environment = self._environment
                self.apps[CONTROL] = build_control(
                    self.targets,
                    token=environment.control_token,
                    url=lambda: environment.control_url(self.prefix),
                    local_url=lambda: environment.local_url,
                    tenants=None if self.prefix else environment,
                )
            return self.apps[CONTROL]

    @property
    def is_empty(self) -> bool:
        """Whether no target of it holds a resource or an armed fault."""
        targets = self.targets.values()
        held = any(target.directory.count(kind) for target in targets for kind in target.spec.kinds)
        return not held and not any(target.faults.is_armed for target in targets)

    def reset(self) -> None:
        """Return every target to the state it started in."""
        for target in self.targets.values():
            target.reset()


class Environment:
    """The chosen targets (all by default), ready to be served.

    `flags` holds flag values by target name; `seeder` functions by target name, each of which creates the first
    resources of the target, in every tenant and after every reset. `seed` makes ids repeatable; tokens are random
    unless `token` sets one for all, or `seeded_tokens` derives them from the seed: whoever knows the seed knows
    them then. `specs` are targets that are not registered; without `names` they are the only ones. `url_of` returns
    the URL of a target, given the target's name and the tenant's prefix. `schemas` are files with custom
    extensions, each with the kind of resource that it extends, for every target that supports them. With `tenants`,
    isolated copies of the targets are served under `/~NAME`. `byte_limit` is what the journals and the cursors of
    all targets and tenants may hold together. Raises UnknownTarget, FlagError and BadSchema.
    """

    def __init__(
        self,
        names: Sequence[str] = (),
        *,
        clock: Clock | None = None,
        seed: int | str | None = None,
        flags: Mapping[str, Mapping[str, object]] | None = None,
        token: str | None = None,
        control_token: str | None = None,
        seeded_tokens: bool = False,
        url: str = "http://localhost",
        url_of: Callable[[str, str], str] | None = None,
        tenants: bool = False,
        specs: Iterable[TargetSpec] = (),
        seeder: Mapping[str, Callable[[Target], object]] | None = None,
        schemas: Sequence[SchemaFile] = (),
        byte_limit: int = BYTE_LIMIT,
    ) -> None:
        own = {spec.name: spec for spec in specs}
        self.names = list(dict.fromkeys(names)) or list(own) or registry.names()
        self._specs = {name: own.get(name) or registry.find(name) for name in self.names}
        if schemas:
            self._specs = _extended(self._specs, schemas)
        self.clock = clock or SystemClock()
        token_seed = f"{seed}/token" if seeded_tokens and seed is not None else None
        self.control_token = control_token or make_token("ctl-", seed=token_seed)
        self.serves_tenants, self._budgets = tenants, Budgets.of(byte_limit)
        self.url = self.local_url = url
        self._seed, self._flags, self._seeder = seed, flags or {}, seeder or {}
        self._url_of = url_of or (lambda name, prefix: f"{self.url}{prefix}/{name}")
        self._tokens = {
            name: token or make_token(spec.token_prefix, seed=token_seed and f"{token_seed}/{name}")
            for name, spec in self._specs.items()
        }
        for name in self._flags:
            if name not in self.names:
                raise registry.UnknownTarget(f"flags are given for {name!r}, which is not one of the targets")
        self.main = Tenant(self, "")
        self._tenants: dict[str, Tenant] = {}
        self._lock = threading.Lock()

    @property
    def targets(self) -> dict[str, Target]:
        """The targets outside the tenants."""
        return self.main.targets

    def target(self, name: str) -> Target:
        """A target outside the tenants. Raises UnknownTarget."""
        if name not in self.targets:
            raise registry.UnknownTarget(f"there is no target {name!r} here; there are {', '.join(self.names)}")
        return self.targets[name]

    def redacted(self, text: str) -> str:
        """A text, such as a line of a log, without the tokens and without other secrets."""
        return redact_text(text, self.secrets())

    def control_url(self, prefix: str = "") -> str:
        """URL of the control API of the environment, or of the tenant with this prefix."""
        return f"{self.url}{prefix}/{CONTROL}"

    def secrets(self) -> tuple[str, ...]:
        """The tokens of the control API and of every target, and what the OAuth 2 clients authenticate with."""
        return (*self._static_tokens(), *(secret for each in self.targets.values() for secret in each.client_secrets()))

    def _static_tokens(self) -> tuple[str, ...]:
        return (self.control_token, *self._tokens.values())

    def move(self, url: str, urls: Mapping[str, str] | None = None, *, local_url: str | None = None) -> None:
        """Set the URLs: the environment's own, and those of targets that have a port of their own, by name.

        Absolute URLs in the targets' answers begin with the new ones. `local_url` is where it listens, if others reach
        it under another URL.
        """
        own = dict(urls or {})
        self.url, self.local_url = url, local_url or url
        self._url_of = lambda name, prefix: own[name] + prefix if name in own else f"{self.url}{prefix}/{name}"
        for tenant in (self.main, *self._tenants.values()):
            for name, target in tenant.targets.items():
                target.base_url = self._url_of(name, tenant.prefix)

    def make_target(self, name: str, prefix: str) -> Target:
        """A fresh target of this environment for a tenant."""
        return Target(
            self._specs[name],
            clock=self.clock,
            ids=IdMaker(seed=None if self._seed is None else f"{self._seed}/{name}"),
            token=self._tokens[name],
            base_url=self._url_of(name, prefix),
            flags=self._flags.get(name),
            seeder=self._seeder.get(name),
            budgets=self._budgets,
            secrets=self._static_tokens(),
        )

    def tenant(self, name: str) -> Tenant:
        """The tenant of this name, created on first use. Raises LookupError if there are none, or for a bad name."""
        if not self.serves_tenants or not TENANT_NAME.fullmatch(name):
            raise LookupError(name)
        with self._lock:
            if name not in self._tenants:
                self._make_room()
                self._tenants[name] = Tenant(self, f"/~{name}")
            self._tenants[name].used = self.clock.monotonic()
            return self._tenants[name]

    def _make_room(self) -> None:
        """Remove tenants that are idle and empty, if no other one fits in. Raises TenantLimit."""
        if len(self._tenants) < MAX_TENANTS:
            return
        since = self.clock.monotonic() - IDLE_SECONDS
        for name in [name for name, each in self._tenants.items() if each.used <= since and each.is_empty]:
            del self._tenants[name]
        if len(self._tenants) >= MAX_TENANTS:
            raise TenantLimit(f"there are {MAX_TENANTS} tenants, the most there can be; DELETE /_control/tenants/NAME")

    def tenant_names(self) -> list[str]:
        """The names of the tenants."""
        return list(self._tenants)

    @property
    def max_tenants(self) -> int:
        """How many tenants there can be; 0 if none are served."""
        return MAX_TENANTS if self.serves_tenants else 0

    def remove_tenant(self, name: str) -> bool:
        """Forget a tenant with all that is in it; False if there is none of this name."""
        with self._lock:
            return self._tenants.pop(name, None) is not None

    def reset(self) -> None:
        """Return every target outside the tenants to the state it started in."""
        self.main.reset()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """The environment as one WSGI app: removes tenant and target from the path and calls the target's app."""
        if environ.get("PATH_INFO", "").startswith("/.well-known/"):
            environ["PATH_INFO"] = _mounted_metadata(environ["PATH_INFO"])
        try:
            tenant, rest = self._enter(environ)
        except TenantLimit as full:
            return _refused(start_response, "503 Service Unavailable", str(full))
        name = rest[1:].partition("/")[0]
        app = self.mounted(tenant, name) if tenant else None
        if tenant is self.main and not name:
            from provcheck.mock_targets import index_page  # late: clients of targets never ask for it

            return index_page.answer(environ, start_response, self.targets, self.control_url())
        if tenant is None or app is None:
            return _refused(start_response, "404 Not Found", "no target is mounted here")
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + tenant.prefix + f"/{name}"
        environ["PATH_INFO"] = rest[len(name) + 1 :]
        return self._answer(tenant, app, environ, start_response)

    def alone(self, name: str) -> WsgiApp:
        """One target as a WSGI app of its own, at `/` and, for tenants, at `/~NAME/`."""

        def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            try:
                tenant, rest = self._enter(environ)
            except TenantLimit as full:
                return _refused(start_response, "503 Service Unavailable", str(full))
            if tenant is None:
                return _refused(start_response, "404 Not Found", "no target is mounted here")
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + tenant.prefix
            environ["PATH_INFO"] = rest
            return self._answer(tenant, tenant.app(name), environ, start_response)

        return serve

    def _answer(self, tenant: Tenant, app: WsgiApp, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """The answer of an app. A tenant that issued a token is kept: the request had valid credentials."""
        answer = app(environ, start_response)
        name = tenant.prefix[2:]
        if name and name not in self._tenants and any(each.tokens.has_issued for each in tenant.targets.values()):
            with self._lock, suppress(TenantLimit):
                self._make_room()
                self._tenants.setdefault(name, tenant)
        return answer

    def mounted(self, tenant: Tenant, name: str) -> WsgiApp | None:
        """The app of a tenant under a name: a target or the control API; None if there is none."""
        if name == CONTROL:
            return tenant.control()
        return tenant.app(name) if name in tenant.targets else None

    def _enter(self, environ: Mapping[str, Any]) -> tuple[Tenant | None, str]:
        """The tenant that a request is for (None if there can be none), and the remaining path. Raises TenantLimit.

        A request without valid credentials makes no tenant; it is answered by one that is not kept.
        """
        path = environ.get("PATH_INFO", "")
        if not path.startswith("/~"):
            return self.main, path
        name, _, tail = path[2:].partition("/")
        if not self.serves_tenants or not TENANT_NAME.fullmatch(name):
            return None, path
        if name in self._tenants or self._may_make(environ.get("HTTP_AUTHORIZATION")):
            return self.tenant(name), f"/{tail}"
        return Tenant(self, f"/~{name}"), f"/{tail}"

    def _may_make(self, authorization: str | None) -> bool:
        """Whether a request may make a tenant: it has a token of this environment, or a target asks for none."""
        if any(target.flags.values().get("authentication") == "none" for target in self.targets.values()):
            return True
        password = basic_password(authorization)
        return any(holds_token(authorization, token) or password == token for token in self.secrets())


def _mounted_metadata(path: str) -> str:
    """The path below a target of metadata that are asked for at the root of the server (RFC 8414 section 3.1).

    `/.well-known/NAME/scim/oauth2` stands for `/scim/oauth2/.well-known/NAME`.
    """
    name, slash, issuer = path.removeprefix("/.well-known/").partition("/")
    return f"/{issuer.rstrip('/')}/.well-known/{name}" if slash and issuer else path


def _extended(specs: Mapping[str, TargetSpec], schemas: Sequence[SchemaFile]) -> dict[str, TargetSpec]:
    if all(spec.extend is None for spec in specs.values()):
        raise BadSchema(f"none of the targets takes custom schemas: {', '.join(specs)}")
    return {name: spec.extend(schemas) if spec.extend else spec for name, spec in specs.items()}


def _refused(start_response: Any, status: str, reason: str) -> Iterable[bytes]:
    body = orjson.dumps({"error": reason})
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
