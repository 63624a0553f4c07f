"""Every transition of the formal reading of the user counters, and what goes over the wire with it."""

from __future__ import annotations

import pytest

from provcheck.harness.client.state import Base
from provcheck.harness.model.population import Population
from provcheck.harness.model.summary import SummaryHidden
from tests.client.provisioning_rig import Rig, changed, people, person


def seeded(rig: Rig, name: str, **fields: object) -> None:
    known = {"userName": name, "email": f"{name}@example.com", "givenName": name.title(), "familyName": "Example"}
    known |= {"displayName": f"{name.title()} Example", "externalId": f"ext-{name}"}
    rig.target.seed(users=[{**known, **fields}])


def test_an_account_that_is_there_and_equal_is_linked_without_a_write() -> None:
    rig = Rig()
    seeded(rig, "ada")
    rig.client.apply(people("ada"))
    assert rig.users == {"impacted": 1, "success": 1}
    assert rig.writes() == []
    assert rig.audit(action="link", outcome="success")


def test_an_account_that_differs_is_updated_with_only_what_differs() -> None:
    rig = Rig()
    seeded(rig, "ada", familyName="Old")
    rig.client.apply(people("ada"))
    assert rig.users == {"impacted": 1, "success": 1}
    assert rig.writes() == ["user.update"]
    body = rig.target.journal[-1].request_body
    assert b"familyName" in body
    assert b"givenName" not in body


def test_an_account_that_differs_while_updates_are_off_is_linked_and_partially_synced() -> None:
    rig = Rig(update_users=False)
    seeded(rig, "ada", familyName="Old")
    rig.client.apply(people("ada"))
    assert rig.users == {"impacted": 1, "partially_synced": 1}
    assert rig.client.users()["ada"].base is Base.LINKED
    assert rig.writes() == []


def test_a_linked_user_becomes_synced_by_its_next_change_once_updates_are_on() -> None:
    rig = Rig(update_users=False)
    seeded(rig, "ada", familyName="Old")
    rig.client.apply(people("ada"))
    rig.configure(update_users=True)
    rig.client.apply(people("ada"))
    assert rig.users == {"impacted": 1, "partially_synced": 1}
    rig.client.apply(changed(people("ada"), "ada", given_name="Augusta"))
    assert rig.users == {"impacted": 1, "success": 1}
    assert rig.account("ada")["familyName"] == "Example"


def test_a_linked_user_whose_update_is_refused_fails() -> None:
    rig = Rig()
    seeded(rig, "ada", familyName="Old")
    rig.target.flags.allows_update_users = False
    rig.client.apply(people("ada"))
    assert rig.users == {"impacted": 1, "failed": 1}


def test_an_unsynced_user_stays_so_when_creating_is_switched_on_until_it_changes() -> None:
    rig = Rig(create_users=False)
    population = people("ada", "bob")
    rig.client.apply(population)
    rig.configure(create_users=True)
    since = rig.mark()
    rig.client.apply(population)
    assert rig.requests(since) == []
    rig.client.apply(changed(population, "ada", given_name="Augusta"))
    assert rig.users == {"impacted": 2, "success": 1, "unsynced": 1}
    rig.client.resync(changed(population, "ada", given_name="Augusta"))
    assert rig.users == {"impacted": 2, "success": 2}


def test_an_unsynced_user_whose_account_appears_is_linked_by_a_resync() -> None:
    rig = Rig(create_users=False)
    rig.client.apply(people("ada"))
    seeded(rig, "ada")
    rig.client.resync(people("ada"))
    assert rig.users == {"impacted": 1, "success": 1}


def test_a_change_of_a_synced_user_is_written_without_a_look_up() -> None:
    rig = Rig()
    rig.client.apply(people("ada"))
    since = rig.mark()
    rig.client.apply(changed(people("ada"), "ada", family_name="Byron"))
    assert rig.requests(since) == ["PATCH user.update"]
    assert rig.account("ada")["familyName"] == "Byron"
    assert rig.users == {"impacted": 1, "success": 1}


