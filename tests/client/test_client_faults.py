"""What goes wrong between client and target, and what a correct client does about it."""

from __future__ import annotations

from itertools import groupby, pairwise

import pytest

from provcheck.harness.model.population import Population
from tests.client.provisioning_rig import Rig, changed, people, person, team

NAMES = tuple(f"user{number}" for number in range(5))


def staff(*members: str) -> Population:
    return Population(tuple(person(name) for name in NAMES), (team("g", *members),))


def gaps(rig: Rig, operation: str) -> list[float]:
    started = [each.started for each in rig.target.journal if each.operation == operation]
    return [later - earlier for earlier, later in pairwise(started)]


# limits


def test_a_limit_with_retry_after_is_waited_for_and_leaves_no_trace_in_the_counters() -> None:
    rig = Rig()
    rig.target.faults.arm("user.create", status=429, headers={"Retry-After": "7"}, times=2)
    rig.client.apply(people("ada"))
    assert rig.users == {"impacted": 1, "success": 1}
    assert all(7 <= gap < 9 for gap in gaps(rig, "user.create"))


def test_a_limit_without_a_header_backs_off_with_growing_pauses() -> None:
    rig = Rig()
    rig.target.faults.arm("user.create", status=429, times=4)
    rig.client.apply(people("ada"))
    assert rig.users == {"impacted": 1, "success": 1}
    pauses = gaps(rig, "user.create")
    assert len(pauses) == 4
    assert pauses == sorted(pauses)


def test_a_limit_on_one_user_holds_the_whole_connection() -> None:
    rig = Rig()
    rig.target.faults.arm("user.create", status=429, headers={"Retry-After": "30"}, times=1)
    rig.client.apply(people("ada", "bob"))
    refused = next(each for each in rig.target.journal if each.status == 429)
    later = [each.started for each in rig.target.journal if each.seq > refused.seq]
    assert min(later) - refused.started >= 30


def test_a_limit_that_never_ends_fails_the_user_at_last() -> None:
    rig = Rig()
    rig.target.faults.arm("user.create", entity="ada", status=429, times=None)
    rig.client.apply(people("ada", "bob"))
    assert rig.users == {"impacted": 2, "success": 1, "failed": 1}


# errors that pass


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_burst_of_server_errors_is_survived_and_nothing_is_made_twice(status: int) -> None:
    rig = Rig()
    rig.target.faults.arm("*", status=status, times=3)
    rig.client.apply(staff(*NAMES))
    assert rig.users == {"impacted": 5, "success": 5}
    assert rig.groups == {"impacted": 1, "success": 1}
    assert len(rig.target.snapshot()["users"]) == 5


def test_an_html_error_page_is_an_error_like_any_other() -> None:
    rig = Rig()
    page = {"Content-Type": "text/html"}
    rig.target.faults.arm("user.create", status=502, headers=page, body="<html>Bad gateway</html>", times=2)
    rig.client.apply(people("ada"))
    assert rig.users == {"impacted": 1, "success": 1}


def test_a_server_error_that_stays_fails_the_user_and_is_tried_again_by_the_next_run() -> None:
    rig = Rig()
    fault = rig.target.faults.arm("user.create", entity="ada", status=500, times=None)
    rig.client.apply(people("ada", "bob"))
    assert rig.users == {"impacted": 2, "success": 1, "failed": 1}
    rig.target.faults.disarm(fault)
    rig.client.apply(people("ada", "bob"))
    assert rig.users == {"impacted": 2, "success": 2}


# lost answers


@pytest.mark.parametrize("times", [1, 3])
def test_a_user_whose_creation_was_answered_by_silence_is_found_and_not_made_twice(times: int) -> None:
    rig = Rig()
    rig.target.faults.arm("user.create", moment="after", loses_answer=True, times=times)
    rig.client.apply(staff("user0"))
    assert rig.users == {"impacted": 5, "success": 5}
    assert len(rig.target.snapshot()["users"]) == 5
    assert rig.writes().count("user.create") == 5


def test_after_a_lost_creation_a_look_up_comes_before_anything_else() -> None:
    rig = Rig()
    rig.target.faults.arm("user.create", moment="before", loses_answer=True, times=1)
    rig.client.apply(people("ada"))
    asked = [name for name, _ in groupby(each for each in rig.requests() if "user" in each)]
    assert asked == ["GET user.list", "POST user.create", "GET user.list", "POST user.create"]
    assert rig.users == {"impacted": 1, "success": 1}


