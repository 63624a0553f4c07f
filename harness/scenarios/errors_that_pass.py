"""Errors that pass, limits that come again, and members in several requests of which one fails."""

from __future__ import annotations

from typing import Any

from provcheck.harness.model import (
    Account,
    After,
    ArmFaults,
    ClearFaults,
    FaultSpec,
    Given,
    GroupAtTarget,
    HoldsBack,
    Leave,
    Requests,
    Resync,
)
from provcheck.harness.scenarios.people import FIVE, group_id, source, team, user_id
from provcheck.harness.scenarios.phrases import (
    EXAMPLES,
    GROUPS_PAGE,
    change,
    counters,
    derived,
    ruling,
    sync,
)

_AGAIN = ruling(EXAMPLES, "incremental runs make good what a passing error left behind")
_LIMIT = ruling(EXAMPLES, "an error that retries made good leaves no trace in the counters")
_CHUNKS = ruling(GROUPS_PAGE, "of members in several requests each is written or counted as an error by itself")
_RED = group_id("Red")
_PAIR = source(("ada", "ben"), team("Red", "ada", "ben"))
_GROUPS = ("create", "groups", "memberships")
_ALL_THERE = tuple(Account(name, active=True) for name in FIVE)
_WHOLE = GroupAtTarget("Red", exactly=("ada", "ben"))
_TWO_EACH = {"members_per_request": 2}
_PAUSE = 2


def _down(operation: str, entity: str) -> FaultSpec:
    return FaultSpec(operation, entity, times=None, status=503)


def _limited(**changes: Any) -> FaultSpec:
    return FaultSpec("user.create", status=429, headers={"Retry-After": str(_PAUSE)}, **changes)


