"""Groups that leave the rule: taken out of its selection, or deleted at the source.

They leave the counters at once. At the target they stay with their memberships, unless the connection says otherwise;
a group that the rule did not make, or that holds others, is never deleted.
"""

from __future__ import annotations

from provcheck.harness.model import (
    Account,
    After,
    ChangeRule,
    Configure,
    Given,
    GroupAtTarget,
    Join,
    RemoveGroup,
    RemoveUser,
    RenameGroup,
    Resync,
    Scenario,
    Step,
)
from provcheck.harness.model.external_change import AddMember, DeleteGroup
from provcheck.harness.scenarios.people import account, group_id, remote_group, source, team, user_id
from provcheck.harness.scenarios.phrases import (
    GROUPS_PAGE,
    counters,
    derived,
    never,
    out_of_band,
    ruling,
    sync,
)

_STAYS = ruling(GROUPS_PAGE, "a group taken out of the rule leaves the counters; at the target it and its members stay")
_CHOSEN = ruling(GROUPS_PAGE, "what becomes of a group that leaves the rule is what GROUP_REMOVE_ACTION says")
_OTHERS = ruling(GROUPS_PAGE, "only a group that the rule made, whose members it all manages, is deleted")
_PEOPLE = source(("ada", "ben", "cem"), team("Red", "ada", "ben"), team("Green", "ben", "cem"))
_NEEDS = ("create", "groups", "memberships")
_OUT = ChangeRule({"groups": (group_id("Red"),)})
_IN = ChangeRule({"groups": None})
_GREEN = GroupAtTarget("Green", exactly=("ben", "cem"))
_RED = GroupAtTarget("Red", exactly=("ada", "ben"))
_ONE_GROUP = counters(1, 1)


def _given(action: str, **more: object) -> Given:
    return Given(_PEOPLE, connection={"group_remove_action": action, **more})


def _merged(action: str) -> Given:
    """Green is at the target before the client comes, with a member of its own."""
    return Given(
        _PEOPLE,
        accounts=(account("fay"),),
        groups=(remote_group("Green", "fay"),),
        connection={"group_remove_action": action},
    )


def _deleted_at_source(name: str, title: str, claim: str, given: Given, after: After) -> Scenario:
    """The same as being taken out of the rule."""
    steps: list[Step | After] = [sync(), After(groups=counters(2, 2)), sync(RemoveGroup(group_id("Green"))), after]
    return derived(name, title, claim, _STAYS, given, steps, needs=_NEEDS)


def _after(*wire: GroupAtTarget) -> After:
    return After(users=counters(3, 3), groups=_ONE_GROUP, wire=(_RED, *wire))


