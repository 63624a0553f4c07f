"""What generated scenarios once found in the reference client, each in its smallest form."""

from __future__ import annotations

import pytest

from provcheck.harness.model.population import Population, SourceGroup
from tests.client.provisioning_rig import Rig, changed, people, person, team


def test_a_group_that_could_not_be_deleted_and_comes_back_is_not_deleted_later() -> None:
    rig = Rig()
    source = Population((person("ada"),), (team("g", "ada"),))
    rig.client.apply(source)
    rig.target.faults.arm("group.delete", status=403, times=2)
    rig.client.apply(source.without_group("g"))
    rig.client.apply(source)
    rig.client.apply(source)
    assert rig.members("Group g") == {"ada"}
    assert rig.client.orphans() == ()


def test_a_group_that_comes_back_under_another_name_is_the_same_group() -> None:
    rig = Rig()
    source = Population((person("ada"),), (team("g", "ada"),))
    rig.client.apply(source)
    rig.target.faults.arm("group.delete", status=403)
    rig.client.apply(source.without_group("g"))
    rig.client.apply(source.without_group("g").with_group(SourceGroup("g", "Renamed", ("ada",))))
    assert [group["displayName"] for group in rig.target.snapshot()["groups"]] == ["Renamed"]


def test_a_leaver_who_was_not_disabled_comes_back_to_the_same_account_under_another_name() -> None:
    rig = Rig()
    rig.client.apply(people("ada", "bob"))
    rig.target.faults.arm("user.disable", status=403)
    rig.client.apply(people("ada"))
    rig.client.apply(changed(people("ada", "bob"), "bob", user_name="robert"))
    assert {each["userName"] for each in rig.target.snapshot()["users"]} == {"ada", "robert"}


def test_a_pause_that_was_asked_for_outlives_a_change_of_the_connection() -> None:
    rig = Rig()
    rig.target.faults.arm("user.list", status=429, headers={"Retry-After": "60"}, times=15)
    rig.client.apply(people("ada"))
    limited = rig.target.journal[-1].at
    rig.configure(update_users=False)
    since = rig.mark()
    rig.client.apply(people("ada"))
    assert (rig.target.journal.since(since)[0].at - limited).total_seconds() >= 60


def test_a_membership_of_an_account_that_stays_inactive_is_no_failure_where_such_members_are_hidden() -> None:
    rig = Rig("github_emu", update_users=False)
    rig.target.seed(users=[{"userName": "ada", "active": False}])
    rig.client.apply(Population((person("ada"),), (team("g", "ada"),)))
    assert rig.groups == {"impacted": 1, "success": 1}


def test_a_group_heals_when_the_member_who_failed_leaves_it() -> None:
    rig = Rig()
    rig.target.faults.arm("member.add", entity="bob", status=403, times=None)
    source = Population((person("ada"), person("bob")), (team("g", "ada", "bob"),))
    rig.client.apply(source)
    assert rig.groups == {"impacted": 1, "failed": 1}
    rig.client.apply(source.with_group(team("g", "ada")))
    assert rig.groups == {"impacted": 1, "success": 1}


def test_a_membership_on_the_user_that_somebody_ended_is_written_again() -> None:
    rig = Rig(flags={"membership_style": "user"}, membership_style="user")
    source = Population((person("ada"),), (team("g", "ada"),))
    rig.client.apply(source)
    group, account = rig.target.snapshot()["groups"][0], rig.account("ada")
    rig.target.target.directory.unrelate(group["id"], account["id"])
    rig.restart()
    rig.client.resync(source)
    assert rig.members("Group g") == {"ada"}


def test_nothing_is_put_where_somebody_else_has_made_the_change_already() -> None:
    rig = Rig(flags={"supports_patch": False})
    rig.client.apply(people("ada"))
    directory = rig.target.target.directory
    record = next(iter(directory.all("User")))
    directory.change("User", record.id, {**record.document, "active": False})
    since = rig.mark()
    rig.client.apply(changed(people("ada"), "ada", active=False))
    assert rig.writes(since) == []
    assert rig.users == {"impacted": 1, "success": 1}


