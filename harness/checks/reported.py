"""What a client says beside its summary: orphans, audit log, status block, warnings."""

from __future__ import annotations

from datetime import datetime, timedelta

from provcheck.harness.checks.check import FROM_SCENARIO, Looks, Violation, check
from provcheck.harness.checks.checkpoint import NAMED, Checkpoint
from provcheck.harness.model import After, AuditRecord, SyncStatus, SyncSummary
from provcheck.harness.oracle import Expected, Journal
from provcheck.harness.oracle.observed import Observation

EXAMPLES = "pingone, Outbound provisioning sync summary examples"
STATUS = "pingone, Viewing sync status"
TOLERANCE = timedelta(seconds=2)
"""How far a time may be off: clients stamp whole seconds, and parallel ones write records a little out of order."""


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
    source=f"{EXAMPLES}, rows 3 to 6: the service records the users, or the membership, as an event of that kind",
    fix="Write an audit record for each user and membership that failed or was withheld, in the sync in which it was.",
    phases=("scenario",),
    needs=("audit",),
)
def events_are_recorded(derived: Expected, fresh_audit: tuple[AuditRecord, ...]) -> Looks:
    """the audit log has a record for each user and membership that failed or was withheld in the step"""
    records = {(each.entity_kind, each.entity, each.outcome) for each in fresh_audit}
    for event in sorted(derived.events):
        if event not in records:
            kind, entity, outcome = event
            yield Violation(entity, f"a record of the {kind}: {outcome}", "none")


@check(
    source="our ruling: a record is written when what it tells of happens",
    fix="Stamp each audit record with the time at which it is written, with an offset, and keep them in that order.",
    phases=NAMED,
    needs=("audit",),
)
def audit_times_are_true(fresh_audit: tuple[AuditRecord, ...], since: datetime, now: datetime) -> Looks:
    """each record of the audit log has the time of the step in which it was written, in order"""
    last = since
    for record in fresh_audit:
        if record.at.tzinfo is None:
            yield Violation(record.entity, "a time with an offset", record.at.isoformat())
        elif not last - TOLERANCE <= record.at <= now + TOLERANCE:
            yield Violation(record.entity, f"from {last.isoformat()} to {now.isoformat()}", record.at.isoformat())
        else:
            last = max(last, record.at)


@check(
    source="our ruling: what a client says is read by more people than may know its credentials",
    fix="Keep credentials out of every message: redact headers and bodies before they are told or logged.",
    phases=NAMED,
)
def no_secret_is_told(checkpoint: Checkpoint) -> Looks:
    """no credential of the connection is in the audit log, the warnings, the status or a refusal"""
    status = checkpoint.status
    said = {
        "audit": [f"{each.entity} {each.detail} {each.remote_id}" for each in checkpoint.fresh_audit],
        "warnings": list(checkpoint.warnings),
        "orphans": list(checkpoint.orphans),
        "refusal": [checkpoint.refused or ""],
        "status": [] if status is None else [status.source, status.target],
    }
    for place, texts in said.items():
        told = sum(any(secret in text for secret in checkpoint.secrets) for text in texts)
        if told:
            yield Violation(place, "no credential", f"one in {told} places")


@check(
    source=f"{STATUS}: Sync Status is Active, Inactive or Failed; our ruling: Failed after a run that could not work",
    fix="Show Inactive while the rule is disabled, Failed only after a run that could not do its work, else Active.",
    phases=("scenario",),
    needs=("status",),
)
def status_says_how_the_rule_stands(status: SyncStatus, observation: Observation, lately: Journal) -> Looks:
    """Sync Status is Inactive while the rule is disabled and only then, and Failed only after something went wrong"""
    if (status.sync_status == "Inactive") is observation.rule.enabled:
        wanted = "Active or Failed" if observation.rule.enabled else "Inactive"
        yield Violation("Sync Status", wanted, status.sync_status)
    elif status.sync_status == "Failed" and lately.entries and all(entry.good for entry in lately.entries):
        yield Violation("Sync Status", "Active", "Failed, and no request failed")


@check(
    source=f"{STATUS}: Last Sync is the time of the last completed sync",
    fix="Set Last Sync at the end of each sync that came to its end; keep it when one had to stop, and over a restart.",
    phases=("scenario",),
    needs=("status",),
)
def last_sync_is_the_last_sync(status: SyncStatus, lately: Journal, now: datetime) -> Looks:
    """Last Sync is not in the future, and not before a write that was made in the last completed sync"""
    written = [entry.at for entry in lately.writes() if entry.good and entry.at is not None]
    if status.last_sync is not None and status.last_sync > now + TOLERANCE:
        yield Violation("Last Sync", f"at most {now.isoformat()}", status.last_sync.isoformat())
    late = status.last_sync is None or (bool(written) and status.last_sync < max(written) - TOLERANCE)
    if status.sync_status == "Active" and written and late:
        seen = "none" if status.last_sync is None else status.last_sync.isoformat()
        yield Violation("Last Sync", f"at least {max(written).isoformat()}", seen)


@check(
    source=f"{STATUS}: Sync Direction, Source and Target stand beside the status",
    fix="Show Outbound, and the names of source and target as the rule has them.",
    phases=("scenario",),
    needs=("status",),
)
def status_names_the_two_ends(status: SyncStatus, observation: Observation) -> Looks:
    """the status block names direction, source and target of the rule"""
    rule = observation.rule
    ends = {
        "Sync Direction": (status.direction, "Outbound"),
        "Source": (status.source, rule.source),
        "Target": (status.target, rule.target),
    }
    for label, (seen, wanted) in ends.items():
        if seen != wanted:
            yield Violation(label, wanted, seen)


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
