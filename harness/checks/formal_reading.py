"""The counters by the formal reading of them: derived from the scenario, or from what target and journal show."""

from __future__ import annotations

from dataclasses import replace

from provcheck.harness.checks.check import Looks, Violation, check
from provcheck.harness.checks.checkpoint import DECIDED, GENERATED, Checkpoint
from provcheck.harness.checks.sums import compared
from provcheck.harness.model import SyncSummary
from provcheck.harness.oracle import Expected, Observation, observe


@check(
    source="our reading of the counters",
    fix="Compare the counter with the formal reading: the last operation that reached a result decides.",
    phases=("scenario",),
    needs=("summary",),
)
def counter_as_derived(checkpoint: Checkpoint, summary: SyncSummary, derived: Expected) -> Looks:
    """every other counter has the value of the formal reading"""
    if derived.hidden or not checkpoint.derives:
        return
    printed = set() if checkpoint.expectation is None else {each[:2] for each in checkpoint.expectation.counters()}
    for section, name, values in derived.counters():
        if (section, name) not in printed and (found := compared(summary, section, name, values)):
            yield replace(found, source=checkpoint.source)


@check(
    source="our reading of the counters; pingone, Viewing sync status",
    fix="The summary contradicts the target: count what the target answered, not what was planned.",
    phases=("scenario", *GENERATED),
    needs=(DECIDED, "summary"),
)
def counter_as_observed(summary: SyncSummary, observation: Observation) -> Looks:
    """every counter agrees with what target and journal show"""
    if not observation.rule.enabled:
        return
    rule = "the counter agrees with what the target holds and its journal shows"
    for section, name, allowed in observe(observation).counters():
        value = summary.count(section, name)
        if value is not None and value not in allowed:
            yield Violation(f"{section}.{name}", str(allowed), str(value), section=section, rule=rule)
