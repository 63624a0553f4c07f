"""The stage: every target that a run needs, on one virtual clock that the client shares, so that waiting is free.

A client that is not ours has the machine's own time, and so have the targets it talks to (`real_time`).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType

import requests

from harness.model import Clock, Profile
from harness.stage.scene import Scene
from mock_targets.control.clock import SystemClock, VirtualClock
from mock_targets.estate import Estate
from mock_targets.testing import Handle, serving, session


class Stage:
    """Targets in process, or on real sockets of the loopback interface (`live`, `real_time`). A context manager."""

    def __init__(self, targets: Sequence[str], *, live: bool = False, real_time: bool = False) -> None:
        self._targets, self._live, self._real_time = targets, live or real_time, real_time
        self._stack = ExitStack()

    def __enter__(self) -> Stage:
        self.clock: Clock = SystemClock() if self._real_time else VirtualClock()
        self._estate = Estate(list(self._targets), clock=self.clock, seed="stage")
        if self._live:
            self._stack.enter_context(serving(self._estate))
            self.session = requests.Session()
            self.session.trust_env = False
        else:
            self.session = session(self._estate)
        self._stack.enter_context(self.session)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def scene(self, profile: Profile) -> Scene:
        """The target of a profile, reset and set up."""
        return Scene(Handle(self._estate.targets[profile.target]), profile, self.session, self.clock)

    def rewound(self, profile: Profile) -> Scene:
        """The same, at the very moment at which the clock began: what is played there can be repeated byte by byte.

        In the machine's own time there is no going back, and this is a scene like any other.
        """
        if isinstance(self.clock, VirtualClock):
            self.clock.rewind()
        return self.scene(profile)
