"""The checker that the other tests rely on sees a directory that does not agree with itself."""

from __future__ import annotations

import pytest

from tests.compliance.consistency import inconsistencies


def lose_from_order(directory, rig):
    directory._shelves["User"].order.discard(rig.ids["bob"])


def lose_from_index(directory, rig):
    directory._shelves["User"].indexes["userName"].holders.clear()


def keep_in_index(directory, rig):
    directory._shelves["User"].indexes["userName"].put("ghost", rig.ids["ada"])


def lose_one_side(directory, rig):
    directory._relation._groups[rig.ids["ada"]].clear()


def lose_a_member(directory, rig):
    directory._shelves["User"].records.pop(rig.ids["ada"])


@pytest.mark.parametrize("harm", [lose_from_order, lose_from_index, keep_in_index, lose_one_side, lose_a_member])
def test_harm_is_seen(rig, harm):
    assert inconsistencies(rig.target) == []
    harm(rig.target.directory, rig)
    assert inconsistencies(rig.target) != []
    rig.reset()
