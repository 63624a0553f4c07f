"""What a client process writes to its standard error: kept whole in a file if asked for, and as an excerpt of its end.

Stack traces are long, and their last lines say least: the excerpt leaves out frames of the runtime and of libraries,
markers and version lines, and keeps the error with the nearest frames of the client's own code.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import fields
from pathlib import Path
from typing import IO

from provcheck.harness.model import Connection
from provcheck.harness.model.redaction import Redactor

KEPT_LINES = 200
"""Lines of standard error that are kept for the excerpt."""
EXCERPT_LINES = 6
EXCERPT_CHARACTERS = 600
LINE_CHARACTERS = 200
MATCHED_CHARACTERS = 1000
"""Characters of a line that decide whether it is kept."""
OWN_FRAMES = 2
"""Frames of a stack trace that are kept in a row."""

_NOISE = (
    "Node.js v",
    "goroutine ",
    "exit status ",
    "Traceback (most recent call last):",
    "... ",
    "at java.",
    "at jdk.",
)
"""How lines begin that say nothing about the error."""
_RUNTIME = ("node:", "/node_modules/", "java.base/")
"""What frames of a runtime or a library hold."""
_PYTHON_LIBRARIES = ('File "<frozen ', "/site-packages/", "/lib/python3")


class ClientLog:
    """A file with the whole standard error of every process of the client, under the heading of its case.

    Secrets are redacted: what stands under the name of one, and the tokens that the client is given (`learn`).

    Raises OSError if it cannot be opened, and from `close` if it could not be written.
    """

    def __init__(self, path: Path) -> None:
        self._file: IO[bytes] = path.open("wb")
        self._lock = threading.Lock()
        self._failed: OSError | None = None
        self._redactor = Redactor()

    def learn(self, connection: Connection) -> None:
        """Redact the secrets of a connection from now on."""
        with self._lock:
            self._redactor.learn(getattr(connection, each.name) for each in fields(connection) if not each.repr)

    def heading(self, text: str) -> None:
        """Write a line that says what follows."""
        self.write(f"== {text}\n".encode("utf-8", "backslashreplace"))

    def write(self, line: bytes) -> None:
        """Write a line. Never raises: a reader that stops would block the client."""
        with self._lock:
            if self._failed is not None or self._file.closed:
                return
            text = line.decode("utf-8", "surrogateescape")
            try:
                self._file.write(self._redactor.text(text).encode("utf-8", "surrogateescape"))
                self._file.flush()
            except OSError as error:
                self._failed = error

    def close(self) -> None:
        """Close the file. Raises OSError if something could not be written."""
        with self._lock:
            self._file.close()
        if self._failed is not None:
            raise self._failed


class StandardError:
    """The newest lines of one process, and since the last call."""

    def __init__(self, log: ClientLog | None) -> None:
        self._log = log
        self._lines: deque[bytes] = deque(maxlen=KEPT_LINES)
        self._since_call = 0
        self._said = threading.Event()

    def add(self, line: bytes) -> None:
        """Note a line."""
        if self._log is not None:
            self._log.write(line)
        if line.strip():
            self._lines.append(line)
            self._since_call += 1
            self._said.set()

    def begin_call(self) -> None:
        """A call begins: `since_call` counts from here."""
        self._since_call = 0
        self._said.clear()

    def wait(self, seconds: float) -> None:
        """Wait until a line was written since the call began, so many seconds at most."""
        self._said.wait(seconds)

    def words(self, *, since_call: bool = False) -> str:
        """Return the excerpt, with words that introduce it; empty if nothing was written."""
        lines = list(self._lines)
        if since_call:
            lines = lines[len(lines) - min(self._since_call, len(lines)) :]
        found = excerpt([line.decode(errors="replace") for line in lines])
        return f"; its last words: {found}" if found else ""


def excerpt(lines: list[str]) -> str:
    """Return the lines of an output that say most about its end, on one line, with ` / ` between them."""
    cut = [line[:MATCHED_CHARACTERS].rstrip() for line in lines]
    kept: list[str] = []
    frames = 0
    for number, line in enumerate(cut):
        if _is_noise(line.strip()) or _in_library(cut, number):
            continue
        frames = frames + 1 if _is_frame(line) else 0
        if frames <= OWN_FRAMES:
            kept.append(line.strip()[:LINE_CHARACTERS])
    text = " / ".join((kept or [line.strip()[:LINE_CHARACTERS] for line in cut])[-EXCERPT_LINES:])
    return text[-EXCERPT_CHARACTERS:]


def _is_frame(line: str) -> bool:
    """Whether a line is a frame of a stack trace of Node, Java, Go or Ruby."""
    text = line.strip()
    return (
        text.startswith("at ") or (line.startswith("\t") and ".go:" in text) or (text[:5] == "from " and ":in " in text)
    )


def _is_noise(text: str) -> bool:
    if text.startswith(_NOISE) or not text.strip("^~ {}"):
        return True
    return text.startswith("at ") and any(part in text for part in _RUNTIME)


def _in_library(lines: list[str], number: int) -> bool:
    """Whether a line is a frame of a Python library, or the code quoted below one."""
    before = lines[number - 1] if number else ""
    return _is_library_frame(lines[number]) or (lines[number].startswith("    ") and _is_library_frame(before))


def _is_library_frame(line: str) -> bool:
    text = line.strip()
    return text.startswith('File "') and any(part in text for part in _PYTHON_LIBRARIES)
