"""The sync summary as a whole: when it is to be seen, which sections it has, and whom it is about."""

from __future__ import annotations

from provcheck.harness.checks.check import FROM_SCENARIO, Looks, Violation, check
from provcheck.harness.checks.checkpoint import NAMED, Checkpoint
from provcheck.harness.model import After, SyncSummary
from provcheck.harness.oracle.observed import Observation

EXAMPLES = "pingone, Outbound provisioning sync summary examples"
STATUS = "pingone, Viewing sync status"


@check(
    source=FROM_SCENARIO,
    fix="Show the summary as long as the rule is enabled, also after a sync with errors.",
    phases=NAMED,
    needs=("summary",),
)
def summary_is_seen(checkpoint: Checkpoint, expectation: After) -> Looks:
    """a sync summary is to be seen while the rule is enabled"""
    if checkpoint.summary is None and (expectation.users or expectation.groups or expectation.sections):
        yield Violation("rule", "a summary", "none", rule="a summary is to be seen")


@check(
    source=FROM_SCENARIO,
    fix="Show no summary while the rule is disabled; keep its numbers for when it is enabled again.",
    phases=NAMED,
    needs=("summary",),
)
def summary_is_hidden(summary: SyncSummary, expectation: After) -> Looks:
    """no sync summary is to be seen while the rule is disabled"""
    if expectation.hidden:
        yield Violation("rule", "no summary", "one", rule="no summary is to be seen")


@check(
    source=f"{STATUS}, Steps: the rule must be enabled for the sync summary to be visible",
    fix="Tie the summary to whether the rule is enabled, and to nothing else.",
    needs=("summary",),
)
def summary_is_seen_only_while_enabled(checkpoint: Checkpoint, observation: Observation) -> Looks:
    """The summary is to be seen while the rule is enabled, and only then."""
    enabled = observation.rule.enabled
    if enabled != (checkpoint.summary is not None):
        words = {True: "a summary", False: "no summary"}
        yield Violation("rule", words[enabled], words[not enabled])


@check(
    source=FROM_SCENARIO,
    fix="Show a group section exactly if the target supports group provisioning, even when there are no groups.",
    phases=NAMED,
    needs=("summary",),
)
def sections(summary: SyncSummary, expectation: After) -> Looks:
    """the sync summary has a group section exactly where the target takes groups"""
    wanted = expectation.sections
    if wanted and (wanted == "both") != (summary.groups is not None):
        seen = "users" if summary.groups is None else "both"
        yield Violation("summary", wanted, seen, rule="the sections of the summary")


@check(
    source=f"{EXAMPLES}, rows 1 and 2",
    fix="Show a group section exactly if the target supports group provisioning, even when there are no groups.",
)
def group_section_goes_with_group_support(summary: SyncSummary, observation: Observation) -> Looks:
    """There is a group section if the target supports group provisioning, and only then."""
    wanted = observation.connection.supports_groups
    if wanted != (summary.groups is not None):
        words = {True: "a group section", False: "no group section"}
        yield Violation("groups", words[wanted], words[not wanted])


@check(
    source=f"{STATUS}: Impacted is the number of users, or groups, targeted by the rule; {EXAMPLES}, row 3: never "
    "memberships",
    fix="Count the distinct users that the rule selects, once each in however many groups they are.",
)
def impacted_is_the_scope(summary: SyncSummary, observation: Observation) -> Looks:
    """Impacted counts the distinct users and groups that the rule selects, in however many groups a user is."""
    scope = {"users": len(observation.scope), "groups": len(observation.rule.impacted_groups(observation.population))}
    for section, counters in summary.sections():
        if counters.impacted != scope[section]:
            yield Violation(f"{section}.impacted", str(scope[section]), str(counters.impacted), section=section)
