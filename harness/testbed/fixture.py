"""One target, set up for one scenario: what can be done to it behind the client's back, and what can be seen of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import requests

from provcheck.harness.model import Clock, FaultSpec, Profile
from provcheck.harness.model.disruption import TargetEdit
from provcheck.harness.testbed.external_changes import make_external_change
from provcheck.mock_targets.directory import Record
from provcheck.mock_targets.faults.plan import BadFault
from provcheck.mock_targets.target.flags import FlagError
from provcheck.mock_targets.target.seeding import BadSeed
from provcheck.mock_targets.testing import Handle


class UnusableTarget(RuntimeError):
    """The target cannot be set up as a scenario asks; this is our error, not the client's."""


class TargetFixture:
    """A target as a scenario finds it: fresh, with the flags of its profile."""

    def __init__(self, handle: Handle, profile: Profile, session: requests.Session, clock: Clock) -> None:
        self._handle, self.profile, self.session, self.clock = handle, profile, session, clock
        self._read: list[dict[str, Any]] = []
        handle.reset()
        self.set_flags(profile.flags)

    @property
    def base_url(self) -> str:
        """The base URL that the client is configured with."""
        return self._handle.urls[self.profile.address]

    @property
    def token(self) -> str:
        """The token that the client is configured with."""
        return self._handle.token

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
                self._handle.faults.arm(**fault.as_dict())
            except BadFault as error:
                raise UnusableTarget(str(error)) from None

    def clear_faults(self) -> None:
        """Remove all faults."""
        self._handle.faults.clear()

    def plant(self, accounts: Iterable[Mapping[str, Any]], groups: Iterable[Mapping[str, Any]]) -> None:
        """Make accounts and groups behind the client's back, in core words. Raises UnusableTarget."""
        try:
            self._handle.seed(users=[dict(each) for each in accounts], groups=[dict(each) for each in groups])
        except BadSeed as error:
            raise UnusableTarget(str(error)) from None

    def alter(self, user_name: str, changes: Mapping[str, Any]) -> None:
        """Change accounts of this name behind the client's back, in core words; none where it made none."""
        target = self._handle.target
        with target.directory.lock:
            for record in self._accounts(user_name):
                core = {**target.spec.core_mapping.read_user(record.document), **changes}
                target.directory.change("User", record.id, target.spec.core_mapping.write_user(core))

    def erase(self, user_names: Iterable[str]) -> None:
        """Delete accounts behind the client's back, with their memberships; none where it made none."""
        directory = self._handle.target.directory
        with directory.lock:
            for record in [record for user_name in user_names for record in self._accounts(user_name)]:
                directory.remove("User", record.id)

    def _accounts(self, user_name: str) -> list[Record]:
        read = self._handle.target.spec.core_mapping.read_user
        names = (
            (record, read(record.document).get("userName")) for record in self._handle.target.directory.all("User")
        )
        return [record for record, name in names if str(name).casefold() == user_name.casefold()]

    def make_external_change(self, edit: TargetEdit) -> bool:
        """Let somebody else edit the target; False when the edit cannot be made, and nothing is changed."""
        return make_external_change(self._handle, edit)

    def snapshot(self) -> dict[str, list[dict[str, Any]]]:
        """What the target holds, in core words."""
        return self._handle.snapshot()

    def journal(self) -> list[dict[str, Any]]:
        """Every exchange since the scene was set, oldest first."""
        seen = self._read[-1]["seq"] if self._read else 0
        self._read += [exchange.as_dict() for exchange in self._handle.journal.since(seen)]
        return self._read

    @property
    def last_seq(self) -> int:
        """The sequence number of the newest exchange."""
        return self._handle.target.journal.last_seq
