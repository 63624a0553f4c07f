"""Every core word in every target and preset: from the seed to the answer, and from a snapshot back into a seed."""

from __future__ import annotations

from typing import Any

import pytest

from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.target.core_words import USER_WORDS
from provcheck.mock_targets.target.seeding import BadSeed
from provcheck.mock_targets.testing import Handle, session

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GUEST = "urn:ietf:params:scim:schemas:extension:slack:guest:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"

ADA: dict[str, Any] = {
    "userName": "ada",
    "externalId": "x-ada",
    "givenName": "Ada",
    "familyName": "Lovelace",
    "displayName": "Ada Lovelace",
    "email": "ada@example.com",
    "active": True,
    "title": "Countess",
    "nickName": "Ada",
    "userType": "Employee",
    "preferredLanguage": "en-GB",
    "locale": "en-GB",
    "timezone": "Europe/London",
    "phoneNumbers": [{"value": "+44 1", "type": "work"}, {"value": "+44 2", "type": "mobile"}],
    "address": {"streetAddress": "12 St James's Square", "locality": "London", "postalCode": "SW1Y", "country": "GB"},
    "department": "Engines",
    "employeeNumber": "1815",
    "manager": "charles",
}
CHARLES = {"userName": "charles", "email": "charles@example.com", "externalId": "x-charles"}
GITHUB_WORDS = ("userName", "externalId", "givenName", "familyName", "displayName", "email", "active")
KEPT = {
    "scim": tuple(USER_WORDS),
    "slack": tuple(word for word in USER_WORDS if word != "nickName"),
    "github_emu": GITHUB_WORDS,
    "aquera": tuple(USER_WORDS),
    "zoom": tuple(word for word in USER_WORDS if word not in ("nickName", "address")),
}
"""The core words that each target keeps: RFC 7643 sections 4.1 and 4.3, and what the vendors' pages list."""
BESIDE: dict[str, dict[str, Any]] = {
    "scim": {"password": "t1meMa$heen", "roles": [{"value": "analyst"}], ENTERPRISE: {"costCenter": "4130"}},
    "slack": {"roles": ["analyst"], "photos": ["https://example.com/p.png"], GUEST: {"type": "multi"}},
    "github_emu": {"roles": [{"value": "guest_collaborator"}]},
    "aquera": {"roles": [{"value": "analyst"}], ENTERPRISE: {"costCenter": "4130"}},
    "zoom": {"roles": [{"value": "member"}], ENTERPRISE: {"costCenter": "4130"}},
}
"""Attributes beside the core words."""


def handle_of(name: str, preset: str = "", environment: Environment | None = None) -> Handle:
    handle = Handle((environment or Environment([name])).target(name))
    if preset:
        handle.flags.profile(preset)
        handle.faults.clear()
    return handle


def ada_in(name: str) -> dict[str, Any]:
    return {word: ADA[word] for word in KEPT[name]}


def fill(name: str, environment: Environment, *, handle: Handle) -> None:
    """Two users and a group by a seed, one user through the API with attributes that are no core words."""
    handle.seed(users=[ada_in(name), CHARLES], groups=[{"displayName": "Staff", "members": ["ada", "charles"]}])
    refused = str(handle.target.flags.values().get("unsupported_user_attributes")).split(",")
    beside = {word: value for word, value in BESIDE[name].items() if word not in refused}
    body = {
        "schemas": [CORE, *(urn for urn in beside if ":" in urn)],
        "userName": "eve",
        "externalId": "x-eve",
        "displayName": "Eve",
        "name": {"givenName": "Eve", "familyName": "Moneypenny"},
        "active": True,
        "emails": [{"value": "eve@example.com", "type": "work", "primary": True}],
        **beside,
    }
    headers = {**handle.headers, "User-Agent": "test"}
    is_basic = handle.target.flags.values().get("authentication") == "basic"
    auth = ("anybody", handle.token) if is_basic else None
    answer = session(environment).post(f"{handle.base_url}/Users", json=body, headers=headers, auth=auth)
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("name", KEPT)
def test_every_word_comes_back_in_the_snapshot(name):
    handle = handle_of(name)
    handle.seed(users=[ada_in(name), CHARLES])
    ada = handle.snapshot()["users"][0]
    assert {word: ada[word] for word in KEPT[name]} == ada_in(name)


@pytest.mark.parametrize("name", KEPT)
def test_a_word_that_the_target_does_not_keep_is_refused_by_name(name):
    handle = handle_of(name)
    for word in USER_WORDS.keys() - KEPT[name]:
        with pytest.raises(BadSeed, match=f"user 'ada': {name} keeps no {word}; it keeps userName, externalId, "):
            handle.seed(users=[{"userName": "ada", word: ADA[word]}])
    assert handle.snapshot() == {"users": [], "groups": []}


