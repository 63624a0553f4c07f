"""Errors from which a client recovers: limits, lost answers, a target that is down for a moment.

An error that a retry repaired leaves no trace in the counters, only in the audit log.
"""

from __future__ import annotations

from provcheck.harness.model import (
    Account,
    After,
    ArmFaults,
    ClearFaults,
    Configure,
    FaultSpec,
    Given,
    GroupAtTarget,
    HoldsBack,
    RemoveUser,
    Requests,
    Restart,
    Resync,
    SetFlags,
)
from provcheck.harness.scenarios.people import FIVE, source, team, user_id
from provcheck.harness.scenarios.phrases import (
    EXAMPLES,
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

_NO_TRACE = ruling(EXAMPLES, "an error that retries made good leaves no trace in the counters")
_NO_NEW_START = ruling(EXAMPLES, "a restart is no new start")
_ALL_THERE = tuple(Account(name, active=True) for name in FIVE)
_PAUSE = 2
_AT_LEAST = 0.1

SCENARIOS = (
    derived(
        "rate-limit-mid-run",
        "A rate limit in the middle of a run",
        "A client that is told to wait holds back as long as asked, and then goes on without loss.",
        _NO_TRACE,
        Given(
            source(),
            faults=(FaultSpec("user.create", skip=2, status=429, headers={"Retry-After": str(_PAUSE)}),),
        ),
        [sync(), After(users=counters(5, 5), wire=(HoldsBack(_PAUSE), *_ALL_THERE))],
        needs=["create", "faults"],
    ),
    derived(
        "rate-limit-without-a-time",
        "A rate limit that names no time",
        "A client that is limited without being told how long waits by itself, and then goes on without loss.",
        _NO_TRACE,
        Given(source(), faults=(FaultSpec("user.create", skip=1, times=2, status=429),)),
        [sync(), After(users=counters(5, 5), wire=(HoldsBack(_AT_LEAST), *_ALL_THERE))],
        needs=["create", "faults"],
    ),
    derived(
        "lost-answer-on-create",
        "The answer to a create is lost",
        "A create whose answer was lost is looked up before it is sent again: one account, and a Success.",
        _NO_TRACE,
        Given(source(), faults=(FaultSpec("user.create", "cem", moment="after", loses_answer=True),)),
        [
            sync(),
            After(users=counters(5, 5), wire=(Requests("user.create", "cem", at_least=1, at_most=1), *_ALL_THERE)),
        ],
        needs=["create", "faults", "finds_at_once"],
    ),
    derived(
        "lost-answer-on-update",
        "The answer to an update is lost",
        "An update whose answer was lost is made good: the account holds the change, and the user is a Success.",
        _NO_TRACE,
        Given(source()),
        [
            sync(),
            After(users=counters(5, 5)),
            ArmFaults((FaultSpec("user.update", "cem", moment="after", loses_answer=True),)),
            sync(change("cem", family_name="Demir")),
            After(users=counters(5, 5), wire=(never("user.create"), Account("cem", holds={"familyName": "Demir"}))),
        ],
        needs=["create", "update", "faults"],
    ),
    derived(
        "server-errors-for-a-moment",
        "The target is down for a moment",
        "A burst of server errors is waited out and leaves no trace.",
        _NO_TRACE,
        Given(source(), faults=(FaultSpec("user.create", "ben", times=2, status=503),)),
        [sync(), After(users=counters(5, 5), wire=_ALL_THERE)],
        needs=["create", "faults"],
    ),
    derived(
        "server-errors-that-stay",
        "The target fails one user every time",
        "A user for whom every try ends in a server error is Failed; the others are a Success.",
        ruling(STATUS_PAGE, "not synced due to an error, after the retries are spent"),
        Given(source(), faults=(FaultSpec("user.create", "ben", times=None, status=503),)),
        [
            sync(),
            After(users=counters(5, 4, failed=1), wire=(Account("ben", count=0),)),
            ClearFaults(),
            Resync(),
            After(users=counters(5, 5), wire=_ALL_THERE),
        ],
        needs=["create", "faults"],
    ),
    derived(
        "search-fails",
        "The look-up of one user fails every time",
        "A user who cannot be looked up is Failed, never Unsynced, and is not created blindly.",
        ruling(STATUS_PAGE, "a search error is an error: not synced due to an error"),
        Given(source(("ada", "ben")), faults=(FaultSpec("user.list", "ben", times=None, status=400),)),
        [sync(), After(users=counters(2, 1, failed=1), wire=(never("user.create", "ben"),))],
        needs=["create", "faults"],
    ),
    derived(
        "membership-recovers",
        "A membership is limited, then goes through",
        "A membership write that a retry made good leaves its group a Success.",
        _NO_TRACE,
        Given(
            source(("ada", "ben"), team("Red", "ada", "ben")),
            faults=(FaultSpec("member.add", "Red/ben", status=503),),
        ),
        [
            sync(),
            After(
                users=counters(2, 2),
                groups=counters(1, 1),
                wire=(GroupAtTarget("Red", exactly=("ada", "ben")),),
            ),
        ],
        needs=["create", "groups", "memberships", "faults"],
    ),
    derived(
        "not-found-for-a-moment",
        "An account is not found for a moment",
        "An account that is not found once is looked up before it is taken to be gone; it is not created again.",
        _NO_TRACE,
        Given(source()),
        [
            sync(),
            After(users=counters(5, 5)),
            ArmFaults((FaultSpec("user.update", "cem", status=404),)),
            sync(change("cem", family_name="Demir")),
            After(users=counters(5, 5), wire=(never("user.create"), Account("cem", holds={"familyName": "Demir"}))),
        ],
        needs=["create", "update", "faults"],
    ),
    derived(
        "restart-then-rename",
        "The client is restarted, then a user is renamed",
        "A client that is restarted still knows which account is whose: a new user name makes no second account.",
        _NO_NEW_START,
        Given(source()),
        [
            sync(),
            After(users=counters(5, 5)),
            Restart(),
            sync(change("eve", user_name="evelyn")),
            After(
                users=counters(5, 5),
                wire=(never("user.create"), Account("evelyn"), Account("eve", count=0)),
            ),
        ],
        needs=["create", "update", "rename_user"],
    ),
    derived(
        "restart-then-leaver",
        "The client is restarted, then a user leaves",
        "A client that is restarted still knows whose accounts it answers for: a leaver's account is turned off.",
        _NO_NEW_START,
        Given(source(), connection={"remove_action": "Disable"}),
        [
            sync(),
            Restart(),
            sync(RemoveUser(user_id("eve"))),
            After(users=counters(4, 4), orphans=(), wire=(Account("eve", active=False),)),
        ],
        needs=["create", "disable"],
    ),
    derived(
        "restart-keeps-partially-synced",
        "The client is restarted while a user is Partially Synced",
        "A client that is restarted still knows that a user was once fully synced, and that an update is withheld.",
        _NO_NEW_START,
        Given(source()),
        [
            sync(),
            Configure(OFF["update"]),
            SetFlags(TARGET_DENIES["update"]),
            sync(change("cem", family_name="Demir")),
            After(users=counters(5, 5, partially_synced=1)),
            Restart(),
            sync(),
            After(users=counters(5, 5, partially_synced=1), wire=(no_writes(),)),
        ],
        needs=["create"],
    ),
    derived(
        "restart-keeps-the-links",
        "The client is restarted between two changes",
        "A client that is restarted still knows its accounts: it updates, and creates nobody twice.",
        _NO_NEW_START,
        Given(source(FIVE, team("Red", "ada", "ben"))),
        [
            sync(),
            After(users=counters(5, 5)),
            Restart(),
            sync(),
            After(users=counters(5, 5), wire=(no_writes(),)),
            sync(change("eve", family_name="Berg")),
            After(
                users=counters(5, 5),
                wire=(never("user.create"), Account("eve", holds={"familyName": "Berg"})),
            ),
        ],
        needs=["create", "update"],
    ),
)
