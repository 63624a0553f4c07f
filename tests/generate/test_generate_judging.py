"""What is judged, and what is left open because no client could know it."""

from __future__ import annotations

import pytest

from provcheck.harness import vendors
from provcheck.harness.adapters import ReferenceAdapter
from provcheck.harness.generate import Play, Trial, play
from provcheck.harness.generate.people import person
from provcheck.harness.generate.shrink import shrink
from provcheck.harness.model import (
    Apply,
    ArmFaults,
    ChangeUser,
    FaultSpec,
    Given,
    Join,
    Leave,
    Population,
    PutGroup,
    PutUser,
    RemoveGroup,
    RemoveUser,
    Resync,
    SourceGroup,
    SourceUser,
)
from provcheck.harness.model.disruption import Crash, GeneratedStep
from provcheck.harness.model.external_change import (
    ChangeAccount,
    CreateAccount,
    DeleteAccount,
    DeleteGroup,
    ExternalChanges,
)
from provcheck.harness.testbed import Testbed


def findings(target: str, population: Population, *steps: GeneratedStep, **given: object) -> set[str]:
    """The checks that fail in a trial with the intact client."""
    trial = Trial("judged", vendors.configuration(target), Given(population, **given), steps)
    with Testbed([trial.configuration.target]) as testbed:
        return {each.check for each in play(trial, testbed.rewound(trial.configuration), ReferenceAdapter)}


@pytest.mark.parametrize("target", [profile.id for profile in vendors.configurations()])
def test_the_plainest_person_there_is_after_shrinking_is_taken_by_every_target(target: str) -> None:
    plainest = list[SourceUser]()

    def fails(trial: Trial) -> bool:
        plainest[:] = trial.given.population.users
        return bool(plainest)

    small = shrink(Trial("small", vendors.configuration(target), Given(Population((person("ada"),)))), fails)
    assert findings(target, small.given.population) == set()


def test_turning_off_what_somebody_else_turned_off_is_no_update() -> None:
    off = ExternalChanges((ChangeAccount("ada", {"active": False}),))
    switches = {"update_users": False}
    disabled = Apply((ChangeUser("u-ada", {"active": False}),))
    assert findings("scim", Population((person("ada"),)), Apply(), off, disabled, connection=switches) == set()


def test_an_error_about_a_group_that_somebody_deleted_may_fail_the_group() -> None:
    population = Population((person("ada"),), (SourceGroup("g-red", "Red", ("u-ada",)),))
    busy = ArmFaults((FaultSpec("group.*", status=503, times=6),))
    gone = ExternalChanges((DeleteGroup("Red"),))
    assert findings("scim", population, Apply(), gone, busy, Resync()) == set()


def test_a_leaver_who_was_turned_off_though_the_answer_was_an_error_need_not_be_told() -> None:
    population = Population((person("ada"), person("ben")))
    renamed = Apply((ChangeUser("u-ben", {"user_name": "ben2"}),))
    error = ArmFaults((FaultSpec("user.update", status=500, moment="after"),))
    namesake = {"userName": "ben", "active": True}
    leaving = Apply((RemoveUser("u-ben"),))
    assert findings("scim", population, renamed, error, leaving, accounts=(namesake,)) == set()


def test_a_probe_that_fails_need_not_be_tried_again() -> None:
    busy = ArmFaults((FaultSpec("user.*", status=503, times=1),))
    assert findings("slack", Population((person("ada"),)), busy, Apply()) == set()


def test_a_name_in_other_case_that_the_target_said_to_have_changed_may_be_its_own_way_to_write_it() -> None:
    rival = FaultSpec("user.create", name="create.409_untyped", fault="create.409_untyped", parameters={"times": 1})
    ignoring = FaultSpec("user.update", name="attr.silently_ignored", fault="attr.silently_ignored")
    plain = SourceUser("u-dan", "dan", email="dan@example.com", given_name="Dan")
    assert findings("slack", Population((plain,)), ArmFaults((rival, ignoring)), Apply()) == set()


def test_requests_that_mean_the_same_and_say_different_things_are_no_repetition() -> None:
    population = Population(
        (person("ada"), person("ben"), person("cem")), (SourceGroup("g-red", "Red", ("u-ada", "u-ben", "u-cem")),)
    )
    refusing = ArmFaults((FaultSpec("group.update", status=400, times=9),))
    assert findings("scim", population, refusing, Apply(), flags={"supports_patch": False}) == set()


def test_whom_a_listing_that_failed_was_for_need_not_be_known() -> None:
    listing = FaultSpec("user.list", name="filter.ignored", fault="filter.ignored", parameters={"times": 3})
    refusing = FaultSpec("user.list", status=403)
    population = Population((person("ada"), person("ben")))
    assert findings("scim", population, ArmFaults((listing,)), ArmFaults((refusing,)), Apply()) == set()


def test_a_membership_that_could_be_neither_written_nor_looked_for_may_be_missing() -> None:
    population = Population((person("eve"),), (SourceGroup("g-blue", "Blue", ("u-eve",)),))
    dropping = FaultSpec("member.add", name="group.members_dropped", fault="group.members_dropped")
    silent = FaultSpec("group.list", loses_answer=True, skip=1, times=None)
    assert findings("scim", population, ArmFaults((dropping, silent)), Apply()) == set()


