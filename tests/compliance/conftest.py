"""Fixtures of the compliance suite: every test that asks for `rig` runs once for each driver."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.compliance.compliance_rig import Rig, make_rig
from tests.compliance.drivers import DRIVERS, Driver


@pytest.fixture(params=DRIVERS, ids=lambda driver: driver.name)
def driver(request: pytest.FixtureRequest) -> Driver:
    """Each dialect of each target."""
    return request.param


@pytest.fixture
def empty(driver: Driver) -> Iterator[Rig]:
    """A target with nobody in it; at the end it must agree with itself."""
    rig = make_rig(driver)
    yield rig
    rig.check()


@pytest.fixture
def rig(empty: Rig) -> Rig:
    """A target with ada (in Staff), bob, and eve, who is turned off."""
    empty.seeder()
    return empty
