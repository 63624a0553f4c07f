"""One test over many cases: all of them are judged, and those that fail are listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


def failures(check: Callable[..., None], cases: Iterable[Any]) -> list[str]:
    """Call `check` with each case (a tuple is passed as several arguments); each AssertionError, with its case."""
    failed = []
    for case in cases:
        arguments = case if isinstance(case, tuple) else (case,)
        try:
            check(*arguments)
        except AssertionError as error:
            named = ", ".join(str(getattr(each, "name", getattr(each, "id", each))) for each in arguments)
            failed.append(f"{named}: {error}")
    return failed
