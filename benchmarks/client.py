"""The reference client against a target in the same process: a large first sync, and a second one without a change."""

from __future__ import annotations

import time

USERS, GROUPS, MEMBERS = 10_000, 1_000, 100
WRITES = ("POST", "PUT", "PATCH", "DELETE")


def large_sync() -> tuple[float, float, int]:
    """Seconds of the first and of the second sync, and the writes that the second one sent."""
    from provcheck.harness.client import ReferenceClient
    from provcheck.harness.model.clock import SystemClock
    from provcheck.harness.model.connection import Connection
    from provcheck.harness.model.population import Population, SourceGroup, SourceUser
    from provcheck.harness.model.rule import Rule
    from provcheck.harness.vendors import connect
    from provcheck.mock_targets.environment import Environment
    from provcheck.mock_targets.testing import session

    environment = Environment(["scim"])
    target = environment.target("scim")
    people = tuple(
        SourceUser(
            f"u{i}",
            f"user{i}",
            email=f"user{i}@example.com",
            given_name=f"Given{i}",
            family_name=f"Family{i}",
            display_name=f"Given{i} Family{i}",
            external_id=f"ext{i}",
        )
        for i in range(USERS)
    )
    groups = tuple(
        SourceGroup(f"g{i}", f"Group {i}", tuple(f"u{(i * 7 + k * 97) % USERS}" for k in range(MEMBERS)))
        for i in range(GROUPS)
    )
    population = Population(people, groups)
    connection = Connection("scim", "benchmark", target.urls()["base_url"], token=target.token)
    client = ReferenceClient(
        connection, Rule("all", "source", "scim"), connect=connect, session=session(environment), clock=SystemClock()
    )
    times, writes = [], 0
    for run in (client.apply, client.resync):
        seen, begun = target.journal.last_seq, time.perf_counter()
        run(population)
        times.append(time.perf_counter() - begun)
        writes = sum(exchange.method in WRITES for exchange in target.journal.since(seen))
    summary = client.summary()
    if summary.users.success != USERS or summary.groups is None or summary.groups.success != GROUPS:
        raise RuntimeError(f"the sync is not complete: {summary}")
    held = sum(len(target.directory.members(group.id)) for group in target.directory.all("Group"))
    if held != GROUPS * MEMBERS:
        raise RuntimeError(f"the target holds {held} memberships")
    return times[0], times[1], writes