def test_what_a_target_dropped_is_sent_again_in_requests_of_the_same_size() -> None:
    rig = Rig(members_per_request=1)
    rig.target.faults.arm("member.add", moment="partial", keeps=0, times=2)
    rig.client.apply(Population((person("ada"), person("bob")), (team("g", "ada", "bob"),)))
    assert rig.members("Group g") == {"ada", "bob"}
    sent = [each for each in rig.target.journal if each.operation == "group.update"]
    assert [len([i for i in each.intents if i.operation == "member.add"]) for each in sent] == [1, 1, 1, 1]


def test_a_hidden_member_who_left_and_could_not_be_taken_out_is_taken_out_when_he_is_back() -> None:
    rig = Rig("github_emu")
    source = Population((person("ada"), person("bob")), (team("g", "ada", "bob"),))
    rig.client.apply(source)
    rig.target.faults.arm("group.update", status=403)
    left = Population((person("ada"),), (team("g", "ada"),))
    rig.client.apply(left)
    rig.client.apply(left.with_user(person("bob")))
    rig.client.resync(left.with_user(person("bob")))
    assert rig.members("Group g") == {"ada"}


class PowerCut(BaseException):
    """The client is gone in the middle of a run."""


def killed(rig: Rig, source: Population, operation: str) -> None:
    """Sync, and let the client die right after its first request of this kind; then start it again."""

    adapter = rig.session.get_adapter(rig.connection.base_url)
    send = adapter.send

    def watched(request, **options):
        response = send(request, **options)
        if rig.target.journal[-1].operation == operation:
            raise PowerCut
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adapter, "send", watched)
        with pytest.raises(PowerCut):
            rig.client.apply(source)
    rig.restart()


def test_a_client_that_was_killed_evaluates_everybody_anew() -> None:
    rig = Rig(remove_action="Delete")
    source = people("ada", "bob")
    rig.client.apply(source)
    killed(rig, people("ada"), "user.delete")
    rig.client.apply(source)
    assert rig.account("bob")["active"] is True
    since = rig.mark()
    rig.client.apply(source)
    assert rig.requests(since) == [], "once is enough"


def test_an_account_that_a_killed_client_made_is_found_under_an_earlier_name() -> None:
    rig = Rig()
    killed(rig, people("ada"), "user.create")
    rig.client.apply(changed(people("ada"), "ada", user_name="lovelace"))
    assert [each["userName"] for each in rig.target.snapshot()["users"]] == ["lovelace"]


def test_a_group_that_comes_back_without_a_member_loses_that_member() -> None:
    rig = Rig()
    source = Population((person("ada"), person("bob")), (team("g", "ada", "bob"),))
    rig.client.apply(source)
    rig.target.faults.arm("group.delete", status=403)
    rig.client.apply(source.without_group("g"))
    rig.client.apply(source.with_group(team("g", "ada")))
    assert rig.members("Group g") == {"ada"}


def lost_and_not_found(rig: Rig) -> None:
    """The answer to a create is lost, and so is every look-up after it."""
    rig.target.faults.arm("user.create", moment="after", status=500)
    rig.target.faults.arm("user.list", status=503, skip=1, times=5)
    rig.client.apply(people("ada"))
    assert rig.users == {"impacted": 1, "failed": 1}


def test_an_account_whose_creation_was_never_confirmed_is_found_under_its_earlier_name() -> None:
    rig = Rig()
    lost_and_not_found(rig)
    rig.restart()
    rig.client.apply(changed(people("ada"), "ada", user_name="lovelace"))
    assert [each["userName"] for each in rig.target.snapshot()["users"]] == ["lovelace"]
    assert rig.users == {"impacted": 1, "success": 1}


def test_who_leaves_under_an_unconfirmed_earlier_name_is_turned_off() -> None:
    rig = Rig()
    lost_and_not_found(rig)
    rig.target.faults.arm("user.*", status=503, times=5)
    rig.client.apply(changed(people("ada"), "ada", user_name="lovelace"))
    rig.client.apply(Population())
    assert rig.account("ada")["active"] is False