def test_a_change_that_the_target_refuses_fails_the_user() -> None:
    rig = Rig()
    rig.client.apply(people("ada"))
    rig.target.flags.allows_update_users = False
    rig.client.apply(changed(people("ada"), "ada", family_name="Byron"))
    assert rig.users == {"impacted": 1, "failed": 1}
    assert "403" in rig.audit(outcome="failed")[0].detail


def test_a_failed_user_is_healed_by_its_next_good_sync() -> None:
    rig = Rig()
    rig.client.apply(people("ada"))
    rig.target.flags.allows_update_users = False
    rig.client.apply(changed(people("ada"), "ada", family_name="Byron"))
    rig.target.flags.allows_update_users = True
    rig.client.resync(changed(people("ada"), "ada", family_name="Byron"))
    assert rig.users == {"impacted": 1, "success": 1}
    assert rig.account("ada")["familyName"] == "Byron"


def test_a_permanent_refusal_is_not_repeated_until_the_source_changes() -> None:
    rig = Rig()
    rig.target.flags.allows_create_users = False
    rig.client.apply(people("ada"))
    rig.target.flags.allows_create_users = True
    since = rig.mark()
    rig.client.apply(people("ada"))
    assert rig.requests(since) == []
    assert rig.users == {"impacted": 1, "failed": 1}
    rig.client.apply(changed(people("ada"), "ada", family_name="Byron"))
    assert rig.users == {"impacted": 1, "success": 1}


def test_a_stale_user_whose_next_change_is_allowed_is_brought_up_to_date_with_both_changes() -> None:
    rig = Rig()
    population = people("ada")
    rig.client.apply(population)
    rig.configure(update_users=False)
    population = changed(population, "ada", family_name="Byron")
    rig.client.apply(population)
    rig.configure(update_users=True)
    rig.client.apply(changed(population, "ada", given_name="Augusta"))
    assert rig.users == {"impacted": 1, "success": 1}
    assert rig.account("ada")["familyName"] == "Byron"
    assert rig.account("ada")["givenName"] == "Augusta"


def test_a_stale_user_whose_change_is_taken_back_is_in_sync_again() -> None:
    rig = Rig()
    rig.client.apply(people("ada"))
    rig.configure(update_users=False)
    rig.client.apply(changed(people("ada"), "ada", family_name="Byron"))
    rig.client.apply(people("ada"))
    assert rig.users == {"impacted": 1, "success": 1}


def test_a_disabled_source_user_is_turned_off_and_kept() -> None:
    rig = Rig()
    rig.client.apply(people("ada"))
    since = rig.mark()
    rig.client.apply(changed(people("ada"), "ada", active=False))
    assert [each.operation for each in rig.target.journal[-1].intents] == ["user.disable"]
    assert len(rig.writes(since)) == 1
    assert rig.account("ada")["active"] is False
    assert rig.users == {"impacted": 1, "success": 1}


def test_a_disabled_source_user_is_stale_while_disabling_is_off() -> None:
    rig = Rig(disable_users=False)
    rig.client.apply(people("ada"))
    since = rig.mark()
    rig.client.apply(changed(people("ada"), "ada", active=False))
    assert rig.writes(since) == []
    assert rig.users == {"impacted": 1, "success": 1, "partially_synced": 1}


def test_disabling_needs_no_permission_to_update() -> None:
    rig = Rig(update_users=False)
    rig.client.apply(people("ada"))
    rig.client.apply(changed(people("ada"), "ada", active=False))
    assert rig.account("ada")["active"] is False
    assert rig.users == {"impacted": 1, "success": 1}


def test_of_a_mixed_change_only_the_permitted_part_is_written() -> None:
    rig = Rig(disable_users=False)
    rig.client.apply(people("ada"))
    rig.client.apply(changed(people("ada"), "ada", active=False, family_name="Byron"))
    assert rig.account("ada")["active"] is True
    assert rig.account("ada")["familyName"] == "Byron"
    assert rig.users == {"impacted": 1, "success": 1, "partially_synced": 1}


