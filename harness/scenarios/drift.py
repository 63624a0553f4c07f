"""Accounts that another party changes or deletes at the target, out of band.

The client is not notified. It finds out when it writes, or when a Full Resync makes it look.
"""

from __future__ import annotations

from provcheck.harness.model import Account, After, Configure, Given, GroupAtTarget, Resync, SetFlags
from provcheck.harness.model.external_change import ChangeAccount, DeleteAccount
from provcheck.harness.scenarios.people import source, team
from provcheck.harness.scenarios.phrases import (
    OFF,
    RESYNC_PAGE,
    STATUS_PAGE,
    TARGET_DENIES,
    change,
    counters,
    derived,
    never,
    out_of_band,
    ruling,
    sync,
)

_RESYNC = ruling(RESYNC_PAGE, "a Full Resync compares with what the target holds, not with what was written once")
_GONE = ruling(STATUS_PAGE, "an account that is gone is made anew where creating is allowed, else the user is Unsynced")

SCENARIOS = (
    derived(
        "drift-is-repaired-by-resync",
        "An account is changed at the target",
        "A Full Resync finds an account that somebody else changed, and writes the source's values to it.",
        _RESYNC,
        Given(source()),
        [
            sync(),
            After(users=counters(5, 5)),
            out_of_band(ChangeAccount("cem", {"familyName": "Changed"})),
            Resync(),
            After(users=counters(5, 5), wire=(never("user.create"), Account("cem", holds={"familyName": "Kaya"}))),
        ],
        needs=["create", "update"],
    ),
    derived(
        "drift-is-partially-synced-while-update-is-off",
        "An account is changed at the target, updating not allowed",
        "A Full Resync finds an account that somebody else changed; if it may not be updated it is Partially Synced.",
        _RESYNC,
        Given(source()),
        [
            sync(),
            Configure(OFF["update"]),
            SetFlags(TARGET_DENIES["update"]),
            out_of_band(ChangeAccount("cem", {"familyName": "Changed"})),
            Resync(),
            After(
                users=counters(5, frozenset({4, 5}), partially_synced=1),
                wire=(never("user.update"), Account("cem", holds={"familyName": "Changed"})),
                note="Success may be 4 (the user is evaluated as new) or 5 (the last completed sync counts)",
            ),
        ],
        needs=["create"],
    ),
    derived(
        "account-erased",
        "An account is deleted at the target",
        "A user whose account was deleted at the target gets a new one with the next change.",
        _GONE,
        Given(source(("ada", "ben", "cem"), team("Red", "ada", "cem"))),
        [
            sync(),
            After(users=counters(3, 3)),
            out_of_band(DeleteAccount("cem")),
            sync(change("cem", family_name="Demir")),
            After(users=counters(3, 3), wire=(Account("cem", active=True, holds={"familyName": "Demir"}),)),
            Resync(),
            After(users=counters(3, 3), wire=(never("user.create"), Account("cem"))),
        ],
        needs=["create", "update", "delete"],
    ),
    derived(
        "account-erased-in-a-group",
        "An account of a group's member is deleted at the target",
        "A user whose account was made anew is put into the groups again.",
        _GONE,
        Given(source(("ada", "ben", "cem"), team("Red", "ada", "cem"))),
        [
            sync(),
            out_of_band(DeleteAccount("cem")),
            sync(change("cem", family_name="Demir")),
            After(groups=counters(1, 1), wire=(GroupAtTarget("Red", exactly=("ada", "cem")),)),
        ],
        needs=["create", "update", "delete", "groups", "memberships"],
    ),
    derived(
        "account-erased-create-off",
        "An account is deleted at the target, creating not allowed",
        "A user whose account was deleted at the target is Unsynced when creating is not allowed.",
        _GONE,
        Given(source()),
        [
            sync(),
            After(users=counters(5, 5)),
            out_of_band(DeleteAccount("cem")),
            Configure(OFF["create"]),
            SetFlags(TARGET_DENIES["create"]),
            sync(change("cem", family_name="Demir")),
            After(users=counters(5, 4, unsynced=1), wire=(never("user.create"), Account("cem", count=0))),
        ],
        needs=["create", "update", "delete"],
    ),
)