def test_a_group_whose_creation_was_never_confirmed_is_found_under_its_earlier_name() -> None:
    rig = Rig()
    rig.target.faults.arm("group.create", moment="after", status=500)
    rig.target.faults.arm("group.list", status=503, skip=1, times=5)
    rig.client.apply(Population((person("ada"),), (team("g", "ada"),)))
    rig.client.apply(Population((person("ada"),), (SourceGroup("g", "Renamed", ("ada",)),)))
    assert [group["displayName"] for group in rig.target.snapshot()["groups"]] == ["Renamed"]
    assert rig.members("Renamed") == {"ada"}


def test_who_came_back_and_could_not_be_found_is_found_later_under_the_name_of_then() -> None:
    rig = Rig()
    rig.client.apply(people("ada", "bob"))
    rig.client.apply(people("ada"))
    rig.target.faults.arm("user.list", status=503, times=5)
    rig.client.apply(people("ada", "bob"))
    rig.client.apply(changed(people("ada", "bob"), "bob", user_name="robert"))
    assert {each["userName"] for each in rig.target.snapshot()["users"]} == {"ada", "robert"}


def test_a_group_at_which_a_run_had_to_end_is_tried_again() -> None:
    rig = Rig()
    source = Population((person("ada"),), (team("g", "ada"),))
    rig.target.faults.arm("group.*", status=401, skip=2, times=2)
    rig.client.apply(source)
    rig.client.apply(source)
    assert rig.groups == {"impacted": 1, "failed": 1}
    rig.client.apply(source)
    assert rig.groups == {"impacted": 1, "success": 1}
    assert rig.members("Group g") == {"ada"}


def test_an_unconfirmed_account_that_could_not_be_looked_for_is_an_orphan_until_it_is_dealt_with() -> None:
    rig = Rig()
    lost_and_not_found(rig)
    rig.target.faults.arm("user.list", status=503, times=5)
    rig.client.apply(Population())
    assert [each.source_id for each in rig.client.orphans()] == ["ada"]
    rig.restart()
    rig.client.apply(Population())
    assert rig.client.orphans() == ()
    assert rig.account("ada")["active"] is False


def test_an_orphan_waits_while_deprovisioning_is_switched_off() -> None:
    rig = Rig()
    rig.client.apply(people("ada", "bob"))
    rig.target.faults.arm("user.disable", status=403)
    rig.client.apply(people("ada"))
    rig.configure(deprovision_users=False)
    since = rig.mark()
    rig.client.apply(people("ada"))
    assert rig.writes(since) == []
    assert [each.source_id for each in rig.client.orphans()] == ["bob"]


def test_a_group_is_no_failure_for_the_membership_of_an_account_that_is_gone() -> None:
    rig = Rig(flags={"membership_style": "user"}, membership_style="user")
    source = Population((person("ada"), person("bob")), (team("g", "ada", "bob"),))
    rig.client.apply(source)
    rig.target.target.directory.remove("User", rig.account("bob")["id"])
    rig.client.apply(Population((person("ada"),), (team("g", "ada"),)))
    assert rig.groups == {"impacted": 1, "success": 1}


def test_a_membership_whose_request_was_lost_is_written_although_its_member_is_hidden() -> None:
    rig = Rig("github_emu")
    rig.client.apply(Population((person("ada"), person("ben", active=False)), (team("g", "ada"),)))
    rig.target.faults.arm("member.add", loses_answer=True, moment="before")
    rig.client.apply(Population((person("ada"), person("ben", active=False)), (team("g", "ada", "ben"),)))
    rig.client.apply(Population((person("ada"), person("ben")), (team("g", "ada", "ben"),)))
    assert rig.members("Group g") == {"ada", "ben"}


def test_a_value_from_before_an_answer_that_broke_off_is_not_taken_for_the_target_s_own_form() -> None:
    rig = Rig()
    source = people("ada")
    rig.client.apply(source)
    rig.target.faults.arm_named("attr.silently_ignored", times=2)
    rig.target.faults.arm_named("conn.reset_midway", operation="user.update")
    rig.client.apply(changed(source, "ada", family_name="Lund"))
    source = changed(source, "ada", family_name="Moe")
    rig.client.apply(source)
    assert rig.account("ada")["familyName"] != "Moe", "the target took neither"
    rig.client.resync(source)
    assert rig.account("ada")["familyName"] == "Moe"


