"""The presets of a target as target configurations: chosen by their id, played with their flags and faults.

Each preset plays every third scenario that fits it, another third than its neighbours
(`provcheck check --target scim+entra_strict` plays them all).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from provcheck.harness import vendors
from provcheck.harness.model.capability import CAPABILITIES
from provcheck.harness.model.finding import Finding
from provcheck.harness.run import cases, run
from provcheck.mock_targets.vendors.scim.presets import PRESETS
from tests.correct_clients.list_and_diff import ListAndDiff
from tests.correct_clients.look_up import LookUp
from tests.correct_clients.test_correct_clients import verdicts

OF_A_PRESET = [each for each in vendors.configurations("scim+*") if each.profile]
SINGLE = (ListAndDiff, LookUp)
"""Correct clients that write by single requests: presets offer no Bulk."""
STRUCK_IN = {
    ("wso2_paging", "paging.repeat_or_skip"): "listing-in-short-pages",
    ("wso2_paging", "paging.total_wrong"): "listing-in-short-pages",
    ("keycloak_like", "header.location_wrong"): "leaver-is-deleted",
    ("vcenter_like", "response.no_echo"): "leaver-is-deleted",
    ("zoom_pending", "attr.silently_ignored"): "update-is-answered-and-not-made",
}
"""By preset and fault, a scenario in which the fault strikes the reference client."""
NOT_MET = {
    ("aws_identity_center", "filter.unsupported_400"): "the reference client filters with eq and and alone",
    ("entra_strict", "filter.unsupported_400"): "the reference client filters with eq and and alone",
    ("gitlab_like", "filter.unsupported_400"): "the reference client filters with eq and and alone",
    ("okta_like", "concurrency.limit"): "the reference client sends one request at a time",
    ("databricks_like", "error.transient_as_4xx_or_500"): "the reference client sends one request at a time",
}


@pytest.mark.parametrize("configuration", OF_A_PRESET, ids=lambda each: each.id)
def test_a_third_of_the_scenarios_that_fit_a_preset_hold(configuration):
    finished = run(cases([configuration.id])[OF_A_PRESET.index(configuration) % 3 :: 3])
    assert finished.holds > 40
    assert (finished.findings, finished.errors) == (0, 0)


@pytest.mark.parametrize("configuration", OF_A_PRESET, ids=lambda each: each.id)
def test_clients_of_other_styles_are_not_accused_on_a_preset_that_they_can_write_to(configuration):
    if configuration.lacks(frozenset({"patch"})):
        return  # both clients turn leavers off by PATCH
    place = OF_A_PRESET.index(configuration)
    chosen = cases([configuration.id])
    ended = [each for part, kind in enumerate(SINGLE) for each in verdicts(kind, chosen[(place + 5 * part) % 10 :: 10])]
    assert [(each.scenario, each.reason) for each in ended if each.verdict in ("findings", "error")] == []


def test_a_preset_is_played_when_its_id_asks_for_it_and_not_otherwise():
    assert sorted(each.profile for each in OF_A_PRESET) == sorted(PRESETS)
    for pattern in ("*", "scim", "scim+"):
        assert not any(each.profile for each in vendors.configurations(pattern))
    assert vendors.configuration("scim+okta_like").profile == "okta_like"


def test_what_a_preset_lacks_has_a_reason():
    for each in OF_A_PRESET:
        assert each.lacking.keys() <= CAPABILITIES.keys() - each.capabilities
        assert all(each.lacking.values())


def test_every_fault_of_a_preset_strikes_in_a_scenario_or_is_not_met_for_a_reason():
    missed = []
    for (preset, fault), scenario in STRUCK_IN.items():
        struck: set[str] = set()

        def look(target: str, journal: Sequence[Mapping[str, Any]], struck: set[str] = struck) -> Sequence[Finding]:
            for exchange in journal:
                struck.update(exchange["faults"])
            return ()

        run(cases([f"scim+{preset}"], [scenario]), inspect=look)
        if fault not in struck:
            missed.append((preset, fault))
    assert missed == []
    assert {*STRUCK_IN, *NOT_MET} == {
        (name, str(fault["fault"])) for name, preset in PRESETS.items() for fault in preset.faults
    }


def test_a_preset_keeps_its_faults_when_those_of_a_scenario_are_cleared_and_gives_way_to_them():
    (case,) = cases(["scim+vcenter_like"], ["fault-body-missing-id"])
    finished = run([case])
    assert finished.holds == 1  # the fault of the scenario struck in place of that of the preset
