"""Errors that a client gets over: limits, lost answers, a target that is down for a moment.

An error that retries made good leaves no trace in the counters, only in the audit log.
"""

from __future__ import annotations

from harness.model import (
    Account,
    After,
    ArmFaults,
    ClearFaults,
    FaultSpec,
    Given,
    GroupAtTarget,
    HoldsBack,
    Requests,
    Restart,
    Resync,
)
from harness.scenarios.people import FIVE, source, team
from harness.scenarios.phrases import EXAMPLES, STATUS_PAGE, change, counters, derived, never, no_writes, ruling, sync

_NO_TRACE = ruling(EXAMPLES, "an error that retries made good leaves no trace in the counters")
_ALL_THERE = tuple(Account(name, active=True) for name in FIVE)
_PAUSE = 2

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
        [sync()],
        [After(1, users=counters(5, 5), wire=(HoldsBack(_PAUSE), *_ALL_THERE))],
        needs=["create", "faults"],
    ),
    derived(
        "rate-limit-without-a-time",
        "A rate limit that names no time",
        "A client that is limited without being told how long waits by itself, and then goes on without loss.",
        _NO_TRACE,
        Given(source(), faults=(FaultSpec("user.create", skip=1, times=2, status=429),)),
        [sync()],
        [After(1, users=counters(5, 5), wire=_ALL_THERE)],
        needs=["create", "faults"],
    ),
    derived(
        "lost-answer-on-create",
        "The answer to a create is lost",
        "A create whose answer was lost is looked up before it is sent again: one account, and a Success.",
        _NO_TRACE,
        Given(source(), faults=(FaultSpec("user.create", "cem", moment="after", loses_answer=True),)),
        [sync()],
        [After(1, users=counters(5, 5), wire=(Requests("user.create", "cem", at_least=1, at_most=1), *_ALL_THERE))],
        needs=["create", "faults"],
    ),
    derived(
        "lost-answer-on-update",
        "The answer to an update is lost",
        "An update whose answer was lost is made good: the account holds the change, and the user is a Success.",
        _NO_TRACE,
        Given(source()),
        [
            sync(),
            ArmFaults((FaultSpec("user.update", "cem", moment="after", loses_answer=True),)),
            sync(change("cem", family_name="Demir")),
        ],
        [
            After(1, users=counters(5, 5)),
            After(3, users=counters(5, 5), wire=(never("user.create"), Account("cem", holds={"familyName": "Demir"}))),
        ],
        needs=["create", "update", "faults"],
    ),
    derived(
        "server-errors-for-a-moment",
        "The target is down for a moment",
        "A burst of server errors is waited out and leaves no trace.",
        _NO_TRACE,
        Given(source(), faults=(FaultSpec("user.create", "ben", times=2, status=503),)),
        [sync()],
        [After(1, users=counters(5, 5), wire=_ALL_THERE)],
        needs=["create", "faults"],
    ),
    derived(
        "server-errors-that-stay",
        "The target fails one user every time",
        "A user for whom every try ends in a server error is Failed; the others are a Success.",
        ruling(STATUS_PAGE, "not synced due to an error, after the retries are spent"),
        Given(source(), faults=(FaultSpec("user.create", "ben", times=None, status=503),)),
        [sync(), ClearFaults(), Resync()],
        [
            After(1, users=counters(5, 4, failed=1), wire=(Account("ben", count=0),)),
            After(3, users=counters(5, 5), wire=_ALL_THERE),
        ],
        needs=["create", "faults"],
    ),
    derived(
        "search-fails",
        "The look-up of one user fails every time",
        "A user who cannot be looked up is Failed, never Unsynced, and is not created blindly.",
        ruling(STATUS_PAGE, "a search error is an error: not synced due to an error"),
        Given(source(("ada", "ben")), faults=(FaultSpec("user.list", "ben", times=None, status=400),)),
        [sync()],
        [After(1, users=counters(2, 1, failed=1), wire=(never("user.create", "ben"),))],
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
        [sync()],
        [
            After(
                1,
                users=counters(2, 2),
                groups=counters(1, 1),
                wire=(GroupAtTarget("Red", exactly=("ada", "ben")),),
            )
        ],
        needs=["create", "groups", "memberships", "faults"],
    ),
    derived(
        "restart-keeps-the-links",
        "The client is restarted between two changes",
        "A client that is restarted still knows its accounts: it updates, and creates nobody twice.",
        ruling(EXAMPLES, "a restart is no new start"),
        Given(source(FIVE, team("Red", "ada", "ben"))),
        [sync(), Restart(), sync(), sync(change("eve", family_name="Berg"))],
        [
            After(1, users=counters(5, 5)),
            After(3, users=counters(5, 5), wire=(no_writes(),)),
            After(
                4,
                users=counters(5, 5),
                wire=(never("user.create"), Account("eve", holds={"familyName": "Berg"})),
            ),
        ],
        needs=["create", "update"],
    ),
)