def test_a_refused_disable_fails_the_user() -> None:
    rig = Rig()
    rig.client.apply(people("ada"))
    rig.target.flags.allows_disable_users = False
    rig.client.apply(changed(people("ada"), "ada", active=False))
    assert rig.users == {"impacted": 1, "failed": 1}


def test_an_enabled_source_user_is_turned_on_again() -> None:
    rig = Rig()
    rig.client.apply(changed(people("ada"), "ada", active=False))
    assert rig.account("ada")["active"] is False
    rig.client.apply(people("ada"))
    assert rig.account("ada")["active"] is True
    assert rig.audit(action="enable", outcome="success")


def test_a_search_that_fails_fails_the_user_and_creates_nothing() -> None:
    rig = Rig()
    rig.target.faults.arm("user.list", status=403, times=None)
    rig.client.apply(people("ada"))
    assert rig.users == {"impacted": 1, "failed": 1}
    assert rig.writes() == []


def test_a_value_that_the_source_no_longer_has_is_cleared() -> None:
    rig = Rig()
    rig.client.apply(people("ada"))
    rig.client.apply(changed(people("ada"), "ada", display_name=""))
    assert not rig.account("ada").get("displayName")
    since = rig.mark()
    rig.client.resync(changed(people("ada"), "ada", display_name=""))
    assert rig.writes(since) == []


def test_a_new_user_name_renames_the_account_it_is_linked_to() -> None:
    rig = Rig()
    rig.client.apply(people("ada"))
    remote_id = rig.account("ada")["id"]
    rig.client.apply(changed(people("ada"), "ada", user_name="countess"))
    assert rig.account("countess")["id"] == remote_id
    assert len(rig.target.snapshot()["users"]) == 1


def test_users_may_pass_a_name_on_in_one_run() -> None:
    rig = Rig()
    population = people("ada", "bob")
    rig.client.apply(population)
    renamed = changed(changed(population, "ada", user_name="bob"), "bob", user_name="carl")
    rig.client.apply(renamed)
    assert rig.users == {"impacted": 2, "success": 2}
    assert rig.account("bob")["externalId"] == "ext-ada"
    assert rig.account("carl")["externalId"] == "ext-bob"


def test_a_rename_to_a_name_that_is_taken_fails_and_touches_nobody_else() -> None:
    rig = Rig()
    rig.client.apply(people("ada"))
    seeded(rig, "bob")
    before = rig.account("bob")
    rig.client.apply(changed(people("ada"), "ada", user_name="bob"))
    assert rig.users == {"impacted": 1, "failed": 1}
    assert rig.account("bob") == before


def test_two_source_users_never_share_an_account() -> None:
    rig = Rig()
    rig.client.apply(Population((person("ada"), person("other", user_name="ADA", external_id="x"))))
    assert rig.users == {"impacted": 2, "success": 1, "failed": 1}
    assert "belongs to 'ada'" in rig.audit(outcome="failed")[0].detail


def test_an_account_whose_name_differs_in_case_is_the_same_account() -> None:
    rig = Rig()
    seeded(rig, "Ada", email="ADA@example.com", displayName="Ada Example", givenName="Ada", externalId="ext-ada")
    rig.client.apply(people("ada"))
    assert rig.writes() == []
    assert rig.users == {"impacted": 1, "success": 1}


def test_accounts_can_be_matched_by_mail() -> None:
    rig = Rig(unique_user_identifier="workEmail", user_filter='emails.value Eq "%s"')
    seeded(rig, "a.lovelace", email="ada@example.com", externalId="ext-ada", displayName="Ada Example")
    rig.client.apply(people("ada"))
    assert rig.users == {"impacted": 1, "success": 1}
    assert len(rig.target.snapshot()["users"]) == 1
    assert rig.account("ada")["email"] == "ada@example.com"