def test_a_creation_that_was_made_and_answered_with_an_error_is_found() -> None:
    rig = Rig()
    rig.target.faults.arm("user.create", moment="after", status=503, times=1)
    rig.client.apply(people("ada"))
    assert rig.users == {"impacted": 1, "success": 1}
    assert rig.writes() == ["user.create"]


def test_an_update_whose_answer_was_lost_is_read_back_and_not_sent_again() -> None:
    rig = Rig()
    rig.client.apply(people("ada"))
    rig.target.faults.arm("user.update", moment="after", loses_answer=True, times=1)
    since = rig.mark()
    rig.client.apply(changed(people("ada"), "ada", family_name="Byron"))
    assert rig.requests(since) == ["PATCH user.update", "GET user.get"]
    assert rig.users == {"impacted": 1, "success": 1}


def test_an_update_that_was_lost_on_the_way_is_sent_again() -> None:
    rig = Rig()
    rig.client.apply(people("ada"))
    rig.target.faults.arm("user.update", loses_answer=True, times=1)
    rig.client.apply(changed(people("ada"), "ada", family_name="Byron"))
    assert rig.account("ada")["familyName"] == "Byron"
    assert rig.users == {"impacted": 1, "success": 1}


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_group_whose_creation_was_answered_by_silence_is_not_made_twice(moment: str) -> None:
    rig = Rig()
    rig.target.faults.arm("group.create", moment=moment, loses_answer=True, times=1)
    rig.client.apply(staff("user0"))
    assert rig.members("Group g") == {"user0"}
    assert rig.groups == {"impacted": 1, "success": 1}


@pytest.mark.parametrize("style", ["group", "user"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_memberships_whose_answer_was_lost_are_read_back(moment: str, style: str) -> None:
    rig = Rig(flags={"membership_style": style}, membership_style=style)
    rig.target.faults.arm("group.update" if style == "group" else "user.update", moment=moment, loses_answer=True)
    rig.client.apply(staff(*NAMES))
    assert rig.members("Group g") == set(NAMES)
    assert rig.groups == {"impacted": 1, "success": 1}


def test_a_leaver_whose_creation_was_never_answered_is_looked_up_and_removed() -> None:
    rig = Rig()
    rig.target.faults.arm("user.create", entity="ada", moment="after", loses_answer=True, times=None)
    rig.target.faults.arm("user.list", entity=None, status=500, times=None, skip=1)
    rig.client.apply(people("ada"))
    assert rig.users == {"impacted": 1, "failed": 1}
    rig.target.faults.clear()
    rig.client.apply(Population())
    assert rig.account("ada")["active"] is False


@pytest.mark.parametrize("operation", ["user.create", "user.list", "group.create", "group.update"])
def test_a_body_that_breaks_off_does_no_harm(operation: str) -> None:
    rig = Rig()
    rig.target.faults.arm(operation, moment="after", truncates_at=20, times=1)
    rig.client.apply(staff("user0"))
    assert rig.users == {"impacted": 5, "success": 5}
    assert rig.groups == {"impacted": 1, "success": 1}
    assert len(rig.target.snapshot()["users"]) == 5


def test_an_answer_without_an_id_is_completed_by_a_look_up() -> None:
    rig = Rig()
    rig.target.faults.arm("user.create", moment="after", status=201, body={"userName": "ada"}, times=1)
    rig.client.apply(people("ada"))
    assert rig.client.users()["ada"].remote_id == rig.account("ada")["id"]
    assert rig.users == {"impacted": 1, "success": 1}


def test_an_answer_that_is_no_json_is_completed_by_a_look_up() -> None:
    rig = Rig()
    rig.target.faults.arm("user.create", moment="after", status=201, body="created!", times=1)
    rig.client.apply(people("ada"))
    assert rig.users == {"impacted": 1, "success": 1}


# conflicts


def test_a_conflict_leads_to_the_account_that_is_there() -> None:
    rig = Rig()
    rig.client.apply(people("other"))
    rig.target.seed(users=[{"userName": "ada", "familyName": "Old", "email": "ada@example.com"}])
    empty = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 0}
    rig.target.faults.arm("user.list", status=200, body=empty, times=2)
    rig.client.apply(people("other", "ada"))
    assert rig.users == {"impacted": 2, "success": 2}
    assert rig.account("ada")["familyName"] == "Example"


def test_a_conflict_whose_holder_is_found_by_the_external_id_is_linked() -> None:
    rig = Rig()
    rig.target.seed(users=[{"userName": "was-ada", "externalId": "ext-ada", "email": "ada@example.com"}])
    rig.target.faults.arm("user.create", status=409, times=1)
    rig.client.apply(people("ada"))
    assert rig.users == {"impacted": 1, "success": 1}
    assert rig.account("ada")["externalId"] == "ext-ada"
    assert len(rig.target.snapshot()["users"]) == 1


def test_a_conflict_with_nobody_to_be_found_fails_and_does_not_loop() -> None:
    rig = Rig()
    rig.target.faults.arm("user.create", status=409, times=None)
    rig.client.apply(people("ada"))
    assert rig.users == {"impacted": 1, "failed": 1}
    assert rig.writes().count("user.create") == 1


def test_a_conflict_while_updates_are_off_links_and_is_partially_synced() -> None:
    rig = Rig(update_users=False)
    rig.target.seed(users=[{"userName": "ada", "familyName": "Old", "email": "ada@example.com"}])
    empty = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 0}
    rig.target.faults.arm("user.list", status=200, body=empty, times=1)
    rig.client.apply(people("ada"))
    assert rig.users == {"impacted": 1, "partially_synced": 1}


