"""Groups: created empty and filled, merged or overwritten, renamed, given up; memberships that wait or fail."""

from __future__ import annotations

import pytest

from provcheck.harness.model.population import Population
from provcheck.harness.model.rule import ExternalGroup
from tests.client.provisioning_rig import Rig, changed, people, person, team

NAMES = ("ada", "bob", "carl")


def staff(*members: str, **fields: object) -> Population:
    return Population(tuple(person(name) for name in NAMES), (team("g", *members, **fields),))


def seeded(rig: Rig) -> None:
    rig.target.seed(
        users=[{"userName": "unmanaged", "email": "s@example.org"}],
        groups=[{"displayName": "Group g", "members": ["unmanaged"]}],
    )


def remote_group(rig: Rig) -> str:
    return next(each["id"] for each in rig.target.snapshot()["groups"] if each["displayName"].startswith("Group g"))


def test_a_group_is_created_empty_and_filled_by_one_request() -> None:
    rig = Rig()
    rig.client.apply(staff("ada", "bob"))
    assert [each for each in rig.requests() if not each.split()[1].startswith("user")][-3:] == [
        "GET group.list",
        "POST group.create",
        "PATCH group.update",
    ]
    assert rig.members("Group g") == {"ada", "bob"}


def test_members_are_sent_in_chunks_of_what_the_connection_allows() -> None:
    rig = Rig(members_per_request=2)
    names = [f"user{number}" for number in range(7)]
    rig.client.apply(Population(tuple(person(name) for name in names), (team("g", *names),)))
    assert rig.writes().count("group.update") == 4
    assert rig.members("Group g") == set(names)


def test_a_group_of_the_same_name_is_merged_into() -> None:
    rig = Rig()
    seeded(rig)
    rig.client.apply(staff("ada"))
    assert rig.members("Group g") == {"ada", "unmanaged"}
    assert rig.groups == {"impacted": 1, "success": 1}
    assert "group.create" not in rig.writes()


def test_a_group_of_the_same_name_is_overwritten_where_the_connection_says_so() -> None:
    rig = Rig(group_membership_handling="Overwrite")
    seeded(rig)
    rig.client.apply(staff("ada"))
    assert rig.members("Group g") == {"ada"}


def test_memberships_on_the_user_are_always_merged() -> None:
    rig = Rig(flags={"membership_style": "user"}, membership_style="user", group_membership_handling="Overwrite")
    seeded(rig)
    rig.client.apply(staff("ada"))
    assert rig.members("Group g") == {"ada", "unmanaged"}


@pytest.mark.parametrize("handling, left", [("Merge", {"ada", "late"}), ("Overwrite", {"ada"})])
def test_a_full_resync_takes_unmanaged_members_out_only_where_it_overwrites(handling: str, left: set[str]) -> None:
    rig = Rig(group_membership_handling=handling)
    rig.client.apply(staff("ada"))
    rig.target.seed(users=[{"userName": "late", "email": "l@example.org"}])
    late = rig.account("late")["id"]
    patch = {"op": "add", "path": "members", "value": [{"value": late}]}
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [patch]}
    url = f"{rig.target.base_url}/Groups/{remote_group(rig)}"
    assert rig.session.patch(url, json=body, headers=rig.target.headers).ok
    rig.client.resync(staff("ada"))
    assert rig.members("Group g") == left


@pytest.mark.parametrize("style", ["group", "user"])
def test_joining_and_leaving_write_only_that_membership(style: str) -> None:
    rig = Rig(flags={"membership_style": style}, membership_style=style)
    rig.client.apply(staff("ada", "bob"))
    since = rig.mark()
    rig.client.apply(staff("bob", "carl"))
    assert rig.members("Group g") == {"bob", "carl"}
    assert len(rig.writes(since)) == 2
    assert rig.groups == {"impacted": 1, "success": 1}


@pytest.mark.parametrize("style", ["group", "user"])
def test_a_membership_waits_for_an_account_and_is_written_once_there_is_one(style: str) -> None:
    rig = Rig(flags={"membership_style": style}, membership_style=style)
    rig.target.flags.allows_create_users = False
    rig.client.apply(staff("ada", "bob"))
    assert rig.groups == {"impacted": 1, "success": 1}
    assert rig.client.groups()["g"].waiting == {"ada", "bob"}
    rig.target.flags.allows_create_users = True
    rig.client.resync(staff("ada", "bob"))
    assert rig.members("Group g") == {"ada", "bob"}
    assert rig.client.groups()["g"].waiting == set()