def test_a_request_that_is_sent_again_because_its_answer_was_lost_asks_for_the_same() -> None:
    lost = ArmFaults((FaultSpec("user.disable", loses_answer=True, moment="after"),))
    given = {"connection": {"update_users": False}, "flags": {"supports_patch": False}}
    disabled = Apply((ChangeUser("u-ada", {"active": False}),))
    assert findings("scim", Population((person("ada"),)), Apply(), lost, disabled, **given) == set()


def test_what_was_written_right_before_a_run_had_to_end_need_not_be_known() -> None:
    population = Population((person("ada"), person("ben")), (SourceGroup("g-red", "Red", ("u-ben",)),))
    refused = ArmFaults((FaultSpec("group.get", status=401),))
    flags = {"answers_group_patch_with_body": False}
    assert findings("scim", population, refused, Apply(), Apply((Leave("g-red", "u-ben"),)), flags=flags) == set()


def test_a_put_that_was_turned_away_does_not_say_how_many_members_are_new() -> None:
    users = tuple(person(name) for name in ("ada", "ben", "cem"))
    source = Population(users, (SourceGroup("g-red", "Red", ("u-ada", "u-ben")),))
    busy = FaultSpec("*", name="header.content_type_refused", fault="header.content_type_refused")
    given = {"connection": {"members_per_request": 2}, "flags": {"supports_patch": False}}
    steps = (Apply(), ArmFaults((busy,)), Apply((Join("g-red", "u-cem"),)))
    assert findings("scim", source, *steps, **given) == set()


def test_a_conflict_that_could_not_be_linked_leaves_an_account_that_is_not_the_client_s_to_remove() -> None:
    rival = FaultSpec("user.create", name="create.409_untyped", fault="create.409_untyped", parameters={"times": 1})
    blind = FaultSpec("user.list", name="filter.ignored", fault="filter.ignored", parameters={"times": 12})
    came, left = Apply((PutUser(person("ben")),)), Apply((RemoveUser("u-ben"),))
    population = Population((person("ada"),))
    assert findings("github_emu", population, Apply(), ArmFaults((rival, blind)), came, left) == set()


def test_an_unmanaged_account_whose_user_joins_the_source_is_none_any_more() -> None:
    trial = Trial("judged", vendors.configuration("scim"), Given(Population((person("ada"),))))
    steps = (
        Apply(),
        ExternalChanges((CreateAccount({"userName": "cem", "familyName": "Else", "active": True}),)),
        Apply((PutUser(person("cem")),)),  # as a state machine has it: nobody knows beforehand what is to come
    )
    with Testbed(["scim"]) as testbed:
        played = Play(trial, testbed.rewound(trial.configuration), ReferenceAdapter)
        assert [found for step in steps for found in played.take(step)] == []
        assert [found for _, proved in played.converge() for found in proved] == []


def test_who_is_renamed_before_a_killed_client_could_find_the_account_again_need_not_be_found() -> None:
    population = Population((SourceUser("u-ben", "ben", email="ben@example.com"),))
    theirs = {"userName": "ben", "givenName": "Ben", "familyName": "Else", "active": False}
    renamed = Apply((ChangeUser("u-ben", {"user_name": "ben3"}),))
    assert findings("slack", population, Crash(4, (), resync=True), renamed, accounts=(theirs,)) == set()


def test_a_group_that_somebody_else_made_first_is_not_taken_along_when_the_client_s_comes_back_renamed() -> None:
    rival = FaultSpec("group.create", name="create.409_untyped", fault="create.409_untyped", parameters={"times": 1})
    blue = SourceGroup("g-blue", "Blue")
    came, left = Apply((PutGroup(blue),)), Apply((RemoveGroup("g-blue"),))
    back = Apply((PutGroup(SourceGroup("g-blue", "Blue7")),))
    assert findings("slack", Population((person("ada"),)), ArmFaults((rival,)), came, left, back) == set()


def test_an_account_that_the_target_denies_to_who_deletes_it_may_stay_though_the_client_was_killed_before() -> None:
    late = FaultSpec("user.create", name="read.stale_by_id", fault="read.stale_by_id", parameters={"times": 1})
    came, left = Crash(2, (PutUser(person("eve")),), resync=True), Apply((RemoveUser("u-eve"),))
    connection = {"remove_action": "Delete"}
    steps = (Apply(), ArmFaults((late,)), came, Apply(), left)
    source = Population((), (SourceGroup("g-green", "Green"),))
    assert findings("scim", source, *steps, connection=connection) == set()


def test_an_error_about_an_id_that_nobody_has_any_more_may_have_been_about_anybody() -> None:
    gone, refused = ExternalChanges((DeleteAccount("ada"),)), ArmFaults((FaultSpec("user.*", status=403, times=1),))
    population = Population((person("ada"),), (SourceGroup("g-blue", "Blue"),))
    assert findings("github_emu", population, Resync(), gone, refused, Resync()) == set()
