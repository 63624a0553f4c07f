"""The counters in themselves: their bounds and sums, and the values that a scenario prints.

They overlap in one place only (Success and Partially Synced), and that gives exact bounds.
"""

from __future__ import annotations

from provcheck.harness.checks.causes import of_counter
from provcheck.harness.checks.check import FROM_SCENARIO, Looks, Violation, check, numbers
from provcheck.harness.checks.checkpoint import NAMED, Checkpoint
from provcheck.harness.model import After, SyncSummary
from provcheck.harness.model.expectation import either
from provcheck.harness.model.summary import Section
from provcheck.harness.oracle import Expected, Journal, Observation, Observed, observe

EXAMPLES = "pingone, Outbound provisioning sync summary examples"
STATUS = "pingone, Viewing sync status"
OBSERVED = "our reading of the counters; pingone, Viewing sync status"
SHOWING = 10
"""Exchanges that are named to show why a counter is not as expected."""


@check(
    source=f"{STATUS}: every counter is a number of impacted users or groups",
    fix="Count users and groups, not events: keep a state for each and count the states.",
)
def counters_stay_within_impacted(summary: SyncSummary) -> Looks:
    """Every counter is at least 0 and at most Impacted."""
    for section, counters in summary.sections():
        for name, value in counters.as_dict().items():
            if not 0 <= value <= max(counters.impacted, 0):
                yield Violation(f"{section}.{name}", f"0 to {counters.impacted}", str(value), section=section)


@check(
    source=f"{EXAMPLES}, rows 3, 5 and 6: Success, Unsynced and Failed never overlap",
    fix="Give each user one state out of Success, Unsynced and Failed; a new result replaces the old one.",
)
def nobody_is_counted_twice(summary: SyncSummary) -> Looks:
    """Success, Unsynced and Failed together are at most Impacted."""
    for section, counters in summary.sections():
        total = counters.success + counters.unsynced + counters.failed
        if total > counters.impacted:
            yield Violation(
                section, f"at most {counters.impacted}", f"{total} in Success, Unsynced and Failed", section=section
            )


@check(
    source=f"{EXAMPLES}, row 4: a group is a success or failed, not both",
    fix="Give each group one state: Failed if any write of it failed, else Success.",
)
def groups_are_counted_once(summary: SyncSummary) -> Looks:
    """Success, Failed and Unsynced of groups together are exactly the impacted groups."""
    groups = summary.groups
    if groups is not None and groups.success + groups.failed + groups.unsynced != groups.impacted:
        seen = f"Success {groups.success}, Failed {groups.failed}, Unsynced {groups.unsynced}"
        yield Violation("groups", f"a sum of {groups.impacted}", seen)


@check(
    source=f"{STATUS}: an impacted user is synced, unsynced, partially synced or failed",
    fix="Give every impacted user a state at rest, also when the sync was broken off.",
)
def everybody_is_counted(summary: SyncSummary) -> Looks:
    """Success, Unsynced, Failed and Partially Synced together are at least Impacted."""
    for section, counters in summary.sections():
        total = counters.success + counters.unsynced + counters.failed + counters.partially_synced
        if total < counters.impacted:
            yield Violation(section, f"at least {counters.impacted}", f"{total} in all four counters", section=section)


@check(
    source=f"{EXAMPLES}, row 6: Partially Synced overlaps Success and nothing else",
    fix="Count as Partially Synced only users with an account whose update was withheld; they may be a Success "
    "besides, never Failed or Unsynced.",
)
def partially_synced_overlaps_success_alone(summary: SyncSummary) -> Looks:
    """Partially Synced, Unsynced and Failed together are at most Impacted."""
    for section, counters in summary.sections():
        total = counters.partially_synced + counters.unsynced + counters.failed
        if total > counters.impacted:
            yield Violation(
                section, f"at most {counters.impacted}", f"{total} in Partially Synced, Unsynced and Failed"
            )


@check(
    source=FROM_SCENARIO,
    fix="Follow one user through the steps: each has one base state (Success, Unsynced, Failed), and is stale "
    "beside it once an update was withheld.",
    phases=(*NAMED, "watch"),
)
def counter_as_expected(checkpoint: Checkpoint, expectation: After) -> Looks:
    """every counter that the scenario prints has the value printed"""
    if checkpoint.implied is not None:
        yield from _implied(expectation, checkpoint.implied, checkpoint.recent)
    elif checkpoint.summary is not None and checkpoint.offers("summary"):
        for section, name, wanted in expectation.counters():
            yield compared(checkpoint.summary, section, name, wanted)


def compared(summary: SyncSummary, section: Section, name: str, wanted: frozenset[int]) -> Violation | None:
    """How a counter differs from what is wanted of it; None where it does not."""
    value = summary.count(section, name)
    if value in wanted:
        return None
    seen = "no such section" if value is None else str(value)
    rule = "the sync summary shows what the scenario says"
    return Violation(f"{section}.{name}", either(wanted), seen, section=section, rule=rule, cause=of_counter(name))


def _implied(expectation: After, implied: Observed, journal: Journal) -> Looks:
    """The counters of a client that was watched, as target and journal imply them."""
    rule = "the sync summary that target and journal imply has the values expected"
    for section, name, wanted in expectation.counters():
        have = implied.count(section, name)
        if have is None or not any(value in have for value in wanted):
            seen = "no such section" if have is None else str(have)
            failed = numbers(each for each in journal.doing(f"{section.rstrip('s')}.*") if not each.good)[:SHOWING]
            yield Violation(
                f"{section}.{name}", either(wanted), seen, failed, section, rule, OBSERVED, of_counter(name)
            )


@check(
    source=FROM_SCENARIO,
    fix="Follow one user through the steps: what target and journal show must add up to the summary that the "
    "scenario prints.",
    phases=("scenario",),
)
def counter_as_implied(checkpoint: Checkpoint, observation: Observation, derived: Expected) -> Looks:
    """of a client that shows no summary: target and journal show what the summary would have to say

    A counter that they leave open is wrong only if no value is left that is wanted.
    """
    if checkpoint.offers("summary") or derived.hidden or not observation.rule.enabled:
        return
    wanted = {each[:2]: each[2] for each in derived.counters()} if checkpoint.derives else {}
    if checkpoint.expectation is not None:
        wanted |= {each[:2]: each[2] for each in checkpoint.expectation.counters()}
    implied = observe(observation)
    rule = "target and journal show what the sync summary would have to say"
    for (section, name), values in wanted.items():
        have = implied.count(section, name)
        if have is not None and not any(value in have for value in values):
            seen, cause = str(have), of_counter(name)
            yield Violation(f"{section}.{name}", either(values), seen, section=section, rule=rule, cause=cause)
