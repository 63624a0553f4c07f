"""One target, set up for one scenario: arms faults, makes external changes, reads state and journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import requests

from provcheck.harness.model import Clock, FaultSpec, TargetConfiguration
from provcheck.harness.model.external_change import ExternalChange
from provcheck.harness.testbed.external_changes import make_external_change
from provcheck.mock_targets.faults.fault import BadFault
from provcheck.mock_targets.target.flags import FlagError
from provcheck.mock_targets.target.seeding import BadSeed
from provcheck.mock_targets.testing import Handle


class UnusableTarget(RuntimeError):
    """The target cannot be set up as a scenario asks: an error of the harness, not a finding about the client."""


class TargetFixture:
    """A target at the start of a scenario: reset, with the flags of its configuration."""

    def __init__(
        self, handle: Handle, configuration: TargetConfiguration, session: requests.Session, clock: Clock
    ) -> None:
        self._handle, self.configuration, self.session, self.clock = handle, configuration, session, clock
        self._read: list[dict[str, Any]] = []
        self._armed: dict[str, FaultSpec] = {}
        self._struck: list[FaultSpec] = []
        handle.reset()
        if configuration.profile:
            handle.target.apply_profile(configuration.profile)
        self.set_flags(configuration.flags)

    @property
    def base_url(self) -> str:
        """The base URL that the client is configured with."""
        return self._handle.urls[self.configuration.address]

    @property
    def token(self) -> str:
        """The token that the client is configured with."""
        return self._handle.token

    @property
    def oauth_client(self) -> dict[str, str]:
        """The fields of a connection that gets its tokens from the target's token endpoint; none without one."""
        url, client = self._handle.token_url, self._handle.tokens
        if url is None:
            return {}
        access = {"oauth_client_id": client.client_id, "oauth_client_secret": client.client_secret}
        return {**access, "oauth_token_request": url}

    def set_flags(self, flags: Mapping[str, object]) -> None:
        """Set flags of the target. Raises UnusableTarget."""
        try:
            self._handle.target.flags.set(flags)
        except FlagError as error:
            raise UnusableTarget(str(error)) from None

    def arm(self, faults: Iterable[FaultSpec]) -> None:
        """Arm faults at the target. Raises UnusableTarget."""
        for fault in faults:
            try:
                self._armed[self._handle.faults.arm(**fault.as_dict())] = fault
            except BadFault as error:
                raise UnusableTarget(str(error)) from None

    def clear_faults(self) -> None:
        """Remove the faults of the scenario; those of the configuration's profile stay."""
        self._struck = self.struck()
        for id in self._armed:
            self._handle.faults.disarm(id)
        self._armed.clear()

    def struck(self) -> list[FaultSpec]:
        """The faults that have struck, those that were cleared since included."""
        counts = {each["id"]: each["struck"] for each in self._handle.faults}
        return [*self._struck, *(fault for id, fault in self._armed.items() if counts.get(id))]

    def seed(self, accounts: Iterable[Mapping[str, Any]], groups: Iterable[Mapping[str, Any]]) -> None:
        """Create accounts and groups, given in core attributes. Raises UnusableTarget."""
        try:
            self._handle.seed(users=[dict(each) for each in accounts], groups=[dict(each) for each in groups])
        except BadSeed as error:
            raise UnusableTarget(str(error)) from None

    def make_external_change(self, change: ExternalChange) -> bool:
        """Change the target out of band. Return False if the change cannot be made; nothing is changed then."""
        return make_external_change(self._handle, change)

    def snapshot(self) -> dict[str, list[dict[str, Any]]]:
        """Return all resources of the target, in core attributes."""
        return self._handle.snapshot()

    def journal(self) -> list[dict[str, Any]]:
        """Return every exchange since the target was set up, oldest first."""
        seen = self._read[-1]["seq"] if self._read else 0
        self._read += [exchange.as_dict() for exchange in self._handle.journal.since(seen)]
        return self._read

    @property
    def last_seq(self) -> int:
        """The sequence number of the newest exchange."""
        return self._handle.target.journal.last_seq
