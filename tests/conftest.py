"""How the tests are distributed over the workers of pytest-xdist; see `tests.distribution`."""

from __future__ import annotations

import pytest


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Hand out the tests in groups."""
    from tests.distribution import Distribution

    return Distribution(config, log)


def pytest_collection_modifyitems(config, items):
    """In a distributed run put what takes longest first, so that no worker is left alone with it."""
    if hasattr(config, "workerinput"):
        from tests.distribution import place_of

        items.sort(key=lambda item: place_of(item.nodeid))