def test_a_waiting_membership_is_written_in_the_incremental_run_that_makes_the_account() -> None:
    rig = Rig(create_users=False)
    rig.client.apply(staff("ada"))
    rig.configure(create_users=True)
    rig.client.apply(changed(staff("ada"), "ada", given_name="Augusta"))
    assert rig.members("Group g") == {"ada"}


def test_a_member_outside_the_scope_of_the_rule_is_nobody() -> None:
    rig = Rig()
    rig.change_rule(user_filter='userName Eq "ada"')
    rig.client.apply(staff("ada", "bob"))
    assert rig.members("Group g") == {"ada"}
    assert rig.groups == {"impacted": 1, "success": 1}


def test_an_account_that_is_linked_but_out_of_date_is_a_member_all_the_same() -> None:
    rig = Rig(update_users=False)
    rig.target.seed(users=[{"userName": "ada", "email": "old@example.com"}])
    rig.client.apply(staff("ada"))
    assert rig.members("Group g") == {"ada"}


def test_a_group_is_renamed_by_its_remote_id() -> None:
    rig = Rig()
    rig.client.apply(staff("ada"))
    remote_id = remote_group(rig)
    rig.client.apply(staff("ada", name="Group g two"))
    assert [(each["id"], each["displayName"]) for each in rig.target.snapshot()["groups"]] == [
        (remote_id, "Group g two")
    ]
    assert rig.members("Group g two") == {"ada"}


def test_a_refused_rename_fails_the_group_and_still_writes_its_memberships() -> None:
    rig = Rig()
    rig.client.apply(staff("ada"))
    rig.target.faults.arm("group.update", status=403, times=1)
    rig.client.apply(staff("ada", "bob", name="Group g two"))
    assert rig.groups == {"impacted": 1, "failed": 1}
    assert rig.members("Group g") == {"ada", "bob"}


def test_a_group_that_cannot_be_created_fails_alone() -> None:
    rig = Rig()
    rig.target.faults.arm("group.create", entity="Group g", status=403, times=None)
    rig.client.apply(Population((person("ada"),), (team("g", "ada"), team("h", "ada"))))
    assert rig.groups == {"impacted": 2, "success": 1, "failed": 1}
    assert rig.members("Group h") == {"ada"}


def test_two_groups_of_the_same_name_at_the_target_are_ambiguous_and_left_alone() -> None:
    rig = Rig()
    rig.target.seed(groups=[{"displayName": "Group g", "members": []}, {"displayName": "Group g", "members": []}])
    rig.client.apply(staff("ada"))
    assert rig.groups == {"impacted": 1, "failed": 1}
    assert not [each for each in rig.writes() if each.startswith("group")]


def test_two_source_groups_never_share_one_group() -> None:
    rig = Rig()
    rig.client.apply(Population((person("ada"),), (team("g", name="Same"), team("h", "ada", name="Same"))))
    assert rig.groups == {"impacted": 2, "success": 1, "failed": 1}


def test_a_group_that_vanished_is_made_again_with_its_members() -> None:
    rig = Rig()
    rig.client.apply(staff("ada"))
    url = f"{rig.target.base_url}/Groups/{remote_group(rig)}"
    assert rig.session.delete(url, headers=rig.target.headers).ok
    rig.client.apply(staff("ada", "bob"))
    assert rig.members("Group g") == {"ada", "bob"}
    assert rig.groups == {"impacted": 1, "success": 1}


def test_a_group_that_leaves_the_rule_stays_with_its_members() -> None:
    rig = Rig()
    rig.client.apply(staff("ada"))
    since = rig.mark()
    rig.client.apply(people(*NAMES))
    assert rig.writes(since) == []
    assert rig.members("Group g") == {"ada"}
    assert rig.groups == {}


def test_a_group_that_comes_back_is_known_by_its_id() -> None:
    rig = Rig()
    rig.client.apply(staff("ada", "bob"))
    rig.client.apply(people(*NAMES))
    rig.restart()
    rig.client.apply(staff("bob", name="Crew"))
    assert rig.members("Crew") == {"bob"}


def test_a_group_this_client_made_is_deleted_when_it_leaves_the_rule() -> None:
    rig = Rig(group_remove_action="Delete")
    rig.client.apply(staff("ada"))
    rig.client.apply(people(*NAMES))
    assert rig.target.snapshot()["groups"] == []
    assert rig.groups == {}


