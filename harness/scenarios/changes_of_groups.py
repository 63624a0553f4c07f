"""Changes of groups in combination: several at once, emptied groups, and the state of members."""

from __future__ import annotations

from provcheck.harness.model import (
    Account,
    After,
    Citation,
    Given,
    GroupAtTarget,
    Join,
    Leave,
    Population,
    PutGroup,
    PutUser,
    RemoveUser,
    RenameGroup,
    Requests,
    Resync,
    Rule,
)
from provcheck.harness.model.external_change import AddMember, CreateGroup, DeleteAccount, DeleteGroup
from provcheck.harness.scenarios.people import account, group_id, person, source, team, user_id
from provcheck.harness.scenarios.phrases import (
    GROUPS_PAGE,
    STATUS_PAGE,
    change,
    counters,
    derived,
    never,
    no_writes,
    out_of_band,
    ruling,
    sync,
)

_AT_ONCE = ruling("pingone, Sync status, Sync updates", "each of several changes of a group is a change to sync")
_MEMBERS = ruling(STATUS_PAGE, "a membership is written for every user with an account, whatever became of the user")
_MERGE = ruling(GROUPS_PAGE, "Merge takes nobody away whom the rule did not put there")
_FILTER = Citation(GROUPS_PAGE, "members outside the user filter are neither provisioned nor made members")
_RESYNC = ruling(f"{STATUS_PAGE}, Full Resync", "a group that is gone is made anew, with its managed memberships")
_ONCE = ruling("RFC 7643, section 2.4", "a value of a multi-valued attribute appears once")
_RED, _GREEN = group_id("Red"), group_id("Green")
_PAIR = source(("ada", "ben"), team("Red", "ada", "ben"))
_THREE = source(("ada", "ben", "cem"), team("Red", "ada", "ben"), team("Green", "cem"))
_NEEDS = ("create", "groups", "memberships")
_WHOLE = GroupAtTarget("Red", exactly=("ada", "ben"))
_SALES, _SUPPORT = {"department": "Sales"}, {"department": "Support"}
_SALES_ONLY = Rule(user_filter='department Eq "Sales"')


def _filtered() -> Population:
    """Ada is in sales and Ben is not; both are in the group."""
    users = (person("ada", attributes=_SALES), person("ben", attributes=_SUPPORT))
    return Population(users, (team("Red", "ada", "ben"),))


