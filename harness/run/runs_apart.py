"""Moves the runs of a case apart in time: a scenario takes its steps at once, a client in use waits between them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

PAUSE = timedelta(hours=1)
"""Between two runs, so that a rule on timing takes neither for a repetition of the other."""


def runs_apart(journal: Sequence[Mapping[str, Any]], ends: Sequence[int]) -> list[Mapping[str, Any]]:
    """The exchanges as if there had been a pause after each step; `ends` are the last exchanges of the steps."""
    return [{**each, "at": _moment(each["at"]) + bisect_left(ends, each["seq"]) * PAUSE} for each in journal]


def _moment(at: str | datetime) -> datetime:
    return datetime.fromisoformat(at) if isinstance(at, str) else at