@pytest.mark.parametrize("action", ["Keep", "Delete"])
def test_a_group_that_was_there_before_stays_whatever_the_connection_says(action: str) -> None:
    rig = Rig(group_remove_action=action)
    seeded(rig)
    rig.client.apply(staff("ada"))
    rig.client.apply(people(*NAMES))
    assert rig.members("Group g") == {"ada", "unmanaged"}


def test_a_group_that_was_there_before_only_loses_the_members_this_client_put_in() -> None:
    rig = Rig(group_remove_action="Remove memberships")
    seeded(rig)
    rig.client.apply(staff("ada"))
    rig.client.apply(people(*NAMES))
    assert rig.members("Group g") == {"unmanaged"}


def test_a_group_that_cannot_be_deleted_is_an_orphan_until_it_can() -> None:
    rig = Rig(group_remove_action="Delete")
    rig.client.apply(staff("ada"))
    rig.target.flags.allows_delete_groups = False
    rig.client.apply(people(*NAMES))
    assert [(orphan.kind, orphan.source_id) for orphan in rig.client.orphans()] == [("group", "g")]
    rig.target.flags.allows_delete_groups = True
    rig.client.apply(people(*NAMES))
    assert rig.client.orphans() == ()
    assert rig.target.snapshot()["groups"] == []


def test_a_leaver_who_is_turned_off_is_taken_out_of_the_groups() -> None:
    rig = Rig()
    rig.client.apply(staff("ada", "bob"))
    rig.client.apply(staff("ada", "bob").without_user("ada"))
    assert rig.members("Group g") == {"bob"}
    assert rig.account("ada")["active"] is False


def test_a_deleted_leaver_needs_no_request_to_leave_the_groups() -> None:
    rig = Rig(remove_action="Delete")
    rig.client.apply(staff("ada", "bob"))
    since = rig.mark()
    rig.client.apply(staff("ada", "bob").without_user("ada"))
    assert rig.writes(since) == ["user.delete"]
    assert rig.members("Group g") == {"bob"}


def test_an_external_group_is_refused_before_anything_is_sent() -> None:
    rig = Rig()
    rig.change_rule(groups=("g",))
    with pytest.raises(ExternalGroup, match="external"):
        rig.client.apply(Population((person("ada"),), (team("g", "ada", external=True),)))
    assert len(rig.target.journal) == 0


def test_more_than_a_thousand_groups_warn_and_are_synced() -> None:
    rig = Rig()
    rig.client.apply(Population((), tuple(team(f"g{number}") for number in range(1001))))
    assert "1001 groups" in rig.client.warnings()[0]
    assert rig.groups == {"impacted": 1001, "success": 1001}


def test_without_memberships_groups_are_created_and_no_membership_is_written() -> None:
    rig = Rig(flags={"membership_style": "none"}, membership_style="none")
    rig.client.apply(staff("ada"))
    assert rig.groups == {"impacted": 1, "success": 1}
    assert [each for each in rig.writes() if each.startswith("group")] == ["group.create"]


@pytest.mark.parametrize("style", ["group", "user"])
def test_a_second_resync_writes_nothing(style: str) -> None:
    rig = Rig(flags={"membership_style": style}, membership_style=style)
    population = Population(tuple(person(n) for n in NAMES), (team("g", "ada", "bob"), team("h", *NAMES), team("i")))
    rig.client.apply(population)
    since = rig.mark()
    rig.client.resync(population)
    rig.restart()
    rig.client.resync(population)
    assert rig.writes(since) == []
    assert rig.groups == {"impacted": 3, "success": 3}


def test_a_membership_lost_at_the_target_is_restored_by_a_resync() -> None:
    rig = Rig()
    rig.client.apply(staff("ada", "bob"))
    url = f"{rig.target.base_url}/Groups/{remote_group(rig)}"
    body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Group g", "members": []}
    assert rig.session.put(url, json=body, headers=rig.target.headers).ok
    rig.client.resync(staff("ada", "bob"))
    assert rig.members("Group g") == {"ada", "bob"}


def test_a_permanently_refused_membership_is_tried_again_when_the_group_changes() -> None:
    rig = Rig()
    fault = rig.target.faults.arm("member.add", entity="Group g/bob", status=403, times=None)
    rig.client.apply(staff("ada", "bob"))
    since = rig.mark()
    rig.client.apply(staff("ada", "bob"))
    assert rig.writes(since) == []
    assert rig.groups == {"impacted": 1, "failed": 1}
    rig.target.faults.disarm(fault)
    rig.client.apply(staff("ada", "bob", "carl"))
    assert rig.groups == {"impacted": 1, "success": 1}
    assert rig.members("Group g") == set(NAMES)


