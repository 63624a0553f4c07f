"""How a client answers what it is asked: it keeps the contract, fails no step, and refuses what cannot be synced."""

from __future__ import annotations

from provcheck.harness.checks.causes import of_error
from provcheck.harness.checks.check import FROM_SCENARIO, Looks, Violation, check
from provcheck.harness.checks.checkpoint import GENERATED, NAMED, Checkpoint
from provcheck.harness.model import After

RUNS = (*NAMED, *GENERATED)


@check(
    source="provcheck, the client contract",
    fix="Answer every call with one JSON object of the contract, in time; `provcheck contract` prints it. Write "
    "logs to standard error.",
    phases=RUNS,
)
def client_keeps_the_contract(checkpoint: Checkpoint) -> Looks:
    """the client answers every call in time, and as the client contract says"""
    if checkpoint.failure is not None and checkpoint.failure.of_contract:
        message = checkpoint.failure.message
        yield Violation("client", "no error", message, cause=of_error(message))


@check(
    source=FROM_SCENARIO,
    fix="Catch what a target answers or leaves out, for each user and group alone; count the error as Failed and "
    "go on with the next one.",
    phases=RUNS,
)
def client_does_not_fail(checkpoint: Checkpoint) -> Looks:
    """a step ends well or with a refusal of the rule, never with another error"""
    if checkpoint.failure is not None and not checkpoint.failure.of_contract:
        message = checkpoint.failure.message
        yield Violation("client", "no error", message, cause=of_error(message))


@check(
    source=FROM_SCENARIO,
    fix="Look at the rule before anything is written, and refuse what cannot be synced, with an error that names it.",
    phases=NAMED,
)
def refuses(checkpoint: Checkpoint, expectation: After) -> Looks:
    """the client refuses what cannot be synced, with an error that says why"""
    word = expectation.refused
    if word and word not in (checkpoint.refused or ""):
        yield Violation("rule", f"an error that speaks of {word}", checkpoint.refused or "")


@check(
    source=FROM_SCENARIO,
    fix="Refuse only what the documentation says cannot be synced; warn about everything else.",
    phases=RUNS,
)
def does_not_refuse(checkpoint: Checkpoint) -> Looks:
    """the client refuses nothing that can be synced"""
    to_refuse = checkpoint.expectation is not None and checkpoint.expectation.refused
    if checkpoint.refused and not to_refuse and not (checkpoint.derived and checkpoint.derived.refused):
        yield Violation("rule", "the step is taken", checkpoint.refused)
