"""Keeps the state between runs, in memory or in one JSON file.

A file is replaced as a whole or not at all. A file that cannot be read is an error, never an empty state, which would
create everybody anew.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from provcheck.harness.client.state import SyncState


class BadState(ValueError):
    """The state file cannot be used; the message is one line that names it."""


class StateStore:
    """The state of one rule. Without a path it lives as long as the object."""

    def __init__(self, path: Path | str | None = None) -> None:
        self.path = None if path is None else Path(path)
        self._kept: bytes | None = None

    def load(self) -> SyncState:
        """The last state saved, or a fresh one. Raises BadState."""
        content = self._kept if self.path is None else self._read(self.path)
        if content is None:
            return SyncState()
        try:
            return SyncState.from_document(_read_json(content))
        except (ValueError, RecursionError) as error:
            raise BadState(f"{self.path or 'the state'}: is not a state of this client ({_short(error)})") from None

    def save(self, state: SyncState) -> None:
        """Keep a state. Raises BadState when the file cannot be written; the old one then stays."""
        content = _write_json(state.to_document())
        if self.path is None:
            self._kept = content
        else:
            self._replace(self.path, content)

    @staticmethod
    def _read(path: Path) -> bytes | None:
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise BadState(f"{path}: {error.strerror or 'cannot be read'}") from None

    @staticmethod
    def _replace(path: Path, content: bytes) -> None:
        beside = None
        try:
            # Names and addresses of people are in it: for the owner's eyes only. The name is new: no link is followed.
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            beside = Path(name)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError as error:
            if beside is not None:
                beside.unlink(missing_ok=True)
            raise BadState(f"{path}: {error.strerror or 'cannot be written'}") from None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from this state for the length of a with block. Raises BadState if one has it.

        The system gives the lock back when a process ends, however it ends.
        """
        if self.path is None or sys.platform == "win32":
            yield
            return
        import fcntl

        beside = self.path.with_name(f".{self.path.name}.lock")
        try:
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise BadState(f"{beside}: {error.strerror or 'cannot be written'}") from None
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BadState(f"{self.path}: another sync with this state is running; wait until it ends") from None
            yield
        finally:
            os.close(handle)


def _write_json(document: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(document)
    except TypeError:
        # Sources may hold lone surrogates; as escapes they survive, where UTF-8 has no form for them.
        return json.dumps(document).encode("ascii")


def _read_json(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return json.loads(content)


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:200]
