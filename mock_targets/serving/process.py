"""How a process that only serves uses Python's garbage collector."""

from __future__ import annotations

import gc

_NEW_OBJECTS = 20_000
"""New objects after which the collector looks for cycles; a request makes hundreds and leaves none behind."""


def collect_rarely() -> None:
    """Let the garbage collector run rarely, and never search what is in use now.

    Only for a process that is ours: a program that mounts targets keeps its own settings.
    """
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 20, 20)
