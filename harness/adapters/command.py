"""A client that is a command: JSON lines on its standard input and output, one process for each scenario.

Standard output is for messages of the contract only; an excerpt of standard error is quoted where a call fails.
"""

from __future__ import annotations

import os
import queue
import re
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from provcheck.harness.adapters import envelope
from provcheck.harness.adapters.channel import silence
from provcheck.harness.adapters.interface import BrokenContract, CallFailed, NoAnswer, UnusableClient
from provcheck.harness.adapters.last_words import ClientLog, StandardError

GRACE_SECONDS = 2.0
"""Seconds to wait for a process to end after its input was closed, and again after SIGTERM."""
_NEW_PROCESS_GROUP = 0x200
"""CREATE_NEW_PROCESS_GROUP of the Windows API, which Python names on Windows only."""
WORDS_SECONDS = 0.05
"""Seconds to wait for what a process that goes on says on standard error about a failed call."""


def parse(spec: str, platform: str = sys.platform) -> list[str]:
    """Split a command into its arguments as a POSIX shell does; on Windows a backslash is part of a path.

    Raises UnusableClient.
    """
    lexer = shlex.shlex(spec, posix=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    if platform == "win32":
        lexer.escape = ""
    try:
        words = list(lexer)
    except ValueError as error:
        raise UnusableClient(f"the command of the client cannot be read ({error}): {spec}") from None
    if not words:
        raise UnusableClient("the command of the client is empty")
    return words


class CommandChannel:
    """A process of the client, in its own process group; `log` keeps its standard error.

    Raises UnusableClient if it cannot be started.
    """

    def __init__(self, words: Sequence[str], *, timeout: float, log: ClientLog | None = None) -> None:
        self._timeout, self._number = timeout, 0
        self._process = _start(words)
        self._lines: queue.Queue[bytes] = queue.Queue()
        self._orders: queue.Queue[bytes | None] = queue.Queue()
        self._errors = StandardError(log)
        self._threads = [self._thread(each) for each in (self._read, self._write, self._listen)]

    def call(self, method: str, params: Mapping[str, Any]) -> object:
        """Write a request as a line and read the next line. Raises BrokenContract, NoAnswer and CallFailed."""
        self._number += 1
        self._errors.begin_call()
        self._orders.put(envelope.request(self._number, method, params) + b"\n")
        try:
            line = self._lines.get(timeout=self._timeout)
        except queue.Empty:
            raise NoAnswer(silence(method, self._timeout) + self._errors.words(since_call=True)) from None
        if not line.endswith(b"\n"):
            raise BrokenContract(self._broken_off(method, line))
        try:
            return envelope.result(self._number, method, line)
        except (BrokenContract, CallFailed) as error:
            self._errors.wait(WORDS_SECONDS)
            raise type(error)(f"{error}{self._errors.words(since_call=True)}") from None

    def end(self) -> None:
        """Close the standard input; if the process does not end, terminate it and its process group."""
        self._orders.put(None)
        for sign in (None, signal.SIGTERM, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM):
            if sign is not None:
                self._signal(sign)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(GRACE_SECONDS)
                break
        self._signal(signal.SIGTERM)  # processes that it left in its group
        for thread in self._threads:
            thread.join(GRACE_SECONDS)

    def _thread(self, act: Any) -> threading.Thread:
        thread = threading.Thread(target=act, daemon=True, name=f"client process {self._process.pid}")
        thread.start()
        return thread

    def _read(self) -> None:
        with _stream(self._process.stdout) as stream, suppress(OSError, ValueError):
            while line := stream.readline(envelope.MOST_BYTES):
                self._lines.put(line)
                if not line.endswith(b"\n"):
                    return
        self._lines.put(b"")

    def _write(self) -> None:
        with suppress(OSError, ValueError), _stream(self._process.stdin) as stream:
            while (order := self._orders.get()) is not None:
                stream.write(order)
                stream.flush()

    def _listen(self) -> None:
        with _stream(self._process.stderr) as stream, suppress(OSError, ValueError):
            while line := stream.readline(envelope.MOST_BYTES):
                self._errors.add(line)

    def _broken_off(self, method: str, line: bytes) -> str:
        if len(line) >= envelope.MOST_BYTES:
            return f"{method} was answered with a line of more than {envelope.MOST_BYTES} bytes"
        with suppress(subprocess.TimeoutExpired):
            code = self._process.wait(GRACE_SECONDS)
            self._threads[-1].join(GRACE_SECONDS)
            said = f" in the middle of a line: {envelope.quoted(line)}" if line else ""
            return f"{_ending(code)} instead of answering {method}{said}{self._errors.words()}"
        return f"it closed its standard output instead of answering {method}{self._errors.words()}"

    def _signal(self, sign: int) -> None:
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, sign)  # it leads the group that it was started in
            else:
                self._process.send_signal(sign)


def _start(words: Sequence[str]) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(  # noqa: S603 - the command is what the person asked for
            list(words), stdin=pipe, stdout=pipe, stderr=pipe, **own_group()
        )
    except OSError as error:
        raise UnusableClient(f"the client cannot be started: {words[0]}: {error.strerror}{_meant(words)}") from None
    except ValueError as error:
        raise UnusableClient(f"the client cannot be started: {error}") from None


def own_group(platform: str = sys.platform) -> dict[str, Any]:
    """Return the options of Popen that keep Ctrl-C away from a process: it is ended by `end`, after its last call."""
    if platform == "win32":
        return {"creationflags": _NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _meant(words: Sequence[str]) -> str:
    """Return a hint if the text looks like a script, a service or a factory instead of a command."""
    name = words[0]
    if re.match(r"[A-Za-z_]\w*=", name):
        return f"; variables are set by env, as in 'env {' '.join(words)}'"
    if Path(name).is_file():
        started = {".py": "python3", ".mjs": "node", ".js": "node"}.get(Path(name).suffix, "its interpreter")
        return f"; say what starts it, as in '{started} {name}'"
    if re.fullmatch(r"[\w.-]+:\d+(/\S*)?", name):
        return f"; a service is named with its scheme, http://{name}"
    if len(words) == 1 and re.fullmatch(r"[A-Za-z_]\w*(\.\w+)+", name):
        return "; a Python object is named package.module:factory, a script with what starts it"
    return ""


def _stream(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise ValueError("a process without its pipes")
    return stream


def _ending(code: int) -> str:
    return f"it ended with code {code}" if code >= 0 else f"it was ended by signal {-code}"
