"""The six documented sync summaries (Outbound provisioning sync summary examples), on both membership styles."""

from __future__ import annotations

import pytest

from provcheck.harness.model.population import Population
from tests.client.provisioning_rig import Rig, changed, people, person, team

BOTH_STYLES = pytest.mark.parametrize("style", ["group", "user"])


def rig_of(style: str, **connection: object) -> Rig:
    return Rig(flags={"membership_style": style}, membership_style=style, **connection)


def test_e1_a_target_without_groups_has_only_a_user_section_and_sees_no_group_request() -> None:
    rig = Rig(flags={"supports_groups": False}, supports_groups=False)
    rig.client.apply(Population((person("ada"),), (team("g", "ada"),)))
    assert rig.client.summary().groups is None
    assert rig.users == {"impacted": 1, "success": 1}
    assert not [each for each in rig.requests() if "group" in each or "member" in each]


@BOTH_STYLES
def test_e2_a_target_with_groups_has_both_sections(style: str) -> None:
    rig = rig_of(style)
    rig.client.apply(Population((person("ada"), person("bob")), (team("g", "ada", "bob"),)))
    assert rig.users == {"impacted": 2, "success": 2}
    assert rig.groups == {"impacted": 1, "success": 1}
    assert rig.members("Group g") == {"ada", "bob"}


@BOTH_STYLES
def test_e3_users_that_cannot_be_created_fail_and_their_groups_succeed(style: str) -> None:
    rig = rig_of(style)
    rig.target.flags.allows_create_users = False
    rig.client.apply(Population((person("ada"), person("bob")), (team("g", "ada", "bob"), team("h", "ada", "bob"))))
    assert rig.users == {"impacted": 2, "failed": 2}
    assert rig.groups == {"impacted": 2, "success": 2}
    assert not [each for each in rig.writes() if "member" in each or each.startswith("user.update")]
    assert len(rig.audit(entity_kind="membership", outcome="deferred")) == 4


@BOTH_STYLES
def test_e4_one_refused_membership_fails_its_group_alone(style: str) -> None:
    rig = rig_of(style)
    names = [f"user{number}" for number in range(40)]
    users = tuple(person(name) for name in names)
    groups = (team("g0", *names), *(team(f"g{number}", *names[:5]) for number in range(1, 5)))
    rig.target.faults.arm("member.add", entity="Group g0/user17", status=403, times=None)
    rig.client.apply(Population(users, groups))
    assert rig.users == {"impacted": 40, "success": 40}
    assert rig.groups == {"impacted": 5, "success": 4, "failed": 1}
    assert rig.members("Group g0") == set(names) - {"user17"}
    assert rig.members("Group g1") == set(names[:5])
    assert [record.entity for record in rig.audit(entity_kind="membership", outcome="failed")] == ["g0/user17"]


def test_e5_without_permission_to_create_everybody_is_unsynced_and_nothing_is_sent() -> None:
    rig = Rig(create_users=False)
    rig.target.flags.allows_create_users = False
    rig.client.apply(people("a", "b", "c", "d", "e"))
    assert rig.users == {"impacted": 5, "unsynced": 5}
    assert rig.writes() == []


def test_e6_without_permission_to_update_a_changed_user_is_partially_synced_and_still_a_success() -> None:
    rig = Rig()
    population = people("a", "b", "c", "d", "e")
    rig.client.apply(population)
    rig.configure(update_users=False)
    since = rig.mark()
    rig.client.apply(changed(population, "c", family_name="Other"))
    assert rig.users == {"impacted": 5, "success": 5, "partially_synced": 1}
    assert rig.writes(since) == []


def test_e6_two_changes_of_one_user_are_one_partially_synced_user() -> None:
    rig = Rig()
    population = people("a", "b")
    rig.client.apply(population)
    rig.configure(update_users=False)
    for family_name in ("One", "Two"):
        rig.client.apply(changed(population, "a", family_name=family_name))
    assert rig.users == {"impacted": 2, "success": 2, "partially_synced": 1}


def test_e6_switching_updates_on_again_repairs_nothing_until_a_full_resync() -> None:
    rig = Rig()
    population = people("a", "b")
    rig.client.apply(population)
    rig.configure(update_users=False)
    population = changed(population, "a", family_name="Other")
    rig.client.apply(population)
    rig.configure(update_users=True)
    since = rig.mark()
    rig.client.apply(population)
    assert rig.users == {"impacted": 2, "success": 2, "partially_synced": 1}
    assert rig.requests(since) == []
    rig.client.resync(population)
    assert rig.users == {"impacted": 2, "success": 2}
    assert rig.account("a")["familyName"] == "Other"


def test_a_full_resync_with_updates_still_off_leaves_the_user_partially_synced_only() -> None:
    rig = Rig()
    population = people("a", "b")
    rig.client.apply(population)
    rig.configure(update_users=False)
    population = changed(population, "a", family_name="Other")
    rig.client.apply(population)
    rig.client.resync(population)
    assert rig.users == {"impacted": 2, "success": 1, "partially_synced": 1}
