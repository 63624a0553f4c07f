"""Generated scenarios catch most of the broken clients, and each of their checks can be failed.

Where these fail because generator or checks have changed, `python -m tests.broken_clients --generated` writes anew what
they go by; what it writes is worth a look.
"""

from __future__ import annotations

import pytest

from provcheck.harness import checks
from provcheck.harness.adapters import ReferenceAdapter
from provcheck.harness.generate import play
from provcheck.harness.testbed import Testbed
from tests.broken_clients import catalogue, generated

TOLD = generated.told()
DRAWN = generated.drawn(max(each["scenario"] for each in TOLD["checks"].values()))


@pytest.mark.parametrize("name", TOLD["caught"])
def test_a_broken_client_is_caught_in_the_scenario_that_is_told(name: str) -> None:
    at = TOLD["caught"][name]
    _, checks = next(generated.caught(catalogue.all()[name], [DRAWN[at["scenario"] - 1]]))
    assert set(checks) & set(at["checks"])


@pytest.mark.parametrize("name", TOLD["checks"])
def test_a_check_can_be_failed(name: str) -> None:
    at = TOLD["checks"][name]
    _, checks = next(generated.caught(generated.clients()[at["client"]], [DRAWN[at["scenario"] - 1]]))
    assert name in checks


def test_every_broken_client_and_every_check_is_told_of() -> None:
    assert set(TOLD["caught"]) | set(TOLD["missed"]) == set(catalogue.drawn())
    assert set(TOLD["checks"]) == {each.name for each in checks.all() if each.counts_subjects}


def test_most_broken_clients_are_caught_within_a_few_scenarios() -> None:
    assert TOLD["within"] <= 60
    assert len(TOLD["caught"]) > len(catalogue.drawn()) / 2


def test_the_intact_client_holds_wherever_a_broken_one_is_caught() -> None:
    numbers = {each["scenario"] for part in ("caught", "checks") for each in TOLD[part].values()}
    with Testbed(generated.TARGETS) as testbed:
        for number in sorted(numbers):
            trial = DRAWN[number - 1][1]
            assert play(trial, testbed.rewound(trial.configuration), ReferenceAdapter) == []
