"""What a correct client makes of faults that strike groups and memberships, one fault at a time."""

from __future__ import annotations

from provcheck.harness.model import After, ArmFaults, Given, GroupAtTarget, Requests, Resync
from provcheck.harness.model.edits import Join, Leave
from provcheck.harness.scenarios.people import FIVE, group_id, source, team, user_id
from provcheck.harness.scenarios.phrases import counters, never, no_writes, of_fault, strikes, sync

_RED = team("Red", *FIVE)
_WHOLE = GroupAtTarget("Red", exactly=FIVE)
_NEEDS = ("groups", "memberships", "group_memberships")
_DONE_OR_TOLD = counters(1, frozenset({0, 1}), failed=frozenset({0, 1}))
"""Of one group: it was written as it could be, or its failure is told; what target and journal show decides which."""
_SHOWN = (*_NEEDS, "shows_members")
"""Without them nobody can see that a membership was dropped."""


def _leave(*names: str) -> tuple[Leave, ...]:
    return tuple(Leave(group_id("Red"), user_id(name)) for name in names)


SCENARIOS = (
    of_fault(
        "group.member_cap",
        "The target takes few members in one request",
        "A client that knows of the cap writes members in chunks, and none is refused.",
        Given(
            source(FIVE, _RED),
            connection={"members_per_request": 2},
            faults=(strikes("group.member_cap", "member.add", above=2),),
        ),
        [sync(), After(users=counters(5, 5), groups=counters(1, 1), wire=(Requests("member.add", at_least=3), _WHOLE))],
        (*_NEEDS, "patch"),
    ),
    of_fault(
        "group.member_cap",
        "The target takes fewer members than the client was told",
        "A request that is refused for its size is made smaller, until every member is there.",
        Given(source(FIVE, _RED), faults=(strikes("group.member_cap", "member.add", above=2),)),
        [sync(), After(users=counters(5, 5), groups=counters(1, 1), wire=(_WHOLE,))],
        _NEEDS,
        variant="unknown",
    ),
    of_fault(
        "group.members_dropped",
        "The target says yes, and adds nobody",
        "Members that were silently dropped are seen and sent once more.",
        Given(source(FIVE, _RED), faults=(strikes("group.members_dropped", "member.add", times=1),)),
        [sync(), After(users=counters(5, 5), groups=counters(1, 1), wire=(_WHOLE,))],
        _SHOWN,
    ),
    of_fault(
        "group.members_dropped",
        "The target says yes, and takes only the first members",
        "Members beyond those that were taken are seen and sent once more.",
        Given(source(FIVE, _RED), faults=(strikes("group.members_dropped", "member.add", times=1, keeps=2),)),
        [sync(), After(users=counters(5, 5), groups=counters(1, 1), wire=(_WHOLE,))],
        _SHOWN,
        variant="in-part",
    ),
    of_fault(
        "group.members_dropped",
        "The target never keeps one member",
        "A membership that the target accepts and never keeps fails its group: a silent Success would be a lie.",
        Given(
            source(FIVE, _RED),
            faults=(strikes("group.members_dropped", "member.add", "Red/ben", outcome="fails", times=None),),
        ),
        [
            sync(),
            After(
                users=counters(5, 5),
                groups=counters(1, 0, failed=1),
                wire=(GroupAtTarget("Red", includes=("ada", "cem", "dan", "eve"), excludes=("ben",)),),
            ),
        ],
        _SHOWN,
        variant="for-good",
    ),
    of_fault(
        "group.patch_all_or_nothing",
        "One bad member fails the whole request",
        "A refused request is taken apart: the good members are there, and only the bad one fails the group.",
        Given(
            source(FIVE, _RED),
            faults=(strikes("group.patch_all_or_nothing", "member.add", "Red/ben", outcome="fails"),),
        ),
        [
            sync(),
            After(
                users=counters(5, 5),
                groups=counters(1, 0, failed=1),
                wire=(GroupAtTarget("Red", exactly=("ada", "cem", "dan", "eve")),),
            ),
        ],
        _NEEDS,
    ),
    of_fault(
        "order.user_after_group",
        "The target does not know a member yet",
        "A member whom the target passed over is added once it is known.",
        Given(source(FIVE, _RED), faults=(strikes("order.user_after_group", "member.add", "Red/cem", times=1),)),
        [sync(), After(users=counters(5, 5), groups=counters(1, 1), wire=(_WHOLE,))],
        _SHOWN,
    ),
    of_fault(
        "group.same_name_twice",
        "Somebody else makes a group of the same name",
        "A group that the client made itself stays its own, whoever else has the name.",
        Given(
            source(FIVE, _RED),
            faults=(strikes("group.same_name_twice", "group.create", "Red", outcome="twin", times=1),),
        ),
        [
            sync(),
            After(groups=counters(1, 1), wire=(GroupAtTarget("Red", count=2),)),
            Resync(),
            After(groups=counters(1, 1), wire=(no_writes(), GroupAtTarget("Red", count=2))),
        ],
        (*_NEEDS, "merge_or_overwrite", "match_by_email", "same_name_groups"),
    ),
    of_fault(
        "group.members_unreadable",
        "The target never shows the members of a group",
        "A group without visible members is not taken for an empty one: nobody is taken out, and changes arrive.",
        Given(source(FIVE, _RED), faults=(strikes("group.members_unreadable", "group.*"),)),
        [
            sync(),
            After(users=counters(5, 5), groups=counters(1, 1), wire=(_WHOLE,)),
            sync(*_leave("dan", "eve")),
            After(groups=counters(1, 1), wire=(GroupAtTarget("Red", exactly=("ada", "ben", "cem")),)),
            Resync(),
            After(groups=counters(1, 1), wire=(GroupAtTarget("Red", exactly=("ada", "ben", "cem")),)),
        ],
        (*_NEEDS, "patch"),
    ),
    of_fault(
        "read.stale_by_id",
        "What was just made is unknown for a while",
        "An id that was born in this run is asked for again; nothing is made twice.",
        Given(source(FIVE, _RED), faults=(strikes("read.stale_by_id", "*.create", hides_by_id=2),)),
        [
            sync(),
            After(
                users=counters(5, 5),
                groups=counters(1, 1),
                wire=(Requests("group.create", at_least=1, at_most=1), _WHOLE),
            ),
        ],
        _NEEDS,
    ),
    of_fault(
        "write.lost_response",
        "The answers to a group and its memberships are lost",
        "A lost answer is settled by looking: one group, all members, nothing twice.",
        Given(
            source(FIVE, _RED),
            faults=(
                strikes("write.lost_response", "user.create", "cem", times=1),
                strikes("write.lost_response", "group.create", "Red", times=1),
                strikes("write.lost_response", "member.add", "Red/ada", times=1),
            ),
        ),
        [
            sync(),
            After(
                users=counters(5, 5),
                groups=counters(1, 1),
                wire=(Requests("user.create", "cem", at_most=1), Requests("group.create", at_most=1), _WHOLE),
            ),
        ],
        (*_NEEDS, "finds_at_once"),
    ),
    of_fault(
        "patch.unsupported",
        "The target has no PATCH",
        "A client that is refused PATCH falls back to PUT, or says what it could not write.",
        Given(source(FIVE, team("Red", "ada", "ben")), faults=(strikes("patch.unsupported", "*"),)),
        [
            sync(),
            After(users=counters(5, 5), groups=_DONE_OR_TOLD),
            sync(Join(group_id("Red"), user_id("cem")), *_leave("ben")),
            After(groups=_DONE_OR_TOLD),
        ],
        (*_NEEDS, "group_put"),
    ),
    of_fault(
        "put.unsupported",
        "The target has no PUT of groups",
        "Groups are written with PATCH where PUT is not to be had.",
        Given(source(FIVE, _RED), faults=(strikes("put.unsupported", "group.*"),)),
        [sync(), After(users=counters(5, 5), groups=counters(1, 1), wire=(_WHOLE,))],
        (*_NEEDS, "patch"),
    ),
    of_fault(
        "patch.dialect_rejected",
        "The target wants a path in every operation",
        "Changes are spelled with one path each, so that a strict target takes them.",
        Given(source(FIVE, _RED)),
        [
            sync(),
            After(),
            ArmFaults((strikes("patch.dialect_rejected", "*"),)),
            sync(*_leave(*FIVE[1:])),
            After(groups=counters(1, 1), wire=(never("group.create"), GroupAtTarget("Red", exactly=("ada",)))),
        ],
        (*_NEEDS, "no_filters"),
    ),
)
