"""The requests of a step: how many there may be, generously counted, and which ones a scenario allows or wants.

Two things grow too fast in real clients, and each has its own limit: requests for each user, group and membership, and
listings of everything (once for each group instead of once).
"""

from __future__ import annotations

from collections.abc import Iterator

from provcheck.harness.checks.causes import of_requests
from provcheck.harness.checks.check import FROM_SCENARIO, Looks, Violation, check, numbers
from provcheck.harness.checks.checkpoint import NAMED, Checkpoint
from provcheck.harness.model import After, RefusedBy, Requests
from provcheck.harness.oracle.journal import Entry, Journal, pause
from provcheck.harness.oracle.observed import Observation

FLOOR = 20
"""Requests that any step may need: discovery, a token, a retry or two."""
FOR_EACH = 8
"""Requests for each user, group and membership: look-up, write, read back, and the retries of one that fails."""
LISTINGS = 2
"""Times that everything may be listed in one step in which nothing goes wrong."""
LOOKS = 3
"""Times that everything may be listed again after each request that failed or that a fault struck, without a pause."""
PAUSE = 0.1
"""Seconds after which a client has waited for something to take effect before it looks again."""


@check(
    source="our ruling: a few requests for each user, group and membership, and a list of everything once or twice, "
    "and again after what went wrong",
    fix="Look users up one by one with a filter, or list them once for the whole sync; never once for each group.",
    phases=NAMED,
)
def stays_within_the_call_budget(checkpoint: Checkpoint, observation: Observation, lately: Journal) -> Looks:
    """a step needs no more requests than its users, groups and memberships call for

    The limit finds a listing for each entity. What went wrong raises it: a careful client then looks again, and as
    often as it likes after a pause. However many pages a listing has, it counts once.
    """
    source = observation.population
    size = len(source.users) + len(source.groups) + sum(len(group.members) for group in source.groups)
    troubles = sum(each.disturbed for each in lately.entries)
    sent = numbers(lately.entries)
    most = (checkpoint.most_requests or FLOOR + FOR_EACH * size) + FOR_EACH * troubles
    if len(sent) > most:
        yield Violation("requests", f"at most {most} requests", f"{len(sent)} requests", sent[most:])
    hasty = list(_listed_without_a_pause(lately))
    for kind, word in (("user", "users"), ("group", "groups")):
        listed = numbers(each for each in hasty if each.does(f"{kind}.list"))
        times = LISTINGS + LOOKS * troubles
        if len(listed) > times:
            yield Violation(word, f"at most {times} listings of all {word}", f"{len(listed)} listings", listed)


def _listed_without_a_pause(journal: Journal) -> Iterator[Entry]:
    """The first requests of listings, but for those after a pause with nothing else in between."""
    rested, before = False, None
    for entry in journal.entries:
        rested = entry.lists_all and (rested or (before is not None and pause(before, entry) >= PAUSE))
        if entry.lists_all and entry.good and not entry.continues and not rested:
            yield entry
        before = entry


@check(
    source=FROM_SCENARIO,
    fix="Compare the requests below with what the scenario allows: something was sent that a switch forbids or "
    "nothing calls for, or was left out.",
    phases=NAMED,
)
def requests_as_expected(expectation: After, here: Journal) -> Looks:
    """the requests at the target are those that the scenario allows"""
    for wanted in expectation.wire:
        if not isinstance(wanted, Requests):
            continue
        keys = None if wanted.entity is None else (wanted.entity,)
        found = [entry for entry in here.doing(wanted.operation, keys) if entry.writes or not wanted.writes]
        most = len(found) if wanted.at_most is None else wanted.at_most
        if not wanted.at_least <= len(found) <= most:
            about, seen, rule = wanted.entity or wanted.operation, f"{len(found)} such requests", wanted.describe()
            cause = of_requests(wanted.operation, too_many=len(found) > most)
            yield Violation(about, rule, seen, numbers(found), rule=rule, cause=cause)


@check(
    source=FROM_SCENARIO,
    fix="Send the write and let the target refuse it: only the connection's switches keep it back.",
    phases=NAMED,
)
def refusal_as_expected(expectation: After, here: Journal) -> Looks:
    """the target refused what it was told to refuse"""
    seen = {entry.refused_by for entry in here.entries if entry.refused_by}
    for wanted in expectation.wire:
        if isinstance(wanted, RefusedBy) and not seen & set(wanted.flags):
            told = f"refusals by {', '.join(sorted(seen))}" if seen else "no refusal"
            yield Violation(", ".join(wanted.flags), wanted.describe(), told, rule=wanted.describe())
