"""Rules on when requests come: after failures, after a request to wait, and how often.

An exchange whose time was not recorded is never judged by time.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime

from provcheck.harness.lint.conversation import Conversation
from provcheck.harness.lint.exchange import Exchange
from provcheck.harness.lint.rule import Violation, rule

TRANSIENT = frozenset({429, 500, 502, 503, 504})
PERMANENT = frozenset({400, 405, 413, 414, 415, 501})
NO_PAUSE = 0.1
"""Seconds: a retry that comes sooner was not held back."""
ON_ITS_WAY = 0.05
"""Seconds after an answer in which another request may arrive that was sent before the answer was read."""
CLOCK_TOLERANCE = 0.15
"""Seconds that a pause may be too short by: clocks and rounding."""
MOST_TRIES = 10
REPETITIONS = 3
"""Repetitions within a minute of a write that was refused for good that are too many: each run may try once."""
NEXT_RUN = 3600.0
"""Seconds of pause after which a try belongs to another run."""
STORM = 3
STORM_PAUSE = 2.0
"""Seconds: requests further apart are no storm, but runs of their own."""


def pause_asked_for(x: Exchange) -> float | None:
    """Seconds that the answer asks to wait; None when it does not."""
    if x.status not in (403, 429, 503):
        return None
    text = x.answer_headers.get("retry-after", "").strip()
    if text.isascii() and text.replace(".", "", 1).isdecimal():
        return float(text)
    return _until(x, text)


def _until(x: Exchange, text: str) -> float | None:
    if not text or x.at is None:
        return None
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - x.at).total_seconds() - x.seconds)


@rule(
    "SCIM601", "error", "RFC 9110, section 10.2.3; RFC 6585, section 4", "Hold the whole connection until it is over."
)
def retry_after_is_kept(conversation: Conversation) -> Iterator[Violation]:
    """No request comes before the pause is over that an answer asked for with Retry-After."""
    held: tuple[Exchange, float] | None = None
    for x in conversation.exchanges:
        if held is not None:
            waited = x.after(held[0])
            early = 0 <= waited < held[1] - CLOCK_TOLERANCE
            if early and (waited >= ON_ITS_WAY or x.same_request(held[0])):
                yield Violation((held[0].number, x.number), f"{held[1]:g} s were asked for, {waited:.2f} s were kept")
        asked = pause_asked_for(x)
        if asked:
            held = (x, asked)


@rule("SCIM602", "warning", "RFC 9110, section 15.6.4; RFC 6585, section 4", "Wait before a retry, longer each time.")
def a_retry_waits(conversation: Conversation) -> Iterator[Violation]:
    """A request that failed for the moment (429, 5xx, no answer) is not sent again at once.

    One that changes nothing when it comes twice may be, once, when the connection broke (RFC 9110, section 9.2.2).
    An operation that the answer to a Bulk request does not mention was not carried out yet (RFC 7644, section 3.7.3).
    """
    for run in conversation.failing:
        for one, again in itertools.pairwise(run):
            broke = one.status is None and one is run[0] and one.method != "POST"
            left_out = one.status is None and one.batch is not None and one.batch.good
            fails = (one.status is None and not broke and not left_out) or one.status in TRANSIENT
            if fails and pause_asked_for(one) is None and 0 <= again.after(one) < NO_PAUSE:
                told = one.status or "no answer"
                yield Violation((one.number, again.number), f"again {again.after(one):.3f} s after {told}")


@rule(
    "SCIM603",
    "info",
    "RFC 7644, section 3.12; our advice",
    "Double the pause each time, up to a limit, with jitter.",
)
def pauses_grow(conversation: Conversation) -> Iterator[Violation]:
    """From the fourth attempt on, the pauses between attempts have grown."""
    for run in conversation.failing:
        tries = [x for x in run if x.status is None or x.status in TRANSIENT]
        gaps = [b.after(a) for a, b in itertools.pairwise(tries)]
        told = any(pause_asked_for(x) for x in tries)
        if len(gaps) >= 3 and not told and all(math.isfinite(g) for g in gaps) and gaps[-1] < 1.2 * gaps[0]:
            yield Violation(tuple(x.number for x in tries), f"pauses of {', '.join(f'{g:.2f}' for g in gaps[:6])} s")


@rule("SCIM604", "warning", "our advice", "Give up after some tries, book the failure, and come back in the next run.")
def retries_come_to_an_end(conversation: Conversation) -> Iterator[Violation]:
    """A request is not tried more than ten times in a row, unless the target says when to try again."""
    for run in conversation.failing:
        tries: list[Exchange] = []
        for x in (*run, None):
            if x is not None and (not tries or (not pause_asked_for(tries[-1]) and x.after(tries[-1]) < NEXT_RUN)):
                tries.append(x)
                continue
            if len(tries) > MOST_TRIES:
                yield Violation(tuple(each.number for each in tries), f"{run[0]} was tried {len(tries)} times")
            tries = [x] if x is not None else []


@rule("SCIM605", "warning", "RFC 9110, section 15.5", "Change the request, or report the failure.")
def what_is_refused_for_good_is_not_repeated(conversation: Conversation) -> Iterator[Violation]:
    """A request that was refused for good (400, 405, 413, 501 ...) is not sent again and again within a minute.

    Once another write has changed the resource, the same request may well be taken.
    """
    changed: dict[tuple[str, str], list[int]] = {}
    for x in conversation.exchanges:
        if x.writes and x.good and x.id:
            changed.setdefault(x.key, []).append(x.number)
    for run in conversation.failing:
        pairs = [(a, b) for a, b in itertools.pairwise(run) if not _between(a, b, changed.get(a.key, ()))]
        again = [(a, b) for a, b in pairs if a.status in PERMANENT and a.writes and b.after(a) < 60]
        if len(again) >= REPETITIONS:
            first, status = again[0][0], again[0][0].status
            numbers = (first.number, *(b.number for _, b in again))
            yield Violation(numbers, f"{first} was answered {status}, and came again {len(again)} times")


def _between(one: Exchange, other: Exchange, numbers: Sequence[int]) -> bool:
    """Whether one of the numbers, which ascend, is between those of two exchanges."""
    return bisect_left(numbers, other.number) > bisect_right(numbers, one.number)


@rule("SCIM606", "error", "RFC 6750, section 3.1; our ruling", "Stop the run at a 401; renew the token once at most.")
def a_refused_token_ends_the_run(conversation: Conversation) -> Iterator[Violation]:
    """After the target has refused the token, the client does not go on with it.

    What was on its way when the first refusal came is not counted.
    """
    row: list[Exchange] = []
    for x in (*conversation.exchanges, None):
        if x is not None and x.status == 401 and (not row or x.after(row[-1]) < STORM_PAUSE):
            if not row or x.after(row[0]) >= 0:
                row.append(x)
            continue
        if len(row) > STORM:
            yield Violation(tuple(each.number for each in row), f"{len(row)} requests in a row were answered 401")
        row = [x] if x is not None and x.status == 401 else []


@rule("SCIM607", "info", "RFC 9110, section 15.6; our advice", "After failures in a row, pause the whole run.")
def a_failing_target_is_given_a_rest(conversation: Conversation) -> Iterator[Violation]:
    """A client does not go on at full speed when one request after the other fails with 429 or 5xx."""
    row: list[Exchange] = []
    for x in (*conversation.exchanges, None):
        if x is not None and x.status in TRANSIENT and (not row or 0 <= x.after(row[-1]) < NO_PAUSE):
            row.append(x)
            continue
        if len(row) > 5:
            yield Violation(tuple(each.number for each in row), f"{len(row)} failures in a row, without a pause")
        row = [x] if x is not None and x.status in TRANSIENT else []