# gone


def test_an_account_that_was_deleted_at_the_target_is_made_again_once() -> None:
    rig = Rig()
    rig.client.apply(staff("user0"))
    url = f"{rig.target.base_url}/Users/{rig.account('user0')['id']}"
    assert rig.session.delete(url, headers=rig.target.headers).ok
    rig.client.apply(changed(staff("user0"), "user0", family_name="Back"))
    assert rig.users == {"impacted": 5, "success": 5}
    assert rig.account("user0")["familyName"] == "Back"
    assert rig.members("Group g") == {"user0"}


def test_an_account_that_was_deleted_at_the_target_is_unsynced_where_creating_is_off() -> None:
    rig = Rig()
    rig.client.apply(staff("user0"))
    rig.configure(create_users=False)
    url = f"{rig.target.base_url}/Users/{rig.account('user0')['id']}"
    assert rig.session.delete(url, headers=rig.target.headers).ok
    rig.client.apply(changed(staff("user0"), "user0", family_name="Back"))
    assert rig.users == {"impacted": 5, "success": 4, "unsynced": 1}
    assert rig.groups == {"impacted": 1, "success": 1}


def test_a_new_account_that_is_not_visible_yet_is_waited_for_and_not_made_twice() -> None:
    rig = Rig()
    rig.target.faults.arm("user.create", moment="after", loses_answer=True, times=1)
    rig.target.faults.arm("user.get", status=404, times=2)
    rig.client.apply(people("ada"))
    rig.client.resync(people("ada"))
    assert len(rig.target.snapshot()["users"]) == 1
    assert rig.users == {"impacted": 1, "success": 1}


# the whole run


def test_refused_credentials_in_the_middle_stop_the_run() -> None:
    rig = Rig()
    population = people(*NAMES)
    rig.client.apply(population)
    before = rig.client.status().last_sync
    rig.clock.sleep(60)
    for name in NAMES[1:4]:
        population = changed(population, name, family_name="New")
    rig.target.faults.arm("user.update", status=401, skip=1, times=None)
    since = rig.mark()
    rig.client.apply(population)
    assert rig.users == {"impacted": 5, "success": 3, "failed": 2}
    assert len(rig.requests(since)) == 2
    assert rig.client.status().sync_status == "Failed"
    assert rig.client.status().last_sync == before
    rig.target.faults.clear()
    rig.client.apply(population)
    assert rig.users == {"impacted": 5, "success": 5}
    assert rig.client.status().sync_status == "Active"
    assert rig.client.status().last_sync == rig.clock.now()


def test_refused_credentials_leave_leavers_as_orphans() -> None:
    rig = Rig()
    rig.client.apply(people(*NAMES))
    rig.target.faults.arm("user.*", status=401, times=None)
    rig.client.apply(people(*NAMES[1:]))
    assert [orphan.source_id for orphan in rig.client.orphans()] == ["user0"]
    assert rig.users == {"impacted": 4, "success": 4}
    rig.target.faults.clear()
    rig.client.apply(people(*NAMES[1:]))
    assert rig.client.orphans() == ()
    assert rig.account("user0")["active"] is False


