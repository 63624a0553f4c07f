"""The presets of a target as target configurations: chosen by their id, played with their flags and faults.

Each preset plays every fourth scenario that fits it, another fourth than its neighbours: all of them take four seconds
of computing for each preset (`provcheck check --target scim+entra_strict`).
"""

from __future__ import annotations

import pytest

from provcheck.harness import vendors
from provcheck.harness.run import cases, run
from provcheck.mock_targets.vendors.scim.presets import PRESETS

OF_A_PRESET = [each for each in vendors.configurations("scim+*") if each.profile]


@pytest.mark.parametrize("configuration", OF_A_PRESET, ids=lambda each: each.id)
def test_a_fourth_of_the_scenarios_that_fit_a_preset_hold(configuration):
    finished = run(cases([configuration.id])[OF_A_PRESET.index(configuration) % 4 :: 4])
    assert finished.holds > 15
    assert (finished.findings, finished.errors) == (0, 0)


def test_a_preset_is_played_when_its_id_asks_for_it_and_not_otherwise():
    assert {each.profile for each in OF_A_PRESET} <= set(PRESETS)
    assert len(OF_A_PRESET) == 7
    for pattern in ("*", "scim", "scim+"):
        assert not any(each.profile for each in vendors.configurations(pattern))
    assert vendors.configuration("scim+okta_like").profile == "okta_like"
