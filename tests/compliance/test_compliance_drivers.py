"""Whether every registered target is covered by this suite."""

from __future__ import annotations

import pytest

from provcheck.mock_targets import registry
from provcheck.mock_targets.target.api import TOKEN_URL
from tests.compliance.drivers import DRIVERS, NOT_DRIVEN


@pytest.mark.parametrize("name", registry.names())
def test_every_way_into_every_target_has_a_driver(name):
    driven = {(driver.target, driver.label) for driver in DRIVERS} | set(NOT_DRIVEN)
    assert {(name, label) for label in registry.find(name).base_paths if label != TOKEN_URL} <= driven


def test_no_driver_is_for_nothing():
    for driver in DRIVERS:
        assert driver.label in registry.find(driver.target).base_paths


def test_every_driver_has_a_name_of_its_own():
    assert len({driver.name for driver in DRIVERS}) == len(DRIVERS)
