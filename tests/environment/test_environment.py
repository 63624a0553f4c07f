"""An environment: where its targets are, and tenants that do not see each other."""

from __future__ import annotations

import pytest
from werkzeug.test import Client

from provcheck.mock_targets import registry
from provcheck.mock_targets.environment import MAX_TENANTS, Environment
from provcheck.mock_targets.target.flags import UnknownFlag, WrongFlagValue
from provcheck.mock_targets.target.seeding import seed
from provcheck.mock_targets.testing import Handle
from tests.fake_target import SPEC, make_environment


@pytest.fixture
def environment() -> Environment:
    return make_environment(tenants=True)


def people(environment: Environment, prefix: str = ""):
    headers = {"Authorization": f"Bearer {environment.target('fake').token}"}
    return Client(environment).get(f"{prefix}/fake/people", headers=headers)


def add(environment: Environment, login: str, prefix: str = ""):
    headers = {"Authorization": f"Bearer {environment.target('fake').token}"}
    return Client(environment).post(f"{prefix}/fake/people", json={"login": login}, headers=headers)


def test_a_target_is_under_its_name(environment):
    assert add(environment, "ada").status_code == 201
    assert people(environment).json["people"][0]["login"] == "ada"


@pytest.mark.parametrize("path", ["/nobody/people", "/fakes", "//fake/people", "/~", "/~/fake", "/~a"])
def test_nothing_is_elsewhere(environment, path):
    assert Client(environment).get(path).status_code == 404


@pytest.mark.parametrize("name", ["..", ".hidden", "a b", "a" * 65, "ä", "a\0", "%2e%2e"])
def test_a_bad_name_makes_no_space(environment, name):
    assert people(environment, f"/~{name}").status_code == 404
    with pytest.raises(LookupError):
        environment.tenant(name)


def test_spaces_share_neither_state_nor_flags_nor_journal(environment):
    add(environment, "ada", "/~blue")
    environment.tenant("blue").targets["fake"].flags.set({"shouts": True})
    for other in (environment.target("fake"), environment.tenant("red").targets["fake"]):
        assert other.directory.count("User") == 0
        assert other.behaviour.shouts is False
        assert other.journal.since() == []


def test_a_space_hands_out_urls_of_its_own(environment):
    assert add(environment, "ada", "/~blue").headers["Location"].startswith("http://localhost/~blue/fake/people/")


def test_one_space_is_reset_alone(environment):
    add(environment, "ada", "/~blue")
    add(environment, "ada", "/~red")
    environment.tenant("blue").reset()
    assert people(environment, "/~blue").json == {"people": []}
    assert len(people(environment, "/~red").json["people"]) == 1


def test_without_spaces_there_are_none():
    assert people(make_environment(), "/~blue").status_code == 404


def test_spaces_are_not_made_without_end(environment, monkeypatch):
    monkeypatch.setattr("provcheck.mock_targets.environment.MAX_TENANTS", 2)
    assert MAX_TENANTS > 2
    assert [people(environment, f"/~s{i}").status_code for i in range(3)] == [200, 200, 503]


def test_the_same_seed_gives_the_same_ids_and_other_tokens():
    first, second = make_environment(), make_environment()
    assert add(first, "ada").json["id"] == add(second, "ada").json["id"]
    assert first.target("fake").token != second.target("fake").token
    assert first.control_token != second.control_token


def test_moving_changes_every_url(environment):
    blue = environment.tenant("blue").targets["fake"]
    environment.move("https://idp.test:1", {"fake": "https://idp.test:2"})
    assert environment.control_url() == "https://idp.test:1/_control"
    assert environment.target("fake").base_url == "https://idp.test:2"
    assert blue.base_url == "https://idp.test:2/~blue"
    assert environment.tenant("late").targets["fake"].base_url == "https://idp.test:2/~late"


def test_what_a_target_starts_with_is_there_in_every_space_and_after_a_reset():
    def seeder(target):
        seed(target, {"users": [{"userName": "ada"}]})

    environment = make_environment(tenants=True, seeder={"fake": seeder})
    environment.reset()
    for prefix in ("", "/~blue"):
        assert [person["login"] for person in people(environment, prefix).json["people"]] == ["ada"]


def test_first_flags_are_checked():
    with pytest.raises(WrongFlagValue):
        make_environment(flags={"fake": {"shouts": 3}})


def test_flags_for_a_target_that_is_not_there_are_refused():
    with pytest.raises(registry.UnknownTarget):
        make_environment(flags={"nobody": {}})


def test_an_unknown_target_is_refused_and_the_known_are_named():
    with pytest.raises(registry.UnknownTarget, match="scim"):
        Environment(["nobody"])


def test_a_target_stands_alone_at_the_root(environment):
    headers = {"Authorization": f"Bearer {environment.target('fake').token}"}
    client = Client(environment.alone("fake"))
    assert client.get("/people", headers=headers).status_code == 200
    assert client.get("/~blue/people", headers=headers).status_code == 200
    assert client.get("/~../people", headers=headers).status_code == 404
    assert client.get("/fake/people", headers=headers).status_code == 404


def test_a_handle_reads_and_sets_flags_by_attribute_and_by_key(environment):
    flags = Handle(environment.target("fake")).flags
    flags.shouts = True
    flags["page_size"] = 3
    assert (flags["shouts"], flags.page_size) == (True, 3)
    del flags["page_size"]
    assert flags.page_size == 10
    assert "shouts" in flags
    assert len(flags) == len(SPEC.flags)


def test_a_handle_refuses_unknown_flags(environment):
    flags = Handle(environment.target("fake")).flags
    with pytest.raises(AttributeError, match="no flag"):
        _ = flags.speed
    with pytest.raises(UnknownFlag):
        _ = flags["speed"]
    with pytest.raises(UnknownFlag):
        flags.speed = 3
    assert "speed" not in flags


def test_a_request_without_credentials_makes_no_tenant(environment):
    assert Client(environment).get("/~blue/fake/people").status_code == 401
    assert Client(environment).get("/~blue/_control/health").status_code in (200, 421)
    assert environment.tenant_names() == []
    assert people(environment, "/~blue").status_code == 200
    assert environment.tenant_names() == ["blue"]


def test_a_tenant_that_is_idle_and_empty_gives_way(environment, monkeypatch):
    monkeypatch.setattr("provcheck.mock_targets.environment.MAX_TENANTS", 2)
    add(environment, "ada", "/~full")
    people(environment, "/~empty")
    assert people(environment, "/~late").status_code == 503
    environment.clock.sleep(700)
    assert people(environment, "/~late").status_code == 200
    assert environment.tenant_names() == ["full", "late"]


def test_tenants_are_listed_and_deleted_by_the_control_api(environment):
    add(environment, "ada", "/~blue")
    headers = {"Authorization": f"Bearer {environment.control_token}"}
    client = Client(environment)
    listed = client.get("/_control/tenants", headers=headers).json
    assert listed == {"tenants": ["blue"], "count": 1, "limit": MAX_TENANTS}
    assert [client.delete("/_control/tenants/blue", headers=headers).status_code for _ in range(2)] == [204, 404]
    assert people(environment, "/~blue").json == {"people": []}
    assert client.delete("/~blue/_control/tenants/blue", headers=headers).status_code == 404
