"""What an administrator of the store may forbid, what the journal says of it, and the core mapping."""

from __future__ import annotations

import pytest

from provcheck.mock_targets.faults.description import read_fault
from provcheck.mock_targets.target.seeding import seed, snapshot
from provcheck.mock_targets.vendors.github_emu import TARGET
from tests.vendors.github_rig import Rig, group, is_basic_error, operations, replacing, user


@pytest.fixture
def github() -> Rig:
    rig = Rig()
    rig.id = rig.add_user("mona")
    rig.group_id = rig.add_group("Engineering", rig.id)
    return rig


def adding(id: str):
    return operations({"op": "add", "path": "members", "value": [{"value": id}]})


REFUSED = {
    "allows_create_users": lambda it: it.post("/Users", user("hubot")),
    "allows_update_users": lambda it: it.patch(f"/Users/{it.id}", replacing("displayName", "x")),
    "allows_disable_users": lambda it: it.patch(f"/Users/{it.id}", replacing("active", False)),
    "allows_delete_users": lambda it: it.delete(f"/Users/{it.id}"),
    "allows_create_groups": lambda it: it.post("/Groups", group("Other")),
    "allows_update_groups": lambda it: it.patch(f"/Groups/{it.group_id}", adding(it.add_user("hubot"))),
    "allows_delete_groups": lambda it: it.delete(f"/Groups/{it.group_id}"),
}


@pytest.mark.parametrize("flag", REFUSED)
def test_a_forbidden_action_is_refused_changes_nothing_and_is_journalled(github, flag):
    github.set(**{flag: False})
    names = [found["userName"] for found in github.get("/Users").json["Resources"]]
    answer = REFUSED[flag](github)
    assert is_basic_error(answer, 403)
    assert (github.last.refused_by, github.last.applied, github.last.status) == (flag, "no", 403)
    assert github.members(github.group_id) == [github.id]
    assert {*names} <= {found["userName"] for found in github.get("/Users").json["Resources"]}
    assert github.get(f"/Users/{github.id}").json["displayName"] == "Mona Octocat"


@pytest.mark.parametrize("flag", REFUSED)
def test_what_is_allowed_works(github, flag):
    assert REFUSED[flag](github).status_code in (200, 201, 204)


def test_put_that_suspends_and_renames_needs_both_permissions(github):
    github.set(allows_update_users=False)
    answer = github.put(f"/Users/{github.id}", user("mona", active=False, displayName="x"))
    assert is_basic_error(answer, 403)
    assert github.get(f"/Users/{github.id}").json["active"] is True


def test_a_refused_membership_leaves_the_group_as_it_was(github):
    other = github.add_user("hubot")
    github.target.faults.arm(read_fault({"operation": "member.add", "entity": "ext-hubot", "status": 500}))
    before = github.state()
    assert github.patch(f"/Groups/{github.group_id}", adding(other)).status_code == 500
    assert github.state() == before
    assert github.patch(f"/Groups/{github.group_id}", adding(other)).status_code == 200


@pytest.mark.parametrize("status", [400, 404, 409, 429, 500, 502, 503])
def test_an_armed_fault_speaks_as_github_does(github, status):
    github.target.faults.arm(read_fault({"operation": "user.create", "status": status}))
    answer = github.post("/Users", user("hubot"))
    assert answer.status_code == status
    assert {"documentation_url", "status"} <= answer.json.keys()


def test_the_journal_names_the_user(github):
    github.post("/Users", user("hubot"))
    intent = github.last.intents[0]
    assert (intent.operation, intent.kind, intent.applied) == ("user.create", "User", True)
    assert intent.names == ("hubot@example.com", "ext-hubot", "hubot@example.com")
    github.find("Users", 'userName eq "hubot@example.com"')
    assert (github.last.operation, github.last.intents[0].names) == ("user.list", ("hubot@example.com",))


def test_the_token_is_nowhere_in_the_journal(github):
    assert "ghp_secret" not in str([exchange.as_dict() for exchange in github.target.journal.since()])


def test_a_seed_is_read_back_in_the_same_words():
    github = Rig()
    ada = {
        "userName": "ada",
        "externalId": "e1",
        "givenName": "Ada",
        "familyName": "Lovelace",
        "displayName": "Ada Lovelace",
        "email": "ada@example.com",
        "active": False,
    }
    seed(github.target, {"users": [ada], "groups": [{"displayName": "G", "externalId": "g1", "members": ["ada"]}]})
    seen = snapshot(github.target)
    id = seen["users"][0].pop("id")
    assert seen["users"][0].pop("document")["emails"] == [{"value": ada["email"], "type": "work", "primary": True}]
    assert seen["users"] == [{**ada, "groups": ["G"]}]
    assert [seen["groups"][0][word] for word in ("displayName", "externalId", "members")] == ["G", "g1", ["ada"]]
    body = github.get(f"/Users/{id}").json
    assert (body["userName"], body["emails"][0]["value"], body["active"]) == ("ada", "ada@example.com", False)


@pytest.mark.parametrize("rule", ["observed", "documented"])
def test_a_seeded_user_can_be_patched_though_it_lacks_what_is_required(rule):
    github = Rig(required_attributes=rule)
    seed(github.target, {"users": [{"userName": "ada"}], "groups": [{"displayName": "G"}]})
    id = github.get("/Users").json["Resources"][0]["id"]
    group_id = github.get("/Groups").json["Resources"][0]["id"]
    assert github.patch(f"/Users/{id}", replacing("displayName", "Ada")).json["displayName"] == "Ada"
    assert github.patch(f"/Groups/{group_id}", adding(id)).status_code == 200
    assert github.patch(f"/Groups/{group_id}", replacing("displayName", "H")).json["displayName"] == "H"


@pytest.mark.parametrize("name", TARGET.profiles)
def test_every_profile_can_be_set(name):
    github = Rig()
    github.target.apply_profile(name)
    assert github.post("/Users", user()).status_code == 201


def test_every_flag_says_what_it_does_and_where_that_comes_from():
    assert all(flag.doc and flag.source for flag in TARGET.flags)
    assert len({flag.name for flag in TARGET.flags}) == len(TARGET.flags)
