"""Restarts: everything that a client knows and the target does not show must survive one, piece by piece."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from provcheck.harness.model import (
    DEFAULT_MAPPING,
    Account,
    After,
    ArmFaults,
    ChangeRule,
    ClearFaults,
    Configure,
    FaultSpec,
    Given,
    Population,
    PutUser,
    RemoveUser,
    Restart,
    Resync,
    Rule,
    Scenario,
    SetFlags,
    Step,
)
from provcheck.harness.scenarios.people import FIVE, account, person, source, team, user_id
from provcheck.harness.scenarios.phrases import (
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

KEPT = ruling(STATUS_PAGE, "the counters say how things stand; a restart of the client changes nothing of that")
OWED = ruling(STATUS_PAGE, "what was owed before a restart is owed after it")
LINK = ruling(STATUS_PAGE, "a link is an id and not a name, and a restart is no new start")
_PAIR = source(("ada", "ben"), team("Red", "ada", "ben"))
_DENIES_LEAVERS = SetFlags({"allows_disable_users": False, "allows_delete_users": False})
_ALLOWS_LEAVERS = SetFlags({"allows_disable_users": True, "allows_delete_users": True})
_ALL_THERE = tuple(Account(name, active=True) for name in FIVE)
_DISABLE = {"remove_action": "Disable"}


def restarted(
    name: str, title: str, claim: str, source: Any, given: Given, steps: Iterable[Step | After], needs: Iterable[str]
) -> Scenario:
    """A scenario about a restart: `title` says when it comes."""
    return derived(f"restart-{name}", f"The client is restarted {title}", claim, source, given, steps, needs)


_TITLED = Population((person("ada", attributes={"title": "Countess"}), person("ben")))
_MAPS_TITLE = Rule(mapping={**DEFAULT_MAPPING, "title": "title"})
_MANAGED = Population((person("ada", attributes={"manager": "ben"}),))
_MAPS_MANAGER = Rule(mapping={**DEFAULT_MAPPING, "manager": "manager"})

SCENARIOS = (
    restarted(
        "before-the-first-sync",
        "before it has synced at all",
        "A client that is restarted before its first sync begins as if nothing had been.",
        KEPT,
        Given(source()),
        [Restart(), sync(), After(users=counters(5, 5), wire=_ALL_THERE)],
        ["create"],
    ),
    restarted(
        "twice",
        "twice in a row",
        "Two restarts in a row lose no more than one: nothing is written that is in sync.",
        LINK,
        Given(source(FIVE, team("Red", "ada", "ben"))),
        [
            sync(),
            After(users=counters(5, 5)),
            Restart(),
            Restart(),
            sync(),
            After(users=counters(5, 5), wire=(no_writes(),)),
        ],
        ["create"],
    ),
    restarted(
        "keeps-the-summary",
        "and asked for its summary at once",
        "After a restart the sync summary is the one before it, without a new sync.",
        KEPT,
        Given(_PAIR),
        [sync(), After(users=counters(2, 2)), Restart(), After(users=counters(2, 2), wire=(never("*"),))],
        ["create"],
    ),
    restarted(
        "keeps-refused-users",
        "while a user is Failed",
        "A user who is Failed over a refusal is still Failed after a restart, until the target takes the user.",
        KEPT,
        Given(source(), faults=(FaultSpec("user.create", "ben", times=None, status=400),)),
        [
            sync(),
            After(users=counters(5, 4, failed=1)),
            Restart(),
            sync(),
            After(users=counters(5, 4, failed=1), wire=(Account("ben", count=0),)),
            ClearFaults(),
            Resync(),
            After(users=counters(5, 5), wire=_ALL_THERE),
        ],
        ["create", "faults"],
    ),
    restarted(
        "keeps-what-to-try-again",
        "while a user waits to be tried again",
        "A user who failed over a passing error is tried again after a restart, without a change at the source.",
        OWED,
        Given(source(), faults=(FaultSpec("user.create", "ben", times=None, status=503),)),
        [
            sync(),
            After(users=counters(5, 4, failed=1)),
            Restart(),
            ClearFaults(),
            sync(),
            sync(),
            After(users=counters(5, 5), wire=_ALL_THERE),
        ],
        ["create", "faults"],
    ),
    restarted(
        "keeps-an-update-to-try-again",
        "while an update waits to be tried again",
        "An update that failed over a passing error is made after a restart, without a change at the source.",
        OWED,
        Given(source()),
        [
            sync(),
            After(),
            ArmFaults((FaultSpec("user.update", "cem", times=None, status=503),)),
            sync(change("cem", family_name="Demir")),
            After(users=counters(5, 4, failed=1)),
            Restart(),
            ClearFaults(),
            sync(),
            sync(),
            After(users=counters(5, 5), wire=(Account("cem", holds={"familyName": "Demir"}), never("user.create"))),
        ],
        ["create", "update", "faults"],
    ),
    restarted(
        "keeps-unsynced",
        "while users are Unsynced",
        "Users who are Unsynced are counted so after a restart, and are not created.",
        KEPT,
        Given(source(), connection=OFF["create"], flags=TARGET_DENIES["create"]),
        [
            sync(),
            After(users=counters(5, 0, unsynced=5)),
            Restart(),
            sync(),
            After(users=counters(5, 0, unsynced=5), wire=(no_writes(),)),
        ],
        [],
    ),
    restarted(
        "keeps-users-who-were-never-synced",
        "while a linked user was never synced",
        "A user whose account was found and may not be updated stays Partially Synced, not a Success, over a restart.",
        KEPT,
        Given(
            source(("ada", "ben")),
            connection=OFF["update"],
            flags=TARGET_DENIES["update"],
            accounts=(account("ben", familyName="Other"),),
        ),
        [
            sync(),
            After(users=counters(2, 1, partially_synced=1)),
            Restart(),
            sync(),
            After(users=counters(2, 1, partially_synced=1), wire=(no_writes(),)),
        ],
        ["create"],
    ),
    restarted(
        "keeps-withheld-changes",
        "while an update is withheld",
        "A change that was withheld before a restart is written with the next change once updating is allowed.",
        OWED,
        Given(source()),
        [
            sync(),
            After(),
            Configure(OFF["update"]),
            sync(change("cem", family_name="Demir")),
            After(users=counters(5, 5, partially_synced=1)),
            Restart(),
            Configure({"update_users": True}),
            sync(change("cem", given_name="Cemal")),
            After(
                users=counters(5, 5),
                wire=(never("user.create"), Account("cem", holds={"familyName": "Demir", "givenName": "Cemal"})),
            ),
        ],
        ["create", "update"],
    ),
    restarted(
        "then-several-changes",
        "and much has changed meanwhile",
        "What changed at the source while the client was down is brought in line: a new name, a joiner, a leaver.",
        LINK,
        Given(source(), connection=_DISABLE),
        [
            sync(),
            After(),
            Restart(),
            sync(change("ada", user_name="augusta"), RemoveUser(user_id("eve")), PutUser(person("fay"))),
            After(
                users=counters(5, 5),
                orphans=(),
                wire=(
                    Account("augusta"),
                    Account("ada", count=0),
                    Account("eve", active=False),
                    Account("fay", active=True),
                    never("user.create", "augusta"),
                ),
            ),
        ],
        ["create", "update", "disable", "rename_user"],
    ),
    restarted(
        "keeps-orphans",
        "while a leaver is an orphan",
        "A leaver whose account could not be turned off is still an orphan after a restart, and no longer once it is.",
        OWED,
        Given(source(), connection=_DISABLE),
        [
            sync(),
            _DENIES_LEAVERS,
            sync(RemoveUser(user_id("eve"))),
            After(users=counters(4, 4), orphans=(user_id("eve"),)),
            Restart(),
            sync(),
            After(users=counters(4, 4), orphans=(user_id("eve"),), wire=(Account("eve", active=True),)),
            _ALLOWS_LEAVERS,
            Resync(),
            After(users=counters(4, 4), orphans=(), wire=(Account("eve", active=False),)),
        ],
        ["create", "disable", "switchable_permissions"],
    ),
    restarted(
        "then-an-orphan-comes-back",
        "and an orphan comes back",
        "A leaver who comes back after a restart has the old account, is counted, and is an orphan no longer.",
        LINK,
        Given(source(), connection=_DISABLE),
        [
            sync(),
            After(),
            _DENIES_LEAVERS,
            sync(RemoveUser(user_id("eve"))),
            Restart(),
            _ALLOWS_LEAVERS,
            sync(PutUser(person("eve"))),
            After(users=counters(5, 5), orphans=(), wire=(Account("eve", active=True), never("user.create"))),
        ],
        ["create", "disable", "switchable_permissions"],
    ),
    restarted(
        "while-the-rule-is-disabled",
        "while the rule is disabled",
        "A restart while the rule is disabled writes nothing and shows nothing, and forgets nothing either.",
        LINK,
        Given(source()),
        [
            sync(),
            After(),
            ChangeRule({"enabled": False}),
            Restart(),
            sync(),
            After(hidden=True, wire=(no_writes(),)),
            ChangeRule({"enabled": True}),
            sync(),
            After(users=counters(5, 5), wire=(no_writes(),)),
        ],
        ["create"],
    ),
    restarted(
        "keeps-what-to-clear",
        "and a value is cleared at the source",
        "A value that the client wrote before a restart, and that is gone at the source, goes at the target.",
        ruling(STATUS_PAGE, "a value cleared at the source is a change, and a restart is no new start"),
        Given(_TITLED, rule=_MAPS_TITLE),
        [
            sync(),
            After(users=counters(2, 2), wire=(Account("ada", holds={"title": "Countess"}),)),
            Restart(),
            sync(change("ada", attributes={})),
            After(users=counters(2, 2), wire=(Account("ada", holds={"title": None}),)),
        ],
        ["create", "update", "keeps_title"],
    ),
    restarted(
        "keeps-managers-who-wait",
        "while a manager has no account",
        "A manager who waits for an account is written once there is one, also after a restart.",
        ruling(STATUS_PAGE, "a manager without an account waits like a membership"),
        Given(_MANAGED, rule=_MAPS_MANAGER),
        [
            sync(),
            After(users=counters(1, 1)),
            Restart(),
            sync(PutUser(person("ben"))),
            Resync(),
            After(users=counters(2, 2), wire=(Account("ada", holds={"manager": "ben"}),)),
        ],
        ["create", "update", "keeps_manager"],
    ),
)
