"""The client under test: named by a SPEC, driven as a run takes it, and the command that drives it again.

The reference client shares the virtual clock of the cases; any other is spoken to from outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

REFERENCE = "reference"
"""Names the reference client where a client is asked for."""
TIMEOUT = 60.0
"""Seconds in which a client answers one call, unless said otherwise."""


def driven(spec: str | None, timeout: float, end: ExitStack) -> dict[str, Any]:
    """The client as `provcheck.harness.run.run` takes it, ended with `end`; nothing for the reference client.

    Raises `provcheck.harness.adapters.UnusableClient` when there is no such client, or it does not describe itself.
    """
    if spec in (None, REFERENCE):
        return {}
    from provcheck.harness.adapters import connected  # late: help and bad usage need none of it

    subject = end.enter_context(connected(str(spec), timeout=timeout))
    described = subject.description
    return {"make_client": subject.make, "client": described.title, "offers": described, "real_time": True}


def command(spec: str | None, *, timeout: float = TIMEOUT, flags: Sequence[str] = ()) -> tuple[str, ...]:
    """The command that drives this client, without what chooses cases; `flags` are options it was given besides."""
    named = () if spec in (None, REFERENCE) else ("--client", str(spec))
    timeout_option = () if timeout == TIMEOUT or not named else ("--timeout", f"{timeout:g}")
    return ("provcheck", "check", *named, *timeout_option, *flags)
