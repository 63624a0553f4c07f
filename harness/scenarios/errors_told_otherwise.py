"""Errors that look like something else: inside a 200, about what is gone already, about discovery, doubled rows."""

from __future__ import annotations

from provcheck.harness.model import (
    Account,
    After,
    ArmFaults,
    ClearFaults,
    FaultSpec,
    Given,
    GroupAtTarget,
    Join,
    Leave,
    RemoveUser,
    Resync,
)
from provcheck.harness.model.external_change import DeleteAccount, RemoveMember
from provcheck.harness.scenarios.people import FIVE, account, group_id, source, team, user_id
from provcheck.harness.scenarios.phrases import (
    STATUS_PAGE,
    change,
    counters,
    derived,
    never,
    no_writes,
    out_of_band,
    ruling,
    sync,
)

_INSIDE = ruling(STATUS_PAGE, "an answer that holds an error is an error, whatever its status")
_GONE = ruling(STATUS_PAGE, "what is gone already need not be taken away, and is no failure")
_DISCOVERY = ruling("RFC 7644, section 4", "a client does without discovery, and goes by the standard")
_ROWS = ruling(STATUS_PAGE, "a row that comes twice is one account: rows are told apart by id")
_RED = group_id("Red")
_PAIR = source(("ada", "ben"), team("Red", "ada", "ben"))
_GROUPS = ("create", "groups", "memberships")
_ALL_THERE = tuple(Account(name, active=True) for name in FIVE)
_WHOLE = GroupAtTarget("Red", exactly=("ada", "ben"))
_ERROR = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
    "status": "400",
    "detail": "the request was not applied",
}


def _inside_200(operation: str, entity: str) -> FaultSpec:
    """The target answers 200 with an error in the body, and changes nothing."""
    return FaultSpec(operation, entity, times=None, status=200, parameters={"body": _ERROR}, outcome="fails")


def _doubled(operation: str) -> FaultSpec:
    return FaultSpec(operation, times=None, parameters={"lists": "doubles_row"}, outcome="recovers")