def test_who_was_turned_on_right_before_the_client_was_killed_is_turned_off_on_leaving() -> None:
    rig = Rig()
    source = Population((person("ada"), person("ben", active=False)))
    rig.client.apply(source)
    killed(rig, changed(source, "ben", active=True), "user.update")
    assert rig.account("ben")["active"] is True
    rig.client.apply(people("ada"))
    assert rig.account("ben")["active"] is False


def test_a_patch_that_is_not_offered_is_not_asked_for_again_though_the_put_comes_to_nothing() -> None:
    rig = Rig(flags={"supports_patch": False})
    rig.target.faults.arm("discovery", status=500)
    rig.target.faults.arm_named("read.stale_by_id", operation="group.create", times=3)
    rig.client.apply(Population((person("ada"),), (team("g", "ada"),)))
    assert len([each for each in rig.target.journal if each.method == "PATCH"]) <= 1


def test_whom_a_recovering_run_did_not_reach_is_evaluated_by_the_next() -> None:
    rig = Rig()
    rig.client.apply(people("ada", "ben"))
    killed(rig, people("ada"), "user.update")
    assert rig.account("ben")["active"] is False
    rig.target.faults.arm("user.get", status=401)
    rig.client.apply(people("ada", "ben"))
    rig.client.apply(people("ada", "ben"))
    assert rig.account("ben")["active"] is True


def test_an_account_whose_creation_names_no_id_is_found_though_filters_are_ignored() -> None:
    rig = Rig()
    rig.client.apply(people("ada"))
    rig.target.faults.arm_named("filter.ignored", times=12)
    rig.target.faults.arm_named("body.missing_id")
    rig.client.apply(people("ada", "ben"))
    assert rig.users == {"impacted": 2, "success": 2}


def test_a_leaver_who_is_found_turned_off_already_is_not_turned_off_again() -> None:
    rig = Rig()
    rig.client.apply(people("ada", "ben"))
    rig.client.apply(people("ada"))
    rig.target.faults.arm("user.list", status=401)
    rig.client.apply(people("ada", "ben"))
    since = rig.mark()
    rig.client.apply(people("ada"))
    assert [each for each in rig.requests(since) if each.startswith("PATCH")] == []


def test_a_membership_that_no_answer_shows_and_nobody_may_look_at_is_tried_again() -> None:
    rig = Rig()
    source = Population((person("ada"),), (team("g"),))
    rig.client.apply(source)
    rig.target.faults.arm_named("group.members_dropped", times=1)
    rig.target.faults.arm("group.get", status=403)
    source = Population((person("ada"),), (team("g", "ada"),))
    rig.client.apply(source)
    assert rig.members("Group g") == set()
    rig.client.resync(source)
    assert rig.members("Group g") == {"ada"}


def test_a_membership_that_was_dropped_unseen_is_missed_by_a_full_resync() -> None:
    rig = Rig()
    source = Population((person("ada"),), (team("g", "ada"),))
    rig.target.faults.arm_named("group.members_dropped", times=2)
    rig.target.faults.arm_named("read.stale_filter", operation="group.create")
    rig.client.apply(source)
    assert rig.members("Group g") == set()
    rig.clock.sleep(3600)
    rig.client.resync(source)
    assert rig.members("Group g") == {"ada"}


def test_a_target_that_never_shows_members_is_asked_about_one_of_each_group_in_a_full_resync() -> None:
    rig = Rig(flags={"shows_members": False, "supports_groups": True})
    source = Population((person("ada"), person("ben")), (team("g", "ada", "ben"),))
    rig.client.apply(source)
    since = rig.mark()
    rig.client.resync(source)
    assert [each for each in rig.requests(since) if "group" in each] == ["GET group.get"], "users show their groups"


def test_a_member_whose_write_could_not_be_verified_is_taken_out_again() -> None:
    rig = Rig()
    rig.target.flags.answers_group_patch_with_body = False
    source = Population((person("ada"),), (team("g"),))
    rig.client.apply(source)
    rig.target.faults.arm("group.*", status=403, skip=1, times=1)
    rig.client.apply(Population((person("ada"),), (team("g", "ada"),)))
    assert rig.members("Group g") == {"ada"}
    rig.client.apply(source)
    assert rig.members("Group g") == set()
