"""Changes out of band: made at a target and at the imagined one alike, with nothing changed beside them."""

from __future__ import annotations

from typing import Any

import pytest

from provcheck.harness.model import VirtualClock
from provcheck.harness.model.external_change import (
    AddMember,
    ChangeAccount,
    ChangeGroup,
    CreateAccount,
    CreateGroup,
    DeleteAccount,
    DeleteGroup,
    ExternalChange,
    ExternalChanges,
    RemoveMember,
    touched,
)
from provcheck.harness.oracle.imagined_target import ImaginedTarget
from provcheck.harness.run import cases, run
from provcheck.harness.testbed import TargetFixture
from provcheck.harness.testbed.external_changes import make_external_change
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.testing import Handle

ACCOUNTS = [{"userName": "ada", "familyName": "Byron", "active": True}, {"userName": "ben", "active": True}]
GROUPS = [{"displayName": "Red", "members": ["ben"]}]
CHANGES: tuple[ExternalChange, ...] = (
    CreateAccount({"userName": "cem", "active": False}),
    ChangeAccount("ADA", {"familyName": "King", "active": False}),
    ChangeAccount("ada", {"userName": "countess"}),
    DeleteAccount("ben"),
    CreateGroup("Blue", ("ada", "nobody")),
    ChangeGroup("red", {"displayName": "Crimson"}),
    DeleteGroup("Red"),
    AddMember("Red", "ada"),
    RemoveMember("Red", "ben"),
)
IMPOSSIBLE: tuple[ExternalChange, ...] = (
    CreateAccount({"userName": "Ada"}),
    ChangeAccount("nobody", {"active": False}),
    DeleteAccount("nobody"),
    CreateGroup("red"),
    ChangeGroup("Blue", {"displayName": "Navy"}),
    DeleteGroup("Blue"),
    AddMember("Red", "nobody"),
    AddMember("Red", "ben"),
    RemoveMember("Red", "ada"),
)


@pytest.fixture(params=["scim", "slack", "github_emu"])
def target(request: pytest.FixtureRequest) -> Handle:
    handle = Handle(Environment([request.param]).targets[request.param])
    handle.seed(users=ACCOUNTS, groups=GROUPS)
    return handle


def imagined() -> ImaginedTarget:
    target = ImaginedTarget({}, membership_side="group")
    target.seed(ACCOUNTS, GROUPS)
    return target


def shown(snapshot: dict[str, list[dict[str, Any]]]) -> tuple[Any, ...]:
    """What two snapshots of the same state have in common: names, what was set, and memberships."""
    users = {str(each["userName"]): (each.get("familyName"), each["active"]) for each in snapshot["users"]}
    return users, {str(each["displayName"]): sorted(each["members"]) for each in snapshot["groups"]}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.describe())
def test_a_change_is_made_at_the_target_as_it_is_imagined(change: ExternalChange) -> None:
    target = Handle(Environment(["scim"]).targets["scim"])
    target.seed(users=ACCOUNTS, groups=GROUPS)
    before, there = shown(target.snapshot()), imagined()
    assert make_external_change(target, change)
    there.make_external_change(change)
    assert shown(target.snapshot()) == shown(there.snapshot()) != before
    assert not list(target.journal)


@pytest.mark.parametrize("change", IMPOSSIBLE, ids=lambda change: change.describe())
def test_a_change_that_cannot_be_made_changes_nothing(change: ExternalChange, target: Handle) -> None:
    before, there = target.snapshot(), imagined()
    assert not make_external_change(target, change)
    assert target.snapshot() == before
    was = there.snapshot()
    there.make_external_change(change)
    assert there.snapshot() == was


def test_what_a_target_keeps_beside_the_changed_words_stays() -> None:
    target = Handle(Environment(["scim"]).targets["scim"])
    directory = target.target.directory
    record = directory.add(
        "User",
        {
            "userName": "ada",
            "nickName": "Countess",
            "name": {"givenName": "Ada", "familyName": "Byron", "middleName": "Augusta"},
            "emails": [{"value": "ada@example.com", "primary": True}, {"value": "home@example.com"}],
        },
    )
    group = directory.add("Group", {"displayName": "Red", "x-note": "kept"})
    directory.relate(group.id, record.id)
    assert make_external_change(target, ChangeAccount("ada", {"familyName": "King"}))
    assert make_external_change(target, ChangeGroup("Red", {"displayName": "Crimson"}))
    account = directory.get("User", record.id).document
    assert account["name"] == {"givenName": "Ada", "familyName": "King", "middleName": "Augusta"}
    assert (account["nickName"], len(account["emails"])) == ("Countess", 2)
    assert directory.get("Group", group.id).document == {"displayName": "Crimson", "x-note": "kept"}
    assert list(directory.members(group.id)) == [record.id]


def test_a_change_tells_which_names_it_touches() -> None:
    changes = [ChangeGroup("Red", {"displayName": "Crimson"}), AddMember("Blue", "ada"), DeleteAccount("ben")]
    assert touched(changes) == {"red", "crimson", "blue", "ben"}


def test_every_change_of_a_scenario_can_be_made_where_the_client_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, list[bool]] = {}

    def make(fixture: TargetFixture, change: ExternalChange) -> bool:
        done = make_external_change(fixture._handle, change)
        made.setdefault(change.describe(), []).append(done)
        return done

    monkeypatch.setattr(TargetFixture, "make_external_change", make)
    chosen = [case for case in cases() if any(isinstance(step, ExternalChanges) for step in case.scenario.when)]
    assert run(chosen, clock=VirtualClock()).holds == len(chosen) > 40
    assert {change: done for change, done in made.items() if not all(done)} == {}
