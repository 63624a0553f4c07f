"""Groups and memberships: merge and overwrite, memberships that wait, changes, and one member who is refused."""

from __future__ import annotations

from provcheck.harness.model import (
    After,
    ArmFaults,
    ClearFaults,
    Configure,
    FaultSpec,
    Given,
    GroupAtTarget,
    Join,
    Leave,
    PutGroup,
    PutUser,
    RenameGroup,
    Resync,
    SetFlags,
)
from provcheck.harness.scenarios.people import FIVE, account, group_id, person, remote_group, source, team, user_id
from provcheck.harness.scenarios.phrases import (
    EXAMPLES,
    GROUPS_PAGE,
    OFF,
    STATUS_PAGE,
    TARGET_DENIES,
    change,
    counters,
    derived,
    never,
    no_writes,
    ruling,
    sync,
)

_RED = team("Red", "ada", "ben")
_PAIR = source(("ada", "ben"), _RED)
_SAME_NAME = Given(
    _PAIR,
    accounts=(account("fay"),),
    groups=(remote_group("Red", "fay"),),
)
_WAITS = ruling(EXAMPLES, "row 3: a membership is attempted once the user has an account, and waits until then")
_NEEDS = ("create", "groups", "memberships")


def _with_handling(given: Given, handling: str) -> Given:
    return Given(
        given.population,
        accounts=given.accounts,
        groups=given.groups,
        connection={"group_membership_handling": handling},
    )


