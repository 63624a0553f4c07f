"""A reset is atomic: what is being answered ends first, and nothing of it is left behind."""

from __future__ import annotations

import itertools
import threading
import time

from werkzeug.test import Client

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.faults.catalog import read
from provcheck.mock_targets.target.rate_limit import InFlight


def test_a_reset_waits_for_requests_that_are_being_answered() -> None:
    target = Environment(["scim"], seed=1).target("scim")
    entered, finish = threading.Event(), threading.Event()

    def answer() -> None:
        with target.in_flight:
            entered.set()
            finish.wait(5)
            target.directory.add("User", {"userName": "late"})

    worker = threading.Thread(target=answer)
    worker.start()
    entered.wait(5)
    reset = threading.Thread(target=target.reset)
    reset.start()
    finish.set()
    worker.join()
    reset.join()
    assert list(target.directory.all("User")) == []


def test_a_request_that_a_fault_holds_over_a_reset_applies_nothing_and_the_journal_says_so() -> None:
    clock = VirtualClock()
    environment = Environment(["scim"], clock=clock, seed=1)
    target, client = environment.target("scim"), Client(environment)
    headers = {"Authorization": f"Bearer {target.token}"}
    body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "late"}
    bulk = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [{"method": "POST", "path": "/Users", "bulkId": "q", "data": body}],
    }
    sleep = clock.sleep
    for path, sent, moment in (("Users", body, "before"), ("Bulk", bulk, "before"), ("Users", body, "after")):
        target.faults.arm(read({"operation": "user.create", "moment": moment, "delay": 60}))
        clock.sleep = lambda seconds: (target._reset(), sleep(seconds))
        answer = client.post(f"/scim/v2/{path}", json=sent, headers=headers)
        clock.sleep = sleep
        assert (answer.status_code, "reset meanwhile" in answer.text) == (503, True)
        assert list(target.directory.all("User")) == []
        assert target.journal.since() == []
        control = {"Authorization": f"Bearer {environment.control_token}"}
        told = client.get("/_control/targets/scim/journal", headers=control).get_json()
        assert told["ended_by_reset"] == [f"POST /v2/{path}"]
    target.reset()
    assert list(target.journal.ended_by_reset) == []


def test_requests_that_come_during_a_reset_are_held_back_until_it_is_over() -> None:
    in_flight, seen = InFlight(), []

    def come() -> None:
        with in_flight:
            seen.append("request")

    with in_flight.none():
        worker = threading.Thread(target=come)
        worker.start()
        seen.append("reset")
    worker.join()
    assert seen == ["reset", "request"]


def test_no_user_is_left_that_no_journal_mentions_under_load() -> None:
    environment = Environment(["scim"])
    target, ended, failed = environment.target("scim"), threading.Event(), []
    urn = "urn:ietf:params:scim:schemas:core:2.0:User"
    headers = {"Authorization": f"Bearer {target.token}"}

    def load(worker: int) -> None:
        client = Client(environment)
        for number in itertools.count():
            body = {"schemas": [urn], "userName": f"user-{worker}-{number}"}
            status = client.post("/scim/v2/Users", json=body, headers=headers).status_code
            if status != 201:
                failed.append(status)
            if ended.is_set():
                return

    workers = [threading.Thread(target=load, args=(number,)) for number in range(4)]
    for worker in workers:
        worker.start()
    for _ in range(60):
        target.reset()
        with target.in_flight.none():
            there = {user.document["userName"] for user in target.directory.all("User")}
            named = {name for each in target.journal.since() for intent in each.intents for name in intent.names}
        assert there <= named
    ended.set()
    for worker in workers:
        worker.join()
    assert failed == []


def test_thousands_of_faults_are_armed_in_linear_time() -> None:
    def cost(number: int) -> float:
        target = Environment(["scim"]).target("scim")
        start = time.thread_time()
        for count in range(number):
            target.faults.described(
                target.faults.arm(read({"status": 503, "operation": "user.*", "entity": f"user{count}"}))
            )
        return time.thread_time() - start

    cost(50)
    assert min(cost(1600) for _ in range(2)) < 9 * min(cost(400) for _ in range(2))
