"""Journals and cursors of all targets and tenants hold no more memory together than one budget allows."""

from __future__ import annotations

import gc
import tracemalloc

from werkzeug.test import Client

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.journal.journal import Journal
from provcheck.mock_targets.memory_budget import STEPS, MemoryBudget
from provcheck.mock_targets.short_cache import LONGEST, cached_if_short

LIMIT = 1_000_000


def journals(budget: MemoryBudget, number: int) -> list[Journal]:
    return [Journal(clock=VirtualClock(), budget=budget) for _ in range(number)]


def fill(journal: Journal, exchanges: int) -> None:
    for _ in range(exchanges):
        journal.close(journal.open("GET", "/", query="x" * 8000), 200, {}, b"")


def test_the_fullest_journal_gives_way_and_the_others_keep_what_they_hold() -> None:
    budget = MemoryBudget(LIMIT)
    loud, *quiet = journals(budget, 5)
    for each in quiet:
        fill(each, 3)
    fill(loud, 400)
    assert budget.bytes_held <= LIMIT * (1 + 2 / STEPS)
    assert [len(each.since()) for each in quiet] == [3, 3, 3, 3]
    assert loud.since()[-1].seq == 400


def test_a_thousand_journals_share_one_budget_and_each_keeps_its_newest_exchange() -> None:
    budget = MemoryBudget(LIMIT * 20)
    many = journals(budget, 1000)
    for _ in range(5):
        for each in many:
            fill(each, 1)
    assert budget.bytes_held <= budget.limit * (1 + 2 / STEPS)
    assert all(each.since()[-1].seq == 5 for each in many)


def test_a_journal_that_is_gone_holds_nothing() -> None:
    budget = MemoryBudget(LIMIT)
    many = journals(budget, 3)
    fill(many[0], 5)
    assert budget.bytes_held > 40_000
    del many
    assert budget.bytes_held == 0


def test_all_tenants_of_a_server_share_the_budget_of_their_environment() -> None:
    environment = Environment(["scim"], tenants=True, byte_limit=LIMIT)
    targets = [environment.tenant(f"t{number}").targets["scim"] for number in range(20)]
    for target in targets:
        fill(target.journal, 30)
    held = sum(target.journal.bytes_held for target in targets)
    assert LIMIT // 2 < held <= LIMIT * (1 + 2 / STEPS)


def test_a_journal_takes_about_the_memory_that_it_is_counted_with() -> None:
    environment = Environment(["scim"])
    target, client = environment.target("scim"), Client(environment)
    headers = {"Authorization": f"Bearer {target.token}"}
    body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada", "title": "x" * 3000}

    def send(times: int) -> int:
        for _ in range(times):
            client.post("/scim/v2/Users", json=body, headers=headers)
            client.get("/scim/v2/Users", query_string={"note": "y" * 3000}, headers=headers)
        gc.collect()
        return target.journal.bytes_held

    before = send(20)
    tracemalloc.start()
    try:
        counted = send(100) - before
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 0.6 < taken / counted < 1.4


def test_results_for_long_texts_are_not_kept() -> None:
    calls = []

    @cached_if_short(maxsize=4)
    def length(text: str) -> int:
        calls.append(text)
        return len(text)

    for text in ("short", "short", "x" * (LONGEST + 1), "x" * (LONGEST + 1)):
        assert length(text) == len(text)
    assert len(calls) == 3
