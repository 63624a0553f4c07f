"""A channel to a client under test: whatever carries one request there and one answer back.

A call ends in time, whatever the client does.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from provcheck.harness.adapters.interface import NoAnswer

Answer = TypeVar("Answer")


class Channel(Protocol):
    """Carries calls to one client, one after the other."""

    def call(self, method: str, params: Mapping[str, Any]) -> object:
        """What the client answers, unjudged. Raises BrokenContract, NoAnswer and CallFailed."""

    def end(self) -> None:
        """Let go of the client; nothing is asked of it any more. Never raises and never waits for long."""


def in_time(seconds: float, method: str, act: Callable[[], Answer]) -> Answer:
    """What `act` gives or raises, if it does so in time. Raises NoAnswer; the act then goes on without us.

    Only a thread can be left behind like that: Python cannot stop what does not want to end.
    """
    outcome: queue.Queue[tuple[Answer | None, BaseException | None]] = queue.Queue()

    def run() -> None:
        try:
            outcome.put((act(), None))
        except BaseException as error:
            # A client may even raise SystemExit; in a thread of ours that would be lost.
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
    """How it is said that a client did not answer."""
    return f"{method} was not answered within {seconds:g} s"
