"""Row 66 of Slack's conformance table: one write of a user or group at a time."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from provcheck.mock_targets.clock import VirtualClock
from tests.vendors.slack_rig import CORE_1, Slack, code


class Gate(VirtualClock):
    """A clock on which waiting means: until the test opens the gate."""

    def __init__(self):
        super().__init__()
        self.entered, self.opened = threading.Event(), threading.Event()

    def sleep(self, seconds):
        if seconds:
            self.entered.set()
            assert self.opened.wait(10)


@pytest.fixture
def gate():
    return Gate()


@pytest.fixture
def slack(gate):
    return Slack(clock=gate)


@pytest.fixture
def slow(slack, gate):
    """Sends a request that a fault delays, and gives it back while it waits."""

    with ThreadPoolExecutor() as pool:

        def start(method, path, body, **fault):
            slack.faults.arm(delay=5, **fault)
            waiting = pool.submit(slack.v1, method, path, body)
            assert gate.entered.wait(10)
            return waiting

        yield start
        gate.opened.set()


@pytest.mark.parametrize("fault", [{"operation": "user.update"}, {"operation": "user.*", "entity": "ada"}])
@pytest.mark.parametrize("version", [1, 2])
def test_row_66_an_overlapping_write_of_a_user_is_sent_away(slack, gate, slow, version, fault):
    id = slack.create("ada")["id"]
    first = slow("PATCH", f"/Users/{id}", {"schemas": [CORE_1], "title": "First"}, **fault)
    for method in ("DELETE", "PUT", "PATCH"):
        answer = slack.of(version, method, f"/Users/{id}", {"schemas": [CORE_1], "title": "Second"})
        assert answer.status_code == 429
        assert code(answer) == "too_many_requests"
        assert answer.headers["Retry-After"] == "1"
        assert slack.journal[-1].applied == "no"
    gate.opened.set()
    assert first.result(10).status_code == 200
    assert slack.user(id)["title"] == "First"


def test_row_66_the_code_for_groups_is_resource_locked(slack, gate, slow):
    id = slack.create_group("Sales")["id"]
    first = slow("PATCH", f"/Groups/{id}", {"schemas": [CORE_1], "displayName": "Ops"}, operation="group.update")
    answer = slack.v2("DELETE", f"/Groups/{id}")
    assert answer.status_code == 429
    assert code(answer) == "resource_locked"
    gate.opened.set()
    assert first.result(10).status_code == 204


def test_row_66_others_and_readers_are_not_held_up(slack, gate, slow):
    ada, ben = slack.create("ada")["id"], slack.create("ben")["id"]
    first = slow("DELETE", f"/Users/{ada}", None, operation="user.delete")
    assert slack.user(ada)["active"] is True
    assert slack.merge(ben, title="Lord").status_code == 200
    gate.opened.set()
    assert first.result(10).status_code == 200


def test_row_66_the_next_write_passes_whatever_became_of_the_last(slack):
    id = slack.create("ada")["id"]
    slack.faults.arm("user.update", loses_answer=True)
    slack.faults.arm("user.update", status=503)
    with pytest.raises(OSError):
        slack.merge(id, title="Lost")
    assert slack.merge(id, title="Broken").status_code == 503
    assert slack.merge(id, password="x").status_code == 400
    assert slack.merge(id, title="Kept").status_code == 200
