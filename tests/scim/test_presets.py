"""Every behaviour that a preset declares is there."""

from __future__ import annotations

import pytest

from provcheck.mock_targets.vendors.scim.presets import PRESETS
from tests.scim.preset_rows import ROWS, Row
from tests.scim.scim_rig import Scim


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.preset}-{row.behaviour}")
def test_a_preset_does_what_its_source_says(row: Row):
    scim = Scim()
    scim.target.apply_profile(row.preset)
    assert row.probe(scim) == row.seen


def test_every_behaviour_of_a_preset_has_a_probe_and_every_preset_a_behaviour():
    declared = [(name, each.name) for name, preset in PRESETS.items() for each in preset.behaviours]
    assert sorted(declared) == sorted((row.preset, row.behaviour) for row in ROWS)
    assert {name for name, _ in declared} == set(PRESETS)
