"""Lists of which a vendor keeps so many values: which value sent goes into which slot."""

import pytest

from provcheck.mock_targets.scim.slots import Slot, Slots, anything, has_type, is_primary

TWO = Slots((
    Slot({"primary": True}, (is_primary, has_type("work")), is_needed=True),
    Slot({"primary": False}),
))  # fmt: skip
ONE = Slots((Slot({}, (is_primary, anything)),), ("street", "city"))
KEPT = [{"value": "p", "primary": True}, {"value": "s", "primary": False}]


def values(entries):
    return [entry["value"] for entry in entries]


@pytest.mark.parametrize(
    "sent, kept",
    [
        ([{"value": "a"}, {"value": "b", "primary": True}], ["b", "a"]),
        ([{"value": "a"}, {"value": "b", "type": "work"}], ["b", "a"]),
        ([{"value": "a", "type": "home"}], ["a"]),
        ([{"value": "a"}, {"value": "b"}, {"value": "c"}], ["a", "b"]),
        ([], []),
    ],
)
def test_a_list_that_replaces_fills_the_needed_slot_first(sent, kept):
    assert values(TWO.filled(KEPT, sent, replaces=True)) == kept


@pytest.mark.parametrize(
    "sent, kept", [([{"value": "a"}], ["p", "a"]), ([{"value": "a", "primary": True}], ["a", "s"]), ([], ["p", "s"])]
)
def test_a_list_that_is_merged_leaves_other_slots_as_they_are(sent, kept):
    assert values(TWO.filled(KEPT, sent, replaces=False)) == kept


def test_a_value_without_content_empties_its_slot():
    assert values(TWO.filled(KEPT, [{"primary": False}, {"value": "a", "primary": True}], replaces=False)) == ["a"]


def test_removing_the_whole_leaves_what_is_needed():
    assert TWO.without(KEPT) == KEPT[:1]
    assert ONE.without([{"street": "1 St"}]) == []


@pytest.mark.parametrize("gone, left", [({"street": "1 ST", "city": "Rome"}, 0), ({"city": "Rome"}, 1)])
def test_a_value_is_removed_when_all_its_parts_are_named(gone, left):
    assert len(ONE.without([{"street": "1 St", "city": "Rome"}], [gone])) == left


def test_a_value_keeps_its_slot_when_its_parts_change():
    assert TWO.updated(KEPT, KEPT[1], {"value": "x", "primary": True}) == [KEPT[0], {"value": "x", "primary": False}]


def test_empty_slots_are_shown_with_nulls():
    assert TWO.shown(KEPT[:1]) == [KEPT[0], {"value": None, "primary": False}]
    assert TWO.shown(KEPT[:1], empty=False) == KEPT[:1]