def test_of_two_accounts_with_the_same_mail_none_is_linked_and_none_is_made() -> None:
    rig = Rig(unique_user_identifier="workEmail", user_filter='emails.value Eq "%s"')
    seeded(rig, "one", email="ada@example.com", externalId="1")
    seeded(rig, "two", email="ada@example.com", externalId="2")
    rig.client.apply(people("ada"))
    assert rig.users == {"impacted": 1, "failed": 1}
    assert rig.writes() == []


# leaving


@pytest.mark.parametrize("action, count, active", [("Disable", 1, False), ("Delete", 0, None)])
def test_a_leaver_is_removed_as_the_connection_says_and_leaves_every_counter(
    action: str, count: int, active: bool | None
) -> None:
    rig = Rig(remove_action=action)
    rig.client.apply(people("ada", "bob"))
    rig.client.apply(people("bob"))
    assert rig.users == {"impacted": 1, "success": 1}
    left = [each for each in rig.target.snapshot()["users"] if each["userName"] == "ada"]
    assert len(left) == count
    assert all(each["active"] is active for each in left)
    assert rig.client.orphans() == ()


def test_a_leaver_is_left_alone_while_deprovisioning_is_off() -> None:
    rig = Rig(deprovision_users=False)
    rig.client.apply(people("ada", "bob"))
    since = rig.mark()
    rig.client.apply(people("bob"))
    assert rig.requests(since) == []
    assert rig.users == {"impacted": 1, "success": 1}
    assert rig.audit(outcome="withheld")


def test_a_leaver_that_cannot_be_removed_is_an_orphan_until_a_later_run_succeeds() -> None:
    rig = Rig()
    rig.client.apply(people("ada", "bob"))
    rig.target.flags.allows_disable_users = False
    rig.client.apply(people("bob"))
    assert rig.users == {"impacted": 1, "success": 1}
    assert [orphan.source_id for orphan in rig.client.orphans()] == ["ada"]
    rig.client.apply(people("bob"))
    assert [orphan.source_id for orphan in rig.client.orphans()] == ["ada"]
    rig.target.flags.allows_disable_users = True
    rig.client.apply(people("bob"))
    assert rig.client.orphans() == ()
    assert rig.account("ada")["active"] is False


def test_a_leaver_who_comes_back_is_turned_on_again_and_is_no_orphan() -> None:
    rig = Rig()
    rig.client.apply(people("ada", "bob"))
    rig.client.apply(people("bob"))
    rig.client.apply(people("ada", "bob"))
    assert rig.account("ada")["active"] is True
    assert rig.users == {"impacted": 2, "success": 2}


def test_an_orphan_who_comes_back_is_not_removed_after_all() -> None:
    rig = Rig()
    rig.client.apply(people("ada", "bob"))
    rig.target.flags.allows_disable_users = False
    rig.client.apply(people("bob"))
    rig.target.flags.allows_disable_users = True
    rig.client.apply(people("ada", "bob"))
    assert rig.client.orphans() == ()
    assert rig.account("ada")["active"] is True


def test_a_leaver_without_an_account_costs_no_request() -> None:
    rig = Rig(create_users=False)
    rig.client.apply(people("ada", "bob"))
    since = rig.mark()
    rig.client.apply(people("bob"))
    assert rig.writes(since) == []
    assert rig.users == {"impacted": 1, "unsynced": 1}


def test_a_leaver_whose_account_is_gone_already_is_done() -> None:
    rig = Rig(remove_action="Delete")
    rig.client.apply(people("ada", "bob"))
    remote_id = rig.account("ada")["id"]
    rig.session.delete(f"{rig.target.base_url}/Users/{remote_id}", headers=rig.target.headers)
    rig.client.apply(people("bob"))
    assert rig.client.orphans() == ()