SCENARIOS = (
    derived(
        "same-name-group-merge",
        "A group of the same name, Merge",
        "A group of the same name keeps its members and gets ours when memberships are merged.",
        ruling(GROUPS_PAGE, "Merge adds, and takes nobody away"),
        _with_handling(_SAME_NAME, "Merge"),
        [
            sync(),
            After(
                users=counters(2, 2),
                groups=counters(1, 1),
                wire=(GroupAtTarget("Red", includes=("ada", "ben", "fay")), never("group.create")),
            ),
            Resync(),
            After(groups=counters(1, 1), wire=(no_writes(), GroupAtTarget("Red", includes=("fay",)))),
        ],
        needs=[*_NEEDS, "merge_or_overwrite"],
    ),
    derived(
        "merge-goes-on-merging",
        "A group of the same name, Merge, and a member who joins later",
        "Where memberships are merged, a change of our members leaves the members of others alone.",
        ruling(GROUPS_PAGE, "Merge adds, and takes nobody away, at the first sync and ever after"),
        _with_handling(_SAME_NAME, "Merge"),
        [
            sync(),
            After(groups=counters(1, 1)),
            sync(PutUser(person("cem")), Join(group_id("Red"), user_id("cem"))),
            After(
                users=counters(3, 3),
                groups=counters(1, 1),
                wire=(GroupAtTarget("Red", exactly=("ada", "ben", "cem", "fay")),),
            ),
        ],
        needs=[*_NEEDS, "merge_or_overwrite"],
    ),
    derived(
        "same-name-group-overwrite",
        "A group of the same name, Overwrite",
        "A group of the same name has exactly our members when memberships are overwritten.",
        ruling(GROUPS_PAGE, "Overwrite replaces the members; the accounts stay"),
        _with_handling(_SAME_NAME, "Overwrite"),
        [
            sync(),
            After(
                users=counters(2, 2),
                groups=counters(1, 1),
                wire=(GroupAtTarget("Red", exactly=("ada", "ben")), never("group.create"), never("user.delete")),
            ),
        ],
        needs=[*_NEEDS, "merge_or_overwrite", "shows_members"],
    ),
    derived(
        "same-name-group-user-memberships",
        "A group of the same name, memberships on the user",
        "Where memberships are written on the user, a group of the same name is merged, whatever was chosen.",
        ruling(GROUPS_PAGE, "user memberships always merge; the choice applies to the other kind alone"),
        _with_handling(_SAME_NAME, "Overwrite"),
        [
            sync(),
            After(
                users=counters(2, 2),
                groups=counters(1, 1),
                wire=(GroupAtTarget("Red", exactly=("ada", "ben", "fay")), never("group.create")),
            ),
        ],
        needs=[*_NEEDS, "user_memberships"],
    ),
    derived(
        "membership-waits-for-the-account",
        "A membership written later, once the user has an account",
        "A membership of a user without an account waits, is no error, and is written once there is one.",
        _WAITS,
        Given(_PAIR, faults=(FaultSpec("user.create", "ben", times=None, status=400),)),
        [
            sync(),
            After(
                users=counters(2, 1, failed=1),
                groups=counters(1, 1),
                wire=(never("member.add", "Red/ben"), GroupAtTarget("Red", exactly=("ada",))),
            ),
            ClearFaults(),
            sync(change("ben", given_name="Benedict")),
            After(
                users=counters(2, 2),
                groups=counters(1, 1),
                wire=(GroupAtTarget("Red", exactly=("ada", "ben")),),
            ),
        ],
        needs=[*_NEEDS, "faults"],
    ),
    derived(
        "no-membership-for-unsynced-users",
        "Creating not allowed, with groups",
        "Users without an account are in no membership write; their groups are written and a Success.",
        _WAITS,
        Given(_PAIR, connection=OFF["create"], flags=TARGET_DENIES["create"]),
        [
            sync(),
            After(
                users=counters(2, 0, unsynced=2),
                groups=counters(1, 1),
                wire=(never("member.add"), never("user.create"), GroupAtTarget("Red", exactly=())),
            ),
            Configure({"create_users": True}),
            SetFlags({"allows_create_users": True}),
            Resync(),
            After(
                users=counters(2, 2),
                groups=counters(1, 1),
                wire=(GroupAtTarget("Red", exactly=("ada", "ben")),),
            ),
        ],
        needs=_NEEDS,
    ),
    derived(
        "one-refused-member-holds-up-nobody",
        "One of three members is refused from the start",
        "A refused membership makes its group Failed; the other members of the group are there all the same.",
        ruling(EXAMPLES, "row 4: one membership does not get updated, the others do"),
        Given(
            source(("ada", "ben", "cem"), team("Red", "ada", "ben", "cem"), team("Green", "ada")),
            faults=(FaultSpec("member.add", "Red/ben", times=None, status=400),),
        ),
        [
            sync(),
            After(
                users=counters(3, 3),
                groups=counters(2, 1, failed=1),
                wire=(GroupAtTarget("Red", exactly=("ada", "cem")), GroupAtTarget("Green", exactly=("ada",))),
            ),
        ],
        needs=[*_NEEDS, "group_memberships", "faults"],
    ),
    derived(
        "member-silently-dropped",
        "The target answers that a member is in, and does not keep it",
        "A membership that the target accepted and dropped makes its group Failed: what was written is read again.",
        ruling(STATUS_PAGE, "fully synced is what the target holds, not what it answered"),
        Given(source(("ada", "ben"), team("Red", "ada"), team("Green", "ada"))),
        [
            sync(),
            After(users=counters(2, 2), groups=counters(2, 2)),
            ArmFaults((FaultSpec("member.add", "Red/ben", times=None, status=204),)),
            sync(Join(group_id("Red"), user_id("ben"))),
            After(
                users=counters(2, 2),
                groups=counters(2, 1, failed=1),
                wire=(GroupAtTarget("Red", exactly=("ada",)), GroupAtTarget("Green", exactly=("ada",))),
            ),
        ],
        needs=[*_NEEDS, "faults", "shows_members"],
    ),
    derived(
        "members-in-several-requests",
        "Five members, two a request",
        "Members that do not fit into one request are sent in several, and all of them arrive.",
        ruling(GROUPS_PAGE, "a target may limit the members of a request; no member is lost over it"),
        Given(source(FIVE, team("Red", *FIVE)), connection={"members_per_request": 2}),
        [sync(), After(users=counters(5, 5), groups=counters(1, 1), wire=(GroupAtTarget("Red", exactly=FIVE),))],
        needs=[*_NEEDS, "group_memberships", "patch"],
    ),
    derived(
        "failed-membership-healed-by-resync",
        "A refused membership, then a Full Resync",
        "A group that failed over one membership is a Success once a Full Resync has written it.",
        ruling("pingone, Viewing sync status, Full Resync", "any entities out of sync will be in sync"),
        Given(_PAIR, faults=(FaultSpec("member.add", "Red/ben", times=None, status=400),)),
        [
            sync(),
            After(users=counters(2, 2), groups=counters(1, 0, failed=1)),
            ClearFaults(),
            Resync(),
            After(
                users=counters(2, 2),
                groups=counters(1, 1),
                wire=(GroupAtTarget("Red", exactly=("ada", "ben")),),
            ),
        ],
        needs=[*_NEEDS, "faults"],
    ),
    derived(
        "member-leaves-a-group",
        "A membership ends at the source",
        "A user who leaves a group at the source leaves it at the target and keeps the account.",
        ruling("pingone, Sync status, Sync updates", "a change of a membership at the source is a change to sync"),
        Given(_PAIR),
        [
            sync(),
            After(groups=counters(1, 1), wire=(GroupAtTarget("Red", exactly=("ada", "ben")),)),
            sync(Leave(group_id("Red"), user_id("ben"))),
            After(
                users=counters(2, 2),
                groups=counters(1, 1),
                wire=(GroupAtTarget("Red", exactly=("ada",)), never("user.delete"), never("user.disable")),
            ),
        ],
        needs=_NEEDS,
    ),
    derived(
        "member-joins-a-group",
        "A membership begins at the source",
        "A user who joins a group at the source joins it at the target.",
        ruling("pingone, Sync status, Sync updates", "a change of a membership at the source is a change to sync"),
        Given(source(("ada", "ben", "cem"), _RED)),
        [
            sync(),
            sync(Join(group_id("Red"), user_id("cem"))),
            After(
                users=counters(3, 3),
                groups=counters(1, 1),
                wire=(GroupAtTarget("Red", exactly=("ada", "ben", "cem")), never("member.remove")),
            ),
        ],
        needs=_NEEDS,
    ),
    derived(
        "group-appears-later",
        "A group appears at the source",
        "A new group is written with its members, and counted.",
        ruling(STATUS_PAGE, "Impacted is the number of groups targeted by the rule"),
        Given(_PAIR),
        [
            sync(),
            After(groups=counters(1, 1)),
            sync(PutGroup(team("Green", "ben"))),
            After(groups=counters(2, 2), wire=(GroupAtTarget("Green", exactly=("ben",)),)),
        ],
        needs=_NEEDS,
    ),
    derived(
        "group-renamed",
        "A group is renamed",
        "A renamed group keeps its members, and no second group appears.",
        ruling(STATUS_PAGE, "a link is kept by id; a rename is an update of one group"),
        Given(_PAIR),
        [
            sync(),
            After(groups=counters(1, 1)),
            sync(RenameGroup(group_id("Red"), "Crimson")),
            After(
                groups=counters(1, 1),
                wire=(
                    GroupAtTarget("Crimson", exactly=("ada", "ben")),
                    GroupAtTarget("Red", count=0),
                    never("group.create"),
                ),
            ),
        ],
        needs=[*_NEEDS, "rename_group"],
    ),
    derived(
        "group-resync-writes-nothing",
        "Full Resync of groups in sync",
        "A Full Resync of users, groups and memberships in sync sends no write.",
        ruling("pingone, Viewing sync status, Full Resync", "what is in sync is left alone"),
        Given(_PAIR),
        [
            sync(),
            After(users=counters(2, 2), groups=counters(1, 1)),
            Resync(),
            After(users=counters(2, 2), groups=counters(1, 1), wire=(no_writes(),)),
        ],
        needs=_NEEDS,
    ),
)
