"""Time and chance: repeatable in tests, tokens never."""

from __future__ import annotations

import pytest

from provcheck.mock_targets.clock import EPOCH, VirtualClock
from provcheck.mock_targets.ids import IdMaker, make_token


def test_waiting_on_the_virtual_clock_only_moves_it():
    clock = VirtualClock()
    clock.sleep(3600)
    assert clock.monotonic() == 3600
    assert (clock.now() - EPOCH).total_seconds() == 3600


def test_the_virtual_clock_never_goes_back():
    clock = VirtualClock()
    clock.sleep(-5)
    assert clock.monotonic() == 0


def test_the_same_seed_gives_the_same_ids():
    def draw(ids: IdMaker) -> list[object]:
        return [ids.uuid(), ids.code(8), ids.number(100)]

    assert draw(IdMaker(seed=7)) == draw(IdMaker(seed=7)) != draw(IdMaker(seed=8))


def test_a_reset_starts_the_sequence_again():
    ids = IdMaker(seed=7)
    first = ids.uuid()
    ids.reset()
    assert ids.uuid() == first


@pytest.mark.parametrize("prefix", ["", "tok-"])
def test_tokens_are_long_and_never_the_same(prefix):
    tokens = {make_token(prefix) for _ in range(50)}
    assert len(tokens) == 50
    assert all(token.startswith(prefix) and len(token) >= 27 for token in tokens)
