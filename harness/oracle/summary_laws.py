"""The laws of the counters: they need the summary alone, or the summary and the source.

The counters overlap in one place only (Success and Partially Synced), and that gives exact bounds.
"""

from __future__ import annotations

from collections.abc import Iterator

from provcheck.harness.oracle.law import Case, Violation, law

EXAMPLES = "pingone, Outbound provisioning sync summary examples"
STATUS = "pingone, Viewing sync status"


@law(f"{STATUS}: every counter is a number of impacted users or groups")
def counters_stay_within_impacted(case: Case) -> Iterator[Violation]:
    """Every counter is at least 0 and at most Impacted."""
    for section, counters in case.sections():
        for name, value in counters.as_dict().items():
            if not 0 <= value <= max(counters.impacted, 0):
                yield Violation(f"{section}.{name}", f"0 to {counters.impacted}", str(value))


@law(f"{EXAMPLES}, rows 3, 5 and 6: Success, Unsynced and Failed never overlap")
def nobody_is_counted_twice(case: Case) -> Iterator[Violation]:
    """Success, Unsynced and Failed together are at most Impacted."""
    for section, counters in case.sections():
        total = counters.success + counters.unsynced + counters.failed
        if total > counters.impacted:
            yield Violation(section, f"at most {counters.impacted}", f"{total} in Success, Unsynced and Failed")


@law(f"{STATUS}: an impacted user is synced, unsynced, partially synced or failed")
def everybody_is_counted(case: Case) -> Iterator[Violation]:
    """Success, Unsynced, Failed and Partially Synced together are at least Impacted."""
    for section, counters in case.sections():
        total = counters.success + counters.unsynced + counters.failed + counters.partially_synced
        if total < counters.impacted:
            yield Violation(section, f"at least {counters.impacted}", f"{total} in all four counters")


@law(f"{EXAMPLES}, row 6: Partially Synced overlaps Success and nothing else")
def partially_synced_overlaps_success_alone(case: Case) -> Iterator[Violation]:
    """Partially Synced, Unsynced and Failed together are at most Impacted."""
    for section, counters in case.sections():
        total = counters.partially_synced + counters.unsynced + counters.failed
        if total > counters.impacted:
            yield Violation(
                section, f"at most {counters.impacted}", f"{total} in Partially Synced, Unsynced and Failed"
            )


@law(f"{EXAMPLES}, row 4: a group is a success or failed, not both")
def groups_are_counted_once(case: Case) -> Iterator[Violation]:
    """Success, Failed and Unsynced of groups together are exactly the impacted groups."""
    groups = None if case.summary is None else case.summary.groups
    if groups is not None and groups.success + groups.failed + groups.unsynced != groups.impacted:
        seen = f"Success {groups.success}, Failed {groups.failed}, Unsynced {groups.unsynced}"
        yield Violation("groups", f"a sum of {groups.impacted}", seen)


@law(
    f"{STATUS}: Impacted is the number of users, or groups, targeted by the rule; {EXAMPLES}, row 3: never memberships"
)
def impacted_is_the_scope(case: Case) -> Iterator[Violation]:
    """Impacted counts the distinct users and groups that the rule selects, in however many groups a user is."""
    if case.observation is None:
        return
    observation = case.observation
    scope = {"users": len(observation.scope), "groups": len(observation.rule.impacted_groups(observation.population))}
    for section, counters in case.sections():
        if counters.impacted != scope[section]:
            yield Violation(f"{section}.impacted", str(scope[section]), str(counters.impacted))


@law(f"{EXAMPLES}, rows 1 and 2")
def group_section_goes_with_group_support(case: Case) -> Iterator[Violation]:
    """There is a group section if the target supports group provisioning, and only then."""
    if case.observation is None or case.summary is None:
        return
    wanted = case.observation.connection.supports_groups
    if wanted != (case.summary.groups is not None):
        words = {True: "a group section", False: "no group section"}
        yield Violation("groups", words[wanted], words[not wanted])


@law(f"{STATUS}, Steps: the rule must be enabled for the sync summary to be visible")
def summary_is_seen_only_while_enabled(case: Case) -> Iterator[Violation]:
    """The summary is to be seen while the rule is enabled, and only then."""
    if case.observation is None or case.silent:
        return
    enabled = case.observation.rule.enabled
    if enabled != (case.summary is not None):
        words = {True: "a summary", False: "no summary"}
        yield Violation("rule", words[enabled], words[not enabled])


LAWS = (
    counters_stay_within_impacted,
    nobody_is_counted_twice,
    everybody_is_counted,
    partially_synced_overlaps_success_alone,
    groups_are_counted_once,
    impacted_is_the_scope,
    group_section_goes_with_group_support,
    summary_is_seen_only_while_enabled,
)
