"""What a description of a fault may say, moment by moment, and what a fault asks of the request that it meets."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from provcheck.mock_targets.faults.fault import BadFault, Fault, describe
from provcheck.mock_targets.faults.plan import FaultPlan
from provcheck.mock_targets.faults.reading import EFFECTS, read_fault

FITTING = {
    "before": [{"status": 503}, {"resets": True}, {"rival": "active"}, {"vanishes": True}, {"lists": "empty"}],
    "after": [{"drops": ["id"]}, {"sets": {"a": 1}}, {"hides_by_id": 5}, {"body": ""}, {"headers": {"Location": None}}],
    "wire": [{"dribbles": 1}, {"rewrites": {"userName": "lower"}}, {"retry_date": -5}, {"truncates_at": 0}],
    "partial": [{"keeps": 0}, {"drops": ["title"]}, {"keeps": 2, "delay": 1}],
    "later": [{"applies_after": 5}, {"applies_after": 5, "status": 200, "body": {}}],
}


@pytest.mark.parametrize(
    ("moment", "effect"), [(moment, each) for moment, several in FITTING.items() for each in several]
)
def test_each_moment_has_effects_of_its_own(moment, effect):
    assert describe(read_fault({"moment": moment, **effect}))["moment"] == moment


@pytest.mark.parametrize("moment", EFFECTS)
def test_a_moment_without_an_effect_is_refused(moment):
    with pytest.raises(BadFault, match="needs an effect"):
        read_fault({"moment": moment})


@pytest.mark.parametrize(
    ("description", "told"),
    [
        ({"moment": "before", "drops": ["id"]}, "cannot be felt"),
        ({"moment": "after", "status": 500, "rival": "active"}, "cannot be felt"),
        ({"moment": "wire", "hides_by_id": 3}, "cannot be felt"),
        ({"moment": "partial", "keeps": 1, "status": 500}, "cannot be felt"),
        ({"moment": "later", "applies_after": 3, "loses_answer": True}, "cannot be felt"),
        ({"lists": "upside down"}, "lists is"),
        ({"rival": "hostile"}, "rival is"),
        ({"method": "BREW", "status": 418}, "method is"),
        ({"only_if": "nice", "status": 400}, "only_if is"),
        ({"moment": "wire", "rewrites": {"a": "backwards"}}, "is rewritten"),
        ({"moment": "wire", "drops": [""]}, "by their paths"),
        ({"moment": "wire", "drops": "id"}, "drops cannot be"),
        ({"moment": "wire", "dribbles": 1e9}, "between 0 and 3600"),
        ({"moment": "partial", "keeps": -1}, "at least 0"),
        ({"retry_date": 1e12, "status": 429}, "at most a year"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_reason(description, told):
    with pytest.raises(BadFault, match=told):
        read_fault(description)


@dataclass
class Asked:
    """A request, as far as faults ask about it."""

    method: str = "POST"
    parallel: int = 1
    traits: tuple[str, ...] = ()
    parts: int = 1

    def has(self, trait: str) -> bool:
        return trait in self.traits

    def announced(self, pattern: str) -> int:
        return self.parts


@pytest.mark.parametrize(
    ("narrowed", "met", "spared"),
    [
        ({"method": "PATCH"}, Asked(method="PATCH"), Asked(method="PUT")),
        ({"only_if": "clears"}, Asked(traits=("clears",)), Asked()),
        ({"above": 2}, Asked(parts=3), Asked(parts=2)),
        ({"parallel_above": 4}, Asked(parallel=5), Asked(parallel=4)),
    ],
)
def test_a_fault_can_be_narrowed_to_some_requests(narrowed, met, spared):
    table = FaultPlan()
    table.arm(Fault(status=400, **narrowed))
    assert table.take("member.add", (), "before", occasion=spared) is None
    assert table.take("member.add", (), "before", occasion=met) is not None


def test_an_outage_ends_by_itself():
    now = [0.0]
    table = FaultPlan(lambda: now[0])
    table.arm(Fault(status=503, times=None, lasts=10))
    assert table.take("user.create", (), "before") is not None
    now[0] = 9.9
    assert table.take("user.create", (), "before") is not None
    now[0] = 10.0
    assert table.take("user.create", (), "before") is None
