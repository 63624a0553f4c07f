"""Looks users up and patches them, four at a time; a pause that the target asks for holds all of them."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.correct_clients.look_up import LookedUpPeople, LookUp
from tests.correct_clients.people import Line
from tests.correct_clients.wire import FIRST_PAUSE, Ended, Refused, Wire

Json = dict[str, Any]
WORKERS = 4


class ParallelWire(Wire):
    """One connection for all workers: what one is told about limits and credentials, all of them know."""

    def __init__(self, connection: Json) -> None:
        self._own = threading.local()
        self._until, self.ended = 0.0, False
        super().__init__(connection)

    status = property(lambda self: self._own.status, lambda self, value: setattr(self._own, "status", value))
    _asked = property(lambda self: self._own.asked, lambda self, value: setattr(self._own, "asked", value))

    def _once(self, method: str, path: str, body: Json | None, query: Json) -> Json:
        while (left := self._until - time.monotonic()) > 0:
            self.pause(left)
        if self.ended:
            raise Ended
        try:
            return super()._once(method, path, body, query)
        except Refused as error:
            if error.status == 429:
                self._until = max(self._until, time.monotonic() + (self._asked or FIRST_PAUSE))
            raise
        except Ended:
            self.ended = True
            raise


class ParallelPeople(LookedUpPeople):
    """Four users are evaluated at a time."""

    wire: ParallelWire

    def sync(self, wanted: dict[str, Json], *, full: bool) -> None:
        """Bring the accounts of these users in line."""
        self.wire.ended = False
        lines = {id: self.lines.setdefault(id, Line()) for id in wanted}
        due = [(lines[id], words) for id, words in wanted.items() if full or self._is_due(lines[id], words)]
        with ThreadPoolExecutor(WORKERS) as pool:
            done = [pool.submit(self._attempt, line, words, full=full) for line, words in due]
        stopped = [line for (line, _), each in zip(due, done, strict=True) if isinstance(each.exception(), Ended)]
        for line in stopped:
            line.base, line.passing = "failed", True
        for each in done:
            each.result()


class Parallel(LookUp):
    """The client."""

    name = "parallel"
    people_in, wire = ParallelPeople, ParallelWire


def make() -> Parallel:
    """A client for one scenario."""
    return Parallel()
