"""Calls to one target, with retries: back-off, Retry-After, and a cap on tries.

A limit (429) holds the whole connection, and a create or a PATCH whose fate is unknown is handed back
to the caller instead of being sent again. All waiting happens on the injected clock.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from provcheck.harness.client.outcome import Json, Outcome, Reply
from provcheck.harness.client.transport import Transport
from provcheck.harness.model.clock import Clock


class RunStopped(Exception):
    """The whole run has to end: the credentials are refused, or the target cannot be reached at all."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """The limits of retries; all times in seconds.

    Five tries, and fifteen where the target names a limit, are the defaults of a well-known directory synchroniser.
    """

    tries: int = 5
    throttled_tries: int = 15
    first_delay: float = 0.5
    longest_delay: float = 30.0
    longest_hold: float = 3600.0
    dead_after: int = 10
    """Number of calls in a row that fail after all tries, after which the target counts as unreachable."""
    dead_at_once_after: int = 2
    """The same for a target that has never answered: probably a wrong address."""
    seed: int = 0


class Backoff:
    """Growing waits with jitter that never shrink; the jitter follows from the seed, so a run can be repeated."""

    def __init__(self, policy: RetryPolicy, salt: int = 0) -> None:
        self._policy = policy
        self._salt = salt
        self._count = 0
        self._last = 0.0

    def next(self) -> float:
        """Seconds to wait before the next try."""
        policy = self._policy
        plain = min(policy.longest_delay, policy.first_delay * 2.0**self._count)
        noise = zlib.crc32(f"{policy.seed}:{self._salt}:{self._count}".encode()) / 2**32
        self._count += 1
        self._last = max(self._last, plain * (0.75 + 0.25 * noise))
        return self._last


def retry_after(reply: Reply, now: datetime, longest: float) -> float | None:
    """Return the seconds that the target asks to wait, clamped to 0 .. `longest`; None without a valid value.

    RFC 9110 section 10.2.3: a number of seconds or an HTTP date. A date is read against the answer's own Date header,
    so that a skewed clock does no harm; `x-ratelimit-reset` (seconds since 1970) is read when there is nothing else.
    """
    text = reply.header("Retry-After").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), longest)
    moment = _http_date(text)
    if moment is not None:
        since = _http_date(reply.header("Date")) or now
        return min(max((moment - since).total_seconds(), 0.0), longest)
    reset = reply.header("x-ratelimit-reset")
    if reply.header("x-ratelimit-remaining") == "0" and reset.isascii() and reset.isdigit():
        return min(max(float(reset[:12]) - now.timestamp(), 0.0), longest)
    return None


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


class Caller:
    """Sends every request of a run, with retries."""

    def __init__(self, transport: Transport, clock: Clock, policy: RetryPolicy | None = None) -> None:
        self._transport = transport
        self.clock = clock
        self.policy = policy or RetryPolicy()
        self._not_before = 0.0
        self._calls = 0
        self._dead = 0
        self._answered = False

    def get(self, path: str, *, tries: int | None = None) -> Reply:
        """Send a read; retried as often as the policy allows."""
        return self._call("GET", path, None, tries or self.policy.tries, resend=True)

    def once(self, method: str, path: str, document: Json | None) -> Reply:
        """Send a create or a PATCH; retried only if the target certainly has not applied it."""
        return self._call(method, path, document, self.policy.tries, resend=False)

    def again(self, method: str, path: str, document: Json | None = None) -> Reply:
        """Send a PUT or a DELETE; retried, as they are idempotent (RFC 9110 section 9.2.2)."""
        return self._call(method, path, document, self.policy.tries, resend=True)

    def hold_like(self, other: Caller) -> None:
        """Wait for a pause that the target has asked of another caller."""
        self._not_before = max(self._not_before, other._not_before)

    def backoff(self) -> Backoff:
        """Return a new series of waits."""
        return Backoff(self.policy, self._calls)

    def _call(self, method: str, path: str, document: Json | None, tries: int, *, resend: bool) -> Reply:
        self._calls += 1
        failures = throttles = 0
        backoff: Backoff | None = None
        while True:
            self._wait_for_hold()
            reply = self._transport.send(method, path, document)
            outcome = reply.outcome
            if outcome is Outcome.THROTTLED:
                throttles += 1
                spent = throttles >= self.policy.throttled_tries
            elif outcome is Outcome.RETRYABLE or (resend and outcome is Outcome.UNKNOWN):
                failures += 1
                spent = failures >= tries
            else:
                if outcome is Outcome.UNKNOWN:
                    self.hold_as_asked(reply)
                return self._settle(reply)
            if spent and outcome is not Outcome.THROTTLED:
                return self._settle(reply)
            backoff = backoff or self.backoff()
            self._hold(reply, backoff)
            if spent:
                return self._settle(reply)

    def _settle(self, reply: Reply) -> Reply:
        outcome = reply.outcome
        if outcome is Outcome.UNAUTHORIZED:
            raise RunStopped(f"the target refused the credentials ({reply.summary()})")
        if outcome is Outcome.UNREACHABLE:
            raise RunStopped(reply.detail)
        self._answered = self._answered or reply.status > 0
        self._dead = self._dead + 1 if outcome in _NO_ANSWER else 0
        if self._dead >= (self.policy.dead_after if self._answered else self.policy.dead_at_once_after):
            raise RunStopped(f"the target gave no usable answer {self._dead} times in a row ({reply.summary()})")
        return reply

    def pause(self, backoff: Backoff) -> None:
        """Hold the connection for the next wait of a series; for callers that settle an unknown outcome themselves."""
        self._not_before = max(self._not_before, self.clock.monotonic() + backoff.next())

    def _hold(self, reply: Reply, backoff: Backoff) -> None:
        delay = backoff.next()
        if not self.hold_as_asked(reply, jitter=min(1.0, delay * 0.1)):
            self._not_before = max(self._not_before, self.clock.monotonic() + delay)

    def hold_as_asked(self, reply: Reply, *, jitter: float = 0.0) -> bool:
        """Hold the connection for the time that Retry-After names. Return False without a usable one."""
        asked = retry_after(reply, self.clock.now(), self.policy.longest_hold)
        if asked is None:
            return False
        # Jitter is added, so that clients with the same Retry-After do not all retry at the same time.
        self._not_before = max(self._not_before, self.clock.monotonic() + asked + jitter)
        return True

    def _wait_for_hold(self) -> None:
        if self._not_before:
            left = self._not_before - self.clock.monotonic()
            if left > 0:
                self.clock.sleep(left)
            self._not_before = 0.0


_NO_ANSWER = (Outcome.RETRYABLE, Outcome.UNKNOWN, Outcome.THROTTLED)
