"""Faults: when they strike, how often, and what a description may say."""

from __future__ import annotations

import pytest

from provcheck.mock_targets.faults.description import read_fault
from provcheck.mock_targets.faults.effects.answers import Headers, Status
from provcheck.mock_targets.faults.fault import BadFault
from provcheck.mock_targets.faults.plan import FaultPlan


@pytest.fixture
def table() -> FaultPlan:
    return FaultPlan()


def arm(table: FaultPlan, operation: str = "*", **words) -> str:
    return table.arm(read_fault({"operation": operation, **words}))


def strikes(table: FaultPlan, operation: str = "user.create", names: tuple[str, ...] = (), moment="before", **more):
    return table.take(operation, names, moment, **more) is not None


def test_a_fault_fires_as_often_as_its_budget_and_no_more(table):
    arm(table, "user.create", status=503, times=2)
    assert [strikes(table) for _ in range(4)] == [True, True, False, False]


def test_the_first_matches_can_be_skipped(table):
    arm(table, "user.create", status=503, skip=2)
    assert [strikes(table) for _ in range(4)] == [False, False, True, False]


def test_a_fault_without_a_budget_always_fires(table):
    arm(table, status=503, times=None)
    assert all(strikes(table) for _ in range(20))


@pytest.mark.parametrize(
    ("pattern", "operation", "meant"),
    [("user.create", "user.create", True), ("user.*", "user.delete", True), ("*", "me", True), ("user.*", "me", False)],
)
def test_operations_are_matched_by_pattern(table, pattern, operation, meant):
    arm(table, pattern, status=503)
    assert strikes(table, operation) is meant


@pytest.mark.parametrize("names", [("ada", "u1"), ("ADA",), ("x", "Ada")])
def test_an_entity_is_matched_by_any_of_its_names_without_case(table, names):
    arm(table, entity="Ada", status=503)
    assert strikes(table, names=names)


def test_another_entity_is_left_alone_and_costs_no_budget(table):
    arm(table, entity="ada", status=503)
    assert not strikes(table, names=("bob",))
    assert strikes(table, names=("ada",))


@pytest.mark.parametrize(("armed", "asked", "meant"), [("before", "before", True), ("before", "after", False)])
def test_a_fault_keeps_to_its_moment(table, armed, asked, meant):
    arm(table, moment=armed, status=503)
    assert strikes(table, moment=asked) is meant


def test_a_fault_for_the_whole_request_is_not_asked_again_for_its_parts(table):
    arm(table, "group.*", status=503, times=None)
    assert not strikes(table, "group.update", part_of="group.create")


def test_a_disarmed_fault_is_gone(table):
    id = arm(table, status=503)
    assert table.disarm(id) is True
    assert table.disarm(id) is False
    assert not strikes(table)


def test_a_description_counts_what_matched_what_fired_and_what_struck(table):
    arm(table, "user.create", status=503, skip=1)
    assert table.take("user.create", (), "before") is None
    firing = table.take("user.create", (), "before")
    assert table.take("user.create", (), "before") is None
    (described,) = table.describe()
    assert (described["seen"], described["fired"], described["struck"], described["name"]) == (2, 1, 0, "fault-1")
    assert (firing.strike(), firing.strike()) == (True, False)
    assert table.described("fault-1")["struck"] == 1


def test_clearing_starts_the_ids_again(table):
    arm(table, status=503)
    table.clear()
    assert arm(table, status=503) == "fault-1"


def test_a_full_description_is_read():
    fault = read_fault(
        {"operation": "user.*", "moment": "after", "entity": "ada", "status": 429, "headers": {"Retry-After": "3"}}
    )
    assert fault.entity == "ada"
    assert fault.effects == (Status(429), Headers({"Retry-After": "3"}))


@pytest.mark.parametrize(
    "description",
    [
        {},
        {"status": 99},
        {"status": "503"},
        {"status": True},
        {"speed": 1, "status": 503},
        {"status": 503, "moment": "during"},
        {"status": 503, "times": 0},
        {"status": 503, "skip": -1},
        {"delay": -1},
        {"delay": 1e9},
        {"status": 503, "headers": {"X": "a\r\nSet-Cookie: b"}},
        {"status": 503, "headers": {"X": 3}},
        {"status": 503, "headers": {"X": "\x84"}},
        {"status": 503, "headers": {"X Y": "a"}},
        {"status": 503, "headers": {"Content-Length": "7"}},
        {"status": 503, "headers": {"": "x"}},
        {"loses_answer": 1},
        {"truncates_at": -1, "moment": "after"},
        {"truncates_at": 5, "moment": "before"},
    ],
)
def test_a_description_that_does_not_hold_together_is_refused(description):
    with pytest.raises(BadFault):
        read_fault(description)


def test_a_cut_answer_is_meant_for_the_moment_after():
    assert read_fault({"truncates_at": 5}).moment == "after"
    assert read_fault({"truncates_at": 5, "status": 500}).moment == "before"


def test_standing_faults_give_way_to_others_and_go_when_they_are_replaced(table):
    table.arm_standing([read_fault({"operation": "user.create", "status": 500, "times": None, "name": "standing"})])
    arm(table, "user.create", status=503, name="own")
    fired = [table.take("user.create", (), "before") for _ in range(2)]
    assert [each.fault.name for each in fired] == ["own", "standing"]
    table.arm_standing([])
    assert not strikes(table)


def test_every_standing_fault_of_a_list_fires_and_of_others_the_first(table):
    both = [{"operation": "*.list", "lists": way, "times": None, "name": way} for way in ("empty", "total_of_page")]
    table.arm_standing(map(read_fault, both))
    arriving = table.take_on_arrival("user.list", (), None)
    assert [each.fault.name for each in arriving] == ["empty", "total_of_page"]
    arm(table, "user.list", lists="empty", name="own")
    assert [each.fault.name for each in table.take_on_arrival("user.list", (), None)] == ["own"]
