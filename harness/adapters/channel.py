"""A channel to a client: carries one request and its answer.

Every call ends within its timeout.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from provcheck.harness.adapters.interface import NoAnswer

Answer = TypeVar("Answer")


class Channel(Protocol):
    """Sends calls to one client, one after the other."""

    def call(self, method: str, params: Mapping[str, Any]) -> object:
        """Return the client's result, not yet validated. Raises BrokenContract, NoAnswer and CallFailed."""

    def end(self) -> None:
        """End the connection to the client. Never raises, and waits for a short time only."""


def in_time(seconds: float, method: str, act: Callable[[], Answer]) -> Answer:
    """Return or raise what `act` does. Raises NoAnswer after the timeout; the thread of `act` then goes on.

    Only a thread can be left behind like that: Python cannot stop what does not want to end.
    """
    outcome: queue.Queue[tuple[Answer | None, BaseException | None]] = queue.Queue()

    def run() -> None:
        try:
            outcome.put((act(), None))
        except BaseException as error:
            # A client may even raise SystemExit, which would be lost in a thread.
            outcome.put((None, error))

    threading.Thread(target=run, daemon=True, name=f"client {method}").start()
    try:
        answer, error = outcome.get(timeout=seconds)
    except queue.Empty:
        raise NoAnswer(silence(method, seconds)) from None
    if error is not None:
        raise error
    return answer  # type: ignore[return-value]  # without an error there is an answer


def silence(method: str, seconds: float) -> str:
    """Return the error for a client that did not answer in time."""
    return f"{method} was not answered within {seconds:g} s"
