"""An estate: where its targets are, and spaces that do not see each other."""

from __future__ import annotations

import pytest
from fake_target import SPEC, make_estate
from werkzeug.test import Client

from mock_targets import registry
from mock_targets.control.flags import UnknownFlag, WrongFlagValue
from mock_targets.estate import MAX_SPACES, Estate
from mock_targets.testing import Handle
from mock_targets.wire.seed import seed


@pytest.fixture
def estate() -> Estate:
    return make_estate(spaces=True)


def people(estate: Estate, prefix: str = ""):
    headers = {"Authorization": f"Bearer {estate.target('fake').token}"}
    return Client(estate).get(f"{prefix}/fake/people", headers=headers)


def add(estate: Estate, login: str, prefix: str = ""):
    headers = {"Authorization": f"Bearer {estate.target('fake').token}"}
    return Client(estate).post(f"{prefix}/fake/people", json={"login": login}, headers=headers)


def test_a_target_is_under_its_name(estate):
    assert add(estate, "ada").status_code == 201
    assert people(estate).json["people"][0]["login"] == "ada"


@pytest.mark.parametrize("path", ["/", "/nobody/people", "/fakes", "//fake/people", "/~", "/~/fake", "/~a"])
def test_nothing_is_elsewhere(estate, path):
    assert Client(estate).get(path).status_code == 404


@pytest.mark.parametrize("name", ["..", ".hidden", "a b", "a" * 65, "ä", "a\0", "%2e%2e"])
def test_a_bad_name_makes_no_space(estate, name):
    assert people(estate, f"/~{name}").status_code == 404
    with pytest.raises(LookupError):
        estate.space(name)


def test_spaces_share_neither_state_nor_flags_nor_journal(estate):
    add(estate, "ada", "/~blue")
    estate.space("blue").targets["fake"].flags.set({"shouts": True})
    for other in (estate.target("fake"), estate.space("red").targets["fake"]):
        assert other.directory.count("User") == 0
        assert other.behaviour.shouts is False
        assert other.journal.since() == []


def test_a_space_hands_out_urls_of_its_own(estate):
    assert add(estate, "ada", "/~blue").headers["Location"].startswith("http://localhost/~blue/fake/people/")


def test_one_space_is_reset_alone(estate):
    add(estate, "ada", "/~blue")
    add(estate, "ada", "/~red")
    estate.space("blue").reset()
    assert people(estate, "/~blue").json == {"people": []}
    assert len(people(estate, "/~red").json["people"]) == 1


def test_without_spaces_there_are_none():
    assert people(make_estate(), "/~blue").status_code == 404


def test_spaces_are_not_made_without_end(estate, monkeypatch):
    monkeypatch.setattr("mock_targets.estate.MAX_SPACES", 2)
    assert MAX_SPACES > 2
    assert [people(estate, f"/~s{i}").status_code for i in range(3)] == [200, 200, 404]


def test_the_same_seed_gives_the_same_ids_and_other_tokens():
    first, second = make_estate(), make_estate()
    assert add(first, "ada").json["id"] == add(second, "ada").json["id"]
    assert first.target("fake").token != second.target("fake").token
    assert first.control_token != second.control_token


def test_moving_changes_every_url(estate):
    blue = estate.space("blue").targets["fake"]
    estate.move("https://idp.test:1", {"fake": "https://idp.test:2"})
    assert estate.control_url() == "https://idp.test:1/_control"
    assert estate.target("fake").base_url == "https://idp.test:2"
    assert blue.base_url == "https://idp.test:2/~blue"
    assert estate.space("late").targets["fake"].base_url == "https://idp.test:2/~late"


def test_what_a_target_starts_with_is_there_in_every_space_and_after_a_reset():
    def furnish(target):
        seed(target, {"users": [{"userName": "ada"}]})

    estate = make_estate(spaces=True, furnish={"fake": furnish})
    estate.reset()
    for prefix in ("", "/~blue"):
        assert [person["login"] for person in people(estate, prefix).json["people"]] == ["ada"]


def test_first_flags_are_checked():
    with pytest.raises(WrongFlagValue):
        make_estate(flags={"fake": {"shouts": 3}})


def test_flags_for_a_target_that_is_not_there_are_refused():
    with pytest.raises(registry.UnknownTarget):
        make_estate(flags={"nobody": {}})


def test_an_unknown_target_is_refused_and_the_known_are_named():
    with pytest.raises(registry.UnknownTarget, match="scim"):
        Estate(["nobody"])


def test_a_target_stands_alone_at_the_root(estate):
    headers = {"Authorization": f"Bearer {estate.target('fake').token}"}
    client = Client(estate.alone("fake"))
    assert client.get("/people", headers=headers).status_code == 200
    assert client.get("/~blue/people", headers=headers).status_code == 200
    assert client.get("/~../people", headers=headers).status_code == 404
    assert client.get("/fake/people", headers=headers).status_code == 404


def test_a_handle_reads_and_sets_flags_by_attribute_and_by_key(estate):
    flags = Handle(estate.target("fake")).flags
    flags.shouts = True
    flags["page_size"] = 3
    assert (flags["shouts"], flags.page_size) == (True, 3)
    del flags["page_size"]
    assert flags.page_size == 10
    assert "shouts" in flags
    assert len(flags) == len(SPEC.flags)


def test_a_handle_refuses_unknown_flags(estate):
    flags = Handle(estate.target("fake")).flags
    with pytest.raises(AttributeError, match="no flag"):
        _ = flags.speed
    with pytest.raises(UnknownFlag):
        _ = flags["speed"]
    with pytest.raises(UnknownFlag):
        flags.speed = 3
    assert "speed" not in flags
