"""The catalogue: every entry is a fault that can be armed, is explained, and has a scenario that plays it."""

from __future__ import annotations

import pytest

from provcheck.harness import scenarios
from provcheck.harness.model import ArmFaults
from provcheck.mock_targets.faults import catalog as faults
from provcheck.mock_targets.faults.effects.answers import Headers, Status
from provcheck.mock_targets.faults.fault import BadFault
from provcheck.mock_targets.faults.notation import parse


@pytest.mark.parametrize("entry", faults.CATALOGUE.values(), ids=faults.CATALOGUE)
def test_an_entry_is_a_fault_and_says_what_it_is_good_for(entry):
    assert entry.fault(entity="ada").entity == "ada"
    assert entry.fault().name == entry.name
    for text in (entry.doc, entry.client, entry.counter, entry.seen):
        assert text
        assert not text.endswith(".")
    assert 1 <= entry.tier <= len(faults.TIERS)


def test_every_entry_is_played_by_a_scenario():
    given = {fault.fault for scenario in scenarios.all() for fault in scenario.given.faults}
    armed = {
        fault.fault
        for scenario in scenarios.all()
        for step in scenario.when
        if isinstance(step, ArmFaults)
        for fault in step.faults
    }
    assert {*faults.CATALOGUE} == (given | armed) - {""}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("create.conflict_exist", "did you mean create.conflict_exists"),
        ("nothing", "no fault"),
        ("conn.reset speed=3", "no 'speed'"),
        ("rate.429_seconds status=many", "status is a whole number"),
        ("", "needs an effect"),
        ("conn.reset:", "entity"),
    ],
)
def test_a_name_that_is_not_there_is_refused_with_a_hint(text, told):
    with pytest.raises(BadFault, match=told):
        parse(text)


def test_a_name_may_be_followed_by_an_entity_with_colons_of_its_own():
    assert parse("conn.reset:urn:x").entity == "urn:x"


@pytest.mark.parametrize(
    ("text", "described"),
    [
        (
            "filter.unsupported_400 filters_by=externalId",
            {"fault": "filter.unsupported_400", "filters_by": "externalId"},
        ),
        (
            "conn.reset:Red Team times=3 skip=1",
            {"fault": "conn.reset", "entity": "Red Team", "times": 3, "skip": 1},
        ),
        (
            "rate.429_seconds headers.Retry-After=9 times=null",
            {"fault": "rate.429_seconds", "headers": {"Retry-After": "9"}, "times": None},
        ),
        ("body.missing_id drops=id,meta", {"fault": "body.missing_id", "drops": ["id", "meta"]}),
        (
            'operation=user.create status=503 body={"a":[1]}',
            {"operation": "user.create", "status": 503, "body": {"a": [1]}},
        ),
        ("operation=user.* status=503 entity=7", {"operation": "user.*", "status": 503, "entity": "7"}),
        (
            "operation=group.update moment=partial stores_members=[] changes_attribute=displayName",
            {
                "operation": "group.update",
                "moment": "partial",
                "stores_members": [],
                "changes_attribute": "displayName",
            },
        ),
        (
            "operation=user.update moment=partial stores.title=null stores_cut.displayName=3",
            {
                "operation": "user.update",
                "moment": "partial",
                "stores": {"title": None},
                "stores_cut": {"displayName": 3},
            },
        ),
    ],
)
def test_a_command_line_can_give_every_field(text, described):
    assert parse(text) == faults.read(described)


def test_parameters_of_a_named_fault_can_be_changed():
    fault = faults.read({"fault": "rate.429_seconds", "times": 7, "headers": {"Retry-After": "9"}})
    assert (fault.times, fault.effects) == (7, (Status(429), Headers({"Retry-After": "9"})))


@pytest.mark.parametrize(
    "description", [{"fault": 7}, {"fault": "conn.reset", "speed": 1}, {"fault": "conn.reset", "keeps": 1}]
)
def test_a_change_that_does_not_fit_is_refused(description):
    with pytest.raises(BadFault):
        faults.read(description)
