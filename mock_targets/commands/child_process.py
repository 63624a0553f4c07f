"""Runs a command beside the server: it gets the signals that the server gets, and its exit code is the server's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue

from provcheck.mock_targets.commands.refused import Refused

POLL_SECONDS = 0.2
"""On Windows a wait without an end cannot be interrupted by Ctrl-C, so it is one of many short ones."""
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""The signals that ask a process to end, where the platform has them: Ctrl-C, kill, a closed terminal, Ctrl-Break."""


def ending_signals(available: Sequence[str] = tuple(dir(signal))) -> list[signal.Signals]:
    """The signals that ask a process to end, of those that the platform has."""
    return [signal.Signals(getattr(signal, name)) for name in SIGNALS if name in available and hasattr(signal, name)]


def wait_seconds(platform: str = sys.platform) -> float | None:
    """The longest time to wait at once; None is without an end."""
    return POLL_SECONDS if platform == "win32" else None


class Ending:
    """Whether the process was asked to end. A signal may set it at any moment, even while it is waited for.

    An event could not be: its lock would be waited for by the very thread that holds it.
    """

    def __init__(self) -> None:
        self._asked: SimpleQueue[None] = SimpleQueue()  # its put may interrupt its get

    def set(self) -> None:
        """Say that the process shall end."""
        self._asked.put(None)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for that, so many seconds at most; whether it was said. It is told once."""
        try:
            self._asked.get(timeout=seconds)
        except Empty:
            return False
        return True


def wait(ended: Ending) -> None:
    """Wait until the process is asked to end; Ctrl-C is noticed on every platform."""
    while not ended.wait(wait_seconds()):
        pass


def run(words: Sequence[str], variables: Mapping[str, str]) -> int:
    """Run a command with these environment variables until it ends; its exit code, as a shell tells it.

    Signals are passed on, save those of a terminal, which reach the command by themselves. Raises Refused if it cannot
    be started.
    """
    child: list[subprocess.Popen[bytes]] = []
    early: list[int] = []

    def pass_on(number: int, frame: object) -> None:
        del frame
        if not child:
            early.append(number)
        elif not (number == signal.SIGINT and _terminal_tells()):
            _send(child[0], number)

    before = {number: signal.signal(number, pass_on) for number in ending_signals()}
    try:
        child.append(_start(words, variables))
        for number in early:
            _send(child[0], number)
        return exit_code(_ended(child[0]))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def exit_code(returned: int) -> int:
    """The exit code of a process as shells tell it: 128 and the number of the signal that ended it."""
    return returned if returned >= 0 else 128 - returned


def _start(words: Sequence[str], variables: Mapping[str, str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(list(words), env={**os.environ, **variables})  # noqa: S603 - the user's own command
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise Refused(f"cannot run {words[0]}: {reason}") from None


def _ended(process: subprocess.Popen[bytes]) -> int:
    while True:
        with suppress(subprocess.TimeoutExpired):
            return process.wait(wait_seconds())


def _send(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(OSError, ValueError):
        process.send_signal(number)


def _terminal_tells() -> bool:
    """Whether Ctrl-C reaches the command without us: it is in the foreground of the same terminal, or on Windows."""
    if not hasattr(os, "tcgetpgrp"):
        return True
    with suppress(OSError, ValueError):
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    return False
