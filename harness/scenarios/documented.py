"""The six documented examples, each with the row of the vendor's page it comes from.

Only the counters that the row prints are asserted. E6 overlaps on purpose: Success 5 and Partially Synced 1 of five.
"""

from __future__ import annotations

from provcheck.harness.model import (
    Account,
    After,
    ArmFaults,
    Citation,
    Configure,
    FaultSpec,
    Given,
    GroupAtTarget,
    Join,
    Requests,
    SetFlags,
)
from provcheck.harness.scenarios.people import FIVE, group_id, person, source, team, user_id
from provcheck.harness.scenarios.phrases import EXAMPLES, OFF, TARGET_DENIES, change, documented, never, sync

COLOURS = ("Red", "Green", "Blue", "Amber", "Violet")
_FIVE_TEAMS = tuple(team(name, FIVE[n], FIVE[n - 1]) for n, name in enumerate(COLOURS))
_PAIR = (team("Red", "ada", "ben"), team("Green", "ada", "ben"))

SCENARIOS = (
    documented(
        "e1-no-groups-at-target",
        "Target without groups: one section",
        "When the target does not support group provisioning, the sync summary has the user section alone.",
        Citation(EXAMPLES, "row 1"),
        Given(source(("ada", "ben"), *_PAIR)),
        [sync(), After(sections="users", wire=(never("group.*"), never("member.*")))],
        needs=["users_only"],
    ),
    documented(
        "e2-groups-at-target",
        "Target with groups: two sections",
        "When the target supports group provisioning, the sync summary has a user section and a group section.",
        Citation(EXAMPLES, "row 2"),
        Given(source(("ada", "ben"), *_PAIR)),
        [sync(), After(sections="both")],
        needs=["groups"],
    ),
    documented(
        "e3-two-groups-users-fail",
        "Two groups, the same two users, who fail",
        "Users who did not get through are counted as failed users; the groups they would be in are a success.",
        Citation(EXAMPLES, "row 3"),
        Given(source(("ada", "ben"), *_PAIR), faults=(FaultSpec("user.create", times=None, status=400),)),
        [
            sync(),
            After(
                users={"impacted": 2, "failed": 2},
                groups={"impacted": 2, "success": 2, "failed": 0},
                wire=(
                    Requests("user.create", at_least=2),
                    never("member.add"),
                    GroupAtTarget("Red", exactly=()),
                    GroupAtTarget("Green", exactly=()),
                ),
            ),
        ],
        needs=["create", "groups", "memberships", "faults"],
    ),
    documented(
        "e4-five-groups-one-membership-fails",
        "Five groups, one membership refused",
        "A membership that is not updated on the target makes its group, and no other, a failed one.",
        Citation(EXAMPLES, "row 4"),
        Given(source(FIVE, *_FIVE_TEAMS)),
        [
            sync(),
            After(groups={"impacted": 5, "success": 5, "failed": 0}),
            ArmFaults((FaultSpec("member.add", "Blue/eve", times=None, status=400),)),
            sync(Join(group_id("Blue"), user_id("eve"))),
            After(
                groups={"impacted": 5, "success": 4, "failed": 1},
                wire=(
                    GroupAtTarget("Red", exactly=("ada", "eve")),
                    GroupAtTarget("Green", exactly=("ben", "ada")),
                    GroupAtTarget("Blue", exactly=("cem", "ben")),
                    GroupAtTarget("Amber", exactly=("dan", "cem")),
                    GroupAtTarget("Violet", exactly=("eve", "dan")),
                ),
            ),
        ],
        needs=["groups", "memberships", "faults"],
    ),
    documented(
        "e5-create-not-allowed",
        "Five users, creating not allowed",
        "Users without an account are Unsynced, not Failed, when the connection does not allow users to be created.",
        Citation(EXAMPLES, "row 5"),
        Given(source(), connection=OFF["create"], flags=TARGET_DENIES["create"]),
        [
            sync(),
            After(
                users={"impacted": 5, "success": 0, "partially_synced": 0, "unsynced": 5, "failed": 0},
                wire=(never("user.create"), *(Account(name, count=0) for name in FIVE)),
            ),
        ],
    ),
    documented(
        "e6-update-not-allowed",
        "Five users in sync, updating not allowed, one changes",
        "A user whose update is withheld is Partially Synced and stays a Success of the last completed sync.",
        Citation(EXAMPLES, "row 6"),
        Given(source()),
        [
            sync(),
            After(users={"impacted": 5, "success": 5}),
            Configure(OFF["update"]),
            SetFlags(TARGET_DENIES["update"]),
            sync(change("cem", family_name="Demir")),
            After(
                users={"impacted": 5, "success": 5, "unsynced": 0, "partially_synced": 1, "failed": 0},
                wire=(
                    never("user.update"),
                    never("user.replace"),
                    Account("cem", holds={"familyName": person("cem").family_name}),
                ),
            ),
        ],
        needs=["create"],
    ),
)
