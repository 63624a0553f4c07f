"""The switches of the connection: what is withheld, and what turning a switch on again does and does not do.

The target's own permission is off at the same time: a write that arrives is refused, and the journal records it.
"""

from __future__ import annotations

from provcheck.harness.model import Account, After, Configure, Given, RemoveUser, Resync, SetFlags
from provcheck.harness.scenarios.people import FIVE, account, person, source, user_id
from provcheck.harness.scenarios.phrases import (
    EXAMPLES,
    OFF,
    RESYNC_PAGE,
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

_NO_CREATE = Given(source(), connection=OFF["create"], flags=TARGET_DENIES["create"])
_ALLOW_CREATE = (Configure({"create_users": True}), SetFlags({"allows_create_users": True}))
_ALLOW_UPDATE = (Configure({"update_users": True}), SetFlags({"allows_update_users": True}))
_FORBID_UPDATE = (Configure(OFF["update"]), SetFlags(TARGET_DENIES["update"]))
_UNSYNCED = counters(5, 0, unsynced=5)
_STALE = counters(5, 5, partially_synced=1)
_NO_UPDATE = never("user.update")
_SWITCH = ruling(RESYNC_PAGE, "turning a switch on changes nothing until the user's next change or a Full Resync")

SCENARIOS = (
    derived(
        "create-on-again-without-resync",
        "Creating allowed again: still Unsynced",
        "Allowing creation again creates nobody by itself; a Full Resync does.",
        _SWITCH,
        _NO_CREATE,
        [
            sync(),
            After(users=_UNSYNCED, wire=(never("user.create"),)),
            *_ALLOW_CREATE,
            sync(),
            After(users=_UNSYNCED, wire=(never("user.create"),)),
            Resync(),
            After(users=counters(5, 5), wire=tuple(Account(name, active=True) for name in FIVE)),
        ],
        needs=["create"],
    ),
    derived(
        "create-on-again-then-one-change",
        "Creating allowed again, one user changes",
        "After creation is allowed again, the next change of a user creates that user and nobody else.",
        _SWITCH,
        _NO_CREATE,
        [
            sync(),
            After(users=_UNSYNCED),
            *_ALLOW_CREATE,
            sync(change("dan", family_name="Berg")),
            After(
                users=counters(5, 1, unsynced=4),
                wire=(Account("dan", holds={"familyName": "Berg"}), Account("ada", count=0)),
            ),
        ],
        needs=["create"],
    ),
    derived(
        "update-on-again-without-resync",
        "Updating allowed again: still Partially Synced",
        "Allowing updates again repairs nobody by itself; a Full Resync does.",
        _SWITCH,
        Given(source()),
        [
            sync(),
            *_FORBID_UPDATE,
            sync(change("cem", family_name="Demir")),
            After(users=_STALE, wire=(_NO_UPDATE,)),
            *_ALLOW_UPDATE,
            sync(),
            After(users=_STALE, wire=(_NO_UPDATE,)),
            Resync(),
            After(users=counters(5, 5), wire=(Account("cem", holds={"familyName": "Demir"}),)),
        ],
        needs=["create", "update"],
    ),
    derived(
        "update-on-again-then-change",
        "Updating allowed again, the user changes once more",
        "After updates are allowed again, the user's next change brings the whole user in sync.",
        _SWITCH,
        Given(source()),
        [
            sync(),
            *_FORBID_UPDATE,
            sync(change("cem", family_name="Demir")),
            After(users=_STALE),
            *_ALLOW_UPDATE,
            sync(change("cem", display_name="Cem D.")),
            After(
                users=counters(5, 5),
                wire=(Account("cem", holds={"familyName": "Demir", "displayName": "Cem D."}),),
            ),
        ],
        needs=["create", "update"],
    ),
    derived(
        "resync-while-update-not-allowed",
        "Full Resync while updating is not allowed",
        "A Full Resync with updates off leaves the user Partially Synced, and writes nothing.",
        ruling(RESYNC_PAGE, "Success 4 and 5 are both acceptable, because a user re-evaluated as new was never synced"),
        Given(source()),
        [
            sync(),
            *_FORBID_UPDATE,
            sync(change("cem", family_name="Demir")),
            After(users=_STALE),
            Resync(),
            After(
                users=counters(5, frozenset({4, 5}), partially_synced=1),
                wire=(no_writes(),),
                note="Success may be 4 (the user is evaluated as new) or 5 (the last completed sync counts)",
            ),
        ],
        needs=["create"],
    ),
    derived(
        "two-changes-count-once",
        "Two withheld changes of one user",
        "Counters count users: two withheld changes of one user are one Partially Synced.",
        ruling(EXAMPLES, "row 6 counts users, not changes"),
        Given(source()),
        [
            sync(),
            *_FORBID_UPDATE,
            sync(change("cem", family_name="Demir")),
            After(users=_STALE),
            sync(change("cem", family_name="Aydin")),
            After(users=_STALE, wire=(no_writes(),)),
        ],
        needs=["create"],
    ),
    derived(
        "change-taken-back",
        "A withheld change is taken back",
        "A user whose withheld change is undone at the source is in sync again, without a write.",
        ruling(EXAMPLES, "an account that equals the source is fully synced"),
        Given(source()),
        [
            sync(),
            *_FORBID_UPDATE,
            sync(change("cem", family_name="Demir")),
            After(users=_STALE),
            sync(change("cem", family_name="Kaya")),
            After(users=counters(5, 5), wire=(no_writes(),)),
        ],
        needs=["create"],
    ),
    derived(
        "disable-not-allowed",
        "Disabled at the source, disabling not allowed",
        "A user who is disabled at the source while disabling is not allowed is Partially Synced, not Failed.",
        ruling(STATUS_PAGE, "the account exists and might be out of sync"),
        Given(source()),
        [
            sync(),
            Configure(OFF["disable"]),
            SetFlags(TARGET_DENIES["disable"]),
            sync(change("eve", active=False)),
            After(
                users=_STALE,
                wire=(never("user.disable"), never("user.delete"), Account("eve", active=True)),
            ),
        ],
        needs=["create", "disable"],
    ),
    derived(
        "disabled-from-the-start",
        "Disabled at the source before the first sync",
        "A user who is disabled at the source from the start has no active account at the target.",
        ruling(STATUS_PAGE, "active is an attribute like others: who is off at the source is off at the target"),
        Given(source().with_user(person("eve", active=False))),
        [
            sync(),
            After(users=counters(5, 5), wire=(Account("eve", active=False), Account("ada", active=True))),
            Resync(),
            After(users=counters(5, 5), wire=(no_writes(),)),
        ],
        needs=["create", "disable"],
    ),
    derived(
        "disabled-and-enabled-again",
        "Disabled at the source, then enabled again",
        "Disabling and enabling at the source turns the same account off and on.",
        ruling(EXAMPLES, "turning a user off and on is an update of the one account"),
        Given(source()),
        [
            sync(),
            After(users=counters(5, 5), wire=(Account("eve", active=True),)),
            sync(change("eve", active=False)),
            After(users=counters(5, 5), wire=(Account("eve", active=False),)),
            sync(change("eve", active=True)),
            After(users=counters(5, 5), wire=(Account("eve", active=True), never("user.create"))),
        ],
        needs=["create", "update", "disable"],
    ),
    derived(
        "deprovision-not-allowed",
        "A leaver, deprovisioning not allowed",
        "A user who leaves is in no counter; without the permission to deprovision the account is left as it is.",
        ruling(STATUS_PAGE, "Impacted is the number of users targeted by the rule"),
        Given(source(), connection=OFF["deprovision"]),
        [
            sync(),
            SetFlags(TARGET_DENIES["disable"]),
            sync(RemoveUser(user_id("eve"))),
            After(
                users=counters(4, 4),
                wire=(never("user.disable"), never("user.delete"), Account("eve", active=True)),
            ),
        ],
        needs=["create", "disable"],
    ),
    derived(
        "create-not-allowed-some-exist",
        "Creating not allowed, two of five exist already",
        "Only users without an account are Unsynced; an account that is there and equal is a Success.",
        ruling(EXAMPLES, "row 5 has nobody at the target"),
        Given(
            source(),
            connection=OFF["create"],
            flags=TARGET_DENIES["create"],
            accounts=(account("ada"), account("ben")),
        ),
        [sync(), After(users=counters(5, 2, unsynced=3), wire=(no_writes(),))],
    ),
)
