"""Restarts: what a client knows of groups and memberships must survive one, piece by piece."""

from __future__ import annotations

from provcheck.harness.model import (
    After,
    ClearFaults,
    FaultSpec,
    Given,
    GroupAtTarget,
    Join,
    Leave,
    RemoveGroup,
    RenameGroup,
    Restart,
    Resync,
)
from provcheck.harness.model.external_change import AddMember, ChangeGroup
from provcheck.harness.scenarios.people import account, group_id, remote_group, source, team, user_id
from provcheck.harness.scenarios.phrases import (
    EXAMPLES,
    change,
    counters,
    never,
    out_of_band,
    ruling,
    sync,
)
from provcheck.harness.scenarios.restarts import KEPT, LINK, OWED, restarted

_WAITS = ruling(EXAMPLES, "row 3: a membership waits until the user has an account, however long that takes")
_PAIR = source(("ada", "ben"), team("Red", "ada", "ben"))
_GROUPS = ("create", "groups", "memberships")


SCENARIOS = (
    restarted(
        "keeps-the-group-links",
        "then a group is renamed",
        "After a restart the client still knows which group is which: a new name makes no second group.",
        LINK,
        Given(_PAIR),
        [
            sync(),
            After(),
            Restart(),
            sync(RenameGroup(group_id("Red"), "Crimson")),
            After(
                groups=counters(1, 1),
                wire=(
                    never("group.create"),
                    GroupAtTarget("Crimson", exactly=("ada", "ben")),
                    GroupAtTarget("Red", count=0),
                ),
            ),
        ],
        [*_GROUPS, "rename_group"],
    ),
    restarted(
        "keeps-a-group-renamed-at-the-target",
        "after a group was renamed at the target",
        "A Full Resync after a restart finds the group by its id, whatever it is called at the target.",
        LINK,
        Given(_PAIR),
        [
            sync(),
            After(),
            out_of_band(ChangeGroup("Red", {"displayName": "Crimson"})),
            Restart(),
            Resync(),
            After(
                groups=counters(1, 1),
                wire=(
                    never("group.create"),
                    GroupAtTarget("Red", exactly=("ada", "ben")),
                    GroupAtTarget("Crimson", count=0),
                ),
            ),
        ],
        [*_GROUPS, "rename_group"],
    ),
    restarted(
        "keeps-memberships-that-wait",
        "while a membership waits",
        "A membership that waits for its user's account is written once there is one, also after a restart.",
        _WAITS,
        Given(_PAIR, faults=(FaultSpec("user.create", "ben", times=None, status=400),)),
        [
            sync(),
            After(users=counters(2, 1, failed=1), groups=counters(1, 1)),
            Restart(),
            ClearFaults(),
            sync(change("ben", given_name="Benedict")),
            After(users=counters(2, 2), groups=counters(1, 1), wire=(GroupAtTarget("Red", exactly=("ada", "ben")),)),
        ],
        [*_GROUPS, "faults"],
    ),
    restarted(
        "keeps-failed-groups",
        "while a group is Failed",
        "A group that is Failed over a membership is still Failed after a restart, until the membership is written.",
        KEPT,
        Given(_PAIR, faults=(FaultSpec("member.add", "Red/ben", times=None, status=400),)),
        [
            sync(),
            After(users=counters(2, 2), groups=counters(1, 0, failed=1)),
            Restart(),
            sync(),
            After(users=counters(2, 2), groups=counters(1, 0, failed=1)),
            ClearFaults(),
            Resync(),
            After(users=counters(2, 2), groups=counters(1, 1), wire=(GroupAtTarget("Red", exactly=("ada", "ben")),)),
        ],
        [*_GROUPS, "faults"],
    ),
    restarted(
        "keeps-the-memberships-it-wrote",
        "then a member leaves a group that has others in it",
        "After a restart the client still knows which members it put into a group: they go, and others stay.",
        OWED,
        Given(_PAIR, accounts=(account("fay"),), connection={"group_membership_handling": "Merge"}),
        [
            sync(),
            out_of_band(AddMember("Red", "fay")),
            Restart(),
            sync(Leave(group_id("Red"), user_id("ben"))),
            After(groups=counters(1, 1), wire=(GroupAtTarget("Red", exactly=("ada", "fay")),)),
        ],
        [*_GROUPS, "merge_or_overwrite"],
    ),
    restarted(
        "keeps-the-groups-it-made",
        "then a group that it made leaves the rule",
        "After a restart the client still knows that it made a group, and deletes it where the connection says so.",
        OWED,
        Given(_PAIR, connection={"group_remove_action": "Delete"}),
        [
            sync(),
            Restart(),
            sync(RemoveGroup(group_id("Red"))),
            After(users=counters(2, 2), groups=counters(0), wire=(GroupAtTarget("Red", count=0),)),
        ],
        [*_GROUPS, "group_memberships", "merge_or_overwrite", "shows_members"],
    ),
    restarted(
        "keeps-the-groups-that-were-there",
        "then a group that was there before leaves the rule",
        "After a restart the client still knows that it did not make a group, and does not delete it.",
        OWED,
        Given(_PAIR, groups=(remote_group("Red"),), connection={"group_remove_action": "Delete"}),
        [
            sync(),
            After(),
            Restart(),
            sync(RemoveGroup(group_id("Red"))),
            After(
                users=counters(2, 2),
                groups=counters(0),
                wire=(GroupAtTarget("Red", exactly=("ada", "ben")), never("group.delete")),
            ),
        ],
        [*_GROUPS, "merge_or_overwrite"],
    ),
    restarted(
        "then-a-member-joins",
        "then a member joins a group",
        "After a restart a member who joins is added, and the others are not written again.",
        LINK,
        Given(source(("ada", "ben", "cem"), team("Red", "ada", "ben"))),
        [
            sync(),
            After(),
            Restart(),
            sync(Join(group_id("Red"), user_id("cem"))),
            After(
                groups=counters(1, 1),
                wire=(
                    GroupAtTarget("Red", exactly=("ada", "ben", "cem")),
                    never("member.remove"),
                    never("group.create"),
                ),
            ),
        ],
        _GROUPS,
    ),
)
