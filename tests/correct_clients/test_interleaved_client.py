"""A correct client that evaluates all users at once, the last one first, is not accused: the order of users is free."""

from __future__ import annotations

from provcheck.harness.run import cases
from tests.correct_clients.interleaved import Interleaved, InterleavedPeople, Turns
from tests.correct_clients.test_correct_clients import verdicts

Json = dict[str, object]


class _LastFirst(InterleavedPeople):
    def sync(self, wanted: dict[str, Json], *, full: bool) -> None:
        """Bring the accounts of these users in line."""
        super().sync(dict(reversed(wanted.items())), full=full)


class LastFirst(Interleaved):
    """The client."""

    people_in = _LastFirst


def test_neither_the_order_of_users_nor_requests_in_between_are_held_against_a_client() -> None:
    ended = verdicts(LastFirst, cases(["scim+"]))
    accused = {
        each.scenario: each.reason or [(found.check, found.entity, found.seen) for found in each.findings]
        for each in ended
        if each.verdict in ("findings", "error")
    }
    assert accused == {}
    assert sum(each.verdict == "holds" for each in ended) >= len(ended) // 2


def test_workers_take_turns_in_one_order() -> None:
    turns, seen = Turns(), list[str]()

    def work(name: str) -> str:
        for step in range(2):
            turns.give_way()
            seen.append(f"{name}{step}")
        return name

    assert turns.run([lambda: work("a"), lambda: work("b"), lambda: work("c")]) == ["a", "b", "c"]
    assert seen == ["a0", "b0", "c0", "a1", "b1", "c1"]