SCENARIOS = (
    derived(
        "group-taken-out-of-the-rule-stays",
        "A group is taken out of the rule",
        "A group that is taken out of the rule leaves the counters, and stays at the target with its members.",
        _STAYS,
        Given(_PEOPLE),
        [
            sync(),
            After(users=counters(3, 3), groups=counters(2, 2), wire=(_RED, _GREEN)),
            _OUT,
            After(
                users=counters(3, 3),
                groups=_ONE_GROUP,
                wire=(_RED, _GREEN, never("group.delete"), never("member.remove")),
            ),
            Resync(),
            After(groups=_ONE_GROUP, wire=(_RED, _GREEN, never("group.delete"), never("member.remove"))),
        ],
        needs=_NEEDS,
    ),
    _deleted_at_source(
        "group-deleted-at-the-source-stays",
        "A group is deleted at the source",
        "A group that is deleted at the source leaves the counters, and stays at the target with its members.",
        Given(_PEOPLE),
        _after(_GREEN),
    ),
    derived(
        "merged-group-taken-out-of-the-rule-stays",
        "A group that was there before is taken out of the rule",
        "A group that was at the target before stays there, with its own members, when it leaves the rule.",
        _STAYS,
        _merged("Keep"),
        [
            sync(),
            After(groups=counters(2, 2), wire=(GroupAtTarget("Green", includes=("ben", "cem", "fay")),)),
            _OUT,
            _after(GroupAtTarget("Green", exactly=("ben", "cem", "fay"))),
        ],
        needs=[*_NEEDS, "merge_or_overwrite"],
    ),
    derived(
        "group-taken-out-of-the-rule-changes-on",
        "A group out of the rule changes at the source",
        "What becomes at the source of a group that is out of the rule is not written to the target.",
        _STAYS,
        Given(_PEOPLE),
        [
            sync(),
            _OUT,
            sync(RenameGroup(group_id("Green"), "Emerald"), Join(group_id("Green"), user_id("ada"))),
            _after(_GREEN, GroupAtTarget("Emerald", count=0)),
        ],
        needs=_NEEDS,
    ),
    derived(
        "group-taken-out-and-back",
        "A group is taken out of the rule and comes back",
        "A group that comes back into the rule is counted again; no second one is made, and what changed is written.",
        _STAYS,
        Given(_PEOPLE),
        [
            sync(),
            _OUT,
            After(groups=_ONE_GROUP),
            sync(Join(group_id("Green"), user_id("ada"))),
            _IN,
            After(
                groups=counters(2, 2),
                wire=(_RED, GroupAtTarget("Green", exactly=("ada", "ben", "cem")), never("group.create")),
            ),
        ],
        needs=_NEEDS,
    ),
    derived(
        "group-taken-out-with-its-memberships",
        "A group is taken out of the rule, memberships are to be removed",
        "Where memberships are to be removed the group stays, without the members that the rule put into it.",
        _CHOSEN,
        _given("Remove memberships"),
        [
            sync(),
            After(groups=counters(2, 2), wire=(_RED, _GREEN)),
            _OUT,
            _after(GroupAtTarget("Green", exactly=())),
        ],
        needs=_NEEDS,
    ),
    derived(
        "merged-group-taken-out-with-its-memberships",
        "A group that was there before is taken out, memberships are to be removed",
        "Of a group that was there before only those memberships are removed that the rule wrote.",
        _CHOSEN,
        _merged("Remove memberships"),
        [sync(), After(groups=counters(2, 2)), _OUT, _after(GroupAtTarget("Green", exactly=("fay",)))],
        needs=[*_NEEDS, "merge_or_overwrite"],
    ),
    derived(
        "group-taken-out-is-deleted",
        "A group is taken out of the rule, groups are to be deleted",
        "A group that the rule made is deleted where the connection says so; the accounts of its members stay.",
        _CHOSEN,
        _given("Delete"),
        [
            sync(),
            After(groups=counters(2, 2), wire=(_RED, _GREEN)),
            _OUT,
            After(
                users=counters(3, 3),
                groups=_ONE_GROUP,
                wire=(_RED, GroupAtTarget("Green", count=0), Account("cem", active=True), never("user.delete")),
            ),
        ],
        needs=[*_NEEDS, "group_memberships", "shows_members"],
    ),
    derived(
        "group-deleted-at-the-source-is-deleted",
        "A group is deleted at the source, groups are to be deleted",
        "A group that the rule made is deleted with the one at the source where the connection says so.",
        _CHOSEN,
        _given("Delete"),
        [sync(), sync(RemoveGroup(group_id("Green"))), _after(GroupAtTarget("Green", count=0))],
        needs=[*_NEEDS, "group_memberships", "shows_members"],
    ),
    derived(
        "merged-group-taken-out-is-not-deleted",
        "A group that was there before is taken out, groups are to be deleted",
        "A group that the rule did not make is never deleted, even when all of its members are the rule's.",
        _OTHERS,
        Given(_PEOPLE, groups=(remote_group("Green"),), connection={"group_remove_action": "Delete"}),
        [
            sync(),
            After(groups=counters(2, 2), wire=(_GREEN,)),
            _OUT,
            After(users=counters(3, 3), groups=_ONE_GROUP, wire=(_RED, GroupAtTarget("Green"), never("group.delete"))),
        ],
        needs=[*_NEEDS, "merge_or_overwrite"],
    ),
    derived(
        "group-with-others-in-it-is-not-deleted",
        "A group with a member of somebody else is taken out, groups are to be deleted",
        "A group that somebody else has put members into is not deleted.",
        _OTHERS,
        Given(_PEOPLE, accounts=(account("fay"),), connection={"group_remove_action": "Delete"}),
        [
            sync(),
            out_of_band(AddMember("Green", "fay")),
            _OUT,
            After(
                users=counters(3, 3),
                groups=_ONE_GROUP,
                wire=(_RED, GroupAtTarget("Green", includes=("fay",)), never("group.delete")),
            ),
        ],
        needs=[*_NEEDS, "group_memberships", "merge_or_overwrite"],
    ),
    derived(
        "group-taken-out-while-deprovisioning-is-off",
        "A group is taken out, groups are to be deleted, deprovisioning not allowed",
        "While the connection does not deprovision no group is deleted.",
        _OTHERS,
        _given("Delete", deprovision_users=False),
        [
            sync(),
            _OUT,
            After(users=counters(3, 3), groups=_ONE_GROUP, wire=(_RED, _GREEN, never("group.delete"))),
            Configure({"deprovision_users": True}),
            sync(),
            After(groups=_ONE_GROUP, wire=(_RED,)),
        ],
        needs=_NEEDS,
    ),
    derived(
        "last-group-leaves-the-rule",
        "The only group of a rule is deleted at the source",
        "When the last group leaves the rule it stays at the target like any other, and the section counts 0.",
        _STAYS,
        Given(source(("ada", "ben"), team("Red", "ada", "ben"))),
        [
            sync(),
            After(groups=counters(1, 1)),
            sync(RemoveGroup(group_id("Red"))),
            After(users=counters(2, 2), groups=counters(0), wire=(_RED, never("group.delete"))),
        ],
        needs=_NEEDS,
    ),
    derived(
        "group-and-member-leave-together",
        "A group and one of its members are deleted at the source at once",
        "A leaver's account is turned off although the group, which left with the user, is left alone.",
        _STAYS,
        Given(_PEOPLE, connection={"remove_action": "Disable"}),
        [
            sync(),
            sync(RemoveUser(user_id("cem")), RemoveGroup(group_id("Green"))),
            After(
                users=counters(2, 2),
                groups=_ONE_GROUP,
                orphans=(),
                wire=(_RED, GroupAtTarget("Green", includes=("ben",)), Account("cem", active=False)),
            ),
        ],
        needs=[*_NEEDS, "disable"],
    ),
    derived(
        "group-erased-before-it-leaves-the-rule",
        "A group that is to be deleted is gone already",
        "A group that is gone when it is to be deleted is no failure.",
        _CHOSEN,
        _given("Delete"),
        [
            sync(),
            out_of_band(DeleteGroup("Green")),
            _OUT,
            After(users=counters(3, 3), groups=_ONE_GROUP, orphans=(), wire=(_RED, GroupAtTarget("Green", count=0))),
        ],
        needs=[*_NEEDS, "group_memberships", "merge_or_overwrite"],
    ),
)
