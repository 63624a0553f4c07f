"""The permissions of a target: off, an action is refused in its own words and changes nothing; on again, it works."""

from __future__ import annotations

import pytest

from provcheck.mock_targets.target.common_flags import PERMISSIONS
from tests.compliance.compliance_actions import ACTIONS, BY_NAME
from tests.compliance.compliance_rig import person

actions = pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)


def test_every_permission_has_an_action_that_needs_it():
    assert {flag.name for flag in PERMISSIONS.values()} == {action.flag for action in ACTIONS}


@actions
def test_an_action_is_taken_while_it_is_permitted(rig, action):
    rig.done(action.ask(rig))
    assert action.is_done(rig)
    assert (rig.last.operation, rig.last.applied, rig.last.refused_by) == (action.operation, "yes", None)


@actions
def test_a_forbidden_action_is_refused_and_changes_nothing(rig, action):
    rig.flags[action.flag] = False
    rig.refused(action.ask(rig), 403)
    assert (rig.last.operation, rig.last.applied) == (action.operation, "no")
    assert rig.last.refused_by == action.flag


@actions
def test_an_action_that_is_permitted_again_works(rig, action):
    rig.flags[action.flag] = False
    rig.refused(action.ask(rig), 403)
    rig.flags[action.flag] = True
    rig.done(action.ask(rig))
    assert action.is_done(rig)


@actions
def test_an_action_needs_no_permission_but_its_own(rig, action):
    for flag in PERMISSIONS.values():
        rig.flags[flag.name] = flag.name == action.flag
    if action.name == "delete_user" and rig.driver.keeps_deleted_users:
        rig.flags.allows_disable_users = True  # to delete is to turn off there
    rig.done(action.ask(rig))
    assert action.is_done(rig)


@actions
def test_with_all_permissions_gone_reading_goes_on(rig, action):
    for flag in PERMISSIONS.values():
        rig.flags[flag.name] = False
    rig.refused(action.ask(rig), 403)
    assert rig.user(rig.ids["ada"])["userName"] == "ada"
    assert rig.group(rig.ids["Staff"])["members"] == [rig.ids["ada"]]
    assert len(rig.found(rig.driver.find_user("bob"))) == 1


@pytest.mark.parametrize("flag", ["allows_update_users", "allows_disable_users"])
def test_turning_off_and_changing_at_once_needs_both_permissions(rig, flag):
    ask = rig.driver.turn_off_and_rename(rig.ids["ada"], "Byron")
    rig.flags[flag] = False
    rig.refused(ask, 403)
    assert rig.last.refused_by == flag


def test_turning_off_by_an_overwrite_needs_the_permission_to_disable(rig):
    rig.flags.allows_disable_users = False
    rig.refused(rig.driver.overwrite_user(rig.ids["bob"], person("bob", active=False)), 403)
    assert rig.last.refused_by == "allows_disable_users"


def test_changing_someone_who_is_off_already_is_no_disabling(rig):
    rig.flags.allows_disable_users = False
    rig.done(rig.driver.turn_off_and_rename(rig.ids["eve"], "Byron"))
    assert rig.shown_user("eve")["familyName"] == "Byron"


def test_the_refusal_is_told_from_that_of_missing_credentials(rig):
    rig.flags.allows_create_users = False
    ask = BY_NAME["create_user"].ask(rig)
    rig.refused(ask, 401, headers={"Authorization": None})
    assert rig.last.refused_by is None


def test_a_conflict_is_not_told_to_those_who_may_not_create(rig):
    rig.flags.allows_create_users = False
    answer = rig.send(rig.driver.create_user(person("bob")))
    assert answer.status_code in (403, 409)
    rig.driver.check_error(answer)
