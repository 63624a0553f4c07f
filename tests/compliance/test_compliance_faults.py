"""Faults on every kind of write: before the change or after it, a lie, a lost answer or a cut one.

`rig.refused` fails if the status is another, the error has not the target's shape, or anything changed; `rig.done` if
the request does not succeed.
"""

from __future__ import annotations

import pytest
import requests

from tests.compliance.compliance_actions import ACTIONS, BY_NAME
from tests.compliance.compliance_rig import person

actions = pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)


def truths(rig):
    """What the journal tells of the newest exchange: answered with, how it ended, what was applied, which fault."""
    exchange = rig.last
    return exchange.status, exchange.answer, exchange.applied, exchange.faults


@actions
def test_a_status_before_the_change_prevents_it(rig, action):
    rig.faults.arm(action.part, status=503, headers={"Retry-After": "7"}, name="outage")
    answer = rig.refused(action.ask(rig), 503)
    assert answer.headers["Retry-After"] == "7"
    assert truths(rig) == (503, "complete", "no", ["outage"])
    assert not action.is_done(rig)


@actions
def test_a_status_after_the_change_lies_about_it(rig, action):
    rig.faults.arm(action.part, moment="after", status=500, name="lie")
    answer = rig.send(action.ask(rig))
    assert answer.status_code == 500
    rig.driver.check_error(answer)
    assert action.is_done(rig)
    assert truths(rig) == (500, "complete", "yes", ["lie"])


@actions
def test_an_answer_lost_before_the_change_prevents_it(rig, action):
    rig.faults.arm(action.part, loses_answer=True, name="gone")
    before = rig.state()
    with pytest.raises(requests.ConnectionError):
        rig.send(action.ask(rig))
    assert rig.state() == before
    assert truths(rig) == (None, "lost", "no", ["gone"])


@actions
def test_an_answer_lost_after_the_change_leaves_it(rig, action):
    rig.faults.arm(action.part, moment="after", loses_answer=True, name="gone")
    with pytest.raises(requests.ConnectionError):
        rig.send(action.ask(rig))
    assert action.is_done(rig)
    assert truths(rig) == (None, "lost", "yes", ["gone"])


@actions
def test_a_cut_answer_leaves_the_change(rig, action):
    rig.faults.arm(action.part, moment="after", status=200, body="x" * 500, truncates_at=20, name="cut")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        rig.send(action.ask(rig))
    assert action.is_done(rig)
    assert truths(rig) == (200, "truncated", "yes", ["cut"])


@actions
def test_a_delay_passes_on_the_clock_and_nothing_else_happens(rig, action):
    rig.faults.arm(action.part, delay=12.5, name="slow")
    began = rig.clock.monotonic()
    rig.done(action.ask(rig))
    assert action.is_done(rig)
    assert rig.clock.monotonic() - began == 12.5
    assert (rig.last.duration, rig.last.applied, rig.last.faults) == (12.5, "yes", ["slow"])


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_delay_beyond_the_timeout_of_a_client_is_a_timeout_and_the_change_stays(rig, moment):
    rig.faults.arm("user.create", moment=moment, delay=30)
    with pytest.raises(requests.exceptions.ReadTimeout):
        rig.send(rig.driver.create_user(person("dot")), timeout=10)
    assert rig.shown_user("dot") is not None
    assert rig.last.applied == "yes"


def test_the_own_body_of_an_answer_can_be_cut(rig):
    rig.faults.arm("user.create", truncates_at=10)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        rig.send(rig.driver.create_user(person("dot")))
    assert rig.shown_user("dot") is not None
    assert (rig.last.answer, rig.last.applied) == ("truncated", "yes")


def test_a_fault_can_answer_with_a_body_of_its_own(rig):
    rig.faults.arm("user.get", status=502, body="<h1>Bad Gateway</h1>", headers={"Content-Type": "text/html"})
    answer = rig.send(rig.driver.read_user(rig.ids["ada"]))
    assert (answer.status_code, answer.text) == (502, "<h1>Bad Gateway</h1>")
    assert answer.headers["Content-Type"] == "text/html"


@pytest.mark.parametrize("status", [400, 403, 409, 413, 429, 500, 501, 503, 504])
def test_every_status_is_told_in_the_targets_own_shape(rig, status):
    rig.faults.arm("user.update", status=status)
    rig.refused(rig.driver.rename_user(rig.ids["ada"], "Byron"), status)


def test_a_fault_fires_as_often_as_its_budget_says(rig):
    rig.faults.arm("user.get", status=503, times=2)
    answers = [rig.send(rig.driver.read_user(rig.ids["ada"])).status_code for _ in range(4)]
    assert answers == [503, 503, 200, 200]


