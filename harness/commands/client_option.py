"""The option `--client`: connects the client that a SPEC names, and gives the command that runs it again.

The reference client shares the virtual clock of the cases; any other client uses the machine's clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provcheck.harness.errors import Refused

if TYPE_CHECKING:
    from provcheck.harness.adapters import ClientLog

REFERENCE = "reference"
"""The SPEC of the reference client."""
TIMEOUT = 60.0
"""Seconds to wait for each client call, by default."""


def opened_log(file: str | None, spec: str | None, end: ExitStack) -> ClientLog | None:
    """Open the file of --client-log; `end` closes it. Raises Refused."""
    if file is None:
        return None
    from provcheck.harness.adapters import ClientLog, is_command

    if spec in (None, REFERENCE) or not is_command(str(spec)):
        raise Refused("--client-log keeps the standard error of a client that is a command: give one with --client")
    try:
        log = ClientLog(Path(file))
    except OSError as error:
        raise Refused(f"cannot write {file}: {error.strerror}") from None
    end.callback(log.close)
    return log


def driven(spec: str | None, timeout: float, end: ExitStack, log: ClientLog | None = None) -> dict[str, Any]:
    """Return the client as keyword arguments of `provcheck.harness.run.run`; none for the reference client.

    `end` closes the client. Raises UnusableClient if there is no such client or it does not answer `describe`.
    """
    if spec in (None, REFERENCE):
        return {}
    from provcheck.harness.adapters import connected  # late: help and bad usage need none of it

    subject = end.enter_context(connected(str(spec), timeout=timeout, log=log))
    described = subject.description
    return {"make_client": subject.make, "client": described.title, "offers": described, "real_time": True}


def command(spec: str | None, *, timeout: float = TIMEOUT, flags: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the `provcheck check` command for this client, with `flags`, but without options that select cases."""
    named = () if spec in (None, REFERENCE) else ("--client", str(spec))
    timeout_option = () if timeout == TIMEOUT or not named else ("--timeout", f"{timeout:g}")
    return ("provcheck", "check", *named, *timeout_option, *flags)