SCENARIOS = (
    derived(
        "group-changes-in-several-ways-at-once",
        "A group is renamed, one joins and one leaves, all at once",
        "Several changes of one group in one sync are all written, and no second group is made.",
        _AT_ONCE,
        Given(_THREE),
        [
            sync(),
            After(groups=counters(2, 2)),
            sync(
                RenameGroup(_RED, "Crimson"),
                Join(_RED, user_id("cem")),
                Leave(_RED, user_id("ben")),
            ),
            After(
                users=counters(3, 3),
                groups=counters(2, 2),
                wire=(
                    GroupAtTarget("Crimson", exactly=("ada", "cem")),
                    GroupAtTarget("Red", count=0),
                    never("group.create"),
                ),
            ),
        ],
        needs=[*_NEEDS, "rename_group"],
    ),
    derived(
        "members-move-between-groups",
        "Members of two groups change places",
        "Members who change places between groups are in their new group alone.",
        _AT_ONCE,
        Given(_THREE),
        [
            sync(),
            After(groups=counters(2, 2)),
            sync(
                Leave(_RED, user_id("ben")),
                Join(_GREEN, user_id("ben")),
                Leave(_GREEN, user_id("cem")),
                Join(_RED, user_id("cem")),
            ),
            After(
                groups=counters(2, 2),
                wire=(GroupAtTarget("Red", exactly=("ada", "cem")), GroupAtTarget("Green", exactly=("ben",))),
            ),
        ],
        needs=_NEEDS,
    ),
    derived(
        "member-comes-and-goes-at-once",
        "A user joins a group and leaves it before the sync",
        "A membership that began and ended between two syncs is not written.",
        _AT_ONCE,
        Given(_THREE),
        [
            sync(),
            After(groups=counters(2, 2)),
            sync(Join(_RED, user_id("cem")), Leave(_RED, user_id("cem"))),
            After(groups=counters(2, 2), wire=(_WHOLE, no_writes())),
        ],
        needs=_NEEDS,
    ),
    derived(
        "group-and-its-members-appear-at-once",
        "A group and a new user in it appear at once",
        "A new group has its members after one sync, those among them who are new as well.",
        _AT_ONCE,
        Given(_PAIR),
        [
            sync(),
            After(groups=counters(1, 1)),
            sync(PutGroup(team("Green", "ada", "cem")), PutUser(person("cem"))),
            After(
                users=counters(3, 3),
                groups=counters(2, 2),
                wire=(_WHOLE, GroupAtTarget("Green", exactly=("ada", "cem"))),
            ),
        ],
        needs=_NEEDS,
    ),
    derived(
        "group-emptied",
        "All members leave a group",
        "A group that nobody is in any more stays, empty, and is a Success.",
        _AT_ONCE,
        Given(_PAIR),
        [
            sync(),
            After(groups=counters(1, 1), wire=(_WHOLE,)),
            sync(Leave(_RED, user_id("ada")), Leave(_RED, user_id("ben"))),
            After(
                users=counters(2, 2),
                groups=counters(1, 1),
                wire=(GroupAtTarget("Red", exactly=()), never("group.delete"), never("user.delete")),
            ),
            Resync(),
            After(groups=counters(1, 1), wire=(GroupAtTarget("Red", exactly=()),)),
        ],
        needs=_NEEDS,
    ),
    derived(
        "group-emptied-and-filled-again",
        "All members leave a group, then one comes back",
        "A group that was emptied takes members again.",
        _AT_ONCE,
        Given(_PAIR),
        [
            sync(),
            sync(Leave(_RED, user_id("ada")), Leave(_RED, user_id("ben"))),
            After(groups=counters(1, 1), wire=(GroupAtTarget("Red", exactly=()),)),
            sync(Join(_RED, user_id("ben"))),
            After(groups=counters(1, 1), wire=(GroupAtTarget("Red", exactly=("ben",)), never("group.create"))),
        ],
        needs=_NEEDS,
    ),
    derived(
        "group-emptied-keeps-members-of-others",
        "All our members leave a group that has others in it, Merge",
        "When all members that the rule put into a group leave, those of others stay.",
        _MERGE,
        Given(_PAIR, accounts=(account("fay"),), connection={"group_membership_handling": "Merge"}),
        [
            sync(),
            out_of_band(AddMember("Red", "fay")),
            sync(Leave(_RED, user_id("ada")), Leave(_RED, user_id("ben"))),
            After(groups=counters(1, 1), wire=(GroupAtTarget("Red", exactly=("fay",)),)),
        ],
        needs=[*_NEEDS, "merge_or_overwrite"],
    ),
    derived(
        "member-turned-off-and-on",
        "A member is disabled at the source, then enabled again",
        "A member whose account was off for a while is in the group once it is on again.",
        _MEMBERS,
        Given(_PAIR),
        [
            sync(),
            sync(change("ben", active=False)),
            After(groups=counters(1, 1), wire=(GroupAtTarget("Red", includes=("ada",)), Account("ben", active=False))),
            sync(change("ben", active=True)),
            After(users=counters(2, 2), groups=counters(1, 1), wire=(_WHOLE, Account("ben", active=True))),
        ],
        needs=[*_NEEDS, "update", "disable"],
    ),
    derived(
        "member-deleted-at-the-source",
        "A member is deleted at the source",
        "When a member is deleted at the source the group keeps the others, and stays a Success.",
        _MEMBERS,
        Given(_PAIR, connection={"remove_action": "Disable"}),
        [
            sync(),
            sync(RemoveUser(user_id("ben"))),
            After(
                users=counters(1, 1),
                groups=counters(1, 1),
                orphans=(),
                wire=(GroupAtTarget("Red", includes=("ada",)), Account("ben", active=False), never("group.delete")),
            ),
        ],
        needs=[*_NEEDS, "disable"],
    ),
    derived(
        "member-renamed-and-joins-another-group",
        "A member gets another user name and joins another group",
        "A member who gets another name stays in the groups, and joins others under the new name.",
        _AT_ONCE,
        Given(_THREE),
        [
            sync(),
            After(groups=counters(2, 2)),
            sync(change("ben", user_name="benedict"), Join(_GREEN, user_id("ben"))),
            After(
                users=counters(3, 3),
                groups=counters(2, 2),
                wire=(
                    GroupAtTarget("Red", exactly=("ada", "benedict")),
                    GroupAtTarget("Green", exactly=("benedict", "cem")),
                    never("user.create"),
                ),
            ),
        ],
        needs=[*_NEEDS, "update", "rename_user"],
    ),
    derived(
        "member-outside-the-filter",
        "A member of a selected group is outside the user filter",
        "A member whom the rule does not select is neither provisioned nor made a member, account or not.",
        _FILTER,
        Given(_filtered(), rule=_SALES_ONLY, accounts=(account("ben", familyName="Other"),)),
        [
            sync(),
            After(
                users=counters(1, 1),
                groups=counters(1, 1),
                wire=(GroupAtTarget("Red", exactly=("ada",)), Account("ben", holds={"familyName": "Other"})),
            ),
        ],
        needs=_NEEDS,
    ),
    derived(
        "member-comes-into-the-filter",
        "A member of a selected group comes into the user filter",
        "A member whom the rule comes to select is provisioned, and made a member of the group.",
        _FILTER,
        Given(_filtered(), rule=_SALES_ONLY),
        [
            sync(),
            After(users=counters(1, 1), wire=(GroupAtTarget("Red", exactly=("ada",)),)),
            sync(change("ben", attributes=_SALES)),
            After(users=counters(2, 2), groups=counters(1, 1), wire=(_WHOLE,)),
        ],
        needs=_NEEDS,
    ),
    derived(
        "member-named-twice-at-the-source",
        "The source names a member of a group twice",
        "A member whom the source names twice is one member, and is named once in a request.",
        _ONCE,
        Given(source(("ada", "ben"), team("Red", "ada", "ben", "ada"))),
        [
            sync(),
            After(
                users=counters(2, 2),
                groups=counters(1, 1),
                wire=(_WHOLE, Requests("member.add", "Red/ada", at_least=1, at_most=1)),
            ),
        ],
        needs=_NEEDS,
    ),
    derived(
        "group-erased-and-made-by-somebody-else",
        "A group is deleted at the target, and somebody else makes one of that name",
        "A Full Resync links the group that has the name now, adds the members, and leaves those of others.",
        _RESYNC,
        Given(_PAIR, accounts=(account("fay"),), connection={"group_membership_handling": "Merge"}),
        [
            sync(),
            After(groups=counters(1, 1)),
            out_of_band(DeleteGroup("Red"), CreateGroup("Red", ("fay",))),
            Resync(),
            After(
                groups=counters(1, 1),
                wire=(GroupAtTarget("Red", exactly=("ada", "ben", "fay")), never("group.create")),
            ),
        ],
        needs=[*_NEEDS, "merge_or_overwrite", "match_by_email"],
    ),
    derived(
        "account-of-a-member-erased-before-a-resync",
        "The account of a member is deleted at the target, then a Full Resync",
        "A Full Resync makes the account of a member anew and puts it into the group.",
        _RESYNC,
        Given(_PAIR),
        [
            sync(),
            out_of_band(DeleteAccount("ben")),
            Resync(),
            After(users=counters(2, 2), groups=counters(1, 1), wire=(_WHOLE, Account("ben", active=True))),
        ],
        needs=[*_NEEDS, "delete"],
    ),
)