SCENARIOS = (
    derived(
        "passing-error-on-create-is-tried-again",
        "The target is down for one user, and works again",
        "A user who failed over an error that passes is created by the next syncs, without a change at the source.",
        _AGAIN,
        Given(source(), faults=(_down("user.create", "ben"),)),
        [
            sync(),
            After(users=counters(5, 4, failed=1)),
            ClearFaults(),
            sync(),
            sync(),
            After(users=counters(5, 5), wire=_ALL_THERE),
        ],
        needs=["create", "faults"],
    ),
    derived(
        "passing-error-on-update-is-tried-again",
        "The target is down for one update, and works again",
        "An update that failed over an error that passes is made by the next syncs, without a change at the source.",
        _AGAIN,
        Given(source()),
        [
            sync(),
            ArmFaults((_down("user.update", "cem"),)),
            sync(change("cem", family_name="Demir")),
            After(users=counters(5, 4, failed=1)),
            ClearFaults(),
            sync(),
            sync(),
            After(users=counters(5, 5), wire=(Account("cem", holds={"familyName": "Demir"}),)),
        ],
        needs=["create", "update", "faults"],
    ),
    derived(
        "passing-error-on-a-membership-is-tried-again",
        "The target is down for one membership, and works again",
        "A membership that failed over an error that passes is written by the next syncs.",
        _AGAIN,
        Given(_PAIR, faults=(_down("member.add", "Red/ben"),)),
        [
            sync(),
            After(users=counters(2, 2), groups=counters(1, 0, failed=1)),
            ClearFaults(),
            sync(),
            sync(),
            After(users=counters(2, 2), groups=counters(1, 1), wire=(_WHOLE,)),
        ],
        needs=[*_GROUPS, "faults"],
    ),
    derived(
        "passing-error-on-a-group-is-tried-again",
        "The target is down for one group, and works again",
        "A group that could not be made over an error that passes is made by the next syncs, with its members.",
        _AGAIN,
        Given(_PAIR, faults=(_down("group.create", "Red"),)),
        [
            sync(),
            After(users=counters(2, 2), groups=counters(1, 0, failed=1)),
            ClearFaults(),
            sync(),
            sync(),
            After(users=counters(2, 2), groups=counters(1, 1), wire=(_WHOLE,)),
        ],
        needs=[*_GROUPS, "faults"],
    ),
    derived(
        "rate-limit-again-and-again",
        "A rate limit that comes back several times in one run",
        "A client that is limited several times in one run holds back each time, with all that it sends.",
        _LIMIT,
        Given(source(), faults=(_limited(), _limited(skip=2), _limited(skip=4))),
        [sync(), After(users=counters(5, 5), wire=(HoldsBack(_PAUSE), *_ALL_THERE))],
        needs=["create", "faults"],
    ),
    derived(
        "rate-limit-in-a-row",
        "A rate limit that holds for several tries",
        "A client that is told to wait again, after it has waited, waits again: the limit leaves no trace.",
        _LIMIT,
        Given(source(), faults=(_limited(skip=1, times=3),)),
        [sync(), After(users=counters(5, 5), wire=(HoldsBack(_PAUSE), *_ALL_THERE))],
        needs=["create", "faults"],
    ),
    derived(
        "rate-limit-on-memberships",
        "A rate limit on a membership",
        "A client that is limited while it writes memberships holds back, and then writes all of them.",
        _LIMIT,
        Given(
            source(FIVE, team("Red", *FIVE), team("Green", *FIVE)),
            faults=(FaultSpec("member.add", status=429, headers={"Retry-After": str(_PAUSE)}),),
        ),
        [
            sync(),
            After(
                users=counters(5, 5),
                groups=counters(2, 2),
                wire=(HoldsBack(_PAUSE), GroupAtTarget("Red", exactly=FIVE), GroupAtTarget("Green", exactly=FIVE)),
            ),
        ],
        needs=[*_GROUPS, "faults"],
    ),
    derived(
        "one-of-several-member-requests-is-refused",
        "Five members, two a request, one of them refused",
        "When one request of several is refused, all but the member it is about are in the group, which is Failed.",
        _CHUNKS,
        Given(
            source(FIVE, team("Red", *FIVE)),
            connection=_TWO_EACH,
            faults=(FaultSpec("member.add", "Red/cem", times=None, status=400),),
        ),
        [
            sync(),
            After(
                users=counters(5, 5),
                groups=counters(1, 0, failed=1),
                wire=(GroupAtTarget("Red", exactly=("ada", "ben", "dan", "eve")),),
            ),
            ClearFaults(),
            Resync(),
            After(groups=counters(1, 1), wire=(GroupAtTarget("Red", exactly=FIVE),)),
        ],
        needs=[*_GROUPS, "group_memberships", "faults"],
    ),
    derived(
        "one-of-several-member-requests-fails-for-a-moment",
        "Five members, two a request, one request fails once",
        "When one request of several fails for a moment, it is sent again and the others are sent as well.",
        _CHUNKS,
        Given(
            source(FIVE, team("Red", *FIVE)),
            connection=_TWO_EACH,
            faults=(FaultSpec("member.add", "Red/cem", status=503),),
        ),
        [sync(), After(users=counters(5, 5), groups=counters(1, 1), wire=(GroupAtTarget("Red", exactly=FIVE),))],
        needs=[*_GROUPS, "group_memberships", "faults", "patch"],
    ),
    derived(
        "answer-to-one-of-several-member-requests-is-lost",
        "Five members, two a request, one answer is lost",
        "When the answer to one request of several is lost, all members are there in the end.",
        _CHUNKS,
        Given(
            source(FIVE, team("Red", *FIVE)),
            connection=_TWO_EACH,
            faults=(FaultSpec("member.add", "Red/cem", moment="after", loses_answer=True),),
        ),
        [sync(), After(users=counters(5, 5), groups=counters(1, 1), wire=(GroupAtTarget("Red", exactly=FIVE),))],
        needs=[*_GROUPS, "group_memberships", "faults", "patch"],
    ),
    derived(
        "one-of-several-removals-is-refused",
        "Four members leave, two a request, one of them cannot be taken out",
        "When one removal of several is refused, the others are made, and the group is Failed.",
        _CHUNKS,
        Given(source(FIVE, team("Red", *FIVE)), connection=_TWO_EACH),
        [
            sync(),
            After(groups=counters(1, 1)),
            ArmFaults((FaultSpec("member.remove", "Red/cem", times=None, status=400),)),
            sync(*(Leave(_RED, user_id(name)) for name in ("ben", "cem", "dan", "eve"))),
            After(
                users=counters(5, 5),
                groups=counters(1, 0, failed=1),
                wire=(GroupAtTarget("Red", exactly=("ada", "cem")), Requests("member.remove", at_least=2)),
            ),
        ],
        needs=[*_GROUPS, "group_memberships", "faults", "patch"],
    ),
)
