"""Many clients at once over real sockets: no change is lost, and the directory agrees with itself afterwards."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.testing import Handle, serving
from tests.compliance.compliance_rig import AGENT, person
from tests.compliance.consistency import inconsistencies
from tests.compliance.drivers import DRIVERS

CLIENTS, ROUNDS = 4, 6
TRIES = 500
"""For targets that send away whoever comes while another writes the same resource."""


@pytest.fixture(params=DRIVERS, ids=lambda driver: driver.name)
def served(request):
    """A driver, and its target on a real port."""
    driver = request.param
    environment = Environment([driver.target], seed=1, flags={driver.target: driver.starts_with})
    with serving(environment):
        yield driver, Handle(environment.target(driver.target))


def client_of(served):
    """Sends requests over one connection, again as long as it is told to wait; gives the JSON of the answer."""
    driver, handle = served
    http = requests.Session()
    http.trust_env = False
    http.headers.update({**handle.headers, "User-Agent": AGENT})

    def send(ask, *, also=()):
        for _ in range(TRIES):
            answer = http.request(
                ask.method, handle.urls[driver.label] + ask.path, json=ask.body, params=dict(ask.query) or None
            )
            if answer.status_code != 429:
                break
        assert answer.status_code < 300 or answer.status_code in also, answer.text
        return answer

    return http, send


def together(served, work):
    """Runs `work(send, number)` for every client at once; what each returned."""

    def run(number):
        http, send = client_of(served)
        with http:
            return work(send, number)

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(run, range(CLIENTS)))


def check(handle):
    assert inconsistencies(handle.target) == []
    assert [exchange.error for exchange in handle.journal if exchange.error] == []


def test_no_membership_is_lost_when_many_add_members_to_one_group(served):
    driver, handle = served
    handle.seed(groups=[{"displayName": "Staff", "externalId": "x-Staff"}])
    staff = handle.snapshot()["groups"][0]["id"]

    def work(send, number):
        for place in range(ROUNDS):
            id = send(driver.create_user(person(f"u{number}-{place}"))).json()["id"]
            send(driver.add_members(staff, [id]))

    together(served, work)
    shot = handle.snapshot()
    assert len(shot["users"]) == CLIENTS * ROUNDS
    assert sorted(shot["groups"][0]["members"]) == sorted(user["userName"] for user in shot["users"])
    check(handle)


def test_of_many_creates_of_one_name_one_wins(served):
    driver, handle = served

    def work(send, number):
        return [send(driver.create_user(person(f"same{place}")), also=(409,)).status_code for place in range(ROUNDS)]

    statuses = [status for each in together(served, work) for status in each]
    assert (statuses.count(201), statuses.count(409)) == (ROUNDS, (CLIENTS - 1) * ROUNDS)
    assert len(handle.snapshot()["users"]) == ROUNDS
    check(handle)


def test_members_who_come_and_go_while_users_are_deleted_leave_no_trace(served):
    driver, handle = served
    handle.seed(groups=[{"displayName": "Staff", "externalId": "x-Staff"}])
    staff = handle.snapshot()["groups"][0]["id"]

    def work(send, number):
        for place in range(ROUNDS):
            id = send(driver.create_user(person(f"u{number}-{place}"))).json()["id"]
            send(driver.add_members(staff, [id]))
            send(driver.rename_user(id, f"Name{place}"))
            if place % 2:
                send(driver.remove_member(staff, id))
            send(driver.delete_user(id))

    together(served, work)
    shot = handle.snapshot()
    if driver.keeps_deleted_users:
        assert not any(user["active"] for user in shot["users"])
        assert len(shot["groups"][0]["members"]) == CLIENTS * ROUNDS // 2
    else:
        assert (shot["users"], shot["groups"][0]["members"]) == ([], [])
    check(handle)


def test_the_journal_numbers_every_exchange_once(served):
    driver, handle = served
    together(served, lambda send, number: [send(driver.list_users(1, 5)) for _ in range(ROUNDS)])
    assert [exchange.seq for exchange in handle.journal] == list(range(1, CLIENTS * ROUNDS + 1))
