"""What the contract leaves open, and how a simulation reads it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """How open questions are read.

    `resync_keeps_success`: a Full Resync with the update withheld keeps Success. `clears_by_omission`: a value is
    cleared by a whole account without it, so that a target which ignores a request to clear it is not asked to.
    `patient`: what failed is tried again in the run after the next if the error passes, and after a refusal not before
    the source changes; else both in the next run. `kept_value_fails`: a user whose value was cleared, and whose target
    does not let go of it, is Failed, and not Partially Synced. `waits_for_names`: who wants a name or an account that
    was somebody else's when the run began is Failed; else names pass on within a run, and so does the account of a
    leaver.
    """

    resync_keeps_success: bool
    clears_by_omission: bool = False
    kept_value_fails: bool = False
    patient: bool = False
    waits_for_names: bool = False