SCENARIOS = (
    derived(
        "error-inside-a-200-on-create",
        "A create is answered 200 with an error in the body",
        "A user whose create was answered 200 with an error is Failed: there is no account.",
        _INSIDE,
        Given(source(), faults=(_inside_200("user.create", "ben"),)),
        [
            sync(),
            After(users=counters(5, 4, failed=1), wire=(Account("ben", count=0), Account("cem", active=True))),
            ClearFaults(),
            Resync(),
            After(users=counters(5, 5), wire=_ALL_THERE),
        ],
        needs=["create", "faults"],
    ),
    derived(
        "error-inside-a-200-on-a-membership",
        "A membership is answered 200 with an error in the body",
        "A group whose membership was answered 200 with an error is Failed: the member is not there.",
        _INSIDE,
        Given(source(("ada", "ben"), team("Red", "ada"))),
        [
            sync(),
            After(groups=counters(1, 1)),
            ArmFaults((_inside_200("member.add", "Red/ben"),)),
            sync(Join(_RED, user_id("ben"))),
            After(
                users=counters(2, 2), groups=counters(1, 0, failed=1), wire=(GroupAtTarget("Red", exactly=("ada",)),)
            ),
            ClearFaults(),
            Resync(),
            After(groups=counters(1, 1), wire=(_WHOLE,)),
        ],
        needs=[*_GROUPS, "group_memberships", "faults", "shows_members"],
    ),
    derived(
        "error-inside-a-200-on-a-group",
        "The create of a group is answered 200 with an error in the body",
        "A group whose create was answered 200 with an error is Failed; the other groups and all users are not.",
        _INSIDE,
        Given(
            source(("ada", "ben"), team("Red", "ada"), team("Green", "ben")),
            faults=(_inside_200("group.create", "Red"),),
        ),
        [
            sync(),
            After(
                users=counters(2, 2),
                groups=counters(2, 1, failed=1),
                wire=(GroupAtTarget("Red", count=0), GroupAtTarget("Green", exactly=("ben",))),
            ),
        ],
        needs=[*_GROUPS, "faults"],
    ),
    derived(
        "leaver-whose-account-is-deleted-already",
        "A user leaves whose account was deleted at the target, remove action Disable",
        "A leaver whose account is gone already is no orphan, and no account is made to be turned off.",
        _GONE,
        Given(source(), connection={"remove_action": "Disable"}),
        [
            sync(),
            After(users=counters(5, 5)),
            out_of_band(DeleteAccount("eve")),
            sync(RemoveUser(user_id("eve"))),
            After(users=counters(4, 4), orphans=(), wire=(Account("eve", count=0), never("user.create"))),
        ],
        needs=["create", "disable", "delete"],
    ),
    derived(
        "leaver-to-delete-whose-account-is-deleted-already",
        "A user leaves whose account was deleted at the target, remove action Delete",
        "A deletion that is answered 404 is done: the leaver is no orphan.",
        _GONE,
        Given(source(), connection={"remove_action": "Delete"}),
        [
            sync(),
            After(users=counters(5, 5)),
            out_of_band(DeleteAccount("eve")),
            sync(RemoveUser(user_id("eve"))),
            After(users=counters(4, 4), orphans=(), wire=(Account("eve", count=0), never("user.create"))),
        ],
        needs=["create", "delete"],
    ),
    derived(
        "answer-to-a-deletion-is-lost",
        "The answer to the deletion of a leaver is lost",
        "A deletion whose answer was lost is sent again; the 404 that comes then says that it is done.",
        _GONE,
        Given(
            source(),
            connection={"remove_action": "Delete"},
            faults=(FaultSpec("user.delete", "eve", moment="after", loses_answer=True),),
        ),
        [
            sync(),
            sync(RemoveUser(user_id("eve"))),
            After(users=counters(4, 4), orphans=(), wire=(Account("eve", count=0),)),
        ],
        needs=["create", "delete", "faults"],
    ),
    derived(
        "member-who-is-out-already",
        "A member leaves who was removed at the target already",
        "A membership that is to end and is gone already is no failure: the group is a Success.",
        _GONE,
        Given(_PAIR),
        [
            sync(),
            After(groups=counters(1, 1)),
            out_of_band(RemoveMember("Red", "ben")),
            sync(Leave(_RED, user_id("ben"))),
            After(users=counters(2, 2), groups=counters(1, 1), wire=(GroupAtTarget("Red", exactly=("ada",)),)),
        ],
        needs=_GROUPS,
    ),
    derived(
        "member-whose-account-is-deleted-already",
        "A member is deleted at the source whose account was deleted at the target",
        "A member who leaves and whose account is gone already fails neither the group nor the sync.",
        _GONE,
        Given(_PAIR, connection={"remove_action": "Delete"}),
        [
            sync(),
            After(groups=counters(1, 1)),
            out_of_band(DeleteAccount("ben")),
            sync(RemoveUser(user_id("ben"))),
            After(
                users=counters(1, 1),
                groups=counters(1, 1),
                orphans=(),
                wire=(GroupAtTarget("Red", exactly=("ada",)), never("user.create")),
            ),
        ],
        needs=[*_GROUPS, "delete"],
    ),
    derived(
        "discovery-missing",
        "The target answers 404 to everything about discovery",
        "A client that asks what a target supports, and is not told, goes by the standard.",
        _DISCOVERY,
        Given(
            source(FIVE, team("Red", "ada", "ben")),
            faults=(FaultSpec("discovery", times=None, status=404, outcome="recovers"),),
        ),
        [
            sync(),
            After(users=counters(5, 5), groups=counters(1, 1), wire=(*_ALL_THERE, _WHOLE)),
            sync(change("cem", family_name="Demir")),
            After(users=counters(5, 5), wire=(Account("cem", holds={"familyName": "Demir"}),)),
        ],
        needs=[*_GROUPS, "update", "discovery", "faults"],
    ),
    derived(
        "discovery-is-down",
        "The target answers 500 to everything about discovery",
        "A client that asks what a target supports, and meets an error, goes by the standard.",
        _DISCOVERY,
        Given(source(), faults=(FaultSpec("discovery", times=None, status=500, outcome="recovers"),)),
        [sync(), After(users=counters(5, 5), wire=_ALL_THERE)],
        needs=["create", "discovery", "faults"],
    ),
    derived(
        "account-listed-twice",
        "A list of accounts has the same row twice",
        "An account that a list shows twice is one account: it is linked, and not taken for two.",
        _ROWS,
        Given(source(("ada", "ben")), accounts=(account("ben"),), faults=(_doubled("user.list"),)),
        [
            sync(),
            After(users=counters(2, 2), wire=(Account("ben"), Account("ada"), never("user.create", "ben"))),
            Resync(),
            After(users=counters(2, 2), wire=(no_writes(),)),
        ],
        needs=["create", "faults"],
    ),
    derived(
        "group-listed-twice",
        "A list of groups has the same row twice",
        "A group that a list shows twice is one group: it is linked, and not taken for two.",
        _ROWS,
        Given(
            _PAIR,
            groups=({"displayName": "Red", "externalId": _RED, "members": []},),
            faults=(_doubled("group.list"),),
        ),
        [
            sync(),
            After(users=counters(2, 2), groups=counters(1, 1), wire=(_WHOLE, never("group.create"))),
        ],
        needs=[*_GROUPS, "faults"],
    ),
)