def test_refused_credentials_while_writing_a_group_fail_that_group_until_the_next_run() -> None:
    rig = Rig()
    rig.target.faults.arm("group.update", status=401, times=1)
    rig.client.apply(Population((person("ada"),), (team("g", "ada"), team("h", "ada"))))
    assert rig.users == {"impacted": 1, "success": 1}
    assert rig.groups == {"impacted": 2, "failed": 2}
    rig.client.apply(Population((person("ada"),), (team("g", "ada"), team("h", "ada"))))
    assert rig.groups == {"impacted": 2, "success": 2}
    assert rig.members("Group h") == {"ada"}


def test_a_target_that_is_gone_ends_the_run_instead_of_trying_everybody() -> None:
    rig = Rig()
    rig.target.faults.arm("*", loses_answer=True, times=None)
    population = people(*(f"u{number}" for number in range(100)))
    rig.client.apply(population)
    assert rig.users == {"impacted": 100, "failed": 100}
    assert len(rig.target.journal) < 80
    assert rig.client.status().sync_status == "Failed"
    rig.target.faults.clear()
    rig.client.apply(population)
    assert rig.users == {"impacted": 100, "success": 100}


# dialects


def test_patch_answers_without_a_body_change_nothing() -> None:
    flags = {"answers_user_patch_with_body": False, "answers_group_patch_with_body": False}
    rig = Rig(flags=flags)
    rig.client.apply(staff(*NAMES))
    rig.client.apply(changed(staff(*NAMES[:3]), "user0", family_name="New"))
    assert rig.account("user0")["familyName"] == "New"
    assert rig.members("Group g") == set(NAMES[:3])
    since = rig.mark()
    rig.client.resync(changed(staff(*NAMES[:3]), "user0", family_name="New"))
    assert rig.writes(since) == []


def test_where_patch_is_not_supported_everything_goes_by_put() -> None:
    rig = Rig(flags={"supports_patch": False})
    rig.client.apply(staff(*NAMES))
    rig.client.apply(changed(staff("user1", "user2"), "user0", family_name="New", active=False))
    assert rig.account("user0")["familyName"] == "New"
    assert rig.account("user0")["active"] is False
    assert rig.members("Group g") == {"user1", "user2"}
    assert rig.users == {"impacted": 5, "success": 5}
    assert "PATCH" not in {each.method for each in rig.target.journal}


def test_a_patch_that_is_refused_in_spite_of_the_configuration_is_replaced_by_put_once_and_for_all() -> None:
    rig = Rig()
    rig.client.apply(people("ada", "bob"))
    rig.target.faults.arm("user.update", status=405, times=1)
    population = changed(changed(people("ada", "bob"), "ada", family_name="New"), "bob", family_name="New")
    since = rig.mark()
    rig.client.apply(population)
    assert [each.split()[0] for each in rig.requests(since)] == ["PATCH", "GET", "PUT", "GET", "PUT"]
    assert rig.users == {"impacted": 2, "success": 2}


def test_where_filters_are_not_supported_the_accounts_are_listed_once() -> None:
    rig = Rig(flags={"supports_filter": False})
    rig.target.seed(users=[{"userName": "user0", "email": "user0@example.com"}])
    rig.client.apply(staff(*NAMES))
    assert rig.users == {"impacted": 5, "success": 5}
    assert len(rig.target.snapshot()["users"]) == 5
    listings = [each for each in rig.target.journal if each.operation == "user.list" and "filter" not in each.query]
    assert 1 <= len(listings) <= 2


def test_bad_members_in_a_target_that_knows_only_all_or_nothing_are_found_by_halving() -> None:
    rig = Rig()
    rig.client.apply(staff())
    gone = rig.account("user3")["id"]
    assert rig.session.delete(f"{rig.target.base_url}/Users/{gone}", headers=rig.target.headers).ok
    rig.client.apply(staff(*NAMES))
    assert rig.members("Group g") == set(NAMES) - {"user3"}
    assert rig.groups == {"impacted": 1, "failed": 1}


def test_members_that_a_target_silently_skips_fail_the_group() -> None:
    rig = Rig(flags={"unknown_members": "skipped"})
    rig.client.apply(staff())
    gone = rig.account("user3")["id"]
    assert rig.session.delete(f"{rig.target.base_url}/Users/{gone}", headers=rig.target.headers).ok
    rig.client.apply(staff(*NAMES))
    assert rig.members("Group g") == set(NAMES) - {"user3"}
    assert rig.groups == {"impacted": 1, "failed": 1}