def test_every_word_is_where_scim_has_it():
    environment = Environment(["scim"])
    handle = handle_of("scim", environment=environment)
    handle.seed(users=[ADA, CHARLES])
    shown = session(environment).get(f"{handle.base_url}/Users", headers=handle.headers).json()["Resources"]
    ada, charles = shown
    assert ada["schemas"] == [CORE, ENTERPRISE]
    assert ada[ENTERPRISE] == {
        "department": "Engines",
        "employeeNumber": "1815",
        "manager": {"value": charles["id"]},
    }
    assert ada["addresses"] == [{"type": "work", "primary": True, **ADA["address"]}]
    texts = ("title", "nickName", "userType", "preferredLanguage", "locale", "timezone", "phoneNumbers")
    assert {word: ada[word] for word in texts} == {word: ADA[word] for word in texts}


def test_every_word_is_where_slack_has_it():
    environment = Environment(["slack"])
    handle = handle_of("slack", environment=environment)
    handle.seed(users=[ada_in("slack"), CHARLES])
    ada, charles = session(environment).get(f"{handle.base_url}/Users", headers=handle.headers).json()["Resources"]
    assert ada[ENTERPRISE]["manager"] == {"managerId": charles["id"]}
    assert (ada[ENTERPRISE]["department"], ada[ENTERPRISE]["employeeNumber"]) == ("Engines", "1815")
    assert ada["phoneNumbers"] == [{"value": "+44 1", "type": "mobile"}, {"value": "+44 2", "primary": True}]
    assert ada["addresses"] == [{**ADA["address"], "region": None}]
    texts = ("title", "userType", "preferredLanguage", "locale", "timezone")
    assert {word: ada[word] for word in texts} == {word: ADA[word] for word in texts}
    assert ada["nickName"] == "ada"


@pytest.mark.parametrize("name", KEPT)
def test_a_snapshot_seeded_into_a_fresh_target_gives_the_same_snapshot_under_every_preset(name):
    differing = []
    for preset in ("", *Environment([name]).target(name).spec.profiles):
        environment = Environment([name])
        handle = handle_of(name, preset, environment)
        fill(name, environment, handle=handle)
        shot, other = handle.snapshot(), handle_of(name, preset)
        other.seed(shot)
        if other.snapshot() != shot:
            differing.append(preset)
    assert differing == []


@pytest.mark.parametrize("name", KEPT)
def test_a_snapshot_has_whole_documents_and_no_secrets(name):
    environment = Environment([name])
    handle = handle_of(name, environment=environment)
    fill(name, environment, handle=handle)
    eve = handle.snapshot()["users"][2]["document"]
    assert "password" not in eve
    assert {key for key in BESIDE[name] if key != "password"} <= eve.keys()


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.parametrize(
    "document", [{"userName": 7}, {"emails": "x"}, {"name": ["x"]}, {"colour": "red"}, {"emails": [{"value": {}}]}]
)
def test_a_document_that_does_not_fit_is_refused(name, document):
    handle = handle_of(name)
    with pytest.raises(BadSeed, match=f"user 'ada': {name} cannot keep its document: "):
        handle.seed(users=[{"userName": "ada", "document": document}])
    assert handle.snapshot() == {"users": [], "groups": []}


def test_a_manager_who_is_nobody_is_refused():
    with pytest.raises(BadSeed, match="user 'ada': no user is called 'charles', who should be the manager"):
        handle_of("scim").seed(users=[ADA])


def test_a_manager_by_an_id_that_nobody_has_comes_back_as_it_is():
    handle, other = handle_of("scim"), handle_of("scim")
    document = {"schemas": [CORE, ENTERPRISE], "userName": "ada", ENTERPRISE: {"manager": {"value": "26118915"}}}
    handle.seed(users=[{"userName": "ada", "document": document}])
    shot = handle.snapshot()
    assert shot["users"][0]["manager"] == "26118915"
    other.seed(shot)
    assert other.snapshot() == shot


def test_members_of_an_organization_are_a_list_of_their_own():
    environment = Environment(["github_emu"])
    handle = handle_of("github_emu", environment=environment)
    handle.seed(users=[CHARLES], organizationMembers=[{**ada_in("github_emu"), "email": "ada@example.org"}])
    shot = handle.snapshot()
    assert [user["userName"] for user in shot["organizationMembers"]] == ["ada"]
    headers = {**handle.headers, "User-Agent": "test"}
    listed = session(environment).get(f"{handle.urls['organization']}/Users", headers=headers).json()["Resources"]
    assert [user["id"] for user in listed] == [shot["organizationMembers"][0]["id"]]
    other = handle_of("github_emu")
    assert other.seed(shot) == {"users": 1, "groups": 0, "organizationMembers": 1}
    assert other.snapshot() == shot


def test_a_target_without_organizations_has_no_such_list():
    with pytest.raises(BadSeed, match="a seed has no 'organizationMembers'"):
        handle_of("slack").seed(organizationMembers=[CHARLES])
