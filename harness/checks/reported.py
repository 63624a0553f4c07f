"""What a client says beside its summary: orphans, audit log, warnings."""

from __future__ import annotations

from provcheck.harness.checks.check import FROM_SCENARIO, Looks, Violation, check
from provcheck.harness.checks.checkpoint import NAMED, Checkpoint
from provcheck.harness.model import After, SyncSummary
from provcheck.harness.oracle.observed import Observation


@check(
    source=FROM_SCENARIO,
    fix="Report beside the counters each leaver whose account could not be deprovisioned, until it is.",
    phases=NAMED,
    needs=("orphans",),
)
def orphans_are_told(checkpoint: Checkpoint, expectation: After) -> Looks:
    """leavers that could not be deprovisioned are reported, and nobody else"""
    if expectation.orphans is not None and tuple(sorted(expectation.orphans)) != checkpoint.orphans:
        yield Violation("orphans", ", ".join(expectation.orphans), ", ".join(checkpoint.orphans))


@check(
    source="our ruling: a counter says how many, the audit log says who and why",
    fix="Write an audit record for every attempt that failed, with the user and what the target answered.",
    phases=NAMED,
    needs=("audit",),
)
def audit_tells_of_failures(checkpoint: Checkpoint, summary: SyncSummary, observation: Observation) -> Looks:
    """the audit log names every user who is counted as Failed, with what failed"""
    records = (each for each in checkpoint.audit if each.entity_kind == "user" and each.outcome == "failed")
    named = {each.entity for each in records}
    count = summary.users.failed
    if count > len(named & observation.scope.keys()):
        names = ", ".join(sorted(named)) or "nobody"
        yield Violation("users.failed", f"{count} users with a failure", names, section="users")


@check(
    source=FROM_SCENARIO,
    fix="Warn, and go on: more groups than recommended are no error.",
    phases=NAMED,
    needs=("warnings",),
)
def warns(checkpoint: Checkpoint, expectation: After) -> Looks:
    """the client warns of what the scenario names"""
    wanted = expectation.warnings
    if wanted and not any(wanted in warning for warning in checkpoint.warnings):
        yield Violation("warnings", wanted, "; ".join(checkpoint.warnings))
