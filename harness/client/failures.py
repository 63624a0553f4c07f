"""Failures at the target: one exception per kind, each with the answer that shows it.

`transient` failures are tried again on the next run, the others only when the source changes or on a
Full Resync.
"""

from __future__ import annotations

from provcheck.harness.client.outcome import Outcome, Reply


class Trouble(Exception):
    """A request to the target failed; `str()` is one line for the audit log."""

    transient = False

    def __init__(self, reason: str, *, status: int = 0, scim_type: str = "") -> None:
        super().__init__(reason)
        self.status = status
        self.scim_type = scim_type


class Refused(Trouble):
    """The target refused the request permanently."""


class Taken(Refused):
    """A resource with the same identity exists already (409)."""


class Gone(Trouble):
    """There is no resource with this id (404)."""

    transient = True


class Ambiguous(Trouble):
    """Several accounts match, or the match belongs to another user: none of them is written."""


class Exhausted(Trouble):
    """All tries failed without a usable answer."""

    transient = True


class Lost(Trouble):
    """Whether a write was applied is unknown; only a look-up shows it."""

    transient = True


_BY_OUTCOME: dict[Outcome, type[Trouble]] = {
    Outcome.REFUSED: Refused,
    Outcome.CONFLICT: Taken,
    Outcome.MISSING: Gone,
    Outcome.UNKNOWN: Lost,
}


def trouble(reply: Reply) -> Trouble:
    """Return the exception for an answer that is not a success."""
    kind = _BY_OUTCOME.get(reply.outcome, Exhausted)
    return kind(reply.summary(), status=reply.status, scim_type=reply.scim_type)


def checked(reply: Reply) -> Reply:
    """Return the answer if it is a success. Raises the matching Trouble otherwise."""
    if reply.ok:
        return reply
    raise trouble(reply)
