"""Where a target is: in spaces of its own, at the vendor's real hosts, and on a real socket, always the same target."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import requests

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.testing import mount, serving, session
from tests.compliance.compliance_rig import AGENT, Rig, environment_of, person
from tests.compliance.drivers import DRIVERS, Ask, Driver


def fresh(driver: Driver, **options) -> Environment:
    """An environment of its own, so that nothing of other tests is in it."""
    flags = {driver.target: driver.starts_with}
    return Environment([driver.target], clock=VirtualClock(), seed=7, flags=flags, **options)


def story(driver: Driver) -> Iterator[Ask]:
    """A life from creation to deletion; each request may need ids of the answers so far, which are sent in."""
    ada = yield driver.create_user(person("ada"))
    bob = yield driver.create_user(person("bob"))
    yield driver.create_user(person("ada"))
    staff = yield driver.create_group("Staff", [ada])
    yield driver.add_members(staff, [bob])
    yield driver.find_user("bob")
    yield driver.rename_user(ada, "Byron")
    yield driver.turn_user(bob, False)
    yield driver.remove_member(staff, ada)
    yield driver.read_group(staff)
    yield driver.list_users(1, 10)
    yield driver.rename_group(staff, "Crew")
    yield driver.read_user("nobody")
    yield Ask("POST", "/Users", [])
    yield driver.delete_group(staff)
    yield driver.delete_user(ada)


def play(driver: Driver, send) -> list[requests.Response]:
    """All answers to the story; `send` takes method, path and options."""
    answers, asks, id = [], story(driver), None
    try:
        while True:
            ask = asks.send(id)
            answer = send(ask.method, ask.path, json=ask.body, params=dict(ask.query) or None)
            answers.append(answer)
            body = answer.json() if answer.content else {}
            id = body.get("id") if answer.status_code == 201 else None
    except StopIteration:
        return answers


def sender(environment: Environment, driver: Driver, client: requests.Session):
    """Sends to the driver's base URL with the token."""
    target = environment.target(driver.target)
    headers = {"Authorization": f"Bearer {target.token}", "User-Agent": AGENT}
    url = target.urls()[driver.label]
    return lambda method, path, **options: client.request(method, url + path, headers=headers, **options)


def told(answers, url: str) -> list:
    """Status, body and the headers that a target chooses, with `url` taken out."""
    chosen = ("Content-Type", "Location", "ETag", "Retry-After", "Allow", "WWW-Authenticate", "X-RateLimit-Remaining")
    return [
        (
            answer.status_code,
            answer.text.replace(url, "").replace(url.replace("/", "\\/"), ""),
            {name: answer.headers[name].replace(url, "") for name in chosen if name in answer.headers},
        )
        for answer in answers
    ]


def test_a_real_socket_gives_the_same_answers_as_no_socket(driver):
    inside = fresh(driver)
    expected = told(play(driver, sender(inside, driver, session(inside))), inside.url)
    outside = fresh(driver)
    with serving(outside), requests.Session() as client:
        client.trust_env = False
        seen = told(play(driver, sender(outside, driver, client)), outside.url)
    assert seen == expected
    assert {status for status, _, _ in seen} >= {201, 400, 404, 409}


def test_the_same_seed_gives_the_same_journal_to_the_byte(driver):
    def journal():
        environment = fresh(driver)
        play(driver, sender(environment, driver, session(environment)))
        kept = environment.target(driver.target).journal.since()
        return json.dumps([exchange.as_dict() for exchange in kept]).encode()

    assert journal() == journal()


def test_another_seed_gives_other_ids(driver):
    def made(seed):
        environment = Environment([driver.target], clock=VirtualClock(), seed=seed)
        answers = play(driver, sender(environment, driver, session(environment)))
        return [answer.json()["id"] for answer in answers if answer.status_code == 201]

    assert not set(made(1)) & set(made(2))


@pytest.mark.parametrize(
    "driver, real_url",
    [(driver, url) for driver in DRIVERS for url in environment_of(driver).target(driver.target).spec.real_urls],
    ids=lambda each: getattr(each, "name", each),
)
def test_a_client_that_only_knows_the_vendors_host_reaches_the_target(driver, real_url):
    environment = fresh(driver)
    target = environment.target(driver.target)
    headers = {"Authorization": f"Bearer {target.token}", "User-Agent": AGENT}
    base = real_url + target.spec.base_paths[driver.label]
    with mount(environment):
        made = requests.request("POST", f"{base}/Users", json=driver.user(person("ada")), headers=headers)
        found = requests.get(f"{base}/Users", params=dict(driver.find_user("ada").query), headers=headers)
    assert made.status_code == 201
    assert driver.page(found.json())[0] == 1


def test_a_target_can_be_mounted_at_any_host(driver):
    environment = fresh(driver)
    target = environment.target(driver.target)
    headers = {"Authorization": f"Bearer {target.token}", "User-Agent": AGENT}
    path = target.spec.base_paths[driver.label]
    with mount(environment, {"https://people.example/idp": driver.target}):
        made = requests.post(
            f"https://people.example/idp{path}/Users", json=driver.user(person("ada")), headers=headers
        )
        assert made.status_code == 201
        assert "localhost" not in made.text + str(made.headers)
    assert "people.example" not in target.base_url


class InSpace(Rig):
    """A rig in a space of the environment."""

    def __init__(self, driver: Driver, environment: Environment, name: str) -> None:
        super().__init__(driver, environment)
        super(Rig, self).__init__(environment.tenant(name).targets[driver.target])


@pytest.fixture
def two_spaces(driver):
    environment = environment_of(driver)
    rigs = [InSpace(driver, environment, name) for name in ("blue", "red")]
    for rig in rigs:
        rig.reset()
    return rigs


def test_what_happens_in_one_space_is_unknown_in_another(two_spaces):
    blue, red = two_spaces
    main = Rig(blue.driver, blue.environment)
    main.reset()
    blue.seeder()
    blue.add_user("dot")
    for other in (red, main):
        assert other.snapshot() == {"users": [], "groups": []}
        assert len(other.journal) == 0
        assert other.found(other.driver.find_user("dot")) == []


def test_flags_and_faults_of_one_space_do_nothing_in_another(two_spaces):
    blue, red = two_spaces
    blue.flags.allows_create_users = False
    blue.faults.arm("*", status=503, times=None)
    red.add_user("dot")
    assert blue.send(blue.driver.create_user(person("dot"))).status_code == 503


def test_a_reset_of_one_space_leaves_the_others(two_spaces):
    blue, red = two_spaces
    for rig in two_spaces:
        rig.seeder()
    blue.reset()
    assert blue.snapshot()["users"] == []
    assert len(red.snapshot()["users"]) == 3


def test_a_space_hands_out_urls_of_its_own(two_spaces):
    blue, _ = two_spaces
    answer = blue.send(blue.driver.create_user(person("ada")))
    text = (answer.text + str(answer.headers)).replace("\\/", "/")
    assert "http://localhost/~blue/" in text or "http://localhost" not in text
    assert f"http://localhost/{blue.name}/" not in text
