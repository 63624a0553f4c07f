"""Pseudo-random choices that depend on a seed alone: the same on every machine and every version of Python.

Choices are made while a scenario is generated, never while it is run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import TypeVar

Item = TypeVar("Item")
_SIZE = 8


class SeededChoice:
    """A sequence of pseudo-random choices from a seed."""

    def __init__(self, seed: str) -> None:
        self._seed, self._drawn = seed.encode(), 0

    def below(self, limit: int) -> int:
        """Return an integer from 0 up to, not including, `limit`."""
        self._drawn += 1
        drawn = blake2b(self._drawn.to_bytes(_SIZE, "big") + self._seed, digest_size=_SIZE).digest()
        return int.from_bytes(drawn, "big") % limit

    def between(self, low: int, high: int) -> int:
        """Return an integer from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def chance(self, percent: int) -> bool:
        """Return True with a probability of `percent`/100."""
        return self.below(100) < percent

    def one(self, items: Sequence[Item]) -> Item:
        """Return one of these items."""
        return items[self.below(len(items))]

    def some(self, items: Sequence[Item], count: int) -> tuple[Item, ...]:
        """Return at most `count` of these items, each at most once, in the given order."""
        left = list(range(len(items)))
        taken = sorted(left.pop(self.below(len(left))) for _ in range(min(count, len(left))))
        return tuple(items[place] for place in taken)

    def weighted(self, weights: Mapping[Item, int]) -> Item:
        """Return one of these items, with a probability in proportion to its weight."""
        place = self.below(sum(weights.values()))
        for item, weight in weights.items():
            place -= weight
            if place < 0:
                return item
        raise AssertionError("the weights add up to more than their sum")
