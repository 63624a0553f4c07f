"""The reference client in every scenario of a target configuration: run once, looked at by several tests.

The ids of `on_every_scim_configuration` give one worker of a distributed run all tests of a configuration.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from provcheck.harness import vendors
from provcheck.harness.adapters import ReferenceAdapter
from provcheck.harness.model import SyncSummary
from provcheck.harness.run import Case, cases
from provcheck.harness.run.scenario_run import ScenarioRun
from provcheck.harness.testbed import Testbed
from tests.distribution import RUN_OF

on_every_scim_configuration = pytest.mark.parametrize(
    "configuration",
    [
        pytest.param(each.id, id=f"{RUN_OF}{each.id}")
        for store in vendors.stores()
        for each in store.configurations
        if store.protocol == "SCIM" and not each.profile
    ],
)
"""A case of a test for each target configuration that speaks SCIM, by its id."""


@dataclass(frozen=True, slots=True)
class ReferenceRun:
    """What a case left behind: the journal and state of the target, and the summary at the last checkpoint, if any."""

    case: Case
    journal: Sequence[Mapping[str, Any]]
    snapshot: Mapping[str, Any]
    summary: SyncSummary | None


@cache
def reference_runs(configuration: str) -> tuple[ReferenceRun, ...]:
    """Every case of a configuration; an error of the client is raised."""
    chosen = [case for case in cases([configuration]) if case.configuration.id == configuration]
    with Testbed([chosen[0].configuration.target]) as testbed:
        return tuple(_run(case, testbed) for case in chosen)


def _run(case: Case, testbed: Testbed) -> ReferenceRun:
    fixture = testbed.fixture(case.configuration)
    last = deque(ScenarioRun(case, fixture, ReferenceAdapter).checkpoints(), maxlen=1)
    return ReferenceRun(case, fixture.journal(), fixture.snapshot(), last[0].summary if last else None)
