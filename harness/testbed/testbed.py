"""The testbed: every target that a run needs, on one virtual clock that the client shares, so that waiting is free.

A client that is not ours has the machine's own time, and so have the targets it talks to (`real_time`).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType

import requests

from provcheck.harness.model import Clock, TargetConfiguration
from provcheck.harness.testbed.fixture import TargetFixture
from provcheck.mock_targets.clock import SystemClock, VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.testing import Handle, serving, session


class Testbed:
    """Targets in process, or on real sockets of the loopback interface (`live`, `real_time`). A context manager."""

    __test__ = False  # pytest takes a class whose name begins with Test for a test

    def __init__(self, targets: Sequence[str], *, live: bool = False, real_time: bool = False) -> None:
        self._targets, self._live, self._real_time = targets, live or real_time, real_time
        self._stack = ExitStack()

    def __enter__(self) -> Testbed:
        self.clock: Clock = SystemClock() if self._real_time else VirtualClock()
        self._environment = Environment(list(self._targets), clock=self.clock, seed="testbed")
        if self._live:
            self._stack.enter_context(serving(self._environment))
            self.session = requests.Session()
            self.session.trust_env = False
        else:
            self.session = session(self._environment)
        self._stack.enter_context(self.session)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def fixture(self, profile: TargetConfiguration) -> TargetFixture:
        """The target of a profile, reset and set up."""
        return TargetFixture(Handle(self._environment.targets[profile.target]), profile, self.session, self.clock)

    def rewound(self, profile: TargetConfiguration) -> TargetFixture:
        """The same, at the very moment at which the clock began: what is played there can be repeated byte by byte.

        In the machine's own time there is no going back, and this is a fixture like any other.
        """
        if isinstance(self.clock, VirtualClock):
            self.clock.rewind()
        return self.fixture(profile)
