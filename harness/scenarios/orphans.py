"""Orphans over their whole life: leavers whose accounts could not be turned off or deleted, until they are."""

from __future__ import annotations

from provcheck.harness.model import (
    Account,
    After,
    ArmFaults,
    ClearFaults,
    FaultSpec,
    Given,
    PutUser,
    RemoveUser,
    Resync,
    SetFlags,
)
from provcheck.harness.model.external_change import DeleteAccount
from provcheck.harness.scenarios.people import person, source, user_id
from provcheck.harness.scenarios.phrases import (
    OFF,
    STATUS_PAGE,
    counters,
    derived,
    never,
    out_of_band,
    ruling,
    sync,
)

_TOLD = ruling(STATUS_PAGE, "a failed deprovisioning is reported beside the counters, until it is made good")
_RESYNC = ruling(f"{STATUS_PAGE}, Full Resync", "any entities out of sync will be in sync: orphans are tried again")
_NONE = ruling(STATUS_PAGE, "an orphan is a leaver with an account that should be off; nobody else is one")
_DISABLE = {"remove_action": "Disable"}
_DELETE = {"remove_action": "Delete"}
_DENIED = SetFlags({"allows_disable_users": False, "allows_delete_users": False})
_ALLOWED = SetFlags({"allows_disable_users": True, "allows_delete_users": True})
_EVE_LEAVES = sync(RemoveUser(user_id("eve")))
_EVE = (user_id("eve"),)


def _refusing(name: str, status: int) -> FaultSpec:
    """The target refuses every time to turn this account off, or to delete it."""
    return FaultSpec("user.d*", name, times=None, status=status)


SCENARIOS = (
    derived(
        "orphan-until-the-account-is-off",
        "A leaver whom the target refuses to disable, until it does not",
        "An orphan is told after every sync until the account is turned off, and then no longer.",
        _TOLD,
        Given(source(), connection=_DISABLE),
        [
            sync(),
            _DENIED,
            _EVE_LEAVES,
            After(users=counters(4, 4), orphans=_EVE, wire=(Account("eve", active=True),)),
            sync(),
            After(users=counters(4, 4), orphans=_EVE, wire=(Account("eve", active=True),)),
            _ALLOWED,
            Resync(),
            After(users=counters(4, 4), orphans=(), wire=(Account("eve", active=False),)),
            sync(),
            After(users=counters(4, 4), orphans=()),
        ],
        needs=["create", "disable", "switchable_permissions"],
    ),
    derived(
        "orphan-until-the-account-is-deleted",
        "A leaver whom the target refuses to delete, until it does not",
        "An orphan is told after every sync until the account is deleted, and then no longer.",
        _TOLD,
        Given(source(), connection=_DELETE),
        [
            sync(),
            _DENIED,
            _EVE_LEAVES,
            After(users=counters(4, 4), orphans=_EVE, wire=(Account("eve"),)),
            _ALLOWED,
            Resync(),
            After(users=counters(4, 4), orphans=(), wire=(Account("eve", count=0),)),
        ],
        needs=["create", "delete", "switchable_permissions"],
    ),
    derived(
        "orphan-comes-back",
        "An orphan is at the source again",
        "An orphan who comes back is a user like the others again: one account, which is on, and no orphan.",
        _NONE,
        Given(source(), connection=_DISABLE),
        [
            sync(),
            _DENIED,
            _EVE_LEAVES,
            After(users=counters(4, 4), orphans=_EVE),
            _ALLOWED,
            sync(PutUser(person("eve"))),
            After(users=counters(5, 5), orphans=(), wire=(Account("eve", active=True), never("user.create"))),
            Resync(),
            After(users=counters(5, 5), orphans=(), wire=(Account("eve", active=True),)),
        ],
        needs=["create", "disable", "switchable_permissions"],
    ),
    derived(
        "orphan-deleted-by-somebody-else",
        "The account of an orphan is deleted at the target",
        "An orphan whose account somebody else has deleted is none any more.",
        _NONE,
        Given(source(), connection=_DISABLE),
        [
            sync(),
            _DENIED,
            _EVE_LEAVES,
            After(users=counters(4, 4), orphans=_EVE),
            out_of_band(DeleteAccount("eve")),
            _ALLOWED,
            Resync(),
            After(users=counters(4, 4), orphans=(), wire=(Account("eve", count=0), never("user.create"))),
        ],
        needs=["create", "disable", "delete", "switchable_permissions"],
    ),
    derived(
        "one-of-two-orphans-comes-back",
        "Of two orphans one is at the source again",
        "Each orphan is told by itself: one who comes back is told no longer, the other still is.",
        _TOLD,
        Given(source(), connection=_DISABLE),
        [
            sync(),
            _DENIED,
            sync(RemoveUser(user_id("eve")), RemoveUser(user_id("dan"))),
            After(users=counters(3, 3), orphans=(user_id("dan"), user_id("eve"))),
            sync(PutUser(person("eve"))),
            After(
                users=counters(4, 4),
                orphans=(user_id("dan"),),
                wire=(Account("eve", active=True), Account("dan", active=True)),
            ),
        ],
        needs=["create", "disable", "switchable_permissions"],
    ),
    derived(
        "orphan-of-a-target-that-was-down",
        "The target is down while a user leaves",
        "A leaver whose account could not be turned off because the target was down is an orphan, and is made good.",
        _RESYNC,
        Given(source(), connection=_DISABLE),
        [
            sync(),
            ArmFaults((_refusing("eve", 503),)),
            _EVE_LEAVES,
            After(users=counters(4, 4), orphans=_EVE),
            ClearFaults(),
            Resync(),
            After(users=counters(4, 4), orphans=(), wire=(Account("eve", active=False),)),
        ],
        needs=["create", "disable", "faults"],
    ),
    derived(
        "no-orphan-while-deprovisioning-is-off",
        "A user leaves, deprovisioning not allowed",
        "A leaver whose account is left alone because the connection says so is no orphan: nothing has failed.",
        _NONE,
        Given(source(), connection={**OFF["deprovision"], **_DISABLE}),
        [
            sync(),
            _EVE_LEAVES,
            After(users=counters(4, 4), orphans=(), wire=(Account("eve", active=True),)),
        ],
        needs=["create", "disable"],
    ),
    derived(
        "no-orphan-without-an-account",
        "A user whose create was refused leaves",
        "A leaver who never came to an account is no orphan.",
        _NONE,
        Given(source(), connection=_DISABLE, faults=(FaultSpec("user.create", "eve", times=None, status=400),)),
        [
            sync(),
            After(users=counters(5, 4, failed=1), orphans=()),
            _EVE_LEAVES,
            After(users=counters(4, 4), orphans=(), wire=(Account("eve", count=0),)),
        ],
        needs=["create", "disable", "faults"],
    ),
    derived(
        "no-orphan-whose-account-was-off",
        "A user who is disabled leaves",
        "A leaver whose account is off already is no orphan, whatever the target allows.",
        _NONE,
        Given(source(), connection=_DISABLE),
        [
            sync(),
            sync(RemoveUser(user_id("dan"))),
            After(users=counters(4, 4), orphans=(), wire=(Account("dan", active=False),)),
            _DENIED,
            sync(),
            After(users=counters(4, 4), orphans=(), wire=(Account("dan", active=False),)),
        ],
        needs=["create", "disable", "switchable_permissions"],
    ),
)
