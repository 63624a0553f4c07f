"""The target's own permissions, while the connection allows everything: the client tries, is refused, and says Failed.

The journal names the flag that refused, so that a client which never tried is told from one that was refused.
"""

from __future__ import annotations

from provcheck.harness.model import Account, After, Given, GroupAtTarget, RefusedBy, Resync, SetFlags
from provcheck.harness.scenarios.people import person, source, team
from provcheck.harness.scenarios.phrases import EXAMPLES, STATUS_PAGE, change, counters, derived, never, ruling, sync

_ERROR = ruling(STATUS_PAGE, "Failed is the number of impacted users not synced due to an error; a refusal is one")
_STALE = ruling(STATUS_PAGE, "fully synced means what the target holds, whatever it answers")
_THREE = source(("ada", "ben", "cem"))

SCENARIOS = (
    derived(
        "target-refuses-create",
        "The target refuses to create users",
        "A create that the target refuses is Failed, not Unsynced: the connection allowed it, and it was tried.",
        _ERROR,
        Given(_THREE, flags={"allows_create_users": False}),
        [
            sync(),
            After(
                users=counters(3, 0, failed=3),
                wire=(RefusedBy(("allows_create_users",)), Account("ada", count=0)),
            ),
            SetFlags({"allows_create_users": True}),
            Resync(),
            After(users=counters(3, 3), wire=(Account("ada", active=True),)),
        ],
        needs=["create", "switchable_permissions"],
    ),
    derived(
        "target-refuses-update",
        "The target refuses to update users",
        "An update that the target refuses is Failed; the other users keep their Success.",
        _ERROR,
        Given(_THREE),
        [
            sync(),
            After(users=counters(3, 3)),
            SetFlags({"allows_update_users": False}),
            sync(change("cem", family_name="Demir")),
            After(
                users=counters(3, 2, failed=1),
                wire=(
                    RefusedBy(("allows_update_users",)),
                    Account("cem", holds={"familyName": person("cem").family_name}),
                ),
            ),
        ],
        needs=["create", "update", "switchable_permissions"],
    ),
    derived(
        "failed-update-heals",
        "A refused update, then a change that goes through",
        "A user who failed is a Success again after the next write that succeeds, with everything written.",
        ruling(EXAMPLES, "what counts is the last operation that reached a result"),
        Given(_THREE),
        [
            sync(),
            SetFlags({"allows_update_users": False}),
            sync(change("cem", family_name="Demir")),
            After(users=counters(3, 2, failed=1)),
            SetFlags({"allows_update_users": True}),
            sync(change("cem", display_name="Cem D.")),
            After(
                users=counters(3, 3),
                wire=(Account("cem", holds={"familyName": "Demir", "displayName": "Cem D."}),),
            ),
        ],
        needs=["create", "update", "switchable_permissions"],
    ),
    derived(
        "target-refuses-disable",
        "The target refuses to disable users",
        "A user who is disabled at the source and cannot be turned off at the target is Failed.",
        _ERROR,
        Given(_THREE),
        [
            sync(),
            SetFlags({"allows_disable_users": False, "allows_delete_users": False}),
            sync(change("cem", active=False)),
            After(
                users=counters(3, 2, failed=1),
                wire=(
                    RefusedBy(("allows_disable_users", "allows_delete_users")),
                    Account("cem", active=True),
                ),
            ),
        ],
        needs=["create", "disable", "switchable_permissions"],
    ),
    derived(
        "target-refuses-group-create",
        "The target refuses to create groups",
        "A group that cannot be created is Failed; the users are a Success all the same.",
        ruling(STATUS_PAGE, "a group not synced due to an error is a failed group; users are counted apart"),
        Given(source(("ada", "ben"), team("Red", "ada", "ben")), flags={"allows_create_groups": False}),
        [
            sync(),
            After(
                users=counters(2, 2),
                groups=counters(1, 0, failed=1),
                wire=(
                    RefusedBy(("allows_create_groups",)),
                    GroupAtTarget("Red", count=0),
                    never("member.add"),
                ),
            ),
        ],
        needs=["create", "groups", "switchable_permissions"],
    ),
    derived(
        "update-is-answered-and-not-made",
        "The target makes no change of a pending user",
        "A change that the target answers as made, and does not make, leaves its user Partially Synced.",
        _STALE,
        Given(_THREE),
        [
            sync(),
            After(users=counters(3, 3)),
            sync(change("cem", family_name="Demir")),
            After(
                users=counters(3, 3, partially_synced=1),
                wire=(never("user.create"), Account("cem", holds={"familyName": person("cem").family_name})),
            ),
        ],
        needs=["create", "ignores_updates", "echo"],
    ),
)
