"""What HTTP refuses, as plain exceptions; each dialect turns them into its own words."""

from __future__ import annotations

from collections.abc import Iterable

from provcheck.mock_targets.faults.effects.answers import Reason


class WireError(Exception):
    """A request that gets no further. `status` is the usual HTTP status; a dialect may choose another."""

    status = 400

    def __init__(self, detail: str, *, status: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        if status is not None:
            self.status = status


class BadJson(WireError):
    """The body is not the JSON that the target can take."""


class Unauthorized(WireError):
    """No credentials, or wrong ones."""

    status = 401


class InvalidToken(Unauthorized):
    """An access token that was issued, but is expired or revoked."""


class InsufficientScope(WireError):
    """A valid access token that lacks the scope. `scopes` are those of which it needs one."""

    status = 403

    def __init__(self, detail: str, *, scopes: Iterable[str]) -> None:
        super().__init__(detail)
        self.scopes = tuple(scopes)
        self.flag = "requires_scopes"


class UnknownPath(WireError):
    """The target has nothing at this path."""

    status = 404


class MethodNotAllowed(WireError):
    """The path exists, the method does not. `allowed` are those that do."""

    status = 405

    def __init__(self, detail: str, *, allowed: Iterable[str] = ()) -> None:
        super().__init__(detail)
        self.allowed = tuple(sorted(allowed))


class PayloadTooLarge(WireError):
    """The body is larger than the target takes."""

    status = 413


class UnsupportedMediaType(WireError):
    """The body is of a type that the target does not read."""

    status = 415


class TooManyRequests(WireError):
    """The rate limit is reached. `retry_after` is in whole seconds."""

    status = 429

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Broken(WireError):
    """An armed fault answers with an error status, or the target itself failed (500).

    `reason` says what an injected error is about, where an error format may have a code for it.
    """

    def __init__(self, detail: str, *, status: int, reason: Reason | None = None) -> None:
        super().__init__(detail, status=status)
        self.reason = reason


class AnswerLost(ConnectionError):
    """The connection is to end without the (rest of the) answer. Servers and transports act on it; no body shows it.

    `resets`: it ends with a reset (RST), not with an orderly end.
    """

    def __init__(self, sent: bytes = b"", *, resets: bool = False) -> None:
        super().__init__("the connection ended before the answer was complete")
        self.sent, self.resets = sent, resets
