"""How a process that only serves uses memory: Python's garbage collector, and the heap of the system."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

_ARENA_MAX = -8  # M_ARENA_MAX in malloc.h
_NEW_OBJECTS = 20_000
"""New objects after which the collector looks for cycles; a request makes hundreds and leaves none behind."""


def collect_rarely() -> None:
    """Let the garbage collector run rarely, and never search what is in use now.

    Only for a process that is ours: a program that mounts targets keeps its own settings.
    """
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 20, 20)


def use_one_heap() -> None:
    """Let all threads take memory from one heap, so that what one of them frees another one can use.

    glibc gives each thread a heap of its own otherwise, and with the journal, which any thread adds to and drops from,
    memory would grow slowly for a long time. To be called before there are threads; without effect elsewhere.
    Source: mallopt(3), M_ARENA_MAX.
    """
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)