def test_a_fault_lets_the_first_ones_pass(rig):
    rig.faults.arm("user.get", status=503, skip=2)
    answers = [rig.send(rig.driver.read_user(rig.ids["ada"])).status_code for _ in range(4)]
    assert answers == [200, 200, 503, 200]


def test_a_fault_without_a_budget_fires_until_it_is_removed(rig):
    id = rig.faults.arm("user.get", status=503, times=None)
    ask = rig.driver.read_user(rig.ids["ada"])
    assert [rig.send(ask).status_code for _ in range(3)] == [503] * 3
    rig.faults.disarm(id)
    assert rig.send(ask).status_code == 200


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("address", ["name", "other_case", "id"])
def test_a_fault_for_one_user_spares_the_others(rig, moment, address):
    entity = {"name": "ada", "other_case": "ADA", "id": rig.ids["ada"]}[address]
    rig.faults.arm("user.*", entity=entity, moment=moment, status=503, times=None)
    for ask, status in (
        (rig.driver.read_user(rig.ids["bob"]), 200),
        (rig.driver.read_user(rig.ids["ada"]), 503),
        (rig.driver.rename_user(rig.ids["bob"], "Byron"), 200),
        (rig.driver.rename_user(rig.ids["ada"], "Byron"), 503),
    ):
        assert rig.send(ask).status_code == status


def test_a_fault_for_one_user_strikes_the_search_for_it(rig):
    rig.faults.arm("user.list", entity="ada", status=503)
    assert rig.send(rig.driver.find_user("bob")).status_code == 200
    assert rig.send(rig.driver.find_user("ada")).status_code == 503


def test_a_fault_for_one_user_strikes_its_creation(rig):
    rig.faults.arm("user.create", entity="dot", status=503)
    rig.add_user("dan")
    rig.refused(rig.driver.create_user(person("dot")), 503)


@pytest.mark.parametrize("by_id", [False, True], ids=["by_name", "by_id"])
def test_a_fault_for_one_group_spares_the_others(rig, by_id):
    other = rig.add_group("Board")
    rig.faults.arm("group.*", entity=rig.ids["Staff"] if by_id else "staff", status=503)
    rig.done(rig.driver.rename_group(other, "Directors"))
    rig.refused(rig.driver.rename_group(rig.ids["Staff"], "Crew"), 503)


@pytest.mark.parametrize("by_id", [False, True], ids=["by_name", "by_id"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_fault_for_one_membership_spares_the_others(rig, by_id, moment):
    board, staff, bob = rig.add_group("Board"), rig.ids["Staff"], rig.ids["bob"]
    rig.faults.arm("member.add", entity=f"{staff}/{bob}" if by_id else "Staff/bob", moment=moment, status=503)
    rig.done(rig.driver.add_members(board, [rig.ids["ada"], bob]))
    assert rig.send(rig.driver.add_members(staff, [bob])).status_code == 503
    assert ("bob" in rig.shown_group("Staff")["members"]) is (moment == "after")


def test_a_membership_struck_in_a_larger_request_keeps_all_of_it_from_happening(rig):
    dot = rig.add_user("dot")
    rig.faults.arm("member.add", entity="Staff/dot", status=503)
    rig.refused(rig.driver.add_members(rig.ids["Staff"], [rig.ids["bob"], dot]), 503)


def test_a_fault_for_everything_fires_once_for_one_request(rig):
    rig.faults.arm("*", status=503)
    rig.refused(rig.driver.add_members(rig.ids["Staff"], [rig.ids["bob"]]), 503)
    rig.done(rig.driver.add_members(rig.ids["Staff"], [rig.ids["bob"]]))


def test_a_request_that_is_refused_anyway_spends_no_fault_for_afterwards(rig):
    rig.faults.arm("user.create", moment="after", status=500)
    rig.refused(rig.driver.create_user(person("bob")), 409)
    assert [fault["fired"] for fault in rig.faults] == [0]


def test_a_lost_answer_can_be_found_out(rig):
    rig.faults.arm("user.create", moment="after", loses_answer=True)
    with pytest.raises(requests.ConnectionError):
        rig.send(rig.driver.create_user(person("dot")))
    assert len(rig.found(rig.driver.find_user("dot"))) == 1
    rig.refused(rig.driver.create_user(person("dot")), 409)


def test_a_reset_disarms_every_fault(rig):
    rig.faults.arm("*", status=503, times=None)
    rig.reset()
    rig.done(BY_NAME["create_user"].ask(rig))
