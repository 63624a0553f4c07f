"""A target: directory, flags, faults and journal of one mock. Independent of the protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from provcheck.mock_targets.clock import Clock
from provcheck.mock_targets.directory import Directory, IndexSpec, MemoryDirectory
from provcheck.mock_targets.faults import catalog as faults
from provcheck.mock_targets.faults.applicability import check_fault
from provcheck.mock_targets.faults.facts import Surface
from provcheck.mock_targets.faults.plan import FaultPlan
from provcheck.mock_targets.ids import IdMaker
from provcheck.mock_targets.journal.journal import Journal
from provcheck.mock_targets.journal.operation_names import operation_names
from provcheck.mock_targets.journal.query import Count, Criteria, count
from provcheck.mock_targets.memory_budget import Budgets
from provcheck.mock_targets.reading import nearest
from provcheck.mock_targets.target.api import TOKEN_URL, Api
from provcheck.mock_targets.target.common_flags import COMMON_FLAGS
from provcheck.mock_targets.target.core_mapping import CoreMapping
from provcheck.mock_targets.target.deferred_changes import DeferredChanges
from provcheck.mock_targets.target.flags import Behaviour, Flag, Flags, UnknownProfile
from provcheck.mock_targets.target.preset import Preset
from provcheck.mock_targets.target.rate_limit import InFlight, Limit, RateLimiter
from provcheck.mock_targets.target.replication_lag import ReplicationLag
from provcheck.mock_targets.target.tokens import Tokens

DirectoryMaker = Callable[..., Directory]
SchemaFile = tuple[str, str | Path]
"""The kind of resource that a schema extends, and the file that holds the schema."""


class BadSchema(ValueError):
    """A schema file is invalid; the message is one line that names the place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSpec:
    """The declaration of a target, made by a vendor module.

    `apis` are its APIs over one directory; the first also answers requests whose path belongs to no API.
    `flags` are the common flags and those that its dialects declare; a dialect's declaration of a common one wins.
    `profiles` are named sets of flag values; `presets` are those that resemble a product, with faults and sources, and
    are profiles as well.
    `kinds` names the kinds of resource with their indexes; `new_id` makes an id for a kind. `real_urls` are the
    vendor's own base URLs, for clients whose URL cannot be changed. `extend` makes a spec like this one whose resources
    carry the attributes of schema files as well; it raises BadSchema.
    """

    name: str
    title: str
    source: str
    apis: tuple[Api, ...]
    kinds: Mapping[str, Sequence[IndexSpec]]
    core_mapping: CoreMapping
    new_id: Callable[[IdMaker, str], str]
    flags: tuple[Flag, ...] = field(init=False)
    real_urls: tuple[str, ...] = ()
    profiles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    presets: Mapping[str, Preset] = field(default_factory=dict)
    limits: tuple[Limit, ...] = ()
    token_prefix: str = ""
    sample_path: str = "/Users"
    extend: Callable[[Sequence[SchemaFile]], TargetSpec] | None = None

    def __post_init__(self) -> None:
        of_apis = (flag for api in self.apis for flag in api.dialect.declared())
        every = {flag.name: flag for flag in reversed((*of_apis, *COMMON_FLAGS))}
        ordered = dict.fromkeys(flag.name for flag in (*COMMON_FLAGS, *every.values()))
        object.__setattr__(self, "flags", tuple(every[name] for name in ordered))
        flags_of_presets = {name: preset.flags for name, preset in self.presets.items()}
        object.__setattr__(self, "profiles", {**self.profiles, **flags_of_presets})

    @property
    def profile_faults(self) -> dict[str, Sequence[Mapping[str, Any]]]:
        """The descriptions of the faults of each profile that has some, by its name."""
        return {name: preset.faults for name, preset in self.presets.items() if preset.faults}

    @property
    def base_paths(self) -> dict[str, str]:
        """The base URLs that clients are given, relative to where the target is mounted, by label."""
        return {api.label: api.path if api.base_path is None else api.base_path for api in self.apis if api.label}

    def profile(self, name: str) -> dict[str, Any]:
        """The flag values of a profile. A flag that only other profiles name is back at its default.

        Raises UnknownProfile.
        """
        if name not in self.profiles:
            known = f"there are {', '.join(self.profiles)}" if self.profiles else "it has none"
            near = nearest(name, self.profiles)
            raise UnknownProfile(f"{self.name} has no preset {name!r:.100}{near or f'; {known}'}")
        touched = {flag for values in self.profiles.values() for flag in values}
        return {flag.name: flag.default for flag in self.flags if flag.name in touched} | dict(self.profiles[name])


