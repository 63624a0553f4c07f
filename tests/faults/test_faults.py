"""Faults: when they strike, how often, and what a description may say."""

from __future__ import annotations

import pytest

from provcheck.mock_targets.faults.plan import BadFault, Fault, FaultPlan, read_fault


@pytest.fixture
def table() -> FaultPlan:
    return FaultPlan()


def strikes(table: FaultPlan, operation: str = "user.create", names: tuple[str, ...] = (), moment="before", **more):
    return table.take(operation, names, moment, **more) is not None


def test_a_fault_fires_as_often_as_its_budget_and_no_more(table):
    table.arm(Fault("user.create", status=503, times=2))
    assert [strikes(table) for _ in range(4)] == [True, True, False, False]


def test_the_first_matches_can_be_skipped(table):
    table.arm(Fault("user.create", status=503, skip=2))
    assert [strikes(table) for _ in range(4)] == [False, False, True, False]


def test_a_fault_without_a_budget_always_fires(table):
    table.arm(Fault(status=503, times=None))
    assert all(strikes(table) for _ in range(20))


@pytest.mark.parametrize(
    ("pattern", "operation", "meant"),
    [("user.create", "user.create", True), ("user.*", "user.delete", True), ("*", "me", True), ("user.*", "me", False)],
)
def test_operations_are_matched_by_pattern(table, pattern, operation, meant):
    table.arm(Fault(pattern, status=503))
    assert strikes(table, operation) is meant


@pytest.mark.parametrize("names", [("ada", "u1"), ("ADA",), ("x", "Ada")])
def test_an_entity_is_matched_by_any_of_its_names_without_case(table, names):
    table.arm(Fault(entity="Ada", status=503))
    assert strikes(table, names=names)


def test_another_entity_is_left_alone_and_costs_no_budget(table):
    table.arm(Fault(entity="ada", status=503))
    assert not strikes(table, names=("bob",))
    assert strikes(table, names=("ada",))


@pytest.mark.parametrize(("armed", "asked", "meant"), [("before", "before", True), ("before", "after", False)])
def test_a_fault_keeps_to_its_moment(table, armed, asked, meant):
    table.arm(Fault(moment=armed, status=503))
    assert strikes(table, moment=asked) is meant


def test_a_fault_for_the_whole_request_is_not_asked_again_for_its_parts(table):
    table.arm(Fault("group.*", status=503, times=None))
    assert not strikes(table, "group.update", part_of="group.create")


def test_a_disarmed_fault_is_gone(table):
    id = table.arm(Fault(status=503))
    assert table.disarm(id) is True
    assert table.disarm(id) is False
    assert not strikes(table)


def test_a_description_counts_what_matched_and_what_fired(table):
    table.arm(Fault("user.create", status=503, skip=1))
    strikes(table), strikes(table), strikes(table)
    (described,) = table.describe()
    assert (described["seen"], described["fired"], described["name"]) == (2, 1, "fault-1")


def test_clearing_starts_the_ids_again(table):
    table.arm(Fault(status=503))
    table.clear()
    assert table.arm(Fault(status=503)) == "fault-1"


def test_a_full_description_is_read():
    fault = read_fault(
        {"operation": "user.*", "moment": "after", "entity": "ada", "status": 429, "headers": {"Retry-After": "3"}}
    )
    assert (fault.status, fault.headers, fault.entity) == (429, {"Retry-After": "3"}, "ada")


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
