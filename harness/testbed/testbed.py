"""The testbed: all targets of a run on one virtual clock that the client shares, so that waiting takes no time.

An external client uses the machine's own clock, and so do the targets it talks to (`real_time`).
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

    @property
    def tokens(self) -> list[str]:
        """The tokens, and the secrets of OAuth 2 clients, that clients are given."""
        return [
            each for target in self._environment.targets.values() for each in (target.token, *target.client_secrets())
        ]

    def fixture(self, configuration: TargetConfiguration) -> TargetFixture:
        """Reset the target of a configuration, set its flags and return its fixture."""
        handle = Handle(self._environment.targets[configuration.target])
        return TargetFixture(handle, configuration, self.session, self.clock)

    def rewound(self, configuration: TargetConfiguration) -> TargetFixture:
        """Return a fixture with the virtual clock set back to its start, so that a run can be repeated byte by byte.

        The machine's own clock (`real_time`) cannot be set back; the fixture is then the same as `fixture` gives.
        """
        if isinstance(self.clock, VirtualClock):
            self.clock.rewind()
        return self.fixture(configuration)
