"""Users who leave the scope of a rule: out of every counter, and disabled or deleted beside them.

A leaver whose deprovisioning fails has no counter at all, so it is reported as an orphan.
"""

from __future__ import annotations

from provcheck.harness.model import (
    Account,
    After,
    ArmFaults,
    ClearFaults,
    FaultSpec,
    Given,
    PutUser,
    RefusedBy,
    RemoveUser,
    Rule,
    SetFlags,
)
from provcheck.harness.scenarios.people import FIVE, person, source, team, user_id
from provcheck.harness.scenarios.phrases import STATUS_PAGE, change, counters, derived, never, ruling, sync

_LEAVES = ruling(
    STATUS_PAGE, "a user who is not targeted by the rule is in no counter; deprovisioning runs beside them"
)
_SALES = Rule(user_filter='department Eq "Sales"')


def _department(name: str) -> dict[str, str]:
    return {"department": name}


_SALES_PEOPLE = source(())
for _name in FIVE:
    _SALES_PEOPLE = _SALES_PEOPLE.with_user(person(_name, attributes=_department("Sales")))

SCENARIOS = (
    derived(
        "leaver-is-disabled",
        "A leaver, remove action Disable",
        "The account of a user who is deleted at the source is turned off and kept.",
        _LEAVES,
        Given(source(), connection={"remove_action": "Disable"}),
        [
            sync(),
            After(users=counters(5, 5)),
            sync(RemoveUser(user_id("eve"))),
            After(users=counters(4, 4), orphans=(), wire=(Account("eve", active=False),)),
        ],
        needs=["create", "disable"],
    ),
    derived(
        "leaver-is-deleted",
        "A leaver, remove action Delete",
        "The account of a user who is deleted at the source is removed.",
        _LEAVES,
        Given(source(), connection={"remove_action": "Delete"}),
        [
            sync(),
            After(users=counters(5, 5)),
            sync(RemoveUser(user_id("eve"))),
            After(users=counters(4, 4), orphans=(), wire=(Account("eve", count=0), Account("ada", active=True))),
        ],
        needs=["create", "delete"],
    ),
    derived(
        "leaver-by-filter",
        "A user no longer meets the rule's filter",
        "A user who no longer meets the filter leaves every counter, and the account is turned off.",
        _LEAVES,
        Given(_SALES_PEOPLE, rule=_SALES, connection={"remove_action": "Disable"}),
        [
            sync(),
            After(users=counters(5, 5)),
            sync(change("eve", attributes=_department("Support"))),
            After(users=counters(4, 4), orphans=(), wire=(Account("eve", active=False),)),
        ],
        needs=["create", "disable"],
    ),
    derived(
        "leaver-who-had-failed-is-disabled",
        "A user whose last change failed leaves",
        "The account of a user who was Failed is turned off when the user leaves, as any other one is.",
        _LEAVES,
        Given(source(), connection={"remove_action": "Disable"}),
        [
            sync(),
            ArmFaults((FaultSpec("user.update", "eve", times=None, status=403, outcome="fails"),)),
            sync(change("eve", family_name="Changed")),
            After(users=counters(5, 4, failed=1)),
            ClearFaults(),
            sync(RemoveUser(user_id("eve"))),
            After(users=counters(4, 4), orphans=(), wire=(Account("eve", active=False),)),
        ],
        needs=["create", "update", "disable", "faults"],
    ),
    derived(
        "leaver-not-disabled-is-an-orphan",
        "The target refuses to disable a leaver",
        "A leaver whose account cannot be turned off is reported as an orphan and is in no counter.",
        ruling(STATUS_PAGE, "no counter is documented for a failed deprovisioning, so it is reported beside them"),
        Given(source(), connection={"remove_action": "Disable"}),
        [
            sync(),
            SetFlags({"allows_disable_users": False, "allows_delete_users": False}),
            sync(RemoveUser(user_id("eve"))),
            After(
                users=counters(4, 4),
                orphans=(user_id("eve"),),
                wire=(
                    Account("eve", active=True),
                    RefusedBy(("allows_disable_users", "allows_delete_users")),
                ),
            ),
        ],
        needs=["create", "disable", "switchable_permissions"],
    ),
    derived(
        "leaver-not-deleted-is-an-orphan",
        "The target refuses to delete a leaver",
        "A leaver whose account cannot be deleted is reported as an orphan and is in no counter.",
        ruling(STATUS_PAGE, "no counter is documented for a failed deprovisioning, so it is reported beside them"),
        Given(source(), connection={"remove_action": "Delete"}),
        [
            sync(),
            SetFlags({"allows_delete_users": False}),
            sync(RemoveUser(user_id("eve"))),
            After(
                users=counters(4, 4),
                orphans=(user_id("eve"),),
                wire=(Account("eve"), RefusedBy(("allows_delete_users",))),
            ),
        ],
        needs=["create", "delete", "switchable_permissions"],
    ),
    derived(
        "source-turns-up-empty",
        "The source delivers nobody, then everybody again",
        "A source that suddenly selects nobody is not believed: nobody is deprovisioned on its word.",
        ruling(
            STATUS_PAGE, "an empty source is more likely broken than meant, and removing everybody cannot be undone"
        ),
        Given(source(FIVE, team("Red", "ada", "ben"))),
        [
            sync(),
            After(users=counters(5, 5)),
            sync(*(RemoveUser(user_id(name)) for name in FIVE)),
            After(
                wire=(
                    never("user.disable"),
                    never("user.delete"),
                    *(Account(name, active=True) for name in FIVE),
                ),
            ),
            sync(*(PutUser(person(name)) for name in FIVE)),
            After(users=counters(5, 5), wire=(never("user.create"), *(Account(name) for name in FIVE))),
        ],
        needs=["create", "disable"],
        policies=("guards_source",),
    ),
    derived(
        "leaver-comes-back",
        "A leaver comes back",
        "A user who left and comes back gets the old account, turned on again, and no second one.",
        ruling(STATUS_PAGE, "whoever is targeted again is evaluated anew, and the account is still there"),
        Given(source(), connection={"remove_action": "Disable"}),
        [
            sync(),
            sync(RemoveUser(user_id("eve"))),
            After(users=counters(4, 4), wire=(Account("eve", active=False),)),
            sync(PutUser(person("eve"))),
            After(users=counters(5, 5), wire=(Account("eve", active=True),)),
        ],
        needs=["create", "update", "disable", "finds_disabled"],
    ),
    derived(
        "leaver-who-never-had-an-account",
        "A leaver who never had an account",
        "A user who was Unsynced and leaves is in no counter, and nothing is sent.",
        _LEAVES,
        Given(source(), connection={"create_users": False}, flags={"allows_create_users": False}),
        [
            sync(),
            After(users=counters(5, 0, unsynced=5)),
            sync(RemoveUser(user_id("eve"))),
            After(
                users=counters(4, 0, unsynced=4),
                orphans=(),
                wire=(never("user.delete"), never("user.disable"), never("user.create")),
            ),
        ],
    ),
)
