"""Why something could not be done at the target: one exception per kind, each carrying the answer that shows it.

`transient` failures are tried again on the next run, the others only when the source changes or on a
Full Resync.
"""

from __future__ import annotations

from provcheck.harness.client.outcome import Outcome, Reply


class Trouble(Exception):
    """Something at the target did not work; `str()` is one line for the audit log."""

    transient = False

    def __init__(self, reason: str, *, status: int = 0, scim_type: str = "") -> None:
        super().__init__(reason)
        self.status = status
        self.scim_type = scim_type


class Refused(Trouble):
    """The target refused for good."""


class Taken(Refused):
    """The target holds something of the same identity already (409)."""


class Gone(Trouble):
    """What was addressed by its id is not there (404)."""

    transient = True


class Ambiguous(Trouble):
    """More than one true match, or a match that belongs to someone else: nothing is written on any of them."""


class Exhausted(Trouble):
    """The tries are used up without a usable answer."""

    transient = True


class Lost(Trouble):
    """The fate of a write is unknown; only a look-up can tell."""

    transient = True


_BY_OUTCOME: dict[Outcome, type[Trouble]] = {
    Outcome.REFUSED: Refused,
    Outcome.CONFLICT: Taken,
    Outcome.MISSING: Gone,
    Outcome.UNKNOWN: Lost,
}


def trouble(reply: Reply) -> Trouble:
    """The exception for an answer that is not a success."""
    kind = _BY_OUTCOME.get(reply.outcome, Exhausted)
    return kind(reply.summary(), status=reply.status, scim_type=reply.scim_type)


def checked(reply: Reply) -> Reply:
    """The answer itself if it is a success; raises the matching Trouble otherwise."""
    if reply.ok:
        return reply
    raise trouble(reply)
