"""The status block and the audit log: what a client says beside its counters."""

from __future__ import annotations

from provcheck.harness.model import (
    Account,
    After,
    ArmFaults,
    ChangeRule,
    ClearFaults,
    FaultSpec,
    Given,
    PutUser,
    Restart,
)
from provcheck.harness.scenarios.people import FIVE, person, source
from provcheck.harness.scenarios.phrases import (
    EXAMPLES,
    OFF,
    STATUS_PAGE,
    TARGET_DENIES,
    change,
    counters,
    derived,
    no_writes,
    ruling,
    sync,
)

_STATUS = ruling(STATUS_PAGE, "Inactive while the rule is disabled, Failed after a run that could not do its work")
_EVENTS = ruling(EXAMPLES, "rows 3 to 6: the service records each user as an event, in the sync in which it was")
_SECRETS = ruling(STATUS_PAGE, "no credential is in the audit log, the status, a warning or a log")
_ALL_THERE = tuple(Account(name, active=True) for name in FIVE)
_REFUSED = ArmFaults((FaultSpec("*", times=None, status=401, outcome="stops"),))

SCENARIOS = (
    derived(
        "status-through-a-disabled-rule",
        "The status while a rule is disabled and enabled again",
        "Sync Status is Inactive while the rule is disabled, and tells of the last sync again once it is enabled.",
        _STATUS,
        Given(source()),
        [
            sync(),
            After(users=counters(5, 5)),
            ChangeRule({"enabled": False}),
            After(hidden=True, wire=(no_writes(),)),
            ChangeRule({"enabled": True}),
            sync(change("cem", family_name="Demir")),
            After(users=counters(5, 5), wire=(Account("cem", holds={"familyName": "Demir"}),)),
        ],
        needs=["create", "update"],
        policies=("status", "rules"),
    ),
    derived(
        "status-over-a-restart",
        "The status after a restart",
        "Sync Status and Last Sync are the same after a restart as before it.",
        _STATUS,
        Given(source()),
        [
            sync(),
            After(users=counters(5, 5)),
            Restart(),
            After(users=counters(5, 5)),
            sync(PutUser(person("fay"))),
            After(users=counters(6, 6), wire=_ALL_THERE),
        ],
        needs=["create"],
        policies=("status",),
    ),
    derived(
        "status-while-credentials-are-refused",
        "The target refuses the credentials, and then does not",
        "After a run that works again Sync Status is Active and Last Sync its time; no credential is told.",
        _SECRETS,
        Given(source()),
        [
            sync(),
            After(users=counters(5, 5)),
            _REFUSED,
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
        "events-of-a-withheld-create-come-again",
        "Users who may not be created, and another one",
        "Each user is recorded as Unsynced in the sync in which that was found out, and not again without a reason.",
        _EVENTS,
        Given(source(("ada", "ben")), connection=OFF["create"], flags=TARGET_DENIES["create"]),
        [
            sync(),
            After(users=counters(2, 0, unsynced=2)),
            sync(PutUser(person("cem"))),
            After(users=counters(3, 0, unsynced=3)),
        ],
    ),
)