def test_a_member_who_cannot_be_taken_out_fails_the_group() -> None:
    rig = Rig()
    rig.client.apply(staff("ada", "bob"))
    fault = rig.target.faults.arm("member.remove", entity="Group g/ada", status=403, times=None)
    rig.client.apply(staff("bob"))
    assert rig.groups == {"impacted": 1, "failed": 1}
    rig.target.faults.disarm(fault)
    rig.client.resync(staff("bob"))
    assert rig.groups == {"impacted": 1, "success": 1}
    assert rig.members("Group g") == {"bob"}


def test_groups_are_never_listed_as_a_whole() -> None:
    rig = Rig()
    rig.client.apply(Population((person("ada"),), tuple(team(f"g{number}", "ada") for number in range(20))))
    assert all("filter" in each.query for each in rig.target.journal if each.operation == "group.list")


def test_a_resync_takes_leavers_out_of_groups_too() -> None:
    rig = Rig(deprovision_users=False)
    rig.client.apply(staff("ada", "bob"))
    rig.client.resync(staff("ada", "bob").without_user("ada"))
    assert rig.members("Group g") == {"bob"}


def test_a_leaver_who_could_not_be_taken_out_of_a_group_is_taken_out_by_a_later_run() -> None:
    rig = Rig()
    rig.client.apply(staff("ada", "bob"))
    fault = rig.target.faults.arm("member.remove", entity="Group g/ada", status=403, times=None)
    rig.client.apply(staff("ada", "bob").without_user("ada"))
    assert rig.groups == {"impacted": 1, "failed": 1}
    rig.target.faults.disarm(fault)
    rig.restart()
    rig.client.resync(staff("ada", "bob").without_user("ada"))
    assert rig.members("Group g") == {"bob"}
    assert rig.groups == {"impacted": 1, "success": 1}


def test_a_refused_group_stays_failed_and_is_not_asked_for_again_until_there_is_news() -> None:
    rig = Rig()
    rig.target.flags.allows_create_groups = False
    rig.client.apply(staff("ada"))
    rig.target.flags.allows_create_groups = True
    since = rig.mark()
    rig.client.apply(staff("ada"))
    assert rig.requests(since) == []
    assert rig.groups == {"impacted": 1, "failed": 1}
    rig.client.apply(staff("ada", "bob"))
    assert rig.groups == {"impacted": 1, "success": 1}
    assert rig.members("Group g") == {"ada", "bob"}


def test_a_refused_name_stays_a_failure_in_the_next_run() -> None:
    rig = Rig()
    rig.client.apply(staff("ada"))
    rig.target.flags.allows_update_groups = False
    for _ in range(2):
        since = rig.mark()
        rig.client.apply(staff("ada", name="Group g two"))
        assert rig.groups == {"impacted": 1, "failed": 1}
    assert rig.requests(since) == []
    rig.target.flags.allows_update_groups = True
    rig.client.resync(staff("ada", name="Group g two"))
    assert rig.members("Group g two") == {"ada"}
    assert rig.groups == {"impacted": 1, "success": 1}


def test_a_group_that_is_known_under_another_name_is_found_by_its_external_id_after_a_conflict() -> None:
    rig = Rig("github_emu")
    rig.target.seed(groups=[{"displayName": "Was g", "externalId": "g", "members": []}])
    rig.client.apply(staff("ada"))
    assert rig.members("Group g") == {"ada"}
    assert len(rig.target.snapshot()["groups"]) == 1


def test_leaving_the_rule_while_the_target_refuses_is_no_crash() -> None:
    rig = Rig(group_remove_action="Remove memberships")
    seeded(rig)
    rig.client.apply(staff("ada"))
    rig.target.faults.arm("group.*", status=403, times=None)
    rig.target.faults.arm("member.*", status=403, times=None)
    rig.client.apply(people(*NAMES))
    assert rig.groups == {}
    assert rig.audit(entity_kind="membership", action="remove_member", outcome="failed")


def test_a_first_sync_costs_two_requests_for_a_user_and_three_for_a_group() -> None:
    rig = Rig()
    names = [f"user{number}" for number in range(30)]
    groups = tuple(team(f"g{number}", *names) for number in range(5))
    rig.client.apply(Population(tuple(person(name) for name in names), groups))
    assert len(rig.target.journal) == 1 + 2 * 30 + 3 * 5
