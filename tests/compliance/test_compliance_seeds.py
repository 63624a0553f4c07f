"""Seeds go in and snapshots come out in the same core words, for every target; a reset brings the beginning back."""

from __future__ import annotations

import pytest

from provcheck.mock_targets.target.seeding import BadSeed
from provcheck.mock_targets.testing import Handle
from tests.compliance.compliance_rig import environment_of, person

PEOPLE = {
    "users": [person("ada"), person("bob", active=False), person("eve")],
    "groups": [
        {"displayName": "Staff", "externalId": "x-Staff", "members": ["ada", "eve"]},
        {"displayName": "Empty", "externalId": "x-Empty"},
    ],
}


@pytest.fixture
def control(empty):
    """Calls the control API of the target."""

    def call(method, path, body=None):
        headers = {"Authorization": f"Bearer {empty.environment.control_token}"}
        url = f"{empty.environment.control_url()}/targets/{empty.name}{path}"
        return empty.session.request(method, url, json=body, headers=headers)

    return call


def core_of(shot):
    """The core words of users in a snapshot, without memberships."""
    return [{word: user[word] for word in PEOPLE["users"][0]} for user in shot["users"]]


def test_a_seed_is_in_the_snapshot_as_it_was_sown(empty, control):
    assert control("POST", "/seed", PEOPLE).json() == {"users": 3, "groups": 2}
    shot = control("GET", "/snapshot").json()
    assert core_of(shot) == PEOPLE["users"]
    assert [(group["displayName"], group["members"]) for group in shot["groups"]] == [
        ("Staff", ["ada", "eve"]),
        ("Empty", []),
    ]


def test_a_snapshot_sown_elsewhere_gives_the_same_snapshot(empty, control):
    empty.seed(PEOPLE)
    shot = control("GET", "/snapshot").json()
    other = Handle(environment_of(empty.driver).tenant("elsewhere").targets[empty.name])
    other.reset()
    other.seed(shot)
    assert other.snapshot() == shot


def test_what_was_sown_is_on_the_wire(empty):
    empty.seed(PEOPLE)
    (ada,) = empty.found(empty.driver.find_user("ada"))
    (staff,) = empty.found(empty.driver.find_group("Staff"))
    assert ada.items() >= {"userName": "ada", "familyName": "Lovelace", "active": True}.items()
    assert staff["members"] == empty.snapshot()["groups"][0]["memberIds"]
    assert ada["groups"] == [staff["id"]]


def test_what_was_made_on_the_wire_can_be_sown_on(rig):
    rig.seed(users=[person("zoe")], groups=[{"displayName": "Late", "members": ["ada", "zoe"]}])
    assert rig.shown_group("Late")["members"] == ["ada", "zoe"]


@pytest.mark.parametrize(
    "seed",
    [
        {"users": [person("dot"), person("ada")]},
        {"users": [person("dot"), person("dot")]},
        {"users": [person("dot"), {"userName": ""}]},
        {"users": [person("dot"), {"nickname": "x"}]},
        {"users": [person("dot"), person("dan", active="yes")]},
        {"users": [person("dot")], "groups": [{"displayName": "Board", "members": ["nobody"]}]},
        {"users": [person("dot")], "groups": [{"displayName": "Board", "members": [7]}]},
        {"users": [person("dot")], "groups": [{"displayName": "Board"}, {}]},
        {"users": {"userName": "dot"}},
        {"people": []},
    ],
    ids=str,
)
def test_a_seed_that_does_not_fit_is_refused_as_a_whole(rig, control, seed):
    before = rig.state()
    answer = control("POST", "/seed", seed)
    assert (answer.status_code, rig.state()) == (422, before)
    assert answer.headers["Content-Type"] == "application/problem+json"
    with pytest.raises(BadSeed):
        rig.seed(seed)
    assert rig.state() == before


def test_a_reset_brings_back_the_first_state(rig, control):
    rig.flags.allows_create_users = False
    rig.flags.membership_style = "none"
    rig.faults.arm("*", status=503)
    rig.send(rig.driver.read_user(rig.ids["ada"]))
    assert control("POST", "/reset").status_code == 204
    assert rig.snapshot() == {"users": [], "groups": []}
    assert (list(rig.faults), len(rig.journal)) == ([], 0)
    assert rig.flags.allows_create_users is True
    assert rig.flags.membership_style == "group"


def test_after_a_reset_the_same_ids_come_again(empty):
    def made():
        empty.reset()
        return [empty.add_user("ada"), empty.add_group("Staff"), empty.add_user("bob")]

    assert made() == made()
