"""What one answer of a target means to a client that wants to stay truthful.

A write whose answer was lost is *unknown*, never failed and never done. Only a look-up settles it.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

RATE_LIMIT_WORDS = (
    "rate limit",
    "rate_limit",
    "request_limit_exceeded",
    "quotaexceeded",
    "ratelimitexceeded",
    "too_many_requests",
    "too many requests",
)
"""Words by which targets announce a limit under another status than 429 (403, 400 or 500)."""


class Outcome(enum.Enum):
    """The classes of answers that a client distinguishes."""

    OK = "ok"
    REFUSED = "refused"
    """Permanent: the same request will be refused again."""
    UNAUTHORIZED = "unauthorized"
    THROTTLED = "throttled"
    """Not applied, because of a limit that holds for the whole connection."""
    RETRYABLE = "retryable"
    """Surely not applied; the same request may work later."""
    CONFLICT = "conflict"
    MISSING = "missing"
    UNKNOWN = "unknown"
    """A write that may or may not have been applied: time-out, reset, 5xx, cut answer."""
    UNREACHABLE = "unreachable"
    """Nothing can be sent at all (bad certificate, bad address): no use in trying again."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One classified answer; `document` is the JSON object of the body, if there was one that could be read."""

    outcome: Outcome
    status: int = 0
    document: Json | None = None
    headers: Mapping[str, str] | None = None
    detail: str = ""
    scim_type: str = ""

    @property
    def ok(self) -> bool:
        """The target said that it did what was asked."""
        return self.outcome is Outcome.OK

    def header(self, name: str) -> str:
        """One header of the answer, or an empty string."""
        return (self.headers.get(name) or "") if self.headers is not None else ""

    def summary(self) -> str:
        """The answer in a few words, for the audit log: status and the target's own explanation."""
        status = f"HTTP {self.status}" if self.status else "no answer"
        return f"{status}: {self.detail}" if self.detail else status


def classify(method: str, status: int, headers: Mapping[str, str], detail: str) -> Outcome:
    """Sort an answer by its status first, and by what the body says only where targets are known to lie.

    RFC 9110 section 15 gives the statuses, RFC 6585 section 4 the 429. A 5xx on a write may come after the commit.
    """
    if status < 300:
        return Outcome.OK
    if status == 429 or _limited_in_other_words(status, headers, detail):
        return Outcome.THROTTLED
    if status in _PLAIN:
        return _PLAIN[status]
    if status == 408 or (status >= 500 and status != 501):
        return Outcome.RETRYABLE if method == "GET" else Outcome.UNKNOWN
    return Outcome.REFUSED


_PLAIN = {
    401: Outcome.UNAUTHORIZED,
    404: Outcome.MISSING,
    409: Outcome.CONFLICT,
    410: Outcome.MISSING,
    425: Outcome.RETRYABLE,
}


def _limited_in_other_words(status: int, headers: Mapping[str, str], detail: str) -> bool:
    if status == 403 and (headers.get("x-ratelimit-remaining") == "0" or headers.get("Retry-After")):
        return True
    if status in (400, 403, 500):
        lowered = detail.lower()
        return any(word in lowered for word in RATE_LIMIT_WORDS)
    return False


def explanation(document: object, fallback: str = "") -> tuple[str, str]:
    """The target's own words (`detail`) and the `scimType`, from any of the error shapes in use.

    RFC 7644 section 3.12 (`detail`, `scimType`), SCIM 1.1 (`Errors`, a list or an object), plain `message` bodies, and
    `error` as an object with a message and a list of reasons.
    """
    if not isinstance(document, dict):
        return fallback[:200], ""
    errors = document.get("Errors")
    if isinstance(errors, list) and errors:
        errors = errors[0]
    if isinstance(errors, dict):
        return str(errors.get("description") or "")[:200], ""
    words = document.get("detail") or document.get("message") or document.get("error") or ""
    if isinstance(words, dict):
        reasons = [each.get("reason") for each in words.get("errors") or () if isinstance(each, dict)]
        words = " ".join(str(each) for each in (words.get("message"), *reasons) if each)
    return str(words)[:200], str(document.get("scimType") or "")