def test_the_name_of_a_leaver_is_free_for_a_new_user_in_the_same_run() -> None:
    rig = Rig(remove_action="Delete")
    rig.client.apply(people("ada", "bob"))
    rig.client.apply(Population((person("bob"), person("new", user_name="ada", external_id="n"))))
    assert rig.users == {"impacted": 2, "success": 2}
    assert rig.account("ada")["externalId"] == "n"


def test_a_source_that_suddenly_selects_nobody_removes_nobody() -> None:
    rig = Rig(remove_action="Delete")
    rig.client.apply(people("ada", "bob"))
    since = rig.mark()
    rig.client.apply(Population())
    assert rig.requests(since) == []
    assert rig.users == {"impacted": 2, "success": 2}
    assert rig.client.status().sync_status == "Failed"
    assert "selects nobody" in rig.client.warnings()[0]


def test_the_last_user_may_leave() -> None:
    rig = Rig()
    rig.client.apply(people("ada"))
    rig.client.apply(Population())
    assert rig.users == {}
    assert rig.account("ada")["active"] is False


# the rule


def test_a_disabled_rule_writes_nothing_and_shows_no_summary() -> None:
    rig = Rig()
    rig.change_rule(enabled=False)
    rig.client.apply(people("ada"))
    rig.client.resync(people("ada"))
    assert len(rig.target.journal) == 0
    with pytest.raises(SummaryHidden):
        rig.client.summary()
    assert rig.client.status().sync_status == "Inactive"


def test_a_narrower_filter_makes_leavers_of_those_it_no_longer_selects() -> None:
    rig = Rig()
    sales = person("ada", attributes={"department": "Sales"})
    rig.client.apply(Population((sales, person("bob"))))
    rig.change_rule(user_filter='department Eq "Sales"')
    rig.client.apply(Population((sales, person("bob"))))
    assert rig.users == {"impacted": 1, "success": 1}
    assert rig.account("bob")["active"] is False


def test_a_changed_mapping_reaches_every_user() -> None:
    rig = Rig()
    population = Population((person("ada", attributes={"job": "Countess"}),))
    rig.client.apply(population)
    rig.change_rule(mapping={**rig.rule.mapping, "title": "job"})
    rig.client.apply(population)
    assert rig.writes()[-1] == "user.update"
    assert rig.users == {"impacted": 1, "success": 1}


# recovery


def test_a_second_run_without_changes_sends_nothing_and_a_second_resync_no_write() -> None:
    rig = Rig()
    population = people("ada", "bob", "carl")
    rig.client.apply(population)
    since = rig.mark()
    rig.client.apply(population)
    assert rig.requests(since) == []
    rig.client.resync(population)
    rig.client.resync(population)
    assert rig.writes(since) == []
    assert rig.users == {"impacted": 3, "success": 3}


def test_a_user_created_disabled_is_off_at_the_target() -> None:
    rig = Rig()
    rig.client.apply(changed(people("ada"), "ada", active=False))
    assert rig.account("ada")["active"] is False
    assert rig.users == {"impacted": 1, "success": 1}


def test_the_status_block_names_both_ends_and_the_end_of_the_last_run() -> None:
    rig = Rig()
    rig.client.apply(people("ada"))
    status = rig.client.status()
    assert (status.sync_status, status.direction, status.source, status.target) == (
        "Active",
        "Outbound",
        "source",
        "target",
    )
    assert status.last_sync == rig.clock.now()


def test_a_mail_is_replaced_beside_the_mails_of_others() -> None:
    rig = Rig()
    rig.client.apply(people("ada"))
    remote_id = rig.account("ada")["id"]
    url = f"{rig.target.base_url}/Users/{remote_id}"
    patch = {"op": "add", "path": "emails", "value": [{"value": "home@example.org", "type": "home"}]}
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [patch]}
    assert rig.session.patch(url, json=body, headers=rig.target.headers).ok
    rig.client.apply(changed(people("ada"), "ada", email="new@example.com"))
    shown = rig.session.get(url, headers=rig.target.headers).json()["emails"]
    assert {each["value"] for each in shown} == {"new@example.com", "home@example.org"}