class Target:
    """One running target: a spec, its directory, flags, faults and journal.

    `base_url` is where clients reach it (no slash at the end); absolute URLs in answers are built from it, never from
    a request's Host header. `seeder` adds the first resources, now and after each reset. `secrets` are redacted in the
    journal, as the token is.
    """

    def __init__(
        self,
        spec: TargetSpec,
        *,
        clock: Clock,
        ids: IdMaker,
        token: str,
        base_url: str = "http://localhost",
        flags: Mapping[str, object] | None = None,
        make_directory: DirectoryMaker = MemoryDirectory,
        seeder: Callable[[Target], object] | None = None,
        budgets: Budgets | None = None,
        secrets: Iterable[str] = (),
    ) -> None:
        self.spec, self.clock, self.ids, self.token, self.base_url = spec, clock, ids, token, base_url
        self.flags = Flags(spec.flags, flags)
        self.faults = FaultPlan(clock.monotonic, lambda fault: check_fault(fault, self.surfaces))
        self.budgets = budgets or Budgets.of()
        """Of memory, for the journal and for the cursors given out."""
        self.tokens = Tokens(clock, seed=token, prefix=spec.token_prefix)
        """Its OAuth 2 client and what was issued to it; used only where an API issues tokens."""
        own = (token, *self.client_secrets())
        self.journal = Journal(clock=clock, secrets=(*own, *secrets), budget=self.budgets.journals)
        self.rate_limiter = RateLimiter(spec.limits, clock)
        self.directory = make_directory(spec.kinds, now=clock.now, make_id=lambda kind: spec.new_id(ids, kind))
        self.in_flight, self.replication_lag, self.deferred = InFlight(), ReplicationLag(clock), DeferredChanges(clock)
        self.memory: dict[str, Any] = {}
        """State of a family or vendor beside its resources; cleared on reset."""
        self.resets = 0
        """How often it was reset."""
        self._seeder = seeder or (lambda target: None)
        self._seeder(self)

    @property
    def token_url(self) -> str | None:
        """Where clients get tokens (OAuth 2); None if no API of the target issues any."""
        return self.urls().get(TOKEN_URL)

    def client_secrets(self) -> tuple[str, ...]:
        """What its OAuth 2 client authenticates with; nothing if no API of the target issues tokens."""
        return (self.tokens.client_secret, self.tokens.refresh_token) if self.token_url else ()

    @property
    def name(self) -> str:
        """The name under which the target is mounted and addressed."""
        return self.spec.name

    @cached_property
    def surfaces(self) -> tuple[Surface, ...]:
        """Its APIs as faults see them."""
        return tuple(api.dialect(self, api) for api in self.spec.apis)

    @property
    def behaviour(self) -> Behaviour:
        """The flag values in force now."""
        return self.flags.behaviour

    def reset(self) -> None:
        """Return to the initial state: first resources and flag values, empty journal, no faults.

        Requests that are being answered are waited for. One that a fault holds for longer applies nothing afterwards.
        """
        with self.in_flight.none():
            self._reset()

    def _reset(self) -> None:
        self.resets += 1
        self.directory.reset()
        self.flags.reset()
        self.faults.clear()
        self.journal.clear()
        self.rate_limiter.reset()
        self.memory.clear()
        self.replication_lag.clear()
        self.deferred.clear()
        self.tokens.reset()
        self.ids.reset()
        self._seeder(self)

    def apply_profile(self, name: str) -> None:
        """Set the flags of a profile, and arm its faults. Raises UnknownProfile."""
        self.flags.set(self.spec.profile(name))
        self.arm_profile(name)

    def arm_profile(self, name: str) -> None:
        """Arm the faults of a profile; those of the profile before are removed."""
        self.faults.arm_standing(faults.read(each) for each in self.spec.profile_faults.get(name, ()))

    @cached_property
    def operations(self) -> tuple[str, ...]:
        """The names under which the target journals what it is asked to do."""
        return operation_names(self.spec.kinds, (name for each in self.surfaces for name in sorted(each.operations)))

    def count(self, criteria: Mapping[str, Any]) -> Count:
        """Count the exchanges that meet all criteria (`Criteria`). Raises BadCriteria."""
        read = Criteria.read(criteria, operations=self.operations, flags=self.flags.declared)
        return count(self.journal.since(), read)

    def urls(self) -> dict[str, str]:
        """Every base URL that clients can use, by label."""
        return {label: self.base_url + path for label, path in self.spec.base_paths.items()}
