"""The same life of users and groups in every dialect: the target ends up the same, however it is spelled."""

from __future__ import annotations

from typing import Any

import pytest

from provcheck.harness.model.population import Population
from tests.client.provisioning_rig import Rig, changed, person, team

DIALECTS: dict[str, dict[str, Any]] = {
    "scim 2.0": {"target": "scim"},
    "scim 1.1": {"target": "scim", "older": True, "scim_version": "1.1"},
    "slack v2": {"target": "slack"},
    "slack v1": {"target": "slack", "older": True, "scim_version": "1.1"},
    "github": {"target": "github_emu"},
}


@pytest.fixture(params=list(DIALECTS))
def rig(request: pytest.FixtureRequest) -> Rig:
    options = dict(DIALECTS[request.param])
    older = options.pop("older", False)
    made = Rig(**options)
    if older:
        made.configure(base_url=made.target.base_url.replace("/v2", "/v1"))
    return made


def staff() -> Population:
    users = tuple(person(name) for name in ("ada", "bob", "carl"))
    return Population(users, (team("g", "ada", "bob"), team("h", "carl")))


def recover(rig: Rig, population: Population) -> None:
    since = rig.mark()
    rig.client.apply(population)
    assert rig.requests(since) == []
    rig.client.resync(population)
    assert rig.writes(since) == []
    assert "failed" not in rig.users


def test_users_and_groups_are_made_once(rig: Rig) -> None:
    rig.client.apply(staff())
    assert rig.users == {"impacted": 3, "success": 3}
    assert rig.groups == {"impacted": 2, "success": 2}
    assert rig.members("Group g") == {"ada", "bob"}
    ada = rig.account("ada")
    assert (ada["email"], ada["givenName"], ada["familyName"]) == ("ada@example.com", "Ada", "Example")
    recover(rig, staff())


def test_changes_reach_the_account(rig: Rig) -> None:
    rig.client.apply(staff())
    population = changed(staff(), "ada", family_name="Byron", email="byron@example.com", display_name="Ada Byron")
    rig.client.apply(population)
    ada = rig.account("ada")
    assert (ada["email"], ada["familyName"], ada["displayName"]) == ("byron@example.com", "Byron", "Ada Byron")
    recover(rig, population)


def test_a_rename_keeps_the_account(rig: Rig) -> None:
    rig.client.apply(staff())
    remote_id = rig.account("ada")["id"]
    population = changed(staff(), "ada", user_name="countess")
    rig.client.apply(population)
    assert rig.account("countess")["id"] == remote_id
    recover(rig, population)


def test_a_user_is_turned_off_and_on(rig: Rig) -> None:
    rig.client.apply(staff())
    off = changed(staff(), "ada", active=False)
    rig.client.apply(off)
    assert rig.account("ada")["active"] is False
    recover(rig, off)
    rig.client.apply(staff())
    assert rig.account("ada")["active"] is True
    assert rig.members("Group g") == {"ada", "bob"}
    recover(rig, staff())


def test_a_user_that_is_off_from_the_start_is_off_at_the_target(rig: Rig) -> None:
    population = changed(staff(), "ada", active=False)
    rig.client.apply(population)
    assert rig.account("ada")["active"] is False
    assert rig.users == {"impacted": 3, "success": 3}
    assert rig.groups == {"impacted": 2, "success": 2}
    recover(rig, population)


def test_memberships_come_and_go(rig: Rig) -> None:
    rig.client.apply(staff())
    moved = Population(staff().users, (team("g", "bob", "carl"), team("h")))
    rig.client.apply(moved)
    assert rig.members("Group g") == {"bob", "carl"}
    assert rig.members("Group h") == set()
    recover(rig, moved)


def test_a_group_is_renamed(rig: Rig) -> None:
    rig.client.apply(staff())
    renamed = Population(staff().users, (team("g", "ada", "bob", name="Renamed"), team("h", "carl")))
    rig.client.apply(renamed)
    assert rig.members("Renamed") == {"ada", "bob"}
    assert len(rig.target.snapshot()["groups"]) == 2
    recover(rig, renamed)


def test_accounts_and_groups_that_are_there_are_linked(rig: Rig) -> None:
    known = {"givenName": "Ada", "familyName": "Old", "displayName": "Ada Example"}
    rig.target.seed(
        users=[
            {"userName": "ada", "externalId": "ext-ada", "email": "ada@example.com", **known},
            {"userName": "zoe", "externalId": "ext-zoe", "email": "zoe@example.com"},
        ],
        groups=[{"displayName": "Group g", "externalId": "g", "members": ["zoe"]}],
    )
    rig.client.apply(staff())
    assert rig.users == {"impacted": 3, "success": 3}
    assert rig.groups == {"impacted": 2, "success": 2}
    assert rig.account("ada")["familyName"] == "Example"
    assert rig.members("Group g") == {"ada", "bob", "zoe"}
    recover(rig, staff())
    rig.configure(group_membership_handling="Overwrite")
    rig.client.resync(staff())
    assert rig.members("Group g") == {"ada", "bob"}
    recover(rig, staff())


def test_leavers_are_turned_off(rig: Rig) -> None:
    rig.client.apply(staff())
    rig.client.apply(staff().without_user("ada"))
    assert rig.account("ada")["active"] is False
    assert rig.users == {"impacted": 2, "success": 2}
    assert rig.client.orphans() == ()
    recover(rig, staff().without_user("ada"))


def test_lost_answers_make_nothing_twice(rig: Rig) -> None:
    for operation in ("user.create", "group.create", "group.update"):
        rig.target.faults.arm(operation, moment="after", loses_answer=True, times=1)
    rig.client.apply(staff())
    assert len(rig.target.snapshot()["users"]) == 3
    assert rig.users == {"impacted": 3, "success": 3}
    assert rig.groups == {"impacted": 2, "success": 2}
    assert rig.members("Group g") == {"ada", "bob"}


def test_refused_writes_are_failures_of_those_they_concern(rig: Rig) -> None:
    rig.client.apply(Population((person("ada"),)))
    rig.target.flags.allows_create_users = False
    rig.target.faults.arm("member.add", entity="Group g/ada", status=403, times=None)
    rig.client.apply(staff())
    assert rig.users == {"impacted": 3, "success": 1, "failed": 2}
    assert rig.groups == {"impacted": 2, "success": 1, "failed": 1}


@pytest.mark.parametrize("rig", ["slack v2", "slack v1"], indirect=True)
def test_slack_keeps_names_in_its_own_form_and_that_is_no_difference(rig: Rig) -> None:
    population = Population((person("ada", user_name="Ada.Lovelace@example.com"), person("x", user_name="a" * 21)))
    rig.client.apply(population)
    assert rig.users == {"impacted": 2, "success": 2}
    recover(rig, population)
    rig.store = type(rig.store)()
    rig.restart()
    rig.client.apply(population)
    assert rig.users == {"impacted": 2, "success": 2}
    assert len(rig.target.snapshot()["users"]) == 2


@pytest.mark.parametrize("rig", ["github"], indirect=True)
def test_a_user_without_an_external_id_still_gets_one_where_it_is_required(rig: Rig) -> None:
    rig.client.apply(Population((person("ada", external_id=None, display_name=""),)))
    assert rig.users == {"impacted": 1, "success": 1}
    assert rig.account("ada")["externalId"] == "ada"
