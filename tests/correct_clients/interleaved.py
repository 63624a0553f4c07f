"""Evaluates all users of a run at once, in threads that take turns at every request: parallel, and always the same.

What one worker is told about limits and credentials, all of them obey.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from tests.correct_clients.look_up import LookedUpPeople, LookUp
from tests.correct_clients.people import Line
from tests.correct_clients.wire import FIRST_PAUSE, Ended, Refused, Wire

Json = dict[str, Any]
Done = TypeVar("Done")


class Turns:
    """Runs jobs in threads of which one works at a time; `give_way` lets each of the others go as far as its next."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._working: list[int] = []
        self._own = threading.local()

    def run(self, jobs: Sequence[Callable[[], Done]]) -> list[Done | Exception]:
        """What each job returned, or raised, in their order. A job may not run further ones."""
        ended: list[Any] = [None] * len(jobs)

        def work(number: int, job: Callable[[], Done]) -> None:
            self._own.number = number
            self._wait(number)
            try:
                ended[number] = job()
            except Exception as error:
                ended[number] = error
            with self._changed:
                self._working.remove(number)
                self._changed.notify_all()

        self._working = list(range(len(jobs)))
        threads = [threading.Thread(target=work, args=each, daemon=True) for each in enumerate(jobs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return ended

    @property
    def others(self) -> bool:
        """Whether another worker has something to do."""
        return hasattr(self._own, "number") and len(self._working) > 1

    def give_way(self) -> None:
        """Let the other workers go on until it is this one's turn again; nothing outside of a job."""
        if not self.others:
            return
        with self._changed:
            self._working.append(self._working.pop(0))
            self._changed.notify_all()
        self._wait(self._own.number)

    def _wait(self, number: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._working[0] == number)


class InterleavedWire(Wire):
    """One connection for all workers."""

    def __init__(self, connection: Json) -> None:
        self.turns, self.ended = Turns(), False
        self.until = datetime.min.replace(tzinfo=UTC)
        super().__init__(connection)

    def _once(self, method: str, path: str, body: Json | None, query: Json) -> Json:
        self.turns.give_way()
        if (left := (self.until - self.now()).total_seconds()) > 0:
            self.pause(left)
        if self.ended:
            raise Ended
        try:
            return super()._once(method, path, body, query)
        except Refused as error:
            if error.status == 429:
                self.until = self.now() + timedelta(seconds=self._asked or FIRST_PAUSE)
            raise
        except Ended:
            self.ended = True
            raise


class InterleavedPeople(LookedUpPeople):
    """All users are evaluated at once."""

    wire: InterleavedWire

    def sync(self, wanted: dict[str, Json], *, full: bool) -> None:
        """Bring the accounts of these users in line."""
        self.wire.ended = False
        lines = {id: self.lines.setdefault(id, Line()) for id in wanted}
        due = [(lines[id], words) for id, words in wanted.items() if full or self._is_due(lines[id], words)]
        ended = self.wire.turns.run([lambda each=each: self._attempt(*each, full=full) for each in due])
        for (line, _), error in zip(due, ended, strict=True):
            if isinstance(error, Ended):
                line.base, line.passing = "failed", True
        for error in ended:
            if error is not None:
                raise error


class Interleaved(LookUp):
    """The client."""

    name = "interleaved"
    people_in, wire = InterleavedPeople, InterleavedWire
