"""What a rule selects, and when its summary is to be seen."""

from __future__ import annotations

from provcheck.harness.model import (
    DEFAULT_MAPPING,
    Account,
    After,
    ChangeRule,
    Citation,
    Given,
    GroupAtTarget,
    Population,
    PutUser,
    RemoveGroup,
    Resync,
    Rule,
)
from provcheck.harness.scenarios.people import FIVE, group_id, person, source, team
from provcheck.harness.scenarios.phrases import (
    EXAMPLES,
    GROUPS_PAGE,
    STATUS_PAGE,
    change,
    counters,
    derived,
    never,
    no_writes,
    ruling,
    sync,
)

_MANY = Population((person("ada"),), tuple(team(f"Team {n:04}") for n in range(1, 1002)))
_EXTERNAL = source(("ada",), team("Red", "ada"), team("Partners", "ada", external=True))

SCENARIOS = (
    derived(
        "rule-disabled-hides-the-summary",
        "The rule is disabled, then enabled again",
        "The summary is to be seen only while the rule is enabled; while it is not, nothing is written.",
        Citation(STATUS_PAGE, "Steps: the rule must be enabled for the sync summary to be visible"),
        Given(source()),
        [
            sync(),
            After(users=counters(5, 5)),
            ChangeRule({"enabled": False}),
            After(hidden=True, wire=(no_writes(),)),
            sync(change("cem", family_name="Demir")),
            After(hidden=True, wire=(no_writes(),)),
            ChangeRule({"enabled": True}),
            Resync(),
            After(users=counters(5, 5), wire=(Account("cem", holds={"familyName": "Demir"}),)),
        ],
        needs=["create", "update"],
    ),
    derived(
        "rule-disabled-from-the-start",
        "The rule was never enabled",
        "A rule that is not enabled provisions nobody and has no summary.",
        Citation(STATUS_PAGE, "Steps: the rule must be enabled for the sync summary to be visible"),
        Given(source(), rule=Rule(enabled=False)),
        [sync(), After(hidden=True, wire=(no_writes(), Account("ada", count=0)))],
    ),
    derived(
        "more-than-1000-groups-warns",
        "1001 groups in one rule",
        "More groups than recommended are a warning and never a failure.",
        ruling(GROUPS_PAGE, "the recommended number of groups is 1000: a recommendation is no limit"),
        Given(_MANY),
        [
            sync(),
            After(
                users=counters(1, 1),
                groups=counters(1001, 1001),
                warnings="1000",
                wire=(GroupAtTarget("Team 0001"), GroupAtTarget("Team 1001")),
            ),
        ],
        needs=["create", "groups"],
        tags=["large"],
    ),
    derived(
        "external-group-is-refused",
        "An external group is selected",
        "A rule that selects an external group is refused with a clear error, and nothing is written.",
        Citation(GROUPS_PAGE, "Before you begin: you cannot sync external groups"),
        Given(_EXTERNAL, rule=Rule(groups=(group_id("Red"), group_id("Partners")))),
        [sync(), After(refused="external", wire=(no_writes(), GroupAtTarget("Partners", count=0)))],
        needs=["groups"],
    ),
    derived(
        "selected-groups-only",
        "Only one of two groups is selected",
        "Only the groups that the rule selects are written and counted.",
        ruling(STATUS_PAGE, "Impacted is the number of groups targeted by the rule"),
        Given(source(("ada", "ben"), team("Red", "ada"), team("Green", "ben")), rule=Rule(groups=(group_id("Red"),))),
        [
            sync(),
            After(
                users=counters(2, 2),
                groups=counters(1, 1),
                wire=(GroupAtTarget("Red", exactly=("ada",)), GroupAtTarget("Green", count=0)),
            ),
        ],
        needs=["create", "groups", "memberships"],
    ),
    derived(
        "mapping-of-the-rule",
        "The rule maps another attribute of the source",
        "What an account holds follows from the mapping of the rule.",
        ruling(STATUS_PAGE, "the rule says which attribute of the source is written where"),
        Given(source(("ada", "ben")), rule=Rule(mapping={**DEFAULT_MAPPING, "displayName": "family_name"})),
        [
            sync(),
            After(users=counters(2, 2), wire=(Account("ada", holds={"displayName": "Byron"}),)),
            sync(change("ben", family_name="Ngugi")),
            After(
                users=counters(2, 2),
                wire=(Account("ben", holds={"displayName": "Ngugi", "familyName": "Ngugi"}),),
            ),
        ],
        needs=["create", "update"],
    ),
    derived(
        "in-scope-twice-counts-once",
        "Users who are in two selected groups",
        "A user whom the rule selects twice is one impacted user, with one account.",
        ruling(EXAMPLES, "row 3: Impacted counts distinct users, never memberships"),
        Given(
            source(FIVE, team("Red", "ada", "ben", "cem"), team("Green", "ben", "cem", "dan")),
            rule=Rule(user_filter='group Eq "Red" or group Eq "Green"'),
        ),
        [sync(), After(users=counters(4, 4), wire=(Account("ben"), Account("cem"), Account("eve", count=0)))],
        needs=["create"],
    ),
    derived(
        "joiner",
        "A user appears at the source",
        "A new user is created at once, and nobody else is touched.",
        Citation("pingone, Sync status", "Sync frequency: for outbound provisioning, changes occur in real time"),
        Given(source(("ada", "ben"))),
        [
            sync(),
            After(users=counters(2, 2)),
            sync(PutUser(person("cem"))),
            After(users=counters(3, 3), wire=(Account("cem", active=True), never("user.update"))),
        ],
        needs=["create"],
    ),
    derived(
        "group-leaves-the-rule",
        "A group is deleted at the source",
        "A group that is gone at the source is in no counter; the accounts of its members stay.",
        ruling(STATUS_PAGE, "Impacted is the number of groups targeted by the rule"),
        Given(source(("ada", "ben"), team("Red", "ada"), team("Green", "ben"))),
        [
            sync(),
            After(groups=counters(2, 2)),
            sync(RemoveGroup(group_id("Green"))),
            After(users=counters(2, 2), groups=counters(1, 1), wire=(Account("ben", active=True),)),
        ],
        needs=["create", "groups"],
    ),
)
