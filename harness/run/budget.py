"""The call budget of a step: how many requests a client may need for it, generously.

Two things grow too fast in real clients, and each has its own limit: requests for each user, group and membership, and
listings of everything (once for each group instead of once).
"""

from __future__ import annotations

from collections.abc import Iterator

from provcheck.harness.model import Finding, Scenario
from provcheck.harness.oracle import Journal, Observation

CHECK = "stays_within_the_call_budget"
CLAIM = "a step needs no more requests than its users, groups and memberships call for"
SOURCE = "our ruling: a few requests for each user, group and membership, and a list of everything once or twice"

FLOOR = 20
"""Requests that any step may need: discovery, a token, a retry or two."""
FOR_EACH = 8
"""Requests for each user, group and membership: look-up, write, read back, and the retries of one that fails."""
LISTINGS = 2
"""Times that everything may be listed in one step, beside retries."""
PAGE = 10
"""Resources on a page, unless the scenario sets up a smaller one."""


def overspent(scenario: Scenario, observation: Observation, lately: Journal) -> Iterator[Finding]:
    """Findings about what was sent since the previous rest."""
    source = observation.population
    size = len(source.users) + len(source.groups) + sum(len(group.members) for group in source.groups)
    most = scenario.calls or FLOOR + FOR_EACH * size
    sent = tuple(entry.seq for entry in lately.entries)
    if len(sent) > most:
        yield _finding("requests", f"at most {most} requests", f"{len(sent)} requests", sent[most:])
    page = scenario.given.flags.get("max_page_size")
    for kind, word in (("user", "users"), ("group", "groups")):
        held = max(len(observation.snapshot[word]), len(getattr(source, word)))
        pages = 1 + held // (page if isinstance(page, int) and 0 < page < PAGE else PAGE)
        listed = tuple(entry.seq for entry in lately.doing(f"{kind}.list") if entry.lists_all and entry.good)
        if len(listed) > LISTINGS * pages + 1:
            most_pages = LISTINGS * pages + 1
            yield _finding(word, f"at most {most_pages} pages of all {word}", f"{len(listed)} pages", listed)


def _finding(entity: str, expected: str, seen: str, exchanges: tuple[int, ...]) -> Finding:
    return Finding(CHECK, CLAIM, entity, expected, seen, SOURCE, exchanges)
